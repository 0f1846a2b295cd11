"""Titles and initials beside a name need not match."""

import pytest

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer
from searchkit.query import (
    AllOf,
    AnyOf,
    Boosted,
    KeywordFilter,
    Node,
    Term,
    lowering,
    parse_query,
    to_text,
)
from searchkit.query.lowering import TITLE_WORTH
from searchkit.query.parsing import parse
from searchkit.query.titles import listed_titles, titles_among

ANALYZER = IndonesianAnalyzer(IndonesianStemmer())


def titles(text: str) -> list[str]:
    words = text.split()
    return [words[place] for place in sorted(titles_among(words, ANALYZER))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ir. Bayu Pradana", ["Ir."]),
        ("Drs. H. Bayu Pradana", ["Drs.", "H."]),
        ("K.H. Ma'ruf Wirya", ["K.H."]),
        ("Irjen Pol Bayu Pradana diperiksa", ["Irjen", "Pol"]),
        ("Letjen TNI Purn Bayu Pradana", ["Letjen", "TNI", "Purn"]),
        ("A. Bayu Pradana", ["A."]),
        ("Bayu F. Pradana", ["F."]),
        ("menteri Prof. Bayu", ["Prof."]),
        ("dr. Terawan", ["dr."]),
        # Without capitals: with a full stop, or before two words like a name.
        ("dr. bayu", ["dr."]),
        ("a. bayu pradana", ["a."]),
        ("prof bayu pradana", ["prof"]),
        ("prof bayu", []),
        ("a. bayu", []),
        ("letjen tewas ditembak", []),
        ("dr yang baik", []),
        # A letter without a full stop only before everything else.
        ("H Bayu Pradana", ["H"]),
        ("Drs H Bayu Pradana", ["Drs", "H"]),
        ("h bayu pradana", []),
        ("Grup H Piala Dunia", []),
        ("C Bayu Pradana", []),
        # Degrees behind a name.
        ("Bayu Pradana, S.H., M.H. hadir", ["S.H.,", "M.H."]),
        ("Bayu Pradana Ph.D.", ["Ph.D."]),
        ("bayu pradana, MM", ["MM"]),
        ("Bayu S.E.", ["S.E."]),
        ("bayu s.e.", []),
        ("Bayu Pradana SE", []),
        ("pasal 5 S.H.", []),
        # No name: nothing, or something else, follows.
        ("Bandara Pradana H.", []),
        ("Dr. H.", []),
        ("Prof.", []),
        ("TNI Bayu Pradana", []),
        ("wabah E. coli", []),
        ("Jend. 45", []),
    ],
)
def test_titles_beside_a_name(text: str, found: list[str]) -> None:
    assert titles(text) == found


def meaning(text: str) -> Node:
    return parse_query(text, ANALYZER).node


IR, DR = Term("ir", "ir"), Term("dr", "dr")
BAYU, PRADANA = Term("bayu", "bayu"), Term("pradana", "pradana")


def beside(*words: Term) -> Node:
    return Boosted(AnyOf(words, 0), TITLE_WORTH)


def test_titles_add_to_the_score_only() -> None:
    both = AllOf((BAYU, PRADANA))
    assert meaning("Ir. Bayu Pradana") == AllOf((both, beside(IR)))
    source = KeywordFilter("source", "a")
    assert meaning("Dr. Bayu Ir. Pradana sumber:a") == AllOf((both, beside(DR, IR), source))
    assert meaning("Ir. Bayu") == AllOf((BAYU, beside(IR)))
    query = parse_query("Dr. Ir. Bayu Pradana", ANALYZER)
    assert query.relaxed().node == AllOf((AnyOf((BAYU, PRADANA)), beside(DR, IR)))


def test_titles_are_not_counted_among_the_words() -> None:
    node = meaning("Dr. Ir. Bayu Pradana diperiksa")
    assert isinstance(node, AllOf)
    assert isinstance(node.children[0], AllOf)
    assert len(node.children[0].children) == lowering.MOST_ALL_REQUIRED


@pytest.mark.parametrize(
    "text", ["+Ir. Bayu", "=Ir. Bayu", "judul:(Ir. Bayu)", '"Ir. Bayu"', "Ir. AND Bayu", "Ir."]
)
def test_what_is_typed_with_marks_stays(text: str) -> None:
    assert not any(isinstance(node, Boosted) for node in (meaning(text), *_below(meaning(text))))


def _below(node: Node) -> tuple[Node, ...]:
    return node.children if isinstance(node, AllOf) else ()


def test_a_title_that_is_asked_for_besides_counts_once() -> None:
    assert meaning("Ir. Bayu ir") == AllOf((BAYU, IR))


def test_the_query_is_printed_as_it_was_typed() -> None:
    assert to_text(parse("Ir. Bayu Pradana, S.H.").node) == "Ir. Bayu Pradana, S.H."


def test_the_list_is_folded_and_has_each_title_once() -> None:
    listed = [title for words in listed_titles().values() for title in words]
    assert len(listed) == len(set(listed))
    assert all(title.isalpha() and title == title.casefold() for title in listed)
