"""The lists of headlines on a plain-text page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from searchkit.documents.page_lines import Kind, Line

_FEWEST_STRUCTURAL = 2
_LONGEST_HEADING = 5
_FEWEST_TITLE_WORDS, _MOST_TITLE_WORDS = 3, 30
_NUMBERED = re.compile(r"^(?:#\d{1,2}|\d{1,2}[.)]|0\d)\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class ListedTitle:
    """A headline in a list, with the text of its date ("" if it has none)."""

    title: str
    date: str


@dataclass(frozen=True, slots=True)
class TitleList:
    """A list: the lines from `start` up to `end` (exclusive), its heading and its titles."""

    start: int
    end: int
    heading: str
    titles: tuple[ListedTitle, ...]


def find_title_lists(lines: Sequence[Line], dateline: int | None) -> list[TitleList]:
    """Return the lists of a page, in order; `dateline` is the line of the article's own date.

    A list begins with a heading that is known (Populer, UPDATE), or with any short line before two
    or more headlines with dates; or it is such headlines without a heading.
    """
    lists: list[TitleList] = []
    at = 0
    while at < len(lines):
        found = _list_at(lines, at, dateline)
        if found:
            lists.append(found)
            at = found.end
        else:
            at += 1
    return lists


def _list_at(lines: Sequence[Line], at: int, dateline: int | None) -> TitleList | None:
    line = lines[at]
    if line.kind is Kind.HEADING:
        end, titles = _titles(lines, at + 1, dateline, undated=True)
        return TitleList(at, end, line.text, titles) if titles else None
    if line.kind not in (Kind.TEXT, Kind.SECTION, Kind.NOISE):
        return None
    if len(line.text.split()) <= _LONGEST_HEADING and not line.is_prose:
        end, titles = _titles(lines, at + 1, dateline, undated=False)
        if len(titles) >= _FEWEST_STRUCTURAL and not _has_date_below(lines, at, dateline):
            heading = line.text if line.kind is Kind.TEXT else ""
            return TitleList(at, end, heading, titles)
    end, titles = _titles(lines, at, dateline, undated=False)
    if len(titles) >= _FEWEST_STRUCTURAL:
        return TitleList(at, end, "", titles)
    return None


def _has_date_below(lines: Sequence[Line], at: int, dateline: int | None) -> bool:
    below = at + 1
    return below < len(lines) and lines[below].kind is Kind.DATE and below != dateline


def _titles(
    lines: Sequence[Line], at: int, dateline: int | None, undated: bool
) -> tuple[int, tuple[ListedTitle, ...]]:
    """Return where the titles from line `at` end, and the titles."""
    titles: list[ListedTitle] = []
    end = at
    date_first: bool | None = None
    while at < len(lines):
        kind = lines[at].kind
        if kind in (Kind.NUMBER, Kind.NOISE):
            at += 1
            continue
        if kind is Kind.MORE:
            # "Selengkapnya" leads to the rest of the list: it ends here.
            end = at + 1 if titles else end
            break
        if date_first is None:
            date_first = kind is Kind.DATE and at != dateline
        found = _title_at(lines, at, dateline, date_first, undated)
        if found is None:
            break
        at, title = found
        if undated and titles and bool(title.date) != bool(titles[-1].date) and not title.date:
            break
        titles.append(title)
        end = at
    return end, tuple(titles)


def _title_at(
    lines: Sequence[Line], at: int, dateline: int | None, date_first: bool, undated: bool
) -> tuple[int, ListedTitle] | None:
    first, second = at, _next(lines, at + 1)
    if date_first:
        if lines[first].kind is Kind.DATE and first != dateline and _is_title(lines, second):
            return second + 1, ListedTitle(_clean(lines[second].text), lines[first].text)
        return None
    if not _is_title(lines, first):
        return None
    if second < len(lines) and lines[second].kind is Kind.DATE:
        if second == dateline:
            return None
        return second + 1, ListedTitle(_clean(lines[first].text), lines[second].text)
    words = len(lines[first].text.split())
    if undated and words >= _FEWEST_TITLE_WORDS and not lines[first].text.endswith("."):
        # A headline over the article's own section or date belongs to the article.
        if dateline is not None and first < dateline <= first + 2:
            return None
        return first + 1, ListedTitle(_clean(lines[first].text), "")
    return None


def _next(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and lines[at].kind is Kind.NUMBER:
        at += 1
    return at


def _is_title(lines: Sequence[Line], at: int) -> bool:
    if at >= len(lines) or lines[at].kind not in (Kind.TEXT, Kind.RELATED):
        return False
    words = len(lines[at].text.split())
    return 0 < words <= _MOST_TITLE_WORDS and not (lines[at].is_prose and words > 20)


def _clean(title: str) -> str:
    return _NUMBERED.sub("", title)
