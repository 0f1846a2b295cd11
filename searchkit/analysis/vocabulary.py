"""Abbreviations and synonyms: the lists that come with searchkit and those of the user.

A list is a TSV file; `data/abbreviations.tsv` and `data/synonyms.tsv` describe their columns. A
user's file has the same form and is laid over the shipped list: its entry for a short form takes
the place of the shipped one, and an entry without a long form, or a group of one word, switches
the shipped one off.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from searchkit.analysis.lexicon import data_lines, data_text
from searchkit.analysis.normalization import fold
from searchkit.errors import SettingsError
from searchkit.values import dataclass
from searchkit.written import reason_of, written_text

LONGEST_LIST = 4 * 1024 * 1024
"""Bytes of a user's list."""

CAPITALS = "capitals.txt"
_CAPITALS, _ANY = "capitals", "any"
_COLUMNS = 5


class Abbreviation(NamedTuple):
    """A short form and what it stands for, in one of its meanings.

    `long` has the wordings of the long form, the usual one first, and is empty in a user's entry
    that switches the short form off. `rarer` tells that the short form more often means something
    else. With `capitals_only` it is this abbreviation only where it is written in capitals, as AS
    is and `as` is not.
    """

    short: str
    long: tuple[str, ...]
    kind: str = ""
    capitals_only: bool = False
    source: str = ""
    rarer: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The abbreviations and the groups of synonyms that queries are expanded by.

    `abbreviations` is None for those shipped, of which is worked out ahead what a query asks for.
    `settled` holds the folded short forms that the user's list names: nothing is learned of them.
    """

    abbreviations: tuple[Abbreviation, ...] | None = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    settled: frozenset[str] = frozenset()


def load_vocabulary(
    abbreviations: Path | str | None = None, synonyms: Path | str | None = None
) -> Vocabulary:
    """Return the shipped lists with the user's laid over them.

    Raises SettingsError, naming file and line, when a file cannot be read or a line not understood.
    """
    groups = _joined(shipped_synonyms(), synonyms)
    if abbreviations is None:
        return Vocabulary(None, groups)
    own = tuple(_abbreviations(str(abbreviations), _read(abbreviations), capitals_only()))
    settled = frozenset(fold(abbreviation.short) for abbreviation in own)
    kept = (a for a in shipped_abbreviations() if fold(a.short) not in settled)
    return Vocabulary((*(a for a in own if a.long), *kept), groups, settled)


def load_stems(path: Path | str) -> dict[str, str]:
    """Return the stems that a user wants for certain words, by folded word.

    A line is WORD<tab>STEM. Raises SettingsError, naming file and line, as `load_vocabulary` does.
    """
    stems: dict[str, str] = {}
    for number, line in _lines(_read(path)):
        cells = [fold(cell.strip()) for cell in line.split("\t")]
        if len(cells) != 2 or not all(cells):
            raise _wrong(str(path), number, "an exception is WORD<tab>STEM")
        stems[cells[0]] = cells[1]
    return stems


@cache
def shipped_abbreviations() -> tuple[Abbreviation, ...]:
    """Return the abbreviations that come with searchkit."""
    return tuple(_abbreviations("abbreviations.tsv", data_text("abbreviations.tsv")))


@cache
def shipped_synonyms() -> tuple[tuple[str, ...], ...]:
    """Return the groups of synonyms that come with searchkit."""
    return tuple(_synonyms("synonyms.tsv", data_text("synonyms.tsv")))


@cache
def capitals_only() -> frozenset[str]:
    """Return the shipped short forms that count only when written in capitals, such as AS."""
    # Worked out ahead, see `precomputed`: each process asks, before its first query.
    return frozenset(data_lines(CAPITALS))


@cache
def short_words() -> frozenset[str]:
    """Return the folded one-word short forms of the shipped list: names, which have no stem."""
    shorts = (abbreviation.short for abbreviation in shipped_abbreviations())
    return frozenset(fold(short) for short in shorts if short.isalnum())


def _joined(
    shipped: tuple[tuple[str, ...], ...], path: Path | str | None
) -> tuple[tuple[str, ...], ...]:
    """Return the user's groups and those of `shipped` that begin with none of their first words.

    A line of one word only switches the group that begins with it off.
    """
    if path is None:
        return shipped
    own = list(_synonyms(str(path), _read(path)))
    replaced = {members[0].casefold() for members in own}
    kept = (group for group in shipped if group[0].casefold() not in replaced)
    return (*(members for members in own if len(members) > 1), *kept)


def _abbreviations(
    origin: str, text: str, may_be_capitals: frozenset[str] | None = None
) -> Iterator[Abbreviation]:
    """Yield the entries of a list; `may_be_capitals` holds what may be flagged, None for all."""
    lines: dict[tuple[str, str], int] = {}
    shorts: set[str] = set()
    for number, line in _lines(text):
        cells = [cell.strip() for cell in line.split("\t")]
        if not 2 <= len(cells) <= _COLUMNS or not cells[0]:
            raise _wrong(
                origin, number, "an abbreviation is SHORT<tab>LONG, with up to three columns more"
            )
        short, long, kind, written, source = (*cells, "", "", "")[:_COLUMNS]
        folded = fold(short)
        if (before := lines.setdefault((folded, fold(long)), number)) != number:
            raise _wrong(origin, number, f"{short!r} stands for the same in line {before}")
        if written not in ("", _CAPITALS, _ANY):
            raise _wrong(origin, number, f"{written!r} must be {_CAPITALS!r}, {_ANY!r} or empty")
        capitals = written == _CAPITALS
        if may_be_capitals is not None:
            # The index tells AS from `as` for the shipped short forms, and cannot for others.
            if capitals and short not in may_be_capitals:
                raise _wrong(origin, number, _unknown_capitals(short, may_be_capitals))
            capitals = short in may_be_capitals
        forms = tuple(form.strip() for form in long.split("|") if form.strip())
        yield Abbreviation(short, forms, kind, capitals, source, rarer=folded in shorts)
        shorts.add(folded)


def _unknown_capitals(short: str, known: frozenset[str]) -> str:
    return (
        f"{short!r} cannot be kept to capitals: the index keeps apart only "
        f"{', '.join(sorted(known))}; leave the column empty"
    )


def _synonyms(origin: str, text: str) -> Iterator[tuple[str, ...]]:
    """Yield the groups of a list."""
    for number, line in _lines(text):
        members = tuple(cell.strip() for cell in line.split("\t") if cell.strip())
        if len({member.casefold() for member in members}) < len(members):
            raise _wrong(origin, number, "a group of synonyms has each member once")
        yield members


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number from 1, line) of the lines that are neither empty nor a comment."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def _read(path: Path | str) -> str:
    file = Path(path)
    try:
        if file.stat().st_size > LONGEST_LIST:
            raise SettingsError(f"{path}: is larger than {LONGEST_LIST // 2**20} MB")
        return written_text(file)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {reason_of(error)}") from None


def _wrong(origin: str, line: int, reason: str) -> SettingsError:
    return SettingsError(f"{origin}:{line}: {reason}")
