"""The kinds of query that are timed, in searchkit's words and in Whoosh's, with equal results.

Words come from the headlines of the archive, drawn with a fixed seed. A kind that Whoosh has
nothing for has None in its place. Whoosh looks patterns and fuzzy words up among its stems, which
are all it has; searchkit looks them up among the words as written.
"""

import random
import re
import string
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

SEED = 20
_PAIR = re.compile(r"\b([a-z]{4,}) ([a-z]{4,})\b")
_APART = re.compile(r"\b([a-z]{4,}) \w+ ([a-z]{4,})\b")
_LONG = re.compile(r"\b[a-z]{6,}\b")
# Well-known ones, so that the archive has their long forms too.
_ABBREVIATIONS = ("korut", "korsel", "kpk", "dpr", "pbb", "polri", "tni", "bi", "ri", "timteng")


class Ask(NamedTuple):
    """A query and the way it is asked: "search", or one of those in `contenders`."""

    text: str
    way: str = "search"


Pair = tuple[Ask, Ask | None]
"""What searchkit is asked and what Whoosh is, None if it has no such query."""


@dataclass(frozen=True)
class Drawn:
    """What queries are made of: all from one article, but for the abbreviation and the dates."""

    words: tuple[str, ...]  # five, of four letters and more, in any order
    neighbours: tuple[str, str]  # next to each other in the headline
    apart: tuple[str, str]  # with one other word between them
    long: str  # of six letters and more
    typo: str  # `long` with one letter wrong
    opening: tuple[str, ...]  # the first nine words of the article
    abbreviation: str
    dates: tuple[str, str]  # half a year, that of some article


def both(text: str, way: str = "search") -> Pair:
    """Return the same query for searchkit and for Whoosh."""
    return Ask(text, way), Ask(text, way)


def ours_only(text: str, way: str = "search") -> Pair:
    """Return a query that Whoosh has nothing for."""
    return Ask(text, way), None


KINDS: dict[str, Callable[[Drawn], Pair]] = {
    "1 word": lambda d: both(d.words[0]),
    "2 words": lambda d: both(" ".join(d.words[:2])),
    "3 words": lambda d: both(" ".join(d.words[:3])),
    "5 words": lambda d: both(" ".join(d.words)),
    # Typed by a person it has no operators; Whoosh would find nothing if all words had to match.
    "question of ten words": lambda d: (
        Ask(f"mengapa {' '.join(d.opening)}?"),
        Ask(f"mengapa OR {' OR '.join(d.opening)}"),
    ),
    'phrase `"a b"`': lambda d: both('"{} {}"'.format(*d.neighbours)),
    # Whoosh counts steps, not words between: its ~1 is a phrase without slop.
    'slop `"a b"~3`': lambda d: (
        Ask('"{} {}"~3'.format(*d.apart)),
        Ask('"{} {}"~4'.format(*d.apart)),
    ),
    "`a AND b`": lambda d: both(f"{d.words[0]} AND {d.words[1]}"),
    "`a OR b`": lambda d: both(f"{d.words[0]} OR {d.words[1]}"),
    "`a NOT b`": lambda d: both(f"{d.words[0]} NOT {d.words[1]}"),
    "field `judul:a`": lambda d: (Ask(f"judul:{d.words[0]}"), Ask(f"title:{d.words[0]}")),
    "prefix `per*`": lambda d: both(f"{d.long[:3]}*"),
    "wildcard `p?r*an`": lambda d: both(f"{d.long[0]}?{d.long[2]}*{d.long[-2:]}"),
    "fuzzy `a~1`": lambda d: both(f"{d.typo}~1"),
    "dates `a tanggal:[… TO …]`": lambda d: (
        Ask("{} tanggal:[{} TO {}]".format(d.words[0], *d.dates)),
        Ask("{} date:[{} TO {}]".format(d.words[0], *d.dates)),
    ),
    "boost `a^2 b`": lambda d: both(f"{d.words[0]}^2 {d.words[1]}"),
    "exact form `=a`": lambda d: ours_only(f"={d.words[0]}"),
    "abbreviation `korut a`": lambda d: ours_only(f"{d.abbreviation} {d.words[0]}"),
    "2 words, facets": lambda d: both(" ".join(d.words[:2]), "facets"),
    "2 words, newest first": lambda d: both(" ".join(d.words[:2]), "newest"),
    "5 words with OR, from hit 1,001": lambda d: both(" OR ".join(d.words), "deep"),
    "2 words, one with a typo": lambda d: both(f"{d.typo} {d.words[0]}", "corrected"),
    "suggestions for 1 letter": lambda d: ours_only(d.long[:1], "suggest"),
    "suggestions for 4 letters": lambda d: ours_only(d.long[:4], "suggest"),
}


def queries(records: Iterable[dict[str, Any]], count: int) -> dict[str, list[Pair]]:
    """Return `count` queries of each kind; ValueError when no headline is long enough."""
    records = list(records)
    dates = _half_years(records)
    usable = [
        (headline, f"{headline} {record['body'][:200].lower()}")
        for record in records
        if _is_usable(headline := record["title"].lower())
    ]
    if not usable:
        raise ValueError("no headline of the archive has the words that the queries need")
    chance = random.Random(SEED)
    drawn = [_draw(chance, *chance.choice(usable), chance.choice(dates)) for _ in range(count)]
    return {kind: [make(each) for each in drawn] for kind, make in KINDS.items()}


def _half_years(records: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the half-year of every dated record, so that the usual ones are the usual ranges."""
    from searchkit.documents.dates import NoSuchDate, parse_published

    found = []
    for record in records:
        with suppress(NoSuchDate):
            if moment := parse_published(record.get("date") or ""):
                first, last = ("01-01", "06-30") if moment.month < 7 else ("07-01", "12-31")
                found.append((f"{moment.year}-{first}", f"{moment.year}-{last}"))
    return found or [("2024-01-01", "2024-06-30")]


def _words(headline: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\b[a-z]{4,}\b", headline)))


def _is_usable(headline: str) -> bool:
    found = (pattern.search(headline) for pattern in (_PAIR, _APART, _LONG))
    return all(found) and len(_words(headline)) >= 5


def _draw(chance: random.Random, headline: str, text: str, dates: tuple[str, str]) -> Drawn:
    long = chance.choice(_LONG.findall(headline))
    at = chance.randrange(1, len(long))
    letter = chance.choice(string.ascii_lowercase.replace(long[at], ""))
    return Drawn(
        words=tuple(chance.sample(_words(headline), 5)),
        neighbours=chance.choice(_PAIR.findall(headline)),
        apart=chance.choice(_APART.findall(headline)),
        long=long,
        typo=long[:at] + letter + long[at + 1 :],
        opening=tuple(re.findall(r"\w+", text)[:9]),
        abbreviation=chance.choice(_ABBREVIATIONS),
        dates=dates,
    )
