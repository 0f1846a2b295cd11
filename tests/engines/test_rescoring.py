"""The scores that are computed from forward records, beside the plain engine's."""

import random
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import Token, TokenColumns, TokenTable
from searchkit.engines.base import ARTICLE, IndexedDocument
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.ranking import Ranking
from searchkit.engines.rescoring import (
    Candidate,
    Statistics,
    decode,
    encode,
    expand,
    explain,
    needed_leaves,
    pattern_of,
    score,
)
from searchkit.errors import IndexDamaged
from searchkit.query import (
    MOST_EXPANSIONS,
    AnyOf,
    Fuzzy,
    InFields,
    Node,
    Prefix,
    Synonym,
    Term,
    Wildcard,
)
from searchkit.testing.conformance.explaining import assert_adds_up
from searchkit.testing.formulas import Formulas, within
from searchkit.testing.making import (
    document,
    random_documents,
    random_query,
    random_ranking,
    tokens,
)


def candidate(each: IndexedDocument) -> Candidate:
    return Candidate(each.id, each.kind, each.moment, encode(each.tokens), each.keywords)


def statistics(documents: Sequence[IndexedDocument], formulas: Formulas, node: Node) -> Statistics:
    """What a real engine looks up, counted here over all documents."""
    asked = needed_leaves(node)
    return Statistics(
        documents=len(documents),
        having={
            leaf: sum(formulas.frequency(each, leaf) > 0 for each in documents) for leaf in asked
        },
        averages=formulas.average,
        newest=max((d.moment for d in documents if d.moment is not None), default=None),
        expansions={
            leaf: expand(pattern, *forms_of(documents, within(leaf)[1]))
            for leaf in asked
            if (pattern := pattern_of(leaf))
        },
    )


def expected_scores(
    documents: Sequence[IndexedDocument], formulas: Formulas, node: Node
) -> dict[str, float]:
    recency = formulas.ranking.recency
    return {
        each.id: formulas.score(each, node, recency)
        for each in documents
        if formulas.matches(each, node)
    }


def forms_of(
    documents: Sequence[IndexedDocument], fields: Sequence[str]
) -> tuple[list[str], Callable[[str], int]]:
    counts = Counter(
        token.form for d in documents for field in fields for token in d.tokens.get(field, [])
    )
    return sorted(counts), counts.__getitem__


@pytest.mark.parametrize("seed", range(8))
def test_scores_as_the_formulas_say(seed: int) -> None:
    chance = random.Random(seed)
    documents = random_documents(chance, 100)
    ranking = Ranking() if seed == 0 else random_ranking(chance)
    formulas = Formulas(documents, ranking)
    candidates = [candidate(each) for each in documents]
    for _ in range(40):
        node = random_query(chance)
        found = score(candidates, node, statistics(documents, formulas, node), ranking)
        scores = {
            each.id: value
            for each, matches, value in zip(candidates, found.matches, found.scores, strict=True)
            if matches
        }
        assert scores == pytest.approx(expected_scores(documents, formulas, node), rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_explanation_adds_up_to_the_score(seed: int) -> None:
    chance = random.Random(seed)
    documents = random_documents(chance, 40)
    ranking = random_ranking(chance)
    formulas = Formulas(documents, ranking)
    candidates = [candidate(each) for each in documents]
    for _ in range(10):
        node = random_query(chance)
        figures = statistics(documents, formulas, node)
        found = score(candidates, node, figures, ranking)
        for row, each in enumerate(candidates):
            explanation = explain(each, node, figures, ranking)
            assert (explanation is not None) == found.matches[row]
            if explanation is not None:
                assert explanation.value == pytest.approx(float(found.scores[row]), rel=1e-5)
                assert_adds_up(explanation, ranking)


def test_only_the_best_are_looked_at_closely() -> None:
    documents = [document(1, body="w1 w1 w2 w2"), document(2, body="w1 w2"), document(3, body="w9")]
    node = AnyOf((Term("w1", "w1"), Term("w2", "w2")))
    candidates = [candidate(each) for each in documents]

    def scores(ranking: Ranking) -> list[float]:
        formulas = Formulas(documents, ranking)
        figures = statistics(documents, formulas, node)
        return [float(each) for each in score(candidates, node, figures, ranking).scores]

    plain = scores(Ranking(lead=0, proximity=0, headline=0))
    one = scores(Ranking(reranked=1))
    both = scores(Ranking())
    assert one[0] == both[0] > plain[0]
    assert one[1] == plain[1] < both[1]


def test_no_candidates_and_no_words() -> None:
    figures = Statistics(documents=0, having={Term("a", "a"): 0}, averages={}, newest=None)
    assert len(score([], Term("a", "a"), figures, Ranking()).scores) == 0
    empty = Candidate("x", ARTICLE, None, encode({}))
    assert not score([empty], Term("a", "a"), figures, Ranking()).matches.any()


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
TEXTS = st.dictionaries(
    st.sampled_from(TEXT_FIELDS), st.lists(st.tuples(WORDS, WORDS), max_size=12)
)


@given(TEXTS, st.booleans())
def test_records_hold_what_they_were_made_of(
    texts: dict[str, list[tuple[str, str]]], columns: bool
) -> None:
    plain = {
        field: [Token(term, form, form, 0, 0, n) for n, (term, form) in enumerate(words)]
        for field, words in texts.items()
    }
    table = TokenTable()
    given_ = {f: TokenColumns.of(t, table) for f, t in plain.items()} if columns else plain
    found = decode(encode(given_)).tokens()
    assert {field: list(each) for field, each in found.items()} == {
        field: each for field, each in plain.items() if each
    }


def test_records_of_many_words_and_of_half_a_surrogate_pair() -> None:
    many = {"body": tokens([f"w{n}" for n in range(70_000)])}
    assert decode(encode(many)).tokens()["body"].terms[-1] == "w69999"
    half = decode(encode({"body": tokens(["a\ud800", "b", "a\udcff"])})).tokens()["body"]
    assert half.terms == ["a?", "b", "a?"]


def test_words_of_one_record_in_two_widths() -> None:
    documents = [
        document(1, body=" ".join(f"v{n}" for n in range(66_000)) + " w1"),
        document(2, body="w1 w2"),
    ]
    ranking = Ranking()
    node = Term("w1", "w1")
    figures = statistics(documents, Formulas(documents, ranking), node)
    found = score([candidate(each) for each in documents], node, figures, ranking)
    expected = expected_scores(documents, Formulas(documents, ranking), node)
    assert found.scores.tolist() == pytest.approx([expected["d0001"], expected["d0002"]], rel=1e-5)


@given(st.binary(max_size=80), st.integers(0, 200), st.integers(0, 255))
def test_a_damaged_record_is_told_or_read(junk: bytes, at: int, value: int) -> None:
    sound = encode(document(1, headline="w1 w2x", body="w3 w1").tokens)
    for data in (junk, sound[: at % len(sound)], altered(sound, at % len(sound), value)):
        each = Candidate("d0001", ARTICLE, None, data)
        node = Term("w1", "w1")
        figures = Statistics(documents=1, having={node: 1}, averages={"body": 2.0}, newest=None)
        try:
            score([each], node, figures, Ranking())
        except IndexDamaged as error:
            assert "the record of document d0001 is damaged" in str(error)
            with pytest.raises(ValueError, match=r"version|short|words|number"):
                decode(data)


def altered(data: bytes, at: int, value: int) -> bytes:
    return data[:at] + bytes([value]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is cut short"),
        (struct.pack("<BBxxII8I", 9, 2, 0, 0, *[0] * 8), "it is of another version"),
        (struct.pack("<BBxxII8I", 1, 2, 0, 0, *[2**32 - 1] * 8), "its words are not as many"),
        (
            struct.pack("<BBxxII8IH", 1, 2, 0, 0, 1, *[0] * 7, 0),
            "a word has a number that no word has",
        ),
    ],
)
def test_what_is_wrong_with_a_record(data: bytes, reason: str) -> None:
    node = Term("w1", "w1")
    figures = Statistics(documents=1, having={node: 1}, averages={}, newest=None)
    with pytest.raises(IndexDamaged, match=f"document bad is damaged .{reason}"):
        score([Candidate("bad", ARTICLE, None, data)], node, figures, Ranking())
    with pytest.raises(ValueError, match=reason):
        decode(data)


def exactly(form: str, weight: float = 1.0) -> Synonym:
    return Synonym(Term(form, form, exact=True), "typed", weight)


def test_patterns_stand_for_the_forms_that_fit() -> None:
    forms = ["kabar", "kabara", "kabarkan", "kabra", "kb", "\U0010ffff", "\U0010ffffa"]
    forms.sort()

    def found(pattern: Prefix | Wildcard | Fuzzy) -> tuple[Synonym, ...]:
        return expand(pattern, forms, lambda form: 1)

    assert found(Prefix("kabar")) == tuple(map(exactly, ["kabar", "kabara", "kabarkan"]))
    assert found(Prefix("\U0010ffff")) == tuple(map(exactly, forms[-2:]))
    assert found(Prefix("x")) == ()
    assert found(Wildcard("k?b*a")) == tuple(map(exactly, ["kabara", "kabra"]))
    assert found(Wildcard("*kan")) == (exactly("kabarkan"),)
    near = {"kabar": 1.0, "kabara": 0.5, "kabra": 0.5}
    assert found(Fuzzy("kabar", 1)) == tuple(exactly(f, w) for f, w in near.items())
    assert found(Fuzzy("zzzzzz", 1)) == ()


def test_the_most_frequent_forms_stand_for_a_pattern() -> None:
    forms = [f"v{n:03}" for n in range(MOST_EXPANSIONS + 2)]
    counts = dict.fromkeys(forms, 1) | {forms[-1]: 2, forms[0]: 0}
    found = [each.node.form for each in expand(Prefix("v"), forms, counts.__getitem__)]  # type: ignore[union-attr]
    assert found == [*forms[1:-2], forms[-1]]


def test_fields_around_a_leaf() -> None:
    inner = InFields(Prefix("a"), ("body", "headline"))
    assert pattern_of(InFields(inner, ("body",))) == Prefix("a")
    assert pattern_of(Term("a", "a")) is None
    documents = [document(1, headline="w1", body="w2"), document(2, body="w1")]
    node = InFields(InFields(Term("w1", "w1"), ("headline", "body")), ("body", "caption"))
    ranking = replace(Ranking(), headline=0.5)
    formulas = Formulas(documents, ranking)
    found = score(
        [candidate(each) for each in documents],
        node,
        statistics(documents, formulas, node),
        ranking,
    )
    assert found.matches.tolist() == [False, True]
