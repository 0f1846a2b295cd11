"""The lists of headlines on a plain-text page."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from searchkit.documents.page_captions import split_credit
from searchkit.documents.page_dates import is_clock, split_when
from searchkit.documents.page_headline import headline_over, is_sentence
from searchkit.documents.page_lines import Kind, Line, is_site
from searchkit.documents.page_words import is_related_label, more_pattern

_FEWEST_STRUCTURAL = 2
_FEWEST_COUNTED = 3
_LONGEST_HEADING = 5
_FEWEST_TITLE_WORDS, _MOST_TITLE_WORDS = 3, 30
_MOST_PASSED_OVER = 20
_BETWEEN = (Kind.NUMBER, Kind.SECTION)
_FURNITURE = (*_BETWEEN, Kind.NOISE)
_LONGEST_KICKER, _FEWEST_BELOW_A_KICKER = 2, 3
_SHORT_HEADING = 3
_SENTENCE_END = re.compile(r"(?<!\.)\.$")
_COUNTED = re.compile(
    r"\s+\d[\d.,]*\s?(?:k|rb|ribu|jt|juta|x)?\s+"
    r"(?:views?|dilihat|(?:kali\s+)?dibaca|pembaca|komentar|comments?|shares?)$",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"(?P<number>\d{1,2})(?:\s+|(?=[^\W\d_]))(?P<text>\S.*)$")  # 1 or 1Judul
_NUMBERED = re.compile(
    r"^(?:#\d{1,2}|\d{1,2}[.)]|0\d|[-–*•▪]|\d\d:\d\d(?:\s+wi(?:b|ta|t))?|\d\d\.\d\d\s+wi(?:b|ta|t))"
    r"\s+(?:[-–|]\s+)?(?=\S)",
    re.IGNORECASE,
)


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
        if not found and lists and lists[-1].end == at:
            found = _list_below(lines, at, own)
        if found:
            lists.append(replace(found, titles=_unnumbered(found.titles)))
            at = found.end
        else:
            at += 1
    return lists


def _list_below(lines: Sequence[Line], at: int, own: Container[int]) -> TitleList | None:
    """Return the list right below another one, which no known heading and no dates tell.

    It has a short heading, or none and the dates in front.
    """
    if _has_date(lines, at, own):
        return _dated_list(lines, at, at, "", own)
    if at in own or lines[at].kind is not Kind.TEXT or not _is_short(lines[at]):
        return None
    end, titles = _titles(lines, at + 1, own, undated=True)
    enough = len(titles) >= _FEWEST_STRUCTURAL
    return TitleList(at, end, lines[at].text, titles) if enough else None


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
        # A paragraph below a related headline is of the article.
        teasers = not is_related_label(line.text) and _take_turns(lines, at + 1, own)
        end, titles = _titles(lines, at + 1, own, undated=True, teasers=teasers)
        return TitleList(at, end, _without_more(line.text), titles) if titles else None
    if line.kind not in (Kind.TEXT, Kind.SECTION, Kind.NOISE):
        return None
    if len(line.text.split()) <= _LONGEST_HEADING and not line.is_prose:
        heading = line.text if line.kind is Kind.TEXT else ""
        found = _dated_list(lines, at, at + 1, heading, own)
        if found and not _has_date(lines, at + 1, own):
            return found
    return _dated_list(lines, at, at, "", own)


def _dated_list(
    lines: Sequence[Line], start: int, first: int, heading: str, own: Container[int]
) -> TitleList | None:
    """Return the list of two or more headlines with dates from line `first` on; None if none."""
    end, titles = _titles(lines, first, own, undated=False)
    if len(titles) < _FEWEST_STRUCTURAL:
        return None
    above = _next(lines, first, _FURNITURE)
    if _is_short(lines[above]) and end not in own and _is_long_title(lines, end):
        # A headline follows the last date, so what stands above the first is the heading.
        start, heading = above, lines[above].text
        end, titles = _titles(lines, above + 1, own, undated=False)
    return TitleList(start, end, heading, titles)


def _has_date(lines: Sequence[Line], at: int, own: Container[int]) -> bool:
    return at < len(lines) and lines[at].kind is Kind.DATE and at not in own


def _take_turns(lines: Sequence[Line], at: int, own: Container[int]) -> bool:
    """Return whether two titles without dates stand from line `at` on, a sentence below each."""
    for _ in range(2):
        title = _next(lines, at, (*_FURNITURE, Kind.MORE))
        teaser = _next(lines, title + 1, _BETWEEN)
        if teaser >= len(lines) or title in own or teaser in own:
            return False
        short = len(lines[teaser].text.split()) <= _MOST_TITLE_WORDS
        if not (_is_long_title(lines, title) and is_sentence(lines[teaser]) and short):
            return False
        at = teaser + 1
    return True


def _titles(
    lines: Sequence[Line], at: int, own: Container[int], undated: bool, teasers: bool = False
) -> tuple[int, tuple[ListedTitle, ...]]:
    """Return where the titles from line `at` end, and the titles.

    Under a known heading, titles may be `undated`, and a teaser may stand below each dated one, or
    below each of those without a date where there are `teasers`.
    """
    titles: list[ListedTitle] = []
    end = at
    date_first = _has_date(lines, _next(lines, at, _FURNITURE), own)
    while (at := _next(lines, at, _FURNITURE)) < len(lines):
        below_teaser = teasers and lines[at - 1].is_prose
        if lines[at].kind is Kind.MORE and (titles or not undated) and not below_teaser:
            # "Selengkapnya" leads to the rest of the list: it ends here.
            return (at + 1 if titles else end), tuple(titles)
        if _is_beside(lines, at, own, titles):
            at += 1
            continue
        if undated and titles and _is_teaser(lines, at, own, titles[-1], date_first, teasers):
            at, end, teasers = at + 1, at + 1, True
            continue
        found = _title_at(lines, at, own, date_first, undated)
        if found is None or (len(titles) > 1 and not date_first and _is_heading(lines, at, own)):
            break
        start, (at, title) = at, found
        if titles and titles[-1].date and not title.date:
            break
        if len(titles) > 1 and title.date and not titles[-1].date:
            # Below a list without dates stands that of the page.
            return start + 1, (*titles, _undated(lines[start].text))
        titles.append(title)
        end = at
    return end, tuple(titles)


def _is_heading(lines: Sequence[Line], at: int, own: Container[int]) -> bool:
    """Return whether a short line is the heading of a list of its own, and no kicker.

    Two titles with dates stand below it, and the second has no kicker.
    """
    first = _title_above(lines, at + 1, own, undated=False) if _is_kicker(lines, at) else None
    below = _next(lines, first[0], _FURNITURE) if first else len(lines)
    second = _title_above(lines, below, own, undated=False) if below < len(lines) else None
    return second is not None and not _is_kicker(lines, below)


def _is_beside(
    lines: Sequence[Line], at: int, own: Container[int], titles: Sequence[ListedTitle]
) -> bool:
    """Return whether a line stands beside the heading or a title: a link, a site, the title again.

    The title is also the name of its picture, above or below it.
    """
    text = lines[at].text
    if lines[at].kind is Kind.MORE or is_site(text):
        return True
    again = (line.text for line in lines[at + 1 : at + 2])
    is_second = at > 0 and lines[at - 1].text == text  # no picture has it a third time
    is_first = text in again and not is_second
    return at not in own and (is_first or (bool(titles) and _clean(text) == titles[-1].title))


def _is_teaser(
    lines: Sequence[Line],
    at: int,
    own: Container[int],
    above: ListedTitle,
    date_first: bool,
    teasers: bool,
) -> bool:
    """Return whether a sentence is the teaser of the title above it, in a list that has `teasers`.

    Else a title with a date must follow it.
    """
    if not lines[at].is_prose or at in own or (teasers and lines[at - 1].is_prose):
        return False
    known = teasers or (above.date != "" and _has_dated_title(lines, at + 1, own, date_first))
    return known and (date_first or not _has_date(lines, at + 1, own))


def _has_dated_title(lines: Sequence[Line], at: int, own: Container[int], date_first: bool) -> bool:
    found = _title_at(lines, _next(lines, at, _FURNITURE), own, date_first, undated=True)
    return found is not None and bool(found[1].date)


def _title_at(
    lines: Sequence[Line], at: int, own: Container[int], date_first: bool, undated: bool
) -> tuple[int, ListedTitle] | None:
    """Return where the title at line `at` ends, with its date, and the title; None for none."""
    if at >= len(lines) or at in own:
        return None
    if date_first:
        return _title_below(lines, at, own)
    text = lines[at].text
    if not _is_title(lines, at) or (_SENTENCE_END.search(text) and not undated):
        return None
    if dated := _title_above(lines, at, own, undated):
        return dated
    second = _next(lines, at + 1, _BETWEEN)
    if _has_date(lines, second, range(0)) or not undated:
        return None
    if len(text.split()) < _FEWEST_TITLE_WORDS or _SENTENCE_END.search(text):
        return None
    caption = split_credit(text, strict=True)
    return None if caption else (at + 1, _undated(text))


def _title_below(
    lines: Sequence[Line], at: int, own: Container[int]
) -> tuple[int, ListedTitle] | None:
    """Return the title below the date in line `at`, and where it ends."""
    second = _next(lines, at + 1, _BETWEEN)
    if _is_kicker(lines, second) and second + 1 not in own:
        second += 1
    if lines[at].kind is not Kind.DATE or second in own or not _is_title(lines, second):
        return None
    return second + 1, ListedTitle(_clean(lines[second].text), lines[at].text)


def _title_above(
    lines: Sequence[Line], at: int, own: Container[int], undated: bool
) -> tuple[int, ListedTitle] | None:
    """Return the title in line `at` or below its kicker, if a date follows, and where that ends."""
    title, date = at, _next(lines, at + 1, _BETWEEN)
    if undated:
        date = _below_teaser(lines, date, own)
    if not _has_date(lines, date, own):
        second, date = date, _next(lines, date + 1, _BETWEEN)
        if not _has_date(lines, date, own) or second in own:
            return None
        if _is_kicker(lines, at):
            title = second
        elif not undated or not _is_short(lines[second]) or _is_short(lines[at]):
            return None
    # In a live report the hour stands over each part, and so below the sentences of another.
    in_report = is_clock(lines[date].text) and is_sentence(lines[title])
    if in_report or not (undated or lines[date].has_day):
        return None
    return date + 1, ListedTitle(_clean(lines[title].text), lines[date].text)


def _below_teaser(lines: Sequence[Line], at: int, own: Container[int]) -> int:
    """Return the date below the teaser in line `at`, maybe below a site too; `at` if none is."""
    if at >= len(lines) or at in own or not is_sentence(lines[at]):
        return at
    date = _next(lines, at + 1, _BETWEEN)
    if date < len(lines) and _is_short(lines[date]):
        date = _next(lines, date + 1, _BETWEEN)
    return date if _has_date(lines, date, own) and not is_clock(lines[date].text) else at


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


def _is_kicker(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line is the section, which no list knows, over the title that follows."""
    if not (_is_title(lines, at) and _is_title(lines, at + 1)) or lines[at + 1].is_prose:
        return False
    words, below = len(lines[at].text.split()), len(lines[at + 1].text.split())
    return words <= _LONGEST_KICKER and below >= _FEWEST_BELOW_A_KICKER


def _is_long_title(lines: Sequence[Line], at: int) -> bool:
    return _is_title(lines, at) and not _is_short(lines[at]) and not lines[at].is_prose


def _is_short(line: Line) -> bool:
    """Return whether a line between a title and its date is a site, a section or a byline."""
    short = line.kind is Kind.TEXT and len(line.text.split()) <= _SHORT_HEADING
    return short or line.kind is Kind.BYLINE


def _without_more(heading: str) -> str:
    return re.sub(rf"\W+{more_pattern()}\W*$", "", heading, flags=re.IGNORECASE)


def _undated(text: str) -> ListedTitle:
    """Return a title without a date below it; it may stand behind it."""
    return ListedTitle(*split_when(_clean(text)))


def _unnumbered(titles: tuple[ListedTitle, ...]) -> tuple[ListedTitle, ...]:
    """Return the titles without the bare numbers in front that count all of them: 1, 2, 3."""
    counted = [match for title in titles if (match := _COUNTS.match(title.title))]
    in_order = [match["number"] for match in counted] == [str(n + 1) for n in range(len(titles))]
    if not in_order or len(titles) < _FEWEST_COUNTED:
        return titles
    return tuple(
        replace(title, title=match["text"]) for title, match in zip(titles, counted, strict=True)
    )


def _clean(title: str) -> str:
    return _COUNTED.sub("", _NUMBERED.sub("", title))
