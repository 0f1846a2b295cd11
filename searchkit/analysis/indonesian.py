"""Indonesian text to tokens: the one analyzer behind indexing, queries and snippets."""

import re
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from searchkit.analysis.normalization import APOSTROPHES, HYPHENS, fold
from searchkit.analysis.stemming import Stemmer
from searchkit.analysis.tokenizer import raw_tokens

ANALYZER_VERSION = 1
"""Raised whenever a change here gives any text other tokens."""

LONGEST_TERM = 64
"""Characters kept of a term: longer runs are data, not words."""

_MEMO_SIZE = 200_000
_HYPHEN = re.compile(f"[{HYPHENS}]")
# Affixes that newspapers join to names and acronyms by a hyphen: di-PHK, NATO-nya, 1990-an.
_PREFIXES = frozenset(
    "di|me|mem|men|meng|ber|ter|se|ke|per|pe|pem|pen|peng|memper|diper".split("|")  # noqa: SIM905
)
_SUFFIXES = frozenset(("nya", "ku", "mu", "lah", "kah", "tah", "pun", "an", "i", "kan"))


class Token(NamedTuple):
    """A word of a text and what it is indexed under.

    `term` is the stem, `form` the folded surface form, `surface` the original spelling with
    `text[start:end] == surface`; `position` counts words from 0.
    """

    term: str
    form: str
    surface: str
    start: int
    end: int
    position: int


class Analyzer(Protocol):
    """Turns text into tokens."""

    @property
    def fingerprint(self) -> str:
        """A name that changes whenever any text's tokens may change."""

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order."""


class _Piece(NamedTuple):
    """A token relative to the raw token it comes from."""

    term: str
    form: str
    surface: str
    start: int
    end: int


class IndonesianAnalyzer:
    """The analyzer for Indonesian news.

    Reduplicated words are one token under their root (`anak-anaknya` -> anak), words with a
    hyphenated affix one token under what the affix is joined to (`NATO-nya` -> nato, `ke-77` ->
    77), letters and digits one token without the hyphen (`F-16` -> f16); other hyphenated words are
    a token for each part (`Rusia-Ukraina`). Addresses are known by their host.
    """

    def __init__(self, stemmer: Stemmer) -> None:
        self._stemmer = stemmer
        self._memo: dict[str, tuple[_Piece, ...]] = {}

    @property
    def fingerprint(self) -> str:
        """Version of the rules here and of the stemmer."""
        return f"indonesian-{ANALYZER_VERSION}+{self._stemmer.fingerprint}"

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order; [] for a text without words.

        Offsets never go backwards and refer to `text` as given. Linear in the length of the text.
        """
        tokens: list[Token] = []
        append, new, memo = tokens.append, tuple.__new__, self._memo
        position = 0
        for match in raw_tokens(text):
            raw, offset = match[0], match.start()
            pieces = memo.get(raw)
            if pieces is None:
                pieces = self._take_apart(raw, match.lastgroup or "")
                if len(memo) >= _MEMO_SIZE:
                    memo.clear()
                memo[raw] = pieces
            for term, form, surface, start, end in pieces:
                # The same as Token(...), which takes twice the time: this is the hottest loop.
                append(new(Token, (term, form, surface, start + offset, end + offset, position)))
                position += 1
        return tokens

    def _take_apart(self, raw: str, kind: str) -> tuple[_Piece, ...]:
        if kind == "address":
            return self._whole(raw, _host(raw))
        if kind == "abbreviation":
            return self._whole(raw, fold(raw.replace(".", "")))
        if kind in ("number", "currency"):
            return self._whole(raw, fold(raw).strip(".,:/-"))
        if _HYPHEN.search(raw):
            return self._hyphenated(raw)
        return self._word(raw, 0)

    def _whole(self, raw: str, term: str) -> tuple[_Piece, ...]:
        term = term[:LONGEST_TERM]
        return (_Piece(term, term, raw, 0, len(raw)),) if term else ()

    def _word(self, raw: str, start: int) -> tuple[_Piece, ...]:
        form = fold(raw)
        if not form:
            return ()
        stem = self._stemmer.stem(form)
        end = start + len(raw)
        return (_Piece(stem[:LONGEST_TERM], form[:LONGEST_TERM], raw, start, end),)

    def _hyphenated(self, raw: str) -> tuple[_Piece, ...]:
        form = fold(raw)
        parts = form.split("-")
        if any(part.isdigit() for part in parts):
            if parts[0] == "ke" and len(parts) == 2:
                return (_Piece(parts[1], form, raw, 0, len(raw)),)
            if parts[-1] in _SUFFIXES:
                return (_Piece("".join(parts[:-1]), form, raw, 0, len(raw)),)
            return self._whole(raw, "".join(parts))
        if core := _without_affixes(parts, _HYPHEN.split(raw)):
            return (_Piece(self._stemmer.stem(core)[:LONGEST_TERM], form, raw, 0, len(raw)),)
        stem = self._stemmer.stem(form)
        if stem != form:  # the stemmer knows a reduplication when it meets one
            return (_Piece(stem[:LONGEST_TERM], form[:LONGEST_TERM], raw, 0, len(raw)),)
        pieces: list[_Piece] = []
        for part in re.finditer(f"[^{HYPHENS}]+", raw):
            pieces.extend(self._word(part[0], part.start()))
        return tuple(pieces)


def _without_affixes(parts: list[str], spelled: list[str]) -> str:
    """Return the one part that affixes are joined to by hyphens; "" if it is not that shape.

    A prefix is taken off before a capital only: di-PHK, but not di in a reduplication.
    """
    first = 1 if parts[0] in _PREFIXES and spelled[1][:1].isupper() else 0
    last = len(parts) - 1 if parts[-1] in _SUFFIXES else len(parts)
    whole = (first, last) == (0, len(parts))
    return parts[first] if last - first == 1 and not whole else ""


def _host(address: str) -> str:
    if "@" in address and "://" not in address:
        return address.lower()
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") or fold(address).strip(APOSTROPHES)
