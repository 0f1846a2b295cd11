"""Small cases, one for each thing that a query, a filter or an order can say."""

import math

import pytest

from searchkit.engines.base import (
    ARTICLE,
    ITEM,
    Engine,
    FacetsWanted,
    Filters,
)
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.ranking import Ranking, Recency
from searchkit.query import (
    MOST_EXPANSIONS,
    AllOf,
    AnyOf,
    Boosted,
    DateRange,
    Everything,
    Fuzzy,
    InFields,
    KeywordFilter,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Synonym,
    Synonyms,
    Term,
    Wildcard,
    Without,
)
from searchkit.results import FacetCount
from searchkit.testing.conformance.harness import Harness, Indexes
from searchkit.testing.formulas import DAY
from searchkit.testing.making import document, ids, put

ONE, TWO = Term("w1", "w1"), Term("w2", "w2")


class QueryExamples(Harness):
    """What the nodes of a query match."""

    def test_empty_index(self, engine: Engine) -> None:
        """Nothing is found in nothing, and nothing fails."""
        for node in (Everything(), Nothing(), ONE, Phrase((ONE, TWO)), Prefix("w")):
            assert ids(engine, node) == []
        assert engine.stored("d0001") is None
        assert list(engine.documents()) == []
        assert engine.stats().documents == {ARTICLE: 0, ITEM: 0}

    def test_typed_forms_only_when_exact(self, engine: Engine) -> None:
        """An exact word or phrase is found in its form, not in another of its stem."""
        put(
            engine,
            document(1, body="w1 w2x"),
            document(2, body="w1x w2"),
            document(3, body="w1 w2"),
        )
        assert ids(engine, Term("w1", "w1x", exact=True)) == ["d0002"]
        assert ids(engine, Phrase((ONE, TWO), exact=True)) == ["d0003"]
        assert len(ids(engine, Phrase((ONE, TWO)))) == 3

    def test_slop_counts_words_among_and_keeps_the_order(self, engine: Engine) -> None:
        """A phrase is within one field, its words in order, with as many more as the slop says."""
        put(
            engine,
            document(1, body="w1 w9 w2 w9 w3"),
            document(2, body="w1 w2 w9 w9 w9 w3"),
            document(3, body="w3 w2 w1"),
            document(4, headline="w1 w2", body="w3"),
        )
        terms = tuple(Term(word, word) for word in ("w1", "w2", "w3"))
        assert ids(engine, Phrase(terms, slop=1)) == []
        assert ids(engine, Phrase(terms, slop=2)) == ["d0001"]
        assert sorted(ids(engine, Phrase(terms, slop=3))) == ["d0001", "d0002"]
        twice = (Term("w9", "w9"),) * 2  # the same word twice is two places
        assert ids(engine, Phrase(twice, slop=1)) == ["d0002", "d0001"]
        assert ids(engine, Phrase((*twice, *twice), slop=9)) == []

    def test_most_frequent_forms_stand_for_a_pattern(self, engine: Engine) -> None:
        """A pattern stands for so many forms, those in most documents or those met most often."""
        rare = " ".join(f"v{n:03}" for n in range(MOST_EXPANSIONS))
        put(engine, document(1, body=rare), document(2, body="v999"), document(3, body="v999"))
        assert sorted(ids(engine, Prefix("v"))) == ["d0001", "d0002", "d0003"]
        put(engine, document(4, body="v099x"))
        assert "d0004" not in ids(engine, Wildcard("v*"))
        assert ids(engine, Wildcard("v??9x")) == ["d0004"]

    def test_pattern_in_a_field_stands_for_the_forms_of_that_field(self, engine: Engine) -> None:
        """However many other words begin so elsewhere."""
        common = " ".join(f"v{n:03}" for n in range(MOST_EXPANSIONS + 1))
        put(engine, *(document(n, body=common) for n in (1, 2)), document(3, section="v999"))
        assert ids(engine, InFields(Prefix("v"), ("section",))) == ["d0003"]
        assert ids(engine, InFields(Wildcard("v*9"), ("section", "headline"))) == ["d0003"]

    def test_nearer_forms_count_more(self, engine: Engine) -> None:
        """Of a fuzzy word the form itself, then one edit, then two; a swap is one edit."""
        put(
            engine,
            document(1, body="kabrat w9"),
            document(2, body="kabar w9"),
            document(3, body="kabra w9"),
            document(4, body="kbr w9"),
            document(5, body="kabarkan w9"),
        )
        assert ids(engine, Fuzzy("kabar", 1)) == ["d0002", "d0003"]
        found = engine.search(Fuzzy("kabar", 2), Filters(), 0, 9).matches
        assert [m.id for m in found] == ["d0002", "d0003", "d0001", "d0004"]
        assert found[0].score > found[1].score > found[2].score
        assert found[2].score == pytest.approx(found[3].score)

    def test_wildcards_take_signs_for_what_they_are(self, engine: Engine) -> None:
        """Only * and ? are wildcards; what means something to a regular expression does not."""
        put(engine, document(1, body="a.b w9"), document(2, body="axb w9"), document(3, body="(a)"))
        assert ids(engine, Wildcard("a.*")) == ["d0001"]
        assert ids(engine, Wildcard("a?b")) == ["d0001", "d0002"]
        assert ids(engine, Wildcard("(*")) == ["d0003"]
        assert ids(engine, Prefix("a.")) == ["d0001"]

    def test_conditions_choose_and_do_not_score(self, engine: Engine) -> None:
        """Kinds, dates and fields narrow what is found; scores stay what they were."""
        put(
            engine,
            document(1, body="w1 w2", moment=10),
            document(2, body="w1", moment=20),
            document(3, kind=ITEM, sidebar="w1", moment=None),
        )
        article = KeywordFilter("kind", ARTICLE)
        scores = {m.id: m.score for m in engine.search(ONE, Filters(), 0, 9).matches}
        found = engine.search(AllOf((ONE, article)), Filters(), 0, 9).matches
        expected = {document_id: scores[document_id] for document_id in ("d0001", "d0002")}
        assert {m.id: m.score for m in found} == pytest.approx(expected)
        assert ids(engine, DateRange(10, 20)) == ["d0001"]
        assert ids(engine, DateRange(None, None)) == ["d0002", "d0001"]
        assert ids(engine, Without(Everything(), article)) == ["d0003"]
        assert ids(engine, Without(ONE, TWO)) == ["d0002", "d0003"]
        assert ids(engine, InFields(ONE, ("sidebar", "headline"))) == ["d0003"]

    def test_share_of_the_weight(self, engine: Engine) -> None:
        """A common word alone does not make up the share; a rare one does."""
        put(engine, *(document(n, body="w1") for n in range(20)), document(30, body="w1 w2"))
        assert len(ids(engine, AnyOf((ONE, TWO)))) == 21
        assert ids(engine, AnyOf((ONE, TWO), share=0.3)) == ["d0030"]

    def test_filters_take_one_of_several_values(self, engine: Engine) -> None:
        """Values of a field are alternatives, fields and dates are conditions."""
        put(
            engine,
            document(1, body="w1", moment=1),
            document(2, kind=ITEM, sidebar="w1", lists=("populer",), moment=2),
            document(3, kind=ITEM, sidebar="w1", lists=("Update", "terkini"), moment=None),
        )
        article, item = ({"kind": frozenset((kind,))} for kind in (ARTICLE, ITEM))
        recent = {"list": frozenset(("terkini", "absent"))}
        assert ids(engine, ONE, Filters(article)) == ["d0001"]
        assert ids(engine, ONE, Filters(item)) == ["d0002", "d0003"]
        assert ids(engine, ONE, Filters({"list": frozenset(("update",))})) == ["d0003"]
        assert ids(engine, ONE, Filters(article | recent)) == []
        assert ids(engine, ONE, Filters(since=2)) == ["d0002"]
        assert ids(engine, ONE, Filters(until=2)) == ["d0001"]

    def test_counts_without_the_own_filter(self, engine: Engine) -> None:
        """With multi_select, facets tell what choosing a further value would bring."""
        for number, (section, source) in enumerate(
            [("A", "x"), ("A", "y"), ("B", "x"), ("C", "y")]
        ):
            facets: dict[str, tuple[str, ...]] = {"section": (section,), "source": (source,)}
            put(engine, document(number, body="w1", facets=facets))
        filters = Filters({"section": frozenset("a"), "source": frozenset("x")})
        for multi_select, sections in (
            (False, (FacetCount("A", 1),)),
            (True, (FacetCount("A", 1), FacetCount("B", 1))),
        ):
            wanted = FacetsWanted(("section", "kind"), 9, multi_select)
            found = engine.search(Everything(), filters, 0, 9, facets=wanted)
            assert found.facets["section"] == sections
            assert found.facets["kind"] == (FacetCount(ARTICLE, 1),)
            assert found.total == 1


class RankingExamples(Harness):
    """What stands before what."""

    def test_equal_scores_by_date_then_id(self, engine: Engine) -> None:
        """Newer first, undated last; then by id."""
        put(
            engine,
            document(3, moment=5, body="w1"),
            document(1, moment=5, body="w1"),
            document(2, moment=9, body="w1"),
            document(0, moment=None, body="w1"),
        )
        for node in (ONE, Everything()):
            assert ids(engine, node) == ["d0002", "d0001", "d0003", "d0000"]

    def test_headline_above_body_and_typed_form_above_another(self, engine: Engine) -> None:
        """The weights of fields, and the worth of the form itself."""
        put(engine, document(1, headline="w2", body="w1"), document(2, headline="w1", body="w2"))
        put(engine, document(3, body="w5 w9"), document(4, body="w5x w9"))
        assert ids(engine, ONE) == ["d0002", "d0001"]
        assert ids(engine, Term("w5", "w5x")) == ["d0004", "d0003"]

    def test_item_never_above_an_article_that_matches(self, engine: Engine) -> None:
        """A line that is nothing but the words stays below a long article that has them."""
        long_body = "w1 w2 " + "w9 " * 500
        put(engine, document(1, kind=ITEM, sidebar="w1 w2"), document(2, body=long_body))
        assert ids(engine, AllOf((ONE, TWO))) == ["d0002", "d0001"]

    def test_synonyms_are_one_word(self, engine: Engine) -> None:
        """Two of them are no better than one of them twice, and a weight is what one is worth."""
        put(
            engine,
            document(1, body="w1 w2 w8 w8"),
            document(2, body="w1 w1 w8 w8"),
            document(3, body="w2 w8 w8 w8"),
            *(document(n, body="w8 w8 w8 w8") for n in range(4, 9)),
        )
        node = Synonyms((Synonym(ONE, "typed"), Synonym(TWO, "synonym", 0.5)))
        assert ids(engine, node) == ["d0002", "d0001", "d0003"]
        assert engine.search(AnyOf((ONE, TWO)), Filters(), 0, 1).matches[0].id == "d0001"

    def test_optional_words_and_boosts_raise(self, engine: Engine) -> None:
        """What needs not match adds to a score; a factor multiplies one."""
        put(engine, document(1, body="w1 w9 w9"), document(2, body="w2 w9 w9"))
        assert ids(engine, AnyOf((ONE, Boosted(TWO, 3)))) == ["d0002", "d0001"]
        assert ids(engine, AnyOf((Boosted(ONE, 3), TWO))) == ["d0001", "d0002"]
        put(engine, document(3, body="w1 w2 w9"))
        assert ids(engine, AllOf((ONE, AnyOf((TWO,), 0, 0.0)))) == ["d0003", "d0001"]

    def test_boosts_stay_within_what_a_score_can_hold(self, engine: Engine) -> None:
        """Factors upon factors end in a finite score."""
        put(engine, document(1, body="w1 w9 w9"))
        huge: Node = ONE
        for _ in range(30):
            huge = Boosted(huge, 1e6)
        (match,) = engine.search(AllOf((huge, huge)), Filters(), 0, 9).matches
        assert math.isfinite(match.score)

    def test_near_and_early_words_count_more(self, indexes: Indexes) -> None:
        """Neighbours before words far apart, the opening before the end."""
        place, filler = indexes.new(), "w9 " * 60
        put(
            indexes.open(place),
            document(1, body="w9 w1 w9 w9 w9 w2"),
            document(2, body="w9 w9 w9 w1 w2 w9"),
            document(3, body="w9 w9 w9 w2 w1 w9"),
            document(4, body=f"{filler} w5"),
            document(5, body=f"w5 {filler}"),
        )
        engine = indexes.open(place, Ranking(lead=0))
        assert ids(engine, AllOf((ONE, TWO))) == ["d0002", "d0003", "d0001"]
        assert ids(indexes.open(place), Term("w5", "w5")) == ["d0005", "d0004"]

    def test_word_beside_a_number_counts_more(self, indexes: Indexes) -> None:
        """Pasal 340 comes before 340 apart from a pasal, whatever else stands together."""
        place, number = indexes.new(), Term("340", "340")
        put(
            indexes.open(place),
            document(1, body="340 w1 w9 w9 w9 w2"),
            document(2, body="w9 340 w9 w9 w1 w2"),
        )
        node = AllOf((number, ONE, TWO))
        alike = indexes.open(place, Ranking(lead=0, numbers=1))
        assert ids(alike, node) == ["d0002", "d0001"]
        assert ids(indexes.open(place, Ranking(lead=0)), node) == ["d0001", "d0002"]

    def test_headline_with_all_words_above_words_apart(self, indexes: Indexes) -> None:
        """One headline that has all of the query is what the query is about."""
        place = indexes.new()
        put(
            indexes.open(place),
            document(1, headline="w1 w5", body="w2 w9"),
            document(2, headline="w1 w2", body="w5 w9"),
        )
        weights = dict.fromkeys(TEXT_FIELDS, 1.0)
        ranking = Ranking(proximity=0, lead=0, headline=0.5, weights=weights)
        assert ids(indexes.open(place, ranking), AllOf((ONE, TWO))) == ["d0002", "d0001"]

    def test_newer_first_as_far_as_recency_goes(self, engine: Engine) -> None:
        """Undated documents are neither raised nor lowered; from far away all are old alike."""
        put(
            engine,
            document(1, body="w1 w1 w9", moment=0),
            document(2, body="w1 w8 w9", moment=100 * DAY),
            document(3, body="w1 w7 w9", moment=None),
        )

        def found(recency: Recency) -> list[str]:
            matches = engine.search(ONE, Filters(), 0, 9, recency=recency).matches
            return [match.id for match in matches]

        assert found(Recency()) == ["d0001", "d0002", "d0003"]
        assert found(Recency(1.0)) == ["d0002", "d0001", "d0003"]
        assert found(Recency(1.0, now=9000 * DAY)) == ["d0001", "d0002", "d0003"]

    def test_an_explanation_names_what_matched_and_by_which_rule(self, indexes: Indexes) -> None:
        """Field, word, rule, number and length of the field; None for what does not match."""
        if not indexes.engine.capabilities.explains:
            pytest.skip("the engine does not explain scores")
        engine = indexes.open(indexes.new())
        put(engine, document(1, headline="w1", body="w2 w3 w3"), document(2, body="w4"))
        phrase = Phrase((TWO, Term("w3", "w3")))
        node = Synonyms((Synonym(ONE, "typed"), Synonym(phrase, "abbreviation", 0.5)))
        explanation = engine.explain(node, "d0001")
        assert explanation is not None
        leaf = explanation.parts[0]
        assert (leaf.key, leaf.facts["documents"]) == ("synonyms", 1)
        names = ("field", "term", "rule", "count", "length")
        found = [tuple(p.facts[name] for name in names) for p in leaf.parts if p.key == "field"]
        expected = [("headline", "w1", "typed", 1, 1), ("body", "w2 w3", "abbreviation", 1, 3)]
        assert found == expected
        assert [p.facts["form"] for p in leaf.parts if p.key == "exact"] == ["w1"]
        assert engine.explain(node, "d0002") is None
        assert engine.explain(node, "absent") is None
        put(engine, document(3, body="bar kabar"))
        fuzzy = engine.explain(Fuzzy("kabar", 2), "d0003")
        assert fuzzy is not None
        assert [p.facts["form"] for p in fuzzy.parts[0].parts] == ["kabar", "bar"]  # nearest first

    def test_more_matches_than_are_rescored(self, indexes: Indexes) -> None:
        """The candidates come first, in order; every match comes once, however deep."""
        most = indexes.engine.capabilities.rescored
        if most is None or most > 5000:
            pytest.skip("the engine ranks more than this test can put into an index")
        engine, count = indexes.open(indexes.new()), most + 150
        put(
            engine,
            *(document(n, moment=n % 7, body=f"w1 {'w9 ' * (n % 11)}") for n in range(count)),
        )
        found = engine.search(ONE, Filters(), 0, count)
        scores = [match.score for match in found.matches[:most]]
        assert scores == sorted(scores, reverse=True)
        assert found.total == count
        whole = [match.id for match in found.matches]
        assert len(set(whole)) == count
        deep = engine.search(ONE, Filters(), most - 5, 20).matches
        assert [match.id for match in deep] == whole[most - 5 : most + 15]

    @pytest.mark.parametrize("kind", [ARTICLE, ITEM])
    def test_conditions_alone_are_by_date(self, indexes: Indexes, kind: str) -> None:
        """Where no word scores, the newest come first, however many match and however deep."""
        most = indexes.engine.capabilities.rescored or 50
        if most > 5000:
            pytest.skip("the engine ranks more than this test can put into an index")
        engine, count = indexes.open(indexes.new()), most + 70
        moments = {n: n * 7 % count // 3 for n in range(count)}
        put(engine, *(document(n, kind=kind, moment=m, sidebar="w1") for n, m in moments.items()))
        expected = [f"d{n:04}" for n in sorted(moments, key=lambda n: (-moments[n], n))]
        for node in (Everything(), KeywordFilter("kind", kind), Boosted(ONE, 0.0)):
            page = engine.search(node, Filters(), 0, count)
            assert [match.id for match in page.matches] == expected
            page = engine.search(node, Filters(), 0, 40)
            met = [match.id for match in page.matches]
            while page.last:
                page = engine.search(node, Filters(), 0, 40, after=page.last)
                met += [match.id for match in page.matches]
            assert met == expected
