"""Indonesian stems: PySastrawi's, and ours on top of it."""

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from searchkit.analysis.arbitration import Verdict, arbitrate, stays
from searchkit.analysis.lexicon import exists, lists_digest, sastrawi_roots, spellings
from searchkit.analysis.precomputed import ShippedVerdicts, shipped_verdicts
from searchkit.analysis.spelling import standard
from searchkit.analysis.stem_cache import CachedStemmer
from searchkit.analysis.vocabulary import load_stems
from searchkit.cached import cached_property
from searchkit.settings import Settings

ARBITRATION_VERSION = 6
"""Raised whenever a change of the rules or lists may give any word another stem."""

_MOST_INNER = 20_000
"""Words within words of which the stem is in memory."""

_LIKELY_SLIP = 8
_SHORTEST_BASE = 4
_DIST_INFO = re.compile(r"pysastrawi-([^-]+)\.dist-info", re.IGNORECASE)
_STEMMABLE = re.compile(r"[a-z]{3,40}(?:-[a-z]{2,40})*")


class Stemmer(Protocol):
    """Brings the forms of one word to one stem."""

    @property
    def fingerprint(self) -> str:
        """A name that changes whenever any word's stem may change."""

    def verdict(self, word: str) -> Verdict:
        """Return the stem of a folded `word`, and whether the word may be a name instead."""


class SastrawiStemmer:
    """PySastrawi's confix-stripping stemmer for single folded words.

    Words that are not plain Latin letters (numbers, other scripts) are their own stem. The
    dictionary of 29,932 roots is loaded at the first word.
    """

    def __init__(self) -> None:
        self._sastrawi: Any = None

    @property
    def fingerprint(self) -> str:
        """The version of PySastrawi."""
        return f"sastrawi-{sastrawi_release()}"

    def verdict(self, word: str) -> Verdict:
        """Return Sastrawi's root of `word`; it never doubts."""
        return Verdict(self.stem(word), False)

    def stem(self, word: str) -> str:
        """Return Sastrawi's root of `word`; a reduplicated form gives the root of its half."""
        if not _STEMMABLE.fullmatch(word):
            return word
        if self._sastrawi is None:
            # Imported late: of a search, all stems are mostly known.
            from Sastrawi.Stemmer.Stemmer import Stemmer as Sastrawi

            self._sastrawi = Sastrawi(_Roots())
            rules = self._sastrawi.visitor_provider
            rules.prefix_visitors = [_PrefixRules(rules.prefix_visitors)]
            kinds = ("P", "PP", "DS")
            rules.suffix_visitors = list(map(_SuffixRule, rules.suffix_visitors, kinds))
        stem: str = self._sastrawi.stem_word(word)
        return stem or word


@cache
def sastrawi_release() -> str:
    """Return the installed version of PySastrawi, which is not written in its code.

    The folder beside it that installers name after it tells; asking `importlib.metadata` takes as
    long as opening an index, and is for when that folder is not to be found.
    """
    found = find_spec("Sastrawi")
    for place in (found.submodule_search_locations if found else None) or ():
        beside = os.listdir(Path(place).parent)  # noqa: PTH208 - names are all that is wanted
        named = [match for name in beside if (match := _DIST_INFO.fullmatch(name))]
        if len(named) == 1:
            return named[0][1]
    from importlib.metadata import version

    return version("PySastrawi")


class _Roots:
    """Sastrawi's dictionary, which is in memory already, as its stemmer asks for it."""

    def __init__(self) -> None:
        self.contains = sastrawi_roots().__contains__


class _PrefixRules:
    """Sastrawi's 41 rules of prefixes, of which only those are tried that a word's start allows.

    The first takes off di-, ke- and se-. Rules 37 to 40 are of infixes, so for all words. Their own
    `visit` is not used: most of its time it compiles a pattern of what is left of the word, to find
    out what was taken off, and that matters for suffixes only.
    """

    def __init__(self, rules: list[Any]) -> None:
        from Sastrawi.Stemmer.Context.Removal import Removal

        self._removal = Removal
        self._by_start = {
            start: [rules[0], *(rules[place] for place in places), *rules[35:39]]
            for start, places in {
                "be": range(1, 6),
                "te": (*range(6, 10), 33),
                "me": range(10, 21),
                "pe": (*range(21, 33), 34),
            }.items()
        }
        self._by_start |= {"ku": [rules[0], rules[39]], "ka": [rules[0], rules[40]]}
        self._others = [rules[0], *rules[35:39]]

    def visit(self, context: Any) -> None:
        """Take a prefix off the word of a Sastrawi `Context`."""
        word, contains = context.current_word, context.dictionary.contains
        plain, *rules = self._by_start.get(word[:2], self._others)
        rest = plain.remove(word)
        if rest == word:
            if contains(word):
                return
            found = (_rest(rule, word, contains) for rule in rules)
            rest = next((each for each in found if each is not None), None)
        if rest is not None:  # some rules find that a word has no infix: nothing else is tried
            context.add_removal(self._removal(plain, word, rest, "", "DP"))
            context.current_word = rest


class _SuffixRule:
    """One of Sastrawi's rules of suffixes, of this kind of affix; see `_PrefixRules`."""

    def __init__(self, rule: Any, kind: str) -> None:
        from Sastrawi.Stemmer.Context.Removal import Removal

        self._removal, self._rule, self._kind = Removal, rule, kind

    def visit(self, context: Any) -> None:
        """Take a suffix off the word of a Sastrawi `Context`."""
        word = context.current_word
        rest = self._rule.remove(word)
        if rest != word:
            context.add_removal(self._removal(self, word, rest, word[len(rest) :], self._kind))
            context.current_word = rest


def _rest(rule: Any, word: str, contains: Callable[[str | None], bool]) -> str | None:
    """Return what a rule leaves of a word, best a root; None if it does not fit."""
    rest: str | None = None
    for disambiguator in rule.disambiguators:
        rest = disambiguator.disambiguate(word)
        if contains(rest):
            break
    return rest


class IndonesianStemmer:
    """Sastrawi's dictionary and answers, with a judge above them: see `arbitration`.

    A word that is not spelled as the standard has it is stemmed as if it were. `exceptions` maps
    folded words to the stems that a user wants for them. Words that are not plain Latin letters
    are their own stem.
    """

    def __init__(self, exceptions: Mapping[str, str] | None = None) -> None:
        self._exceptions = dict(exceptions or {})
        self._sastrawi = SastrawiStemmer()
        self._inner: dict[str, str] = {}

    @property
    def fingerprint(self) -> str:
        """The version of the rules and lists, of PySastrawi, and a digest of the exceptions."""
        own = f"arbitration-{ARBITRATION_VERSION}+{self._sastrawi.fingerprint}"
        if not self._exceptions:
            return own
        listed = repr(sorted(self._exceptions.items())).encode()
        return f"{own}+exceptions-{hashlib.sha256(listed).hexdigest()[:8]}"

    def stem(self, word: str) -> str:
        """Return the stem of a folded `word`; the word itself when it has none."""
        return self.verdict(word).stem

    def verdict(self, word: str) -> Verdict:
        """Return the stem of a folded `word`, and whether the word may be a name instead."""
        if exception := self._exceptions.get(word):
            return Verdict(exception, False)
        if not _STEMMABLE.fullmatch(word):
            return Verdict(word, False)
        standard_word, may_be_name = standard(word)
        stem, doubtful = self._standard_verdict(standard_word)
        # The root may be spelled otherwise where the word is not listed: mengijinkan, berhutang.
        spelled = spellings().get(stem)
        stem = self._arbitrated(spelled).stem if spelled else stem
        return Verdict(stem, doubtful or (may_be_name and self._arbitrated(word).stem != stem))

    def _standard_verdict(self, word: str) -> Verdict:
        verdict = self._arbitrated(word)
        if verdict.stem == word and _looks_derived(word) and not stays(word):
            # Slips of the pen follow no rule: Sastrawi takes apart what is no word at all.
            base = self._sastrawi.stem(word)
            return Verdict(base, True) if len(base) >= _SHORTEST_BASE else verdict
        return verdict

    def _arbitrated(self, word: str) -> Verdict:
        # Not kept: who asks for many words has a memory of their verdicts.
        return arbitrate(word, self._inner_stem)

    def _inner_stem(self, word: str) -> str:
        # Words inside words are not respelled: that could go round in a circle.
        stem = self._inner.get(word)
        if stem is None:
            if len(self._inner) >= _MOST_INNER:
                self._inner.clear()
            stem = self._inner[word] = self._arbitrated(word).stem
        return stem


class ShippedStemmer:
    """A stemmer whose verdicts on common words come with searchkit, worked out ahead.

    So the lexicon need not be read for them. The other words are for the stemmer itself, and so are
    all where its fingerprint is another one than that of what was worked out.
    """

    def __init__(self, stemmer: Stemmer) -> None:
        self._stemmer = stemmer

    @property
    def fingerprint(self) -> str:
        """That of the stemmer: the verdicts are its own."""
        return self._stemmer.fingerprint

    @cached_property
    def _shipped(self) -> ShippedVerdicts:
        return shipped_verdicts(self._stemmer.fingerprint)

    def verdict(self, word: str) -> Verdict:
        """Return the stem of a folded `word`, and whether the word may be a name instead."""
        return self._shipped.get(word) or self._stemmer.verdict(word)


def _looks_derived(word: str) -> bool:
    likely = len(word) >= _LIKELY_SLIP and word.startswith(("di", "me", "pe", "ke", "ber", "ter"))
    return likely and not exists(word)


def cached_stemmer(
    cache_dir: Path | None = None, exceptions: Mapping[str, str] | None = None
) -> CachedStemmer:
    """Return the stemmer with a cache in memory and, with a directory for it, on disk.

    The file is named after the fingerprint, and after the lists, which are changed more often than
    it is, so that another version never reads these stems.
    """
    stemmer = ShippedStemmer(IndonesianStemmer(exceptions))
    if cache_dir is None:
        return CachedStemmer(stemmer)
    name = f"stems-{stemmer.fingerprint}+lists-{lists_digest()}.sqlite3"
    return CachedStemmer(stemmer, cache_dir / name)


def stemmer_of(settings: Settings) -> CachedStemmer:
    """Return the stemmer that `settings` ask for; SettingsError if its exceptions are unusable."""
    exceptions = load_stems(settings.stems) if settings.stems else None
    return cached_stemmer(settings.stem_cache_dir, exceptions)
