"""Write what `precomputed` reads, after a change of the lists or of the analyzer.

    python -m searchkit.analysis.build_precomputed

A test tells when that is due.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from searchkit.analysis.indonesian import IndonesianAnalyzer
from searchkit.analysis.lexicon import (
    COMPOUND_FORMS,
    LISTS_DIGEST,
    bound_form,
    compounds,
    derivations,
    frequencies,
    sastrawi_roots,
    spellings,
)
from searchkit.analysis.normalization import fold
from searchkit.analysis.precomputed import (
    ANALYZER_LINE,
    COMMON_STEMS,
    FUNCTION_ROOTS,
    STEMMER_LINE,
    SYNONYM_STEMS,
    telling_stems,
    verdict_row,
)
from searchkit.analysis.stemming import IndonesianStemmer
from searchkit.analysis.stopwords import FUNCTION_WORDS, listed_words
from searchkit.analysis.vocabulary import CAPITALS, shipped_abbreviations, shipped_synonyms

DATA = Path(__file__).parent / "data"
_CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu")
_MADE = "# Made by searchkit.analysis.build_precomputed; do not edit.\n"


def contents() -> Iterator[tuple[str, str]]:
    """Yield the name of each file and the text that is to be in it."""
    # First, for analyzers read it.
    capitals = sorted({a.short for a in shipped_abbreviations() if a.capitals_only})
    head = "# Short forms of abbreviations.tsv that count only when written in capitals.\n"
    yield CAPITALS, head + _MADE + "".join(f"{short}\n" for short in capitals)
    head = "# Stop words spelled otherwise or with a clitic, and as stopwords.txt has them.\n"
    rows = (f"{form}\t{word}\n" for form, word in sorted(_function_forms()))
    yield FUNCTION_WORDS, head + _MADE + "".join(rows)
    regions = {fold(a.short) for a in shipped_abbreviations() if a.kind == "region"}
    roots = sorted((listed_words() | regions) & frozenset(derivations().values()))
    head = "# Stop words and short names of regions that words of derivations.tsv derive from.\n"
    yield FUNCTION_ROOTS, head + _MADE + "".join(f"{word}\n" for word in roots)
    stemmer = IndonesianStemmer()
    analyzer = IndonesianAnalyzer(stemmer)
    members = sorted({each for group in shipped_synonyms() for each in group})
    head = "# Members of the groups of synonyms.tsv, and the stems of their telling words.\n"
    rows = (f"{member}\t{telling_stems(analyzer, member)}\n" for member in members)
    by = ANALYZER_LINE.format(analyzer.fingerprint)
    yield SYNONYM_STEMS, head + _MADE + by + "".join(rows)
    head = "# The words of frequencies.tsv and their stems: see verdict_row in precomputed.py.\n"
    rows = (f"{verdict_row(word, stemmer.verdict(word))}\n" for word in sorted(frequencies()))
    yield COMMON_STEMS, head + _MADE + STEMMER_LINE.format(stemmer.fingerprint) + "".join(rows)
    head = "# Compounds written as one, of compounds.txt and the lists of words, by their forms.\n"
    rows = (f"{first} {second}\n" for first, second in sorted(_compound_forms(analyzer)))
    yield COMPOUND_FORMS, head + _MADE + "".join(rows)
    head = "# Digest of all lists here that are not made of others; stems are kept under it.\n"
    yield LISTS_DIGEST, f"{head}{_MADE}{digest_of(lists())}\n"


def lists() -> Iterator[Path]:
    """Yield the lists of `data/` that are not made of others."""
    made = {CAPITALS, FUNCTION_WORDS, FUNCTION_ROOTS, SYNONYM_STEMS, COMPOUND_FORMS, COMMON_STEMS}
    for path in sorted(DATA.glob("*.t[sx][vt]")):
        if path.name not in made | {LISTS_DIGEST, "LICENSES.txt"}:
            yield path


def digest_of(files: Iterable[Path]) -> str:
    """Return a digest of the names and texts of files, in their order."""
    digest = hashlib.sha256()
    for path in files:
        text = path.read_text(encoding="utf-8")
        digest.update(f"{path.name}\n{len(text)}\n{text}".encode())
    return digest.hexdigest()[:8]


def _compound_forms(analyzer: IndonesianAnalyzer) -> Iterator[tuple[str, str]]:
    """Yield the two forms of each compound that the lists know, with affixes and without."""
    known = compounds().keys() | frequencies().keys() | derivations().keys()
    tails = {second for _, second in compounds().values()}
    found = {
        tuple(token.form for token in analyzer.analyze(word))
        for word in known
        if word.isalpha() and (bound_form(word) or any(tail in word for tail in tails))
    }
    yield from ((forms[0], forms[1]) for forms in found if len(forms) == 2)


def _function_forms() -> Iterator[tuple[str, str]]:
    """Yield (form, word) of the stop words that are spelled otherwise or have a clitic."""
    listed = listed_words()
    words = {word: word for word in listed}
    words |= {form: word for form, word in spellings().items() if word in listed}
    for spelled, word in words.items():
        for form in (spelled, *(f"{spelled}{clitic}" for clitic in _CLITICS if len(spelled) > 2)):
            # A makalah is a paper, and adalah is not ada.
            own = form.endswith("lah") and (form in listed or form in sastrawi_roots())
            if form != word and not own:
                yield form, word


def main() -> None:
    """Write the files."""
    for name, text in contents():
        (DATA / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
