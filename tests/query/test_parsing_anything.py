"""What holds for every text that is typed, and for every tree."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.query import Syntax, parse, to_text
from searchkit.query.names import OPERATORS, QUOTES, field_names
from searchkit.query.syntax import (
    All,
    And,
    Date,
    DateSpan,
    Field,
    Fuzzy,
    Or,
    Phrase,
    Wildcard,
    Word,
    Words,
    bare,
    boosted,
    joined,
    negated,
    required,
)


def round_trip(text: str) -> None:
    node = parse(text).node
    printed = to_text(node)
    again = parse(printed, strict=True)
    assert again.node == node
    assert again.notes == ()
    assert to_text(again.node) == printed


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    round_trip(text)


PIECES = st.sampled_from(
    [
        *(*OPERATORS, *(f"{name}:" for name in field_names()), *QUOTES, *"()\\~^*?+-!=&|[]{}<>: "),
        *(
            "2024-06",
            "minggu ini",
            "TO",
            "kata",
            "~1",
            "^2",
            "https://",
            "-nya",
            "½",
            "²",
            "\u0301",
        ),
    ]
)


@settings(max_examples=500)
@given(st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join))
def test_any_marks(text: str) -> None:
    round_trip(text)


LETTERS = st.text(string.ascii_letters + "é東½" + "\\~^*?+-!=&|[]{}<>:/.,'()" + QUOTES, min_size=1)
WORD = st.builds(
    Word, LETTERS | st.sampled_from([*OPERATORS, "judul:x", "https://x"]), st.booleans()
)
WILDCARD = st.lists(
    st.sampled_from(["a", "B", "é", "-", "\\*", "\\?", "\\\\", ":", "*a", "?b", "*?c", '"', "("]),
    min_size=1,
).map(lambda pieces: Wildcard("".join(pieces).rstrip('-:"(') + "z*"))
DATES = st.sampled_from(["2024", "2024-06", "minggu ini", "3 Juni 2024", "7 hari terakhir"])
SPAN = st.builds(DateSpan, DATES, DATES, st.booleans(), st.booleans())
LEAF = st.one_of(
    WORD,
    WILDCARD,
    SPAN,
    st.just(All()),
    st.builds(Fuzzy, LETTERS, st.integers(1, 2)),
    st.builds(Phrase, st.text(max_size=10), st.integers(0, 100), st.booleans()),
    st.builds(Date, DATES),
)
FACTOR = st.integers(0, 100_000).map(lambda n: n / 1000)
TEXT_FIELD = st.sampled_from(["title", "body", "section", "reporter", "tags"])


def larger(children: st.SearchStrategy[Syntax]) -> st.SearchStrategy[Syntax]:
    several = st.lists(children, min_size=2, max_size=4)
    one = children.map(bare)
    return st.one_of(
        several.map(lambda nodes: joined(Words, nodes) or All()),
        several.map(lambda nodes: joined(And, nodes) or All()),
        several.map(lambda nodes: joined(Or, nodes) or All()),
        st.builds(negated, children),
        st.builds(required, children),
        st.builds(boosted, one, FACTOR),
        st.builds(Field, TEXT_FIELD, one),
    )


@settings(max_examples=500)
@given(st.recursive(LEAF, larger, max_leaves=12).map(bare))
def test_any_tree(node: Syntax) -> None:
    printed = to_text(node)
    assert parse(printed, strict=True).node == node
    assert to_text(parse(printed).node) == printed
