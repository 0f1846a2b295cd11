"""Indonesian text to tokens: the one analyzer behind indexing, queries and snippets."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from searchkit.analysis.arbitration import Verdict
from searchkit.analysis.capitals import Doubt, settle
from searchkit.analysis.finding import Chunks, TokenFinder, Wanted
from searchkit.analysis.lexicon import bound_form, compound_forms, compounds, is_word
from searchkit.analysis.mojibake import repaired
from searchkit.analysis.morphology import POSSESSIVES
from searchkit.analysis.normalization import HYPHENS, fold
from searchkit.analysis.numbering import Numbering
from searchkit.analysis.numbers import number_terms
from searchkit.analysis.precomputed import function_roots
from searchkit.analysis.reduplication import said_twice, varied_root
from searchkit.analysis.stem_cache import CachedStemmer
from searchkit.analysis.stemming import Stemmer, stemmer_of
from searchkit.analysis.stopwords import function_words, stop_words
from searchkit.analysis.tokenizer import host_of, raw_tokens
from searchkit.analysis.tokens import LONGEST_TERM, Token, TokenColumns
from searchkit.analysis.vocabulary import capitals_only
from searchkit.cached import cached_property
from searchkit.settings import Settings

ANALYZER_VERSION = 6
"""Raised whenever a change here gives any text other tokens."""

FUNCTION_MARK = "'"
"""Follows the term of a function word that is also the root of a family: dapat, but pendapatan.

And that of the short name of a region: Jabar, but menjabarkan.
"""

_MEMO_SIZE = 10_000
_HYPHEN = re.compile(f"[{HYPHENS}]")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_BETWEEN_HYPHENS = re.compile(f"[^{HYPHENS}]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LETTERS_OF_CODE = 2
# anak2, anak2nya: a written 2 says the word twice.
_TWICE = re.compile(r"([a-z]{3,})2((?:nya|ku|mu|lah|an|kan|i)?)")
# 1990an and ke2, which are better written 1990-an and ke-2.
_WITH_AFFIX = re.compile(r"(ke)([0-9]+)|([0-9]+)(an)")
# Affixes that newspapers join to names and acronyms by a hyphen: di-PHK, NATO-nya, 1990-an.
_PREFIXES = frozenset(
    "di|me|mem|men|meng|ber|ter|se|ke|per|pe|pem|pen|peng|memper|diper".split("|")  # noqa: SIM905
)
_SUFFIXES = frozenset(("nya", "ku", "mu", "lah", "kah", "tah", "pun", "an", "i", "kan"))


class _Piece(NamedTuple):
    """A token relative to the raw token it comes from."""

    term: str
    form: str
    surface: str
    start: int
    end: int


class _Reading(NamedTuple):
    """The tokens of a raw token; `name` is the term if the context makes a name of it, or ""."""

    pieces: tuple[_Piece, ...]
    name: str = ""


class IndonesianAnalyzer:
    """The analyzer for Indonesian news.

    Reduplicated words are one token under their root (`anak-anaknya`, `anak2` -> anak,
    `sayur-mayur` -> sayur), words with a hyphenated affix one token under what the affix is joined
    to (`NATO-nya` -> nato, `ke-77` -> 77), codes one token without the hyphen (`F-16` -> f16,
    `pasca-Covid-19` -> pasca, covid19); other hyphenated words are a token for each part
    (`Rusia-Ukraina`, `17-Noah`), and so are compounds written as one (`kerjasama`,
    `antikorupsi`). Numbers lose their thousands separators, dates like 3/6 are a day and a month.
    Addresses are known by their host.

    A function word that is the root of a family, as *guna* of *menggunakan*, has a term of its own,
    and so has the short name of a region, as *Jabar* beside *menjabarkan*.
    A word whose stem is doubtful keeps its form as its term where it is written like a name: with a
    capital inside a sentence, in a text that has both cases. `capitals` are the abbreviations that
    mean one thing in capitals and another word without (None for the shipped ones, such as AS):
    they keep their capitals in term and form.
    """

    def __init__(self, stemmer: Stemmer, capitals: Collection[str] | None = None) -> None:
        self._stemmer = stemmer
        self._capitals = capitals_only() if capitals is None else frozenset(capitals)
        # By kind, for that depends on what stands around.
        self._memo: dict[str, dict[str, _Reading]] = defaultdict(dict)
        self._chunks = Chunks(self.read, self._expect)
        self._numbering = Numbering(self.read)

    @property
    def fingerprint(self) -> str:
        """Version of the rules here and of the stemmer, and a digest of the capitals."""
        listed = hashlib.sha256(" ".join(sorted(self._capitals)).encode()).hexdigest()[:8]
        return f"indonesian-{ANALYZER_VERSION}-{listed}+{self._stemmer.fingerprint}"

    @property
    def stop_words(self) -> frozenset[str]:
        """Function words of Indonesian, and question words, also as they are spelled every day."""
        return stop_words()

    @cached_property
    def respelled(self) -> Mapping[str, tuple[str, ...]]:
        """The folded spellings whose tokens have other forms, with these forms in order.

        They are the compounds that are written as one, and the abbreviations kept to capitals.
        """
        found: dict[str, tuple[str, ...]] = {
            first + second + clitic: (first, second + clitic)
            for first, second in compound_forms()
            for clitic in ("", *POSSESSIVES)
        }
        found |= {fold(capital): (capital,) for capital in self._capitals}
        return dict(sorted(found.items()))

    def preload(self) -> None:
        """Read all stems that are kept on disk, ahead of a large run."""
        if isinstance(self._stemmer, CachedStemmer):
            self._stemmer.preload()

    def save(self) -> None:
        """Write the stems met to disk, if they are kept there."""
        if isinstance(self._stemmer, CachedStemmer):
            self._stemmer.save()

    def close(self) -> None:
        """Save, and close the file of stems."""
        if isinstance(self._stemmer, CachedStemmer):
            self._stemmer.close()

    def remember(self, share: float) -> None:
        """Keep `share` times as many words in memory for `columns` as a process does by itself."""
        self._numbering.room = share

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order; [] for a text without words.

        Offsets never go backwards and refer to `text` as given. Linear in the length of the text.
        """
        tokens, doubts = self.read(text)
        if doubts:
            settle(text, tokens, doubts)
        return tokens

    def columns(self, text: str) -> TokenColumns:
        """Return the tokens of `text` as `analyze` does.

        All texts share one table of words, until it is full and another takes its place.
        """
        return self._numbering.columns(text)

    def finder(self, wanted: Wanted) -> TokenFinder:
        """Return what finds the wanted tokens of texts: a part of `analyze(text)`.

        It is much faster, best when used for many texts.
        """
        return TokenFinder(self._chunks, wanted)

    def read(self, text: str) -> tuple[list[Token], list[Doubt]]:
        """Return the tokens of `text` as they are by themselves, and which may be names in it."""
        clean = repaired(text)
        tokens, doubts = self._read(clean)
        if clean != text:
            tokens = [token._replace(surface=text[token.start : token.end]) for token in tokens]
        return tokens, doubts

    def _read(self, text: str) -> tuple[list[Token], list[Doubt]]:
        if text.isalpha():
            return self._read_word(text)
        tokens: list[Token] = []
        doubts: list[Doubt] = []
        append, new, memos = tokens.append, tuple.__new__, self._memo
        position = 0
        for match in raw_tokens(text):
            raw, offset, kind = match[0], match.start(), match.lastgroup or ""
            memo = memos[kind]
            reading = memo.get(raw)
            if reading is None:
                reading = self._take_apart(raw, kind)
                if len(memo) >= _MEMO_SIZE:
                    memo.clear()
                if len(raw) <= LONGEST_TERM:
                    memo[raw] = reading
            pieces, name = reading
            if name:
                doubts.append(Doubt(position, name))
            for term, form, surface, start, end in pieces:
                # The same as Token(...), which takes twice the time: this is the hottest loop.
                append(new(Token, (term, form, surface, start + offset, end + offset, position)))
                position += 1
        return tokens, doubts

    def _expect(self, texts: Sequence[str]) -> None:
        """Have the stems of words in `texts`, which are about to be read, fetched together."""
        if isinstance(self._stemmer, CachedStemmer):
            words = {fold(word) for word in _LETTERS.findall(" ".join(texts))}
            self._stemmer.expect(words - stop_words())

    def _read_word(self, raw: str) -> tuple[list[Token], list[Doubt]]:
        """Do what `read` does for a text of letters only, which is one raw token."""
        pieces, name = self._plain(raw)
        tokens = [Token(*piece, position) for position, piece in enumerate(pieces)]
        return tokens, [Doubt(0, name)] if name else []

    def alternatives(self, term: str, form: str) -> tuple[str, ...]:
        """Return the other terms under which a word of this form stands in other contexts.

        A query has hardly any context, so it looks a doubtful word up under all of them. () for
        most words.
        """
        verdict = self._stemmer.verdict(form)
        if not verdict.doubtful or "-" in form or term not in (verdict.stem, form):
            return ()
        return tuple({verdict.stem, form} - {term})

    def _take_apart(self, raw: str, kind: str) -> _Reading:
        if kind == "address":
            return _whole(raw, host_of(raw))
        if kind == "abbreviation":
            return self._capital(raw, raw.replace(".", ""))
        if kind in ("number", "sign"):
            return _Reading(_number(raw))
        if _HYPHEN.search(raw):
            return _Reading(self._hyphenated(raw))
        return self._plain(raw)

    def _plain(self, raw: str, start: int = 0) -> _Reading:
        if raw in self._capitals:
            return self._capital(raw, raw, start)
        return self._word(raw, start)

    def _capital(self, raw: str, letters: str, start: int = 0) -> _Reading:
        form = fold(letters)
        if letters not in self._capitals:
            return _whole(raw, form)
        if form in stop_words():
            return _Reading((_piece(raw, _function_term(form), form, start),), letters)
        return _Reading((_piece(raw, letters, letters, start),))

    def _word(self, raw: str, start: int) -> _Reading:
        form = fold(raw)
        if not form:
            return _Reading(())
        if number := _WITH_AFFIX.fullmatch(form):
            hyphenated = "-".join(filter(None, number.groups()))
            return _Reading((_piece(raw, number[2] or number[3], hyphenated, start),))
        if "2" in form and (written := _TWICE.fullmatch(form)) and is_word(written[1]):
            form = written[1] + written[2]
        if word := function_words().get(form):
            return _Reading((_piece(raw, _function_term(word), form, start),))
        term, doubtful = self._term(form)
        if pieces := self._compound(raw, form, term, start):
            return _Reading(pieces)
        name = form[:LONGEST_TERM] if doubtful and raw[0].isupper() and not raw.isupper() else ""
        return _Reading((_piece(raw, term, form, start),), name)

    def _term(self, form: str) -> Verdict:
        """Return the verdict on a word, with the term that a word by itself has."""
        verdict = self._stemmer.verdict(form)
        if verdict.stem == form and form in function_roots():
            return Verdict(_function_term(form), verdict.doubtful)
        return verdict

    def _compound(self, raw: str, form: str, stem: str, start: int) -> tuple[_Piece, ...]:
        """Return the two tokens of a compound written as one, or ()."""
        words = compounds().get(stem) or bound_form(stem)
        if words is None or len(raw) != len(form):
            return ()
        border = form.rfind(words[1])
        if border <= 0:
            return ()
        first, second = (self._stemmer.verdict(word).stem for word in words)
        return (
            _piece(raw[:border], first, form[:border], start),
            _piece(raw[border:], second, form[border:], start + border),
        )

    def _hyphenated(self, raw: str) -> tuple[_Piece, ...]:
        form = fold(raw)
        parts = form.split("-")
        if any(part.isdigit() for part in parts):
            if parts[0] == "ke" and (len(parts) == 2 or parts[2:] == ["nya"]):
                return (_piece(raw, parts[1], form, 0),)
            return self._with_codes(raw)
        spelled = _HYPHEN.split(raw)
        place = _without_affixes(parts, spelled)
        if place is not None:
            acronym = spelled[place] if spelled[place] in self._capitals else ""
            return (_piece(raw, acronym or self._term(parts[place])[0], form, 0),)
        if root := self._reduplicated(parts):
            return (_piece(raw, root, form, 0),)
        return self._each(raw)

    def _with_codes(self, raw: str) -> tuple[_Piece, ...]:
        """Return the tokens of what hyphens join, each code being one: pasca and covid19."""
        runs: list[list[re.Match[str]]] = []
        before = ""
        parts = list(_BETWEEN_HYPHENS.finditer(raw))
        for part in parts:
            form = fold(part[0])
            is_affix = form in _SUFFIXES and part is parts[-1]
            if runs and (is_affix or _is_code(before, form)):
                runs[-1].append(part)
            else:
                runs.append([part])
            before = form
        return tuple(piece for run in runs for piece in self._code(raw, run))

    def _code(self, raw: str, run: list[re.Match[str]]) -> tuple[_Piece, ...]:
        """Return the token of a code, or those of a single part."""
        if len(run) == 1:
            return self._part(run[0])
        parts = [fold(part[0]) for part in run]
        kept = parts[:-1] if parts[-1] in _SUFFIXES else parts
        term = "".join(kept)
        start, end = run[0].start(), run[-1].end()
        return (_piece(raw[start:end], term, term if kept is parts else "-".join(parts), start),)

    def _each(self, raw: str) -> tuple[_Piece, ...]:
        """Return the tokens of all parts between hyphens."""
        parts = _BETWEEN_HYPHENS.finditer(raw)
        return tuple(piece for part in parts for piece in self._part(part))

    def _part(self, part: re.Match[str]) -> tuple[_Piece, ...]:
        if part[0].isdigit():
            return _number(part[0], part.start())
        return self._plain(part[0], part.start()).pieces

    def _reduplicated(self, parts: list[str]) -> str:
        """Return the root of a word said twice, such as anak-anaknya or meniru-nirukan, or ""."""
        if len(parts) == 3 and parts[2] in _SUFFIXES:
            parts = [parts[0], parts[1] + parts[2]]
        if len(parts) != 2:
            return ""
        first, second = parts
        stem = self._stemmer.verdict(first).stem
        again = (self._stemmer.verdict(each).stem for each in (second, f"me{second}"))
        if stem in again:
            return stem
        if stem == first and first.endswith(second) and is_word(first):
            return stem  # the end of a root said twice: perlahan-lahan is not of lahan
        if inside := said_twice(first, second):
            return self._stemmer.verdict(inside).stem
        return varied_root(first, second)


def of_settings(settings: Settings) -> IndonesianAnalyzer:
    """Return the analyzer with the stemmer that `settings` ask for.

    Raises SettingsError if its exceptions are unusable.
    """
    return IndonesianAnalyzer(stemmer_of(settings))


def _function_term(word: str) -> str:
    """Return the term of a word by itself: not that of a family of words, which it would drown."""
    return word + FUNCTION_MARK if word in function_roots() else word


def _piece(raw: str, term: str, form: str, start: int) -> _Piece:
    return _Piece(term[:LONGEST_TERM], form[:LONGEST_TERM], raw, start, start + len(raw))


def _number(raw: str, start: int = 0) -> tuple[_Piece, ...]:
    terms = number_terms(raw)
    return tuple(_piece(raw[a:b], term, term, start + a) for term, a, b in terms if term)


def _whole(raw: str, term: str) -> _Reading:
    return _Reading((_piece(raw, term, term, 0),) if term else ())


def _is_code(first: str, second: str) -> bool:
    """Return whether two parts belong to a code: letters before digits (F-16), or few after.

    Years are no part of one: Cartenz-2024; nor are two words: pasca-Covid.
    """
    if _YEAR.fullmatch(first) or _YEAR.fullmatch(second) or (first + second).isalpha():
        return False
    return not first.isdigit() or (not second.isdigit() and len(second) <= _LETTERS_OF_CODE)


def _without_affixes(parts: list[str], spelled: list[str]) -> int | None:
    """Return the place of the one part that affixes are joined to; None if there is none.

    A prefix is taken off before a capital only: di-PHK, but not di in a reduplication.
    """
    first = 1 if parts[0] in _PREFIXES and spelled[1][:1].isupper() else 0
    last = len(parts) - 1 if parts[-1] in _SUFFIXES else len(parts)
    whole = (first, last) == (0, len(parts))
    return first if last - first == 1 and not whole and parts[first] else None
