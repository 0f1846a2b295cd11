"""Which line of a plain-text page is the article's dateline: the one that says when it came out."""

from collections.abc import Sequence

from searchkit.documents.page_captions import split_credit
from searchkit.documents.page_headline import (
    LONGEST_SECTION,
    headline_over,
    is_bare_byline,
    is_sentence,
    looks_like_headline,
)
from searchkit.documents.page_lines import Kind, Line
from searchkit.documents.page_words import is_summary_label

_DATELINES = (Kind.DATE, Kind.BYLINE)
_FEWEST_TEXT_WORDS = 12
_FEWEST_SCORE = 3
_PROSE, _LIKE_PROSE = 5, 3
_LOOKED_AT, _LOOKED_AT_ALONE = 8, 16
_MOST_CAPTIONS = 2
_OVER_HEADLINES = (Kind.TEXT, Kind.SECTION, Kind.NOISE)
_FEWEST_PARAGRAPHS = 2
_ENDS = '."”'
_FURNITURE = (Kind.SECTION, Kind.NOISE, Kind.TAGS)
_MOST_FURNITURE = 3


def find_dateline(lines: Sequence[Line]) -> int | None:
    """Return the line of the article's date: the one with a byline, a zone or prose after it.

    None when there is no such line with a title above.
    """
    best, best_score = None, _FEWEST_SCORE - 1
    paragraphs, ended = 0, False
    last = max((number for number, line in enumerate(lines) if line.is_prose), default=-1)
    for number, line in enumerate(lines[: last + 1]):
        paragraphs += line.is_prose
        if line.kind is Kind.END and paragraphs >= _FEWEST_PARAGRAPHS:
            if best is not None:
                break  # the dates of comments have prose below them too
            ended = True
        title = None if line.when is None else headline_over(lines, number - 1)
        if line.when is None or title is None or is_sentence(lines[title]):
            continue
        if ended and len(lines[title].text.split()) <= LONGEST_SECTION:
            continue  # who comments
        score = 4 * _is_signed(lines, number, title) + line.when.has_zone + line.when.in_capitals
        score += _prose_follows(lines, number, title, _stands_alone(lines, title))
        if score > best_score:
            best, best_score, paragraphs = number, score, 0
    return None if best is None else _date_of_publication(lines, best)


def starts_of_pages(lines: Sequence[Line]) -> list[int]:
    """Return where each page in the lines begins: 0, and above what a further page has on top.

    That is a headline with a date and a writer below it, and then paragraphs.
    """
    starts = [0]
    known: int | None = None
    for number, line in enumerate(lines):
        if line.when is None or not line.when.has_day:
            continue
        title = headline_over(lines, number - 1)
        if title is None or title == known or not _begins_article(lines, number, title):
            continue
        if known is not None:
            starts.append(_top_of_page(lines, title))
        known = title
    return starts


def _begins_article(lines: Sequence[Line], number: int, title: int) -> bool:
    """Return whether a date is surely that of an article, and not of a teaser in a list."""
    beside = (at for at in (number - 1, number + 1) if title < at < len(lines))
    named = any(is_bare_byline(lines, at, dateline=number) for at in beside)
    if not (named or _is_signed(lines, number, title)) or not _stands_alone(lines, title):
        return False
    below = lines[number + 1 : number + 1 + _LOOKED_AT]
    sentences = sum(line.is_prose and line.text[-1] in _ENDS for line in below)
    is_whole = sentences >= _FEWEST_PARAGRAPHS
    return is_whole and _prose_follows(lines, number, title, alone=True) > 0


def _top_of_page(lines: Sequence[Line], title: int) -> int:
    """Return the first of the lines over a headline that are of its page: section and caption."""
    top = title
    while top > title - _LOOKED_AT and lines[top - 1].kind in _OVER_HEADLINES:
        if lines[top - 1].text.endswith("."):
            break
        top -= 1
    return top


def place_of_dateline(lines: Sequence[Line], listed: set[int]) -> int | None:
    """Return where a dateline would stand on a page without one: just above the first prose."""
    for number, line in enumerate(lines):
        # A headline that asks or calls ends as a sentence.
        prose = line.is_prose and not looks_like_headline(line)
        if number not in listed and prose and not split_credit(line.text, strict=True):
            return number - 1
    return None


def _is_signed(lines: Sequence[Line], number: int, title: int) -> bool:
    """Return whether a date names a person, in its own line or in one that stands beside it."""
    if lines[number].people:
        return True
    if lines[title].text.endswith("."):
        return False  # what stands between a text and a date is signed, but not dated
    beside = lines[max(number - 1, 0) : number + 2 : 2] if number else lines[1:2]
    return any(line.kind is Kind.BYLINE for line in beside)


def _stands_alone(lines: Sequence[Line], title: int) -> bool:
    """Return whether the title over a date is a headline: neither of a list, nor a section."""
    if len(lines[title].text.split()) <= LONGEST_SECTION:
        return False
    for number in range(title - 1, max(title - 2 - _MOST_FURNITURE, -1), -1):
        if lines[number].kind in (Kind.HEADING, Kind.DATE, Kind.NUMBER, Kind.MORE):
            return False
        if lines[number].kind not in _FURNITURE:
            break
    return True


def _date_of_publication(lines: Sequence[Line], dateline: int) -> int:
    """Return the best of the dates that stand together: one with a day, and not of an update."""
    start = end = dateline
    while start > 0 and lines[start - 1].kind in _DATELINES:
        start -= 1
    while end + 1 < len(lines) and lines[end + 1].kind in _DATELINES:
        end += 1

    dated = [number for number in range(start, end + 1) if lines[number].has_day]
    published = [number for number in dated if not lines[number].is_update]
    best = published or dated or [dateline]
    return dateline if dateline in best else best[0]


def _prose_follows(lines: Sequence[Line], number: int, title: int, alone: bool) -> int:
    """Return how surely prose follows a date: 0 to 5, where a long title may look like it for 3.

    Below a date that stands `alone` captions and an undated list may come before it, and the
    `title` over the date once more, as the name of its picture.
    """
    may_be_date = True
    captions = 0
    in_list = False
    farthest = number + 1 + (_LOOKED_AT_ALONE if alone else _LOOKED_AT)
    for at, line in enumerate(lines[number + 1 : farthest], number + 1):
        if line.kind is Kind.MORE or (line.kind is Kind.DATE and not may_be_date):
            return 0
        in_list = in_list or line.kind is Kind.HEADING or is_summary_label(line.text)
        if in_list and not alone:
            return 0
        is_text = line.kind is Kind.TEXT and split_credit(line.text, strict=True) is None
        if line.is_prose or (is_text and len(line.text.split()) >= _FEWEST_TEXT_WORDS):
            if line.text.rstrip("\"”’')] ").endswith("."):
                return _LIKE_PROSE if captions or in_list else _PROSE
            is_title = at + 1 < len(lines) and lines[at + 1].kind is Kind.DATE
            return 0 if is_title or not alone else _LIKE_PROSE
        is_again = alone and line.text == lines[title].text
        may_be_title = is_text and not is_again and not line.text.split()[0].islower()
        if may_be_title and not in_list and not is_bare_byline(lines, at, dateline=number):
            captions += 1
            if not alone or captions > _MOST_CAPTIONS:
                return 0
        # The dates of publication and update stand together; others are of other headlines.
        may_be_date = may_be_date and line.kind in _DATELINES
    return 0
