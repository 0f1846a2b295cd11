"""Measure stemmers against lemmas: what should meet and does not, what meets and should not.

    python benchmarks/stemming.py PATH/TO/lemma                 # the tables of docs/stemming.md
    python benchmarks/stemming.py PATH/TO/lemma --mismatches 200

The folder holds ud_csui.tsv (form, upos, lemma, count, split), ud_mwt.tsv (words with clitics:
source, split, surface, parts, lemmas) and sastrawi_tests.tsv (form, upos, lemma, test). Of all
pairs of word types, under-stemming is the share of those with one lemma that do not meet at one
stem, over-stemming the share of those that meet and have different lemmas (C. Paice, "An evaluation
method for stemming algorithms", SIGIR 1994). Function words are left out: they keep their form, so
that *tersebut* does not count as *sebut*.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import snowballstemmer

from searchkit.analysis import IndonesianStemmer, SastrawiStemmer, stop_words
from searchkit.analysis.normalization import fold

CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN", "ADV"})

Stem = Callable[[str], str]


def stemmers() -> dict[str, Stem]:
    """Return what is compared, by name."""
    return {
        "surface": str,
        "Snowball": snowballstemmer.stemmer("indonesian").stemWord,
        "Sastrawi": SastrawiStemmer().stem,
        "searchkit": IndonesianStemmer().stem,
    }


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def lemmas(path: Path) -> dict[str, tuple[str, int]]:
    """Return (commonest lemma, count) by folded content word; hyphenated words are left out."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(path):
        form, lemma = fold(row["form"]), fold(row["lemma"])
        if (
            row["upos"] in CONTENT
            and form.isalpha()
            and form.isascii()
            and form not in stop_words()
        ):
            counts[form][lemma] += int(row["count"])
    return {form: (seen.most_common(1)[0][0], seen.total()) for form, seen in counts.items()}


def pairs(groups: Counter[object]) -> int:
    """Return how many pairs of words lie in one group."""
    return sum(size * (size - 1) // 2 for size in groups.values())


def compare(table: dict[str, tuple[str, int]], stem: Stem) -> tuple[float, float, float]:
    """Return under-stemming, over-stemming and the share of words whose stem is the lemma."""
    together = pairs(Counter((lemma, stem(form)) for form, (lemma, _) in table.items()))
    same_lemma = pairs(Counter(lemma for lemma, _ in table.values()))
    same_stem = pairs(Counter(stem(form) for form in table))
    right = sum(count for form, (lemma, count) in table.items() if stem(form) == lemma)
    total = sum(count for _, count in table.values())
    over = 1 - together / same_stem if same_stem else 0.0
    return 1 - together / same_lemma, over, right / total


def clitics(path: Path, stem: Stem) -> float:
    """Return the share of words with a clitic that meet the word without it."""
    met = [
        stem(fold(row["surface"])) == stem(fold(row["parts"].split("+")[0]))
        for row in rows(path)
        if row["surface"].isalpha()
    ]
    return sum(met) / len(met)


def regression(path: Path, stem: Stem) -> float:
    """Return the share of Sastrawi's own test words that get the stem Sastrawi's authors want."""
    met = [
        stem(row["form"]) == row["lemma"]
        for row in rows(path)
        if row["form"].isalpha() and "commented" not in row["test"]
    ]
    return sum(met) / len(met)


def main() -> None:
    """Print the tables, or the mismatches of searchkit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mismatches", type=int, help="print so many, commonest first")
    options = parser.parse_args()
    table = lemmas(options.folder / "ud_csui.tsv")
    contenders = stemmers()
    out = sys.stdout.write
    if options.mismatches:
        stem = contenders["searchkit"]
        wrong = [(n, form, lemma) for form, (lemma, n) in table.items() if stem(form) != lemma]
        for count, form, lemma in sorted(wrong, key=lambda row: (-row[0], row[1]))[
            : options.mismatches
        ]:
            out(f"{form}\t{lemma}\t{stem(form)}\t{contenders['Sastrawi'](form)}\t{count}\n")
        return
    out(f"{len(table):,} content words of ud_csui.tsv\n\n")
    out("| stemmer | under-stemming | over-stemming | stem is lemma | clitics | own tests |\n")
    out("|---|--:|--:|--:|--:|--:|\n")
    for name, stem in contenders.items():
        under, over, right = compare(table, stem)
        met = clitics(options.folder / "ud_mwt.tsv", stem)
        kept = regression(options.folder / "sastrawi_tests.tsv", stem)
        cells = " | ".join(f"{value:.1%}" for value in (under, over, right, met, kept))
        out(f"| {name} | {cells} |\n")


if __name__ == "__main__":
    main()
