"""Analyzers without a language: words as they are spelled, or a whole value as one word."""

import hashlib
import re
from collections.abc import Iterator

from searchkit.analysis.mojibake import repaired
from searchkit.analysis.normalization import HYPHENS, fold, fold_value
from searchkit.analysis.numbers import number_terms
from searchkit.analysis.tokenizer import host_of, raw_tokens
from searchkit.analysis.tokens import LONGEST_TERM, Token
from searchkit.settings import Settings

_PLAIN_VERSION = 4
_WHOLE_VERSION = 3
"""Raised whenever a change here gives any text other tokens."""

_BETWEEN_HYPHENS = re.compile(f"[^{HYPHENS}]+")
_DIGEST = 16


class PlainAnalyzer:
    """Every word under its folded spelling: for names, codes and other languages.

    Words are where searchkit's tokenizer finds them, and numbers, dates and addresses are read as
    by `IndonesianAnalyzer`. A word with a hyphen is one token without it if it has a digit
    (`SKU-12B` -> sku12b), else a token for each part. There are neither stems nor stop words.
    Scripts that leave no space between words are not taken apart.
    """

    stop_words: frozenset[str] = frozenset()

    @property
    def fingerprint(self) -> str:
        """The version of the rules here."""
        return f"plain-{_PLAIN_VERSION}"

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order; [] for a text without words."""
        tokens: list[Token] = []
        for match in raw_tokens(repaired(text)):
            raw, offset = match[0], match.start()
            for term, start, end in _terms(raw, match.lastgroup):
                if term := term[:LONGEST_TERM]:
                    start, end = offset + start, offset + end
                    tokens.append(Token(term, term, text[start:end], start, end, len(tokens)))
        return tokens

    def alternatives(self, term: str, form: str) -> tuple[str, ...]:
        """Return (): a word has the same term in every context."""
        return ()


class WholeAnalyzer:
    """A text as one token, folded: for a value that is found whole or not at all.

    Words are joined by `_`, for a term has no spaces in it; a text longer than a term may be is
    told from others by a digest at its end.
    """

    stop_words: frozenset[str] = frozenset()

    @property
    def fingerprint(self) -> str:
        """The version of the rules here."""
        return f"whole-{_WHOLE_VERSION}"

    def analyze(self, text: str) -> list[Token]:
        """Return the one token of `text`; [] if there is nothing in it but blanks."""
        written = fold_value(text).replace(" ", "_").encode("utf-8", "replace")
        term = written.decode()
        if not term:
            return []
        if len(term) > LONGEST_TERM:
            digest = hashlib.sha256(written).hexdigest()[:_DIGEST]
            term = term[: LONGEST_TERM - _DIGEST] + digest
        surface = text.strip()
        start = text.index(surface)
        return [Token(term, term, surface, start, start + len(surface), 0)]

    def alternatives(self, term: str, form: str) -> tuple[str, ...]:
        """Return (): a value has the same term in every context."""
        return ()


def plain_of_settings(settings: Settings) -> PlainAnalyzer:
    """Return the analyzer, in which there is nothing to set."""
    return PlainAnalyzer()


def whole_of_settings(settings: Settings) -> WholeAnalyzer:
    """Return the analyzer, in which there is nothing to set."""
    return WholeAnalyzer()


def _terms(raw: str, kind: str | None) -> Iterator[tuple[str, int, int]]:
    """Yield (term, start, end) for each token of a raw token."""
    if kind == "address":
        yield host_of(raw), 0, len(raw)
    elif kind in ("number", "sign"):
        yield from number_terms(raw)
    elif kind == "abbreviation":
        yield fold(raw.replace(".", "")), 0, len(raw)
    elif any(char.isdigit() for char in raw):
        yield fold(raw).replace("-", ""), 0, len(raw)
    else:
        for part in _BETWEEN_HYPHENS.finditer(raw):
            yield fold(part[0]), *part.span()
