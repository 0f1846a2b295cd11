"""Other ways to say something, as the JavaScript reads them: the lists, and what is learned."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from searchkit.analysis.definitions import from_keyword
from searchkit.query.joining import prefixes
from searchkit.query.laws import listed_laws
from searchkit.query.thesaurus import KeywordValues, Learned, Thesaurus, Way


def thesaurus_data(
    thesaurus: Thesaurus, definitions: Iterable[Sequence[str]], rules: Sequence[str]
) -> dict[str, Any]:
    """Return the ways by their keys, what laws and prefixes are, and which `rules` are in force.

    `definitions` are the keyword values of what each document defines.
    """
    counts = Counter(value for values in definitions for value in values)
    by_key: dict[str, list[tuple[str, int]]] = {}
    for value, documents in sorted(counts.items()):
        if found := from_keyword(value):
            by_key.setdefault(found[0], []).append((value, documents))
    learned: dict[str, list[Way]] = {}
    openings: set[str] = set()
    for key in by_key:
        known = Learned(_given(by_key), thesaurus)
        known.load([key])
        openings |= known.openings
        for each in known.keys:
            if ways := list(known.ways(each)):
                learned[each] = ways
    laws, beginnings = listed_laws()
    return {
        "rules": list(rules),
        "abbreviations": _sorted(thesaurus.abbreviations),
        "synonyms": _sorted(thesaurus.synonyms),
        "learned": _sorted(learned),
        "openings": sorted((openings | thesaurus.openings) - {""}),
        "laws": {"words": sorted(laws), "beginnings": beginnings},
        "prefixes": prefixes(),
    }


def _given(by_key: Mapping[str, list[tuple[str, int]]]) -> KeywordValues:
    """Return what tells the definitions of whole keys."""

    def values(prefixes: Sequence[str]) -> Iterator[tuple[str, int]]:
        for prefix in prefixes:
            yield from by_key.get(prefix.removesuffix("\t"), ())

    return values


def _sorted(table: Mapping[str, list[Way]]) -> dict[str, list[Way]]:
    return dict(sorted(table.items()))
