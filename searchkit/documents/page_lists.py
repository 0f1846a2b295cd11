"""The lists of headlines on a plain-text page."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from searchkit.documents.page_captions import split_credit
from searchkit.documents.page_headline import headline_over
from searchkit.documents.page_lines import Kind, Line

_FEWEST_STRUCTURAL = 2
_LONGEST_HEADING = 5
_FEWEST_TITLE_WORDS, _MOST_TITLE_WORDS = 3, 30
_MOST_PASSED_OVER = 20
_BETWEEN = (Kind.NUMBER, Kind.SECTION)
_FURNITURE = (*_BETWEEN, Kind.NOISE)
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
    own = _own_lines(lines, dateline)
    lists: list[TitleList] = []
    at = 0
    while at < len(lines):
        found = _list_at(lines, at, own)
        if found and not found.heading and _is_chronology(lines, at, lists):
            found = None
        if found:
            lists.append(found)
            at = found.end
        else:
            at += 1
    return lists


def _own_lines(lines: Sequence[Line], dateline: int | None) -> range:
    """Return the lines from the article's headline to its dateline."""
    if dateline is None:
        return range(0)
    headline = headline_over(lines, dateline - 1)
    return range(dateline if headline is None else headline, dateline + 1)


def _is_chronology(lines: Sequence[Line], at: int, lists: Sequence[TitleList]) -> bool:
    """Return whether what looks like headlines with dates below has its dates above."""
    below_a_list = bool(lists) and lists[-1].end == at
    return at > 0 and lines[at - 1].kind is Kind.DATE and not below_a_list


def _list_at(lines: Sequence[Line], at: int, own: Container[int]) -> TitleList | None:
    line = lines[at]
    if line.kind is Kind.HEADING:
        end, titles = _titles(lines, at + 1, own, undated=True)
        return TitleList(at, end, line.text, titles) if titles else None
    if line.kind not in (Kind.TEXT, Kind.SECTION, Kind.NOISE):
        return None
    if len(line.text.split()) <= _LONGEST_HEADING and not line.is_prose:
        end, titles = _titles(lines, at + 1, own, undated=False)
        if len(titles) >= _FEWEST_STRUCTURAL and not _has_date(lines, at + 1, own):
            heading = line.text if line.kind is Kind.TEXT else ""
            return TitleList(at, end, heading, titles)
    end, titles = _titles(lines, at, own, undated=False)
    if len(titles) >= _FEWEST_STRUCTURAL:
        return TitleList(at, end, "", titles)
    return None


def _has_date(lines: Sequence[Line], at: int, own: Container[int]) -> bool:
    return at < len(lines) and lines[at].kind is Kind.DATE and at not in own


def _titles(
    lines: Sequence[Line], at: int, own: Container[int], undated: bool
) -> tuple[int, tuple[ListedTitle, ...]]:
    """Return where the titles from line `at` end, and the titles.

    Under a known heading, titles may be `undated`, and a teaser may stand below each dated one.
    """
    titles: list[ListedTitle] = []
    end = at
    at = _next(lines, at, _FURNITURE)
    date_first = _has_date(lines, at, own)
    teasers = False
    while (at := _next(lines, at, _FURNITURE)) < len(lines):
        if lines[at].kind is Kind.MORE:
            # "Selengkapnya" leads to the rest of the list: it ends here.
            return (at + 1 if titles else end), tuple(titles)
        if undated and titles and titles[-1].date and lines[at].is_prose and at not in own:
            teasers = teasers or _has_dated_title(lines, at + 1, own, date_first)
            if teasers and (date_first or not _has_date(lines, at + 1, own)):
                at = end = at + 1
                continue
        found = _title_at(lines, at, own, date_first, undated)
        if found is None:
            break
        at, title = found
        if undated and titles and bool(title.date) != bool(titles[-1].date) and not title.date:
            break
        titles.append(title)
        end = at
    return end, tuple(titles)


def _has_dated_title(lines: Sequence[Line], at: int, own: Container[int], date_first: bool) -> bool:
    found = _title_at(lines, _next(lines, at, _FURNITURE), own, date_first, undated=True)
    return found is not None and bool(found[1].date)


def _title_at(
    lines: Sequence[Line], at: int, own: Container[int], date_first: bool, undated: bool
) -> tuple[int, ListedTitle] | None:
    first, second = at, _next(lines, at + 1, _BETWEEN)
    if first >= len(lines) or first in own:
        return None
    if date_first:
        if lines[first].kind is Kind.DATE and second not in own and _is_title(lines, second):
            return second + 1, ListedTitle(_clean(lines[second].text), lines[first].text)
        return None
    text = lines[first].text
    if not _is_title(lines, first) or (text.endswith(".") and not undated):
        return None
    if second < len(lines) and lines[second].kind is Kind.DATE:
        if second in own or not (undated or lines[second].has_day):
            return None
        return second + 1, ListedTitle(_clean(text), lines[second].text)
    if undated and len(text.split()) >= _FEWEST_TITLE_WORDS and not text.endswith("."):
        caption = split_credit(text, strict=True)
        return None if caption else (first + 1, ListedTitle(_clean(text), ""))
    return None


def _next(lines: Sequence[Line], at: int, passed_over: Container[Kind]) -> int:
    """Return the first line from `at` on that is not `passed_over`, which are few in a list."""
    farthest = min(at + _MOST_PASSED_OVER, len(lines))
    while at < farthest and lines[at].kind in passed_over:
        at += 1
    return at


def _is_title(lines: Sequence[Line], at: int) -> bool:
    if at >= len(lines) or lines[at].kind not in (Kind.TEXT, Kind.RELATED):
        return False
    words = len(lines[at].text.split())
    return 0 < words <= _MOST_TITLE_WORDS and not (lines[at].is_prose and words > 20)


def _clean(title: str) -> str:
    return _NUMBERED.sub("", title)
