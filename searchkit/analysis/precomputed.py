"""What every process or every machine would have to work out, worked out ahead and shipped.

`python -m searchkit.analysis.build_precomputed` writes the files. They are used only where they are
sure to be what would come out.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from searchkit.analysis.arbitration import Verdict
from searchkit.analysis.lexicon import data_lines, data_text
from searchkit.analysis.stopwords import stop_words
from searchkit.analysis.tokens import Analyzer

FUNCTION_ROOTS, SYNONYM_STEMS = "function_roots.txt", "synonym_stems.tsv"
COMMON_STEMS = "common_stems.tsv"
ANALYZER_LINE, STEMMER_LINE = "# analyzer: {}\n", "# stemmer: {}\n"
_DOUBT = "?"


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


class ShippedVerdicts:
    """The verdicts on common words; `rows` are those of `verdict_row`, in ascending order.

    A word is found by bisection: to make a dictionary of the rows takes as long as hundreds of
    words take to be stemmed, and four times their room.
    """

    def __init__(self, rows: Sequence[str]) -> None:
        self._rows = rows

    def get(self, word: str) -> Verdict | None:
        """Return the verdict on a folded word; None for one that is not among them."""
        place = bisect_left(self._rows, word)
        # What follows a word in its row comes before all characters of words.
        row = self._rows[place] if place < len(self._rows) else ""
        if row == word:
            return Verdict(word, False)
        if not row.startswith(f"{word}\t"):
            return None
        _, stem, *doubt = row.split("\t")
        return Verdict(stem or word, bool(doubt))


def verdict_row(word: str, verdict: Verdict) -> str:
    """Return the row of a word: its stem if that is another, and a mark if it may be a name."""
    stem = "" if verdict.stem == word else verdict.stem
    return "\t".join((word, stem, _DOUBT)[: 3 if verdict.doubtful else 2]).rstrip("\t")


@cache
def shipped_verdicts(fingerprint: str) -> ShippedVerdicts:
    """Return the verdicts of the stemmer of this fingerprint; of no word if it is another's.

    Known are those of the shipped one, as of `synonym_stems`.
    """
    known = STEMMER_LINE.format(fingerprint) in data_text(COMMON_STEMS)
    return ShippedVerdicts(data_lines(COMMON_STEMS) if known else ())


def telling_stems(analyzer: Analyzer, text: str) -> str:
    """Return the stems of the words of `text` that are no stop words, joined by blanks."""
    stops = stop_words()
    return " ".join(token.term for token in analyzer.analyze(text) if token.form not in stops)
