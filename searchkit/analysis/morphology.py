"""How Indonesian builds words: every way to take a word apart, every form that a root can take.

Nothing here knows which words exist; `searchkit.analysis.stemming` decides between the analyses.
The rules are those of the affixes and their sound changes in H. Alwi et al., "Tata Bahasa Baku
Bahasa Indonesia" (3rd edition, 1998), chapters 4 to 8, in the order in which confix stripping takes
affixes off (M. Adriani et al., "Stemming Indonesian: A Confix-Stripping Approach", ACM TALIP 6(4),
2007).
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

PARTICLES = ("lah", "kah", "tah", "pun")
POSSESSIVES = ("nya", "ku", "mu")
SUFFIXES = ("kan", "an", "i")

_VOWELS = frozenset("aeiou")
_SONORANTS = frozenset("lrwymn")  # what me- and pe- stand before as they are
_KEPT_AFTER_M = frozenset("bfv")
_AFTER_M = _KEPT_AFTER_M | {"p"}
_AFTER_N = frozenset("djczts")
_AFTER_NG = frozenset("ghqkx")
_SHORTEST_ROOT = 2
_SHORTEST_SLIP = 7
# be-, te-, pe- stand for ber-, ter-, per- before r- and a syllable that ends in -er: bekerja.
_BEFORE_R = re.compile(r"r[aeiou]|[^aeiou]er[^aeiou]")

# What may stand inside a prefix, and which suffixes then close the word.
_INNER: dict[tuple[str, ...], frozenset[str]] = {
    (): frozenset(("", "kan", "i", "an")),
    ("di",): frozenset(("", "kan", "i")),
    ("di", "per"): frozenset(("", "kan", "i")),
    ("di", "ber"): frozenset(("kan",)),
    ("di", "ke"): frozenset(("kan", "i")),
    ("di", "se"): frozenset(("kan", "i")),
    ("meN",): frozenset(("", "kan", "i")),
    ("meN", "per"): frozenset(("", "kan", "i")),
    ("meN", "ber"): frozenset(("kan",)),
    ("meN", "ke"): frozenset(("kan", "i")),
    ("meN", "se"): frozenset(("kan", "i")),
    ("peN",): frozenset(("", "an")),
    ("peN", "ber"): frozenset(("an",)),
    ("peN", "per"): frozenset(("", "an")),
    ("peN", "ke"): frozenset(("an",)),
    ("peN", "se"): frozenset(("an",)),
    ("per",): frozenset(("", "an", "kan", "i")),
    ("per", "ke"): frozenset(("an",)),
    ("per", "se"): frozenset(("an",)),
    ("ber",): frozenset(("", "an", "kan")),
    ("ber", "ke"): frozenset(("an",)),
    ("ber", "peN"): frozenset(("", "an")),
    ("ber", "per"): frozenset(("", "an")),
    ("ter",): frozenset(("", "kan", "i")),
    ("ter", "per"): frozenset(("", "kan")),
    ("ter", "ke"): frozenset(("",)),
    ("ke",): frozenset(("", "an", "kan", "i")),
    ("ke", "ber"): frozenset(("an",)),
    ("ke", "se"): frozenset(("an",)),
    ("ke", "ter"): frozenset(("an",)),
    ("ke", "peN"): frozenset(("an",)),
    ("ke", "per"): frozenset(("an",)),
    ("se",): frozenset(("", "an")),
    ("se", "ke"): frozenset(("an",)),
    ("se", "peN"): frozenset(("an",)),
    ("se", "per"): frozenset(("an",)),
    ("ku",): frozenset(("", "kan", "i")),
    ("kau",): frozenset(("", "kan", "i")),
}
_LONGEST = max(map(len, _INNER))
_PREFIXED = frozenset(("di", "se", "ke", "ku", "ka", "be", "te", "pe", "me"))
"""What words with a prefix begin with."""
_LAST_CLITICS = (*PARTICLES, *POSSESSIVES)
_ENDINGS = (*SUFFIXES, *_LAST_CLITICS)
_CLITICS = tuple(
    (possessive + particle, tuple(filter(None, (possessive, particle))))
    for particle in ("", *PARTICLES)
    for possessive in ("", *POSSESSIVES)
    if possessive or particle
)
_BEGINNINGS = frozenset(chain[:n] for chain in _INNER for n in range(len(chain) + 1))


class Analysis(NamedTuple):
    """One way to take a word apart: `prefixes` (outermost first), `root`, `suffix`, `clitics`.

    `suffix` is "", "kan", "an" or "i"; `clitics` are a possessive and a particle, either or both.
    `regular` is False where a prefix keeps a consonant that it swallows in native words, as in
    `mengkaji`, or -kan lacks its k: a loan word, a slip of the pen, or a wrong analysis.
    """

    prefixes: tuple[str, ...]
    root: str
    suffix: str
    clitics: tuple[str, ...]
    regular: bool


def analyses(word: str) -> Iterator[Analysis]:
    """Yield every analysis of a folded `word` with at least one affix; roots may not exist."""
    if word[:2] not in _PREFIXED and not word.endswith(_ENDINGS):
        return  # so are most names, and with that they are done
    for core, clitics in _without_clitics(word):
        if clitics:
            yield Analysis((), core, "", clitics, True)
        for inner, suffix, spelled in _without_suffix(core):
            for prefixes, root, regular in _without_prefixes(inner, (), spelled):
                if (prefixes or suffix) and suffix in _INNER.get(prefixes, ()):
                    yield Analysis(prefixes, root, suffix, clitics, regular)


def _without_clitics(word: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield word, ()
    if not word.endswith(_LAST_CLITICS):
        return
    for ending, clitics in _CLITICS:
        if word.endswith(ending) and len(word) - len(ending) > _SHORTEST_ROOT:
            yield word[: -len(ending)], clitics


def _without_suffix(word: str) -> Iterator[tuple[str, str, bool]]:
    yield word, "", True
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_ROOT:
            yield word[: -len(suffix)], suffix, True
    if word.endswith("kan") and len(word) > _SHORTEST_SLIP:
        yield word[:-2], "kan", False  # menunjukan, a common slip for menunjukkan


def _without_prefixes(
    word: str, taken: tuple[str, ...], regular: bool
) -> Iterator[tuple[tuple[str, ...], str, bool]]:
    yield taken, word, regular
    if len(taken) == _LONGEST or word[:2] not in _PREFIXED:
        return
    for prefix, rest, native in _without_prefix(word):
        chain = (*taken, prefix)
        if chain in _BEGINNINGS and len(rest) >= _SHORTEST_ROOT:
            yield from _without_prefixes(rest, chain, regular and native)


def _without_prefix(word: str) -> Iterator[tuple[str, str, bool]]:
    """Yield (prefix, what it may stand before, whether its sound change is the native one)."""
    for prefix in ("di", "se", "ke", "ku", "kau"):
        if word.startswith(prefix):
            yield prefix, word[len(prefix) :], True
    yield from _without_r_prefix(word)
    if word.startswith("pe"):
        yield "peN", word[2:], word[2:3] in "lrwymn"
    if word.startswith(("me", "pe")):
        for rest, native in _without_nasal(word[2:]):
            yield f"{word[0]}eN", rest, native
    if word.startswith("pemer"):
        yield "peN", f"p{word[3:]}", True


def _without_r_prefix(word: str) -> Iterator[tuple[str, str, bool]]:
    for prefix in ("ber", "ter", "per"):
        if word.startswith(prefix):
            yield prefix, word[3:], True
        short = word[2:]
        if word.startswith(prefix[:2]) and _BEFORE_R.match(short):
            yield prefix, short, True
        if word.startswith(f"{prefix[:2]}lajar"):
            yield prefix, word[3:], True


def _without_nasal(rest: str) -> Iterator[tuple[str, bool]]:
    """Yield what may follow meN- or peN- where `rest` follows me- or pe-."""
    if rest[:1] in _SONORANTS:
        yield rest, True
    if rest.startswith("ny") and rest[2:3] in _VOWELS:
        yield f"s{rest[2:]}", True
    elif rest.startswith("ng"):
        yield from _without_ng(rest[2:])
    elif rest.startswith("n"):
        root = rest[1:]
        if root[:1] in _VOWELS:
            yield f"t{root}", True
        elif root[:1] in _AFTER_N:
            yield root, root[0] in "djcz" or root.startswith(("sy", "tr", "st", "sp", "sk"))
    elif rest.startswith("m"):
        root = rest[1:]
        if root[:1] in _VOWELS:
            yield f"p{root}", True
        elif root[:1] in _AFTER_M:
            yield root, root[0] != "p" or root.startswith(("pr", "pl", "per"))


def _without_ng(root: str) -> Iterator[tuple[str, bool]]:
    if root[:1] in _VOWELS:
        yield root, True
        yield f"k{root}", True
        if root[0] == "e" and syllables(root[1:]) == 1:
            yield root[1:], True
    elif root[:1] in _AFTER_NG:
        yield root, root[0] != "k" or root.startswith(("kh", "kr", "kl", "ke"))


def syllables(word: str) -> int:
    """Return the number of vowels and diphthongs in a word."""
    return len(re.findall(r"ai|au|oi|[aeiou]", word))


def nasalized(prefix: str, root: str) -> str:
    """Return `root` after "me" or "pe" with the nasal that belongs there: menyapu from sapu.

    Clusters keep their first consonant, as loan words do: memproduksi, mengkritik.
    """
    first, cluster = root[:1], root[1:2] not in _VOWELS
    if syllables(root) == 1:
        return f"{prefix}nge{root}"
    if first in _SONORANTS:
        return prefix + root
    if first in _KEPT_AFTER_M or (first == "p" and cluster):
        return f"{prefix}m{root}"
    if first == "p":
        return f"{prefix}m{root[1:]}"
    if first == "s" and not cluster:
        return f"{prefix}ny{root[1:]}"
    if first == "t" and not cluster:
        return f"{prefix}n{root[1:]}"
    if first in _AFTER_N:
        return f"{prefix}n{root}"
    if first == "k" and not cluster:
        return f"{prefix}ng{root[1:]}"
    return f"{prefix}ng{root}"


def verbs(root: str) -> Iterator[str]:
    """Yield the transitive verbs that `root` may form, active and passive."""
    for before, suffix in product((nasalized("me", root), f"di{root}"), ("", "kan", "i")):
        yield before + suffix
    for before, suffix in product((f"memper{root}", f"diper{root}"), ("", "kan", "i")):
        yield before + suffix


def derivatives(root: str) -> Iterator[str]:
    """Yield the words that `root` may form, without clitics: its family."""
    yield from verbs(root)
    agent = nasalized("pe", root)
    yield from (f"ber{root}", f"ber{root}an", f"ter{root}", f"{root}an", agent, f"{agent}an")
    yield from (f"ke{root}an", f"per{root}an", f"pe{root}", f"se{root}", f"be{root}", f"te{root}")
