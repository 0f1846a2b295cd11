"""What an index holds after documents were put, replaced and deleted, and what it knows of them."""

import random

import pytest

from searchkit.engines.base import (
    ARTICLE,
    ITEM,
    LONGEST_ID,
    Collapse,
    Engine,
    Filters,
    IndexedDocument,
    Sort,
)
from searchkit.errors import QueryError
from searchkit.query import Everything, KeywordFilter, Node, Phrase, Prefix, Term
from searchkit.testing.conformance.harness import Harness, Indexes
from searchkit.testing.making import document, ids, put, random_documents

ONE = Term("w1", "w1")


class Changes(Harness):
    """Documents come, change and go."""

    def test_put_replaces_in_the_same_and_in_a_later_commit(self, engine: Engine) -> None:
        """Under one id there is one document, the last one put."""
        put(engine, document(1, body="w1"), document(1, body="w2"))
        assert (ids(engine, Everything()), ids(engine, ONE)) == (["d0001"], [])
        put(engine, document(1, body="w3"))
        assert ids(engine, Everything()) == ids(engine, Term("w3", "w3")) == ["d0001"]
        assert engine.stored("d0001") == {"id": "d0001", "texts": {"body": "w3"}}

    def test_delete_tells_whether_there_was_one(self, engine: Engine) -> None:
        """Also of what the same writer has put, and of what it has deleted already."""
        put(engine, document(1, body="w1"), document(2, body="w1"))
        with engine.writer() as writer:
            assert writer.delete("d0001")
            assert not writer.delete("d0001")
            assert not writer.delete("absent")
            writer.put(document(3, body="w1"))
            assert writer.delete("d0003")
        assert ids(engine, ONE) == ["d0002"]
        assert engine.stored("d0001") is None
        assert engine.stats().documents == {ARTICLE: 1, ITEM: 0}

    def test_many_are_deleted_at_once(self, engine: Engine) -> None:
        """Each counts once, also those that are named twice or of the same writer."""
        put(engine, *(document(number, body="w1") for number in range(2500)))
        named = [f"d{number:04}" for number in range(2400)]
        assert engine.existing([*named, "absent", "d0001"]) == set(named)
        assert engine.existing([]) == set()
        with engine.writer() as writer:
            writer.put(document(1, body="w1"))
            writer.put(document(3000, body="w1"))
            assert writer.delete() == 0
            assert writer.delete(*named, "absent", "d0001", "d3000") == 2401
            assert writer.delete(*named[:10]) == 0
            writer.put(document(2, body="w1"))
        assert sorted(ids(engine, ONE)) == ["d0002", *(f"d{n}" for n in range(2400, 2500))]
        assert engine.existing(named) == {"d0002"}

    def test_a_writer_sees_the_commit_before_it(self, engine: Engine) -> None:
        """What a writer has put is not what it is told is stored, nor seen by a search."""
        put(engine, document(1, body="w1"))
        with engine.writer() as writer:
            writer.put(document(1, body="w2"))
            writer.put(document(2, body="w2"))
            there = {"d0001": {"id": "d0001", "texts": {"body": "w1"}}}
            assert writer.before(["d0001", "d0002", "d0001"]) == there
            assert writer.before([]) == {}
            assert ids(engine, Everything()) == ids(engine, ONE) == ["d0001"]
        assert ids(engine, Term("w2", "w2")) == ["d0001", "d0002"]

    def test_an_exception_leaves_the_index_as_it_was(self, engine: Engine) -> None:
        """Nothing of the block is kept, and the next writer is not in its way."""
        put(engine, document(1, body="w1"))
        with pytest.raises(KeyError), engine.writer() as writer:
            writer.put(document(2, body="w1"))
            writer.delete("d0001")
            raise KeyError("stop")
        assert ids(engine, ONE) == ["d0001"]
        put(engine, document(3, body="w1"))
        assert ids(engine, ONE) == ["d0001", "d0003"]

    def test_nothing_changed_is_no_commit(self, engine: Engine) -> None:
        """An empty block leaves the generation as it is."""
        put(engine, document(1, body="w1"))
        generation = engine.stats().generation
        with engine.writer():
            pass
        assert engine.stats().generation == generation
        put(engine, document(2, body="w1"))
        assert engine.stats().generation != generation

    def test_optimize_changes_nothing_that_is_found(self, engine: Engine) -> None:
        """Before and after, the same documents, without those that were deleted."""
        documents = random_documents(random.Random(3), 60)
        for start in range(0, 60, 15):
            put(engine, *documents[start : start + 15])
        with engine.writer() as writer:
            for each in documents[:10]:
                writer.delete(each.id)
        expected = sorted(each.id for each in documents[10:])
        assert sorted(ids(engine, Everything())) == expected
        engine.optimize()
        assert sorted(ids(engine, Everything())) == expected
        assert sum(engine.stats().documents.values()) == 50

    def test_an_index_opened_again_is_what_it_was(self, indexes: Indexes) -> None:
        """Stored objects come back as they went in, in the order added."""
        place, documents = indexes.new(), random_documents(random.Random(4), 40)
        documents.append(document(900, body="w1 é 😀 \"'\\"))
        engine = indexes.open(place)
        put(engine, *documents[:20])
        put(engine, *documents[20:])
        before = ids(engine, ONE)
        engine.close()
        again = indexes.open(place)
        assert ids(again, ONE) == before
        assert list(again.documents()) == [each.stored for each in documents]

    def test_documents_come_in_the_order_added(self, engine: Engine) -> None:
        """Whatever is merged; one that is put again comes last, as one that is new."""
        chance = random.Random(9)
        expected: list[str] = []
        for commit in range(60):
            with engine.writer() as writer:
                for _ in range(chance.choice([1, 1, 2, 5, 20])):
                    put = document(chance.randrange(120), body=f"w1 w{commit}")
                    writer.put(put)
                    expected = [each for each in expected if each != put.id] + [put.id]
                for each in chance.sample(expected, min(len(expected), chance.choice([0, 1, 9]))):
                    writer.delete(each)
                    expected.remove(each)
            if chance.random() < 0.05:
                engine.optimize()
            assert [stored["id"] for stored in engine.documents()] == expected

    def test_another_object_sees_each_commit(self, indexes: Indexes) -> None:
        """A search takes the newest commit when it begins."""
        place = indexes.new()
        writing, reading = indexes.open(place), indexes.open(place)
        for number in range(3):
            put(writing, document(number, body="w1"))
            assert len(ids(reading, ONE)) == number + 1

    def test_a_writer_takes_all_kinds_of_ids_and_values(self, engine: Engine) -> None:
        """Ids and values are any text: long, with blanks, quotes or control characters."""
        odd = ["a b", "a/b?c=d&e#f", '"quoted"', "back\\slash", "é😀", "tab\tin it", "*"]
        odd += [sign * LONGEST_ID for sign in ("x", "é", "😀")]
        made = [
            IndexedDocument(
                id=document_id,
                kind=ARTICLE,
                tokens=document(0, body="w1").tokens,
                keywords={"id": (document_id,), "kind": (ARTICLE,), "title": (document_id,)},
                moment=None,
                stored={"id": document_id},
            )
            for document_id in odd
        ]
        put(engine, *made)
        assert ids(engine, ONE) == sorted(odd)
        for document_id in odd:
            assert engine.stored(document_id) == {"id": document_id}
            assert list(engine.find("title", document_id)) == [{"id": document_id}]
        with engine.writer() as writer:
            for document_id in odd:
                assert writer.delete(document_id)
        assert ids(engine, Everything()) == []


class Dictionary(Harness):
    """What an index knows of its words and values."""

    def test_find_by_keyword(self, engine: Engine) -> None:
        """All documents with a value, in the field asked for."""
        put(engine, document(1, kind=ITEM, sidebar="w1", lists=("populer",)))
        put(engine, document(2, body="w1"), document(3, lists=("populer", "terkini")))
        assert {stored["id"] for stored in engine.find("list", "populer")} == {"d0001", "d0003"}
        assert list(engine.find("list", "absent")) == []
        assert list(engine.find("title", "populer")) == []

    def test_what_is_no_unicode_is_nowhere(self, engine: Engine) -> None:
        """A byte that is no UTF-8 comes from a command line as half a surrogate pair."""
        put(engine, document(1, lists=("populer",), body="w1"))
        odd = "caf\udce9"
        assert engine.stored(odd) is None
        assert engine.explain(ONE, odd) is None or not engine.capabilities.explains
        assert list(engine.find("list", odd)) == []
        assert list(engine.keyword_values("list", [odd])) == []
        assert engine.frequent_values("list", [odd], 3) == []
        assert dict(engine.frequencies("body", [odd])).get(odd, 0) == 0
        for node in (
            KeywordFilter("list", odd),
            Term(odd, odd),
            Prefix(odd),
            Phrase((ONE, Term(odd, odd))),
        ):
            assert ids(engine, node) == []
        assert ids(engine, ONE, Filters({"list": frozenset({odd})})) == []
        with engine.writer() as writer:
            assert writer.before([odd]) == {}
            assert not writer.delete(odd)

    def test_keyword_values_by_prefix(self, engine: Engine) -> None:
        """Ascending, each once, counted over what is not deleted."""
        put(
            engine,
            document(1, body="w1", lists=("populer", "pop")),
            document(2, lists=("populer",)),
        )
        put(engine, document(3, lists=("terkini", "populer", "pop é")))
        put(engine, document(4, lists=("qop",)))
        pops = [("pop", 1), ("pop é", 1), ("populer", 3)]
        assert list(engine.keyword_values("list", ["pop"])) == pops
        assert list(engine.keyword_values("list", ["popx"])) == []
        assert list(engine.keyword_values("list", [])) == []
        # A value that begins with two of the prefixes is there once.
        wanted = ["q", "popu", "pop", "pop "]
        assert list(engine.keyword_values("list", wanted)) == [*pops, ("qop", 1)]
        assert list(engine.keyword_values("kind", [""])) == [(ARTICLE, 4)]
        with engine.writer() as writer:
            writer.delete("d0001")
        assert list(engine.keyword_values("list", ["pop"])) == [("pop é", 1), ("populer", 2)]

    def test_frequent_values_by_prefix(self, engine: Engine) -> None:
        """The most frequent of each prefix, equals by alphabet."""
        values = (("ab", "ac", "x"), ("ab", "ad", "x"), ("ab", "y"), ("y",))
        put(engine, *(document(n, lists=lists) for n, lists in enumerate(values)))
        assert engine.frequent_values("list", ["a"], 9) == [("ab", 3), ("ac", 1), ("ad", 1)]
        assert engine.frequent_values("list", ["a", "x"], 1) == [("ab", 3), ("x", 2)]
        assert engine.frequent_values("list", ["z"], 9) == []
        several = tuple(f"v{n:02}" for n in range(40))
        put(engine, document(7, lists=several), document(8, lists=("v31",)))
        first = [("v31", 2), ("v00", 1), ("v01", 1)]
        assert engine.frequent_values("list", ["v"], 3) == first

    def test_frequencies_of_words(self, engine: Engine) -> None:
        """By field and term, by stem or form, and of all forms."""
        put(engine, document(1, body="w1 w2x"), document(2, body="w1", headline="w3"))
        put(engine, document(3, body="w1x"))
        assert engine.frequencies("body", ["w1", "w2", "w3"]) == {"w1": 3, "w2": 1, "w3": 0}
        assert engine.frequency(Term("w1", "w1")) == 3
        assert engine.frequency(Term("w2", "w2x")) == 1
        assert engine.frequency(Term("absent", "absent")) == 0
        assert dict(engine.forms()) == {"w1": 2, "w1x": 1, "w2x": 1, "w3": 1}
        assert engine.forms() is engine.forms()
        put(engine, document(4, body="w4"))
        assert engine.forms()["w4"] == 1


class Cursors(Harness):
    """Where a page ended, while others write."""

    @pytest.mark.parametrize("sort", ["newest", "oldest"])
    def test_by_date_what_was_there_is_met_once(self, engine: Engine, sort: Sort) -> None:
        """Documents that come in between do no harm."""
        chance = random.Random(5)
        documents = random_documents(chance, 60)
        put(engine, *documents)
        met: list[str] = []
        position = None
        for commit in range(100):
            page = engine.search(Everything(), Filters(), 0, 7, sort=sort, after=position)
            met += [match.id for match in page.matches]
            position = page.last
            if position is None:
                break
            put(engine, document(1000 + commit, moment=chance.choice([1, 2, 3]), body="w1"))
        assert len(set(met)) == len(met)
        assert {each.id for each in documents} <= set(met)

    def test_by_relevance_it_goes_on_as_it_was_or_says_that_it_cannot(
        self, indexes: Indexes
    ) -> None:
        """Scores belong to a commit; one that is gone is an error, never another order.

        Who gave the cursor still has the commit, if its engine keeps any; another may have it.
        """
        place = indexes.new()
        engine = indexes.open(place)
        put(engine, *random_documents(random.Random(6), 60))
        whole = ids(engine, ONE)
        first = engine.search(ONE, Filters(), 0, 5)
        put(engine, document(900, headline="w1", body="w1 w1"))
        for opened in (engine, indexes.open(place)):
            try:
                second = opened.search(ONE, Filters(), 0, 99, after=first.last)
            except QueryError as error:
                assert "the index has changed since this cursor was given" in str(error)
                assert opened is not engine or not indexes.engine.capabilities.snapshots
            else:
                assert [m.id for m in (*first.matches, *second.matches)] == whole


def body(number: int, words: list[str], moment: int) -> IndexedDocument:
    """Return an article of this body."""
    return document(number, moment=moment, body=" ".join(words))


def changed(words: list[str], seed: int) -> list[str]:
    """Put other words in the place of four."""
    places = random.Random(seed).sample(range(len(words)), 4)
    return [f"other{n}" if n in places else word for n, word in enumerate(words)]


class CopyGroups(Harness):
    """Copies of an article over commits."""

    @pytest.fixture
    def wire(self, engine: Engine) -> Engine:
        """Three copies of a report, one of them with a word of its own, and another article."""
        report = [f"v{n}" for n in range(200)]
        put(engine, body(1, changed(report, 1), 10), body(4, [f"u{n}" for n in range(200)], 15))
        put(engine, body(2, [*changed(report, 2), "w9"], 20), body(3, changed(report, 3), 30))
        return engine

    def test_one_is_shown_for_all_its_copies(self, wire: Engine) -> None:
        """The newest or the fullest; all of them, and only those that match, are told."""
        assert shown(wire, "newest") == [("d0003", ("d0002", "d0001")), ("d0004", ())]
        assert shown(wire, "fullest") == [("d0002", ("d0003", "d0001")), ("d0004", ())]
        assert [each for each, _ in shown(wire, "off")] == ["d0003", "d0002", "d0004", "d0001"]
        assert shown(wire, "newest", Term("w9", "w9")) == [("d0002", ())]

    def test_changed_and_deleted_articles_are_no_copies_any_more(self, wire: Engine) -> None:
        """Groups follow what is in the index."""
        put(wire, body(3, [f"t{n}" for n in range(200)], 30))
        assert dict(shown(wire, "newest")) == {"d0003": (), "d0002": ("d0001",), "d0004": ()}
        with wire.writer() as writer:
            writer.delete("d0002")
        assert dict(shown(wire, "newest")) == {"d0003": (), "d0001": (), "d0004": ()}

    def test_what_an_article_brought_together_remains_so(self, engine: Engine) -> None:
        """Of three that one of them is like, also when it is gone and segments were merged."""
        report = [f"v{n}" for n in range(200)]
        put(engine, body(1, [*(f"u{n}" for n in range(35)), *report[35:]], 1))
        put(engine, body(3, [*report[:-35], *(f"t{n}" for n in range(35))], 3))
        assert dict(shown(engine, "newest")) == {"d0003": (), "d0001": ()}
        put(engine, body(2, report, 2))
        assert dict(shown(engine, "newest")) == {"d0003": ("d0002", "d0001")}
        with engine.writer() as writer:
            writer.delete("d0002")
        for number in range(10, 16):
            assert dict(shown(engine, "newest"))["d0003"] == ("d0001",)
            put(engine, document(number, body="w1"))
        engine.optimize()
        assert dict(shown(engine, "newest"))["d0003"] == ("d0001",)
        with engine.writer() as writer:
            writer.delete("d0003")
        engine.optimize()
        assert dict(shown(engine, "newest"))["d0001"] == ()

    def test_copies_outlast_optimizing(self, wire: Engine) -> None:
        """Joining segments loses no group."""
        before = shown(wire, "newest")
        wire.optimize()
        assert shown(wire, "newest") == before

    def test_a_group_may_be_large(self, engine: Engine) -> None:
        """All copies of a report that hundreds have printed are behind the newest of them."""
        report = [f"v{n}" for n in range(200)]
        put(engine, *(body(n, report, n) for n in range(230)), body(900, ["w1"] * 9, 900))
        whole = tuple(f"d{n:04}" for n in range(228, -1, -1))
        assert shown(engine, "newest", Term("v7", "v7")) == [("d0229", whole)]
        assert dict(shown(engine, "newest")) == {"d0900": (), "d0229": whole}

    def test_rank_and_score_are_those_of_the_best(self, engine: Engine) -> None:
        """The copy shown stands where the best of its group would."""
        report = [f"v{n}" for n in range(200)]
        put(
            engine,
            document(1, moment=10, headline="w1", body=" ".join(report)),
            body(2, [*report, "w1"], 20),
            body(3, ["w1", *(f"u{n}" for n in range(200))], 15),
        )
        best = engine.search(ONE, Filters(), 0, 1).matches[0]
        first = engine.search(ONE, Filters(), 0, 1, collapse="newest").matches[0]
        assert best.id == "d0001"
        assert (first.id, first.copies) == ("d0002", ("d0001",))
        assert first.score == pytest.approx(best.score)


def shown(
    engine: Engine, collapse: Collapse, node: Node | None = None
) -> list[tuple[str, tuple[str, ...]]]:
    """Return (id, copies) of all that is shown, ranked."""
    matches = engine.search(node or Everything(), Filters(), 0, 100, collapse=collapse)
    assert matches.total == len(matches.matches)
    return [(match.id, match.copies) for match in matches.matches]
