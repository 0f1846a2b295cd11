"""Queries expanded by a small vocabulary, and how the tests show them."""

from collections.abc import Iterator, Sequence

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer
from searchkit.analysis.definitions import Definition, to_keywords
from searchkit.analysis.vocabulary import (
    Abbreviation,
    Vocabulary,
)
from searchkit.query import (
    Node,
    Phrase,
    Synonyms,
    Term,
    leaves,
    parse_query,
)
from searchkit.query.expansion import EXPANSIONS, READING, Expander
from searchkit.query.thesaurus import Thesaurus
from searchkit.snippets.marks import in_any_field

ANALYZER = IndonesianAnalyzer(IndonesianStemmer())
VOCABULARY = Vocabulary(
    (
        Abbreviation("Korut", ("Korea Utara",)),
        Abbreviation("AS", ("Amerika Serikat",), capitals_only=True),
        Abbreviation("MA", ("Mahkamah Agung",), capitals_only=True),
        Abbreviation("MA", ("Madrasah Aliyah",), capitals_only=True, rarer=True),
        Abbreviation("PDIP", ("PDI Perjuangan", "Partai Demokrasi Indonesia Perjuangan")),
        Abbreviation("PDI-P", ("PDI Perjuangan",)),
        Abbreviation("TNI AL", ("TNI Angkatan Laut",)),
        Abbreviation("Kontras", ("Komisi untuk Orang Hilang dan Korban Tindak Kekerasan",)),
        Abbreviation("Kejagung", ("Kejaksaan Agung",)),
        Abbreviation("Ditjen", ("Direktorat Jenderal",)),
        Abbreviation("DJP", ("Direktorat Jenderal Pajak",)),
        Abbreviation("Lalin", ("Lalu Lintas",)),
        Abbreviation("PON", ("Pekan Olahraga Nasional",)),
    ),
    (
        ("mundur", "mengundurkan diri"),
        ("tewas", "meninggal dunia", "wafat"),
        ("demonstrasi", "unjuk rasa"),
        ("buruh", "pekerja"),
    ),
)
THESAURUS = Thesaurus(VOCABULARY, ANALYZER)


def index_of(*definitions: tuple[str, str, int]) -> dict[str, int]:
    """Keyword values with the number of documents that hold each."""
    counts: dict[str, int] = {}
    for short, long, documents in definitions:
        for value in to_keywords([Definition(short, long)]):
            counts[value] = counts.get(value, 0) + documents
    return counts


def expand(
    text: str, learned: dict[str, int] | None = None, rules: Sequence[str] = EXPANSIONS
) -> Node:
    def values(prefixes: Sequence[str]) -> Iterator[tuple[str, int]]:
        pairs = sorted((learned or {}).items())
        return (pair for pair in pairs if pair[0].startswith(tuple(prefixes)))

    expander = Expander(THESAURUS, ANALYZER, values, rules)
    return parse_query(text, ANALYZER, expand=expander.expand).node


def spelled(node: Term | Phrase) -> str:
    if isinstance(node, Phrase):
        return '"' + " ".join(spelled(term) for term in node.terms) + '"'
    return node.term if node.term.isupper() else node.form


def shown(node: Node) -> list[str]:
    """Each leaf as its members: `korut|"korea utara"`, without other readings of a word."""
    return [
        "|".join(dict.fromkeys(spelled(each.node) for each in leaf.members if each.rule != READING))
        if isinstance(leaf, Synonyms)
        else spelled(leaf)
        for leaf in map(in_any_field, leaves(node))
        if isinstance(leaf, Term | Phrase | Synonyms)
    ]
