"""What is known of Indonesian words: roots, how common they are, what derives from what, names.

The lists are read when first asked for, in a few hundredths of a second altogether.
"""

from bisect import bisect_left
from collections import defaultdict
from functools import cache

from searchkit.shipped import shipped_lines, shipped_text

COMPOUND_FORMS = "compound_forms.txt"
LISTS_DIGEST = "lists_digest.txt"
BOUND_FORMS = ("antar", "anti", "non", "pasca")
"""What is no word, and is written together with the next one, or apart, or with a hyphen."""
_LEAST_COMMON = 3.5


def data_text(name: str) -> str:
    """Return a file of `data/`."""
    return shipped_text("searchkit.analysis", f"data/{name}")


def data_lines(name: str) -> list[str]:
    """Return the lines of a file of `data/`, without comments and blank lines."""
    return shipped_lines("searchkit.analysis", f"data/{name}")


def lists_digest() -> str:
    """Return a digest of all lists of `data/` but those that are made of them."""
    return data_lines(LISTS_DIGEST)[0]


@cache
def sastrawi_roots() -> frozenset[str]:
    """Return the root words of PySastrawi's dictionary."""
    return frozenset(shipped_text("Sastrawi", "Stemmer/data/kata-dasar.txt").split())


@cache
def frequencies() -> dict[str, float]:
    """Return how common words are: log10 of their occurrences in a billion words, 1 to 8."""
    rows = (line.split("\t") for line in data_lines("frequencies.tsv"))
    # There are a few hundred different numbers, and every float takes room of its own.
    numbers: dict[str, float] = {}
    return {word: numbers.setdefault(zipf, float(zipf)) for word, zipf in rows}


@cache
def derivations() -> dict[str, str]:
    """Return the root that a dictionary gives each derived word."""
    return dict(line.split("\t") for line in data_lines("derivations.tsv"))


@cache
def derived() -> dict[str, tuple[str, ...]]:
    """Return the derived words of each root, the other way round."""
    by_root: defaultdict[str, list[str]] = defaultdict(list)
    for word, root in derivations().items():
        by_root[root].append(word)
    return {root: tuple(words) for root, words in by_root.items()}


@cache
def names() -> frozenset[str]:
    """Return folded names that look like a word with affixes."""
    return frozenset(data_lines("names.txt"))


def zipf(word: str) -> float:
    """Return how common a word is, 0 if it is not in the list."""
    return frequencies().get(word, 0.0)


def zipf_of_one(word: str) -> float:
    """Return what `zipf` does without making a dictionary: for the few words of a query."""
    text = _frequency_text()
    place = bisect_left(range(len(text)), word, key=lambda place: _line_at(text, place))
    found, _, number = _line_at(text, place).partition("\t")
    return float(number) if found == word else 0.0


@cache
def _frequency_text() -> str:
    return data_text("frequencies.tsv")


def _line_at(text: str, place: int) -> str:
    return text[text.rfind("\n", 0, place) + 1 : text.find("\n", place)]


def exists(word: str) -> bool:
    """Return whether the list of common words or the dictionary of derivations has the word."""
    return word in frequencies() or word in derivations()


def is_word(word: str) -> bool:
    """Return whether a folded word is a root, or one that the lists know."""
    return word in sastrawi_roots() or exists(word)


@cache
def compounds() -> dict[str, tuple[str, str]]:
    """Return the two words of each compound that is also written as one: kerjasama."""
    pairs = (line.split() for line in data_lines("compounds.txt"))
    return {first + second: (first, second) for first, second in pairs}


def bound_form(word: str) -> tuple[str, str] | None:
    """Return the halves of a word that begins with a bound form: anti and korupsi of antikorupsi.

    None for other words, roots among them: antibodi. Of the forms, which the rules write together
    with what follows, these are often written apart, or with a hyphen.
    """
    if not word.startswith(BOUND_FORMS) or word in sastrawi_roots():
        return None
    form = next(form for form in BOUND_FORMS if word.startswith(form))
    rest = word.removeprefix(form)
    known = rest in sastrawi_roots() or rest in derivations()
    return (form, rest) if known and zipf(rest) >= _LEAST_COMMON else None


@cache
def compound_forms() -> tuple[tuple[str, str], ...]:
    """Return the two forms of each compound written as one, with affixes or without."""
    pairs = (line.split() for line in data_lines(COMPOUND_FORMS))
    return tuple((first, second) for first, second in pairs)


@cache
def spellings() -> dict[str, str]:
    """Return the standard spelling of words that are also written otherwise."""
    lines = (*data_lines("spellings.tsv"), *data_lines("informal.tsv"))
    table = dict(line.split("\t") for line in lines)
    return {word: table.get(spelled, spelled) for word, spelled in table.items()}
