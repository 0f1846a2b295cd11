import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer
from searchkit.errors import QueryError
from searchkit.query import AllOf, AnyOf, Everything, Node, Nothing, Phrase, Term, parse_query
from searchkit.query.parser import LONGEST_QUERY, MOST_TERMS

ANALYZER = IndonesianAnalyzer(IndonesianStemmer())
PACT, DEFENCE = Term("pakta", "pakta"), Term("tahan", "pertahanan")
RUSSIA, KOREA = Term("rusia", "rusia"), Term("korea", "korea")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("pertahanan", DEFENCE),
        ("pakta pertahanan", AllOf((PACT, DEFENCE))),
        ("pakta pakta", PACT),
        ('"pakta pertahanan"', Phrase((PACT, DEFENCE))),
        ("“pakta pertahanan”", Phrase((PACT, DEFENCE))),
        ('rusia "pakta pertahanan"', AllOf((RUSSIA, Phrase((PACT, DEFENCE))))),
        ('"pakta pertahanan', Phrase((PACT, DEFENCE))),
        ('"pakta"', PACT),
        ("pakta dan pertahanan", AllOf((PACT, DEFENCE))),
        ('"pakta dan pertahanan"', Phrase((PACT, Term("dan", "dan"), DEFENCE))),
        ("yang", Term("yang", "yang")),
        ("rusia korea pakta pertahanan", AnyOf((RUSSIA, KOREA, PACT, DEFENCE), share=0.3)),
        ("kapan pakta pertahanan?", AnyOf((PACT, DEFENCE), share=0.3)),
        ("kapan", Term("kapan", "kapan")),
        ("*", Everything()),
        ("   ", Everything()),
        ("?!", Nothing()),
        ('""', Nothing()),
    ],
)
def test_meaning(text: str, node: Node) -> None:
    assert parse_query(text, ANALYZER).node == node


def test_relaxed_query_wants_one_word() -> None:
    assert parse_query("pakta pertahanan", ANALYZER).relaxed().node == AnyOf((PACT, DEFENCE), 1)


def test_too_long() -> None:
    with pytest.raises(QueryError, match=r"20,000 characters; the limit is 10,000"):
        parse_query("a" * 2 * LONGEST_QUERY, ANALYZER)


def test_too_many_words() -> None:
    with pytest.raises(QueryError, match=r"different words; the limit is 200"):
        parse_query(" ".join(f"kata{n}" for n in range(MOST_TERMS + 1)), ANALYZER)


@given(st.text(max_size=300))
def test_any_text_gives_a_query(text: str) -> None:
    parse_query(text, ANALYZER)
