"""What the first query of every process would have to work out, worked out ahead and shipped.

`python -m searchkit.analysis.build_precomputed` writes the files. They are used only where they are
sure to be what would come out.
"""

from functools import cache

from searchkit.analysis.lexicon import data_lines, data_text
from searchkit.analysis.stopwords import stop_words
from searchkit.analysis.tokens import Analyzer

FUNCTION_ROOTS, SYNONYM_STEMS = "function_roots.txt", "synonym_stems.tsv"
ANALYZER_LINE = "# analyzer: {}\n"


@cache
def function_roots() -> frozenset[str]:
    """Return the stop words and short names of regions that other words derive from.

    Only shipped lists decide on that.
    """
    return frozenset(data_lines(FUNCTION_ROOTS))


def synonym_stems(fingerprint: str) -> dict[str, str]:
    """Return the `telling_stems` of the shipped synonyms; {} if not known for such an analyzer.

    `fingerprint` is that of the analyzer. Known is the shipped one: with the same release of
    PySastrawi, and without exceptions of the user's.
    """
    if ANALYZER_LINE.format(fingerprint) not in data_text(SYNONYM_STEMS):
        return {}
    return dict(line.split("\t") for line in data_lines(SYNONYM_STEMS))


def telling_stems(analyzer: Analyzer, text: str) -> str:
    """Return the stems of the words of `text` that are no stop words, joined by blanks."""
    stops = stop_words()
    return " ".join(token.term for token in analyzer.analyze(text) if token.form not in stops)
