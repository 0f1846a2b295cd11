"""A plain-text dump of a news page to the article on it and the items of the lists beside it.

Every line is classified by itself (`page_lines`), the article's dateline is chosen, the lists are
found around it (`page_lists`), and what is left above and below the dateline is the article.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice, pairwise

from searchkit.documents.dates import NoSuchDate, parse_published
from searchkit.documents.models import Article, Page, SidebarItem, Sighting
from searchkit.documents.page_boxes import end_of_summary, without_biography
from searchkit.documents.page_bylines import signature, without_site
from searchkit.documents.page_captions import (
    dates_of_opening,
    place_of_opening,
    split_credit,
    take_caption,
)
from searchkit.documents.page_comments import comments_follow
from searchkit.documents.page_dateline import find_dateline, place_of_dateline, starts_of_pages
from searchkit.documents.page_dates import without_update
from searchkit.documents.page_headline import (
    LONGEST_SECTION,
    headline_over,
    is_bare_byline,
    is_office,
)
from searchkit.documents.page_lines import Kind, Line, is_foot, is_site, read_lines
from searchkit.documents.page_lists import TitleList, find_title_lists
from searchkit.documents.page_section import find_section
from searchkit.documents.page_words import fold, is_summary_label, labels

_FEWEST_CAPTION_WORDS = 6
_MOST_ABOVE_CAPTION, _MOST_ABOVE_CREDIT = 2, 3
_LONGEST_TAG = 5
_SHORTEST_LINK, _SHORTEST_TITLE, _LONGEST_TITLE = 3, 5, 16
_BULLET = re.compile(r"[-–*•‣▪]\s")
_DATE_ABOVE_HEADLINE_WITHIN = 3
_OPENING_WITHIN = 8


def read_page_text(text: str, origin: str, source: str = "") -> Page:
    """Return the article and the items of a page given as text.

    The article is None when there is no prose on the page, the items are () when it has no list. A
    date that does not exist is left out, and told in `warnings`.
    """
    return _read_page(read_lines(text), origin, source)


def read_pages(text: str, origin: str, source: str = "") -> list[Page]:
    """Return the pages of a text, in order: one, but for several that were copied into it.

    Each further one begins above a headline with a date and a writer below it, and then paragraphs.
    Their origins have a number then, as `file.txt#2`.
    """
    lines = read_lines(text)
    starts = starts_of_pages(lines)
    if len(starts) == 1:
        return [_read_page(lines, origin, source)]
    parts = [lines[start:end] for start, end in pairwise([*starts, len(lines)])]
    return [_read_page(part, f"{origin}#{at}", source) for at, part in enumerate(parts, start=1)]


def _read_page(lines: Sequence[Line], origin: str, source: str) -> Page:
    dateline = find_dateline(lines)
    lists = find_title_lists(lines, dateline)
    listed = {n for found in lists for n in range(found.start, found.end)}
    if dateline is None:
        dateline = place_of_dateline(lines, listed)
    warnings: list[str] = []
    article = None
    if dateline is not None:
        article = _ArticleReader(lines, listed, dateline, warnings).read(source)
    page = article.id if article else origin
    items = _items(lists, page, source, warnings)
    return Page(origin=origin, article=article, items=items, warnings=tuple(warnings))


def _published(text: str, warnings: list[str]) -> datetime | None:
    try:
        return parse_published(without_update(text))
    except NoSuchDate as error:
        warnings.append(f"{error}; it is left out")
        return None


def _items(
    lists: Sequence[TitleList], page: str, source: str, warnings: list[str]
) -> tuple[SidebarItem, ...]:
    items: dict[str, SidebarItem] = {}
    for found in lists:
        for listed in found.titles:
            item = SidebarItem(
                title=listed.title,
                published=_published(listed.date, warnings),
                source=source,
                seen=(Sighting(page, found.heading),),
            )
            known = items.get(item.id)
            items[item.id] = known.merged(item) if known else item
    return tuple(items.values())


class _ArticleReader:
    """Reads what stands above and below a dateline; `dateline` may be -1 or a line of prose."""

    def __init__(
        self, lines: Sequence[Line], listed: set[int], dateline: int, warnings: list[str]
    ) -> None:
        self._lines = lines
        self._listed = listed
        self._dateline = dateline
        self._warnings = warnings
        self._people: dict[str, str] = {}
        self._caption = self._credit = ""
        self._standfirst = ""
        self._credit_at: int | None = None
        self._tags: list[str] = []
        self._related: list[str] = []

    def read(self, source: str) -> Article | None:
        own = self._lines[self._dateline] if self._dateline >= 0 else Line("", Kind.NOISE)
        self._people |= own.people
        title_at = self._find_headline(self._dateline - (own.kind is Kind.DATE))
        headline_at = self._dateline if title_at is None else title_at
        dated = own if own.has_day or title_at is None else self._date_above(headline_at)
        dated = dated if dated and dated.has_day else self._date_below()
        self._find_caption(headline_at)
        headline = "" if title_at is None else self._lines[title_at].text
        body = self._read_body(headline)
        if own.when and own.when.name:
            self._take_name(self._dateline, own.when.name)
        when = dated.text if dated else next(iter(dates_of_opening(body)), "")
        if not body or (title_at is None and not when):
            return None
        if self._standfirst != self._caption and self._standfirst not in body[0]:
            body.insert(0, self._standfirst)
        return Article(
            headline=headline,
            body=without_biography(body, self._people.get("reporter", "")),
            section=find_section(self._lines, headline_at, self._dateline, self._listed),
            caption=self._caption,
            credit=self._credit,
            reporter=self._people.get("reporter") or self._people.get("editor", ""),
            editor=self._people.get("editor", ""),
            published=_published(when, self._warnings),
            source=source,
            tags=tuple(dict.fromkeys(self._tags)),
            related=tuple(dict.fromkeys(self._related)),
        )

    def _find_headline(self, start: int) -> int | None:
        """Return the line of the headline; keep the names and the caption below it."""
        headline_at = headline_over(self._lines, start, self._listed)
        if headline_at is None:
            return None
        for number in range(start, headline_at, -1):
            line = self._lines[number]
            self._people = line.people | self._people
            office = is_office(self._lines, number, self._listed)
            if line.kind is not Kind.TEXT or is_site(line.text) or office:
                continue
            if credited := split_credit(line.text, strict=True):
                self._caption, self._credit = map(_either, credited, (self._caption, self._credit))
            elif is_bare_byline(self._lines, number, self._listed, self._dateline):
                self._take_name(number)
            else:
                self._standfirst = line.text
        return headline_at

    def _take_name(self, number: int, text: str = "") -> None:
        """Keep a byline without a label in line `number`, but for the paper's name in it.

        That stands above too, or in the opening of the text.
        """
        text = without_site(text or self._lines[number].text)
        above = self._lines[:number]
        papers = {fold(line.text) for line in above if line.text != self._lines[number - 1].text}
        papers |= {
            fold(part)
            for line in self._lines[number + 1 : number + 1 + _OPENING_WITHIN]
            for part in re.split("[,()]", place_of_opening(line.text + " "))
        }
        names = [part for part in text.split(", ") if fold(part) not in papers]
        if names and fold(text) not in papers:
            self._people.setdefault("reporter", ", ".join(names))

    def _date_above(self, headline_at: int) -> Line | None:
        """Return the nearest line with a date between the dateline and just above the headline."""
        farthest = max(headline_at - _DATE_ABOVE_HEADLINE_WITHIN, 0)
        for number in range(self._dateline, farthest - 1, -1):
            line = self._lines[number]
            if number in self._listed or line.kind is Kind.HEADING:
                return None
            if line.has_day:
                return line
        return None

    def _date_below(self) -> Line | None:
        """Return the line under the text that says when it came out; None if there is none."""
        for number in range(self._dateline + 1, len(self._lines)):
            when = self._lines[number].when
            if when and when.has_day and when.label == "dated" and number not in self._listed:
                return self._lines[number]
        return None

    def _find_caption(self, headline_at: int) -> None:
        """Take the caption above the headline, which may go over several lines."""
        above: list[str] = []
        for number in range(headline_at - 1, max(headline_at - 8, -1), -1):
            line = self._lines[number]
            if number in self._listed or line.kind in (Kind.HEADING, Kind.DATE):
                break
            if above and (line.kind is not Kind.TEXT or self._lines[number + 1].after_blank):
                break
            is_crumb = self._lines[headline_at].text in line.text
            if line.kind is Kind.TEXT and len(line.text.split()) > LONGEST_SECTION and not is_crumb:
                above.insert(0, line.text)
        if not above or self._caption:
            return
        text = " ".join(above)
        if credited := split_credit(text, strict=False):
            self._caption, self._credit = credited
        elif len(text.split()) >= _FEWEST_CAPTION_WORDS:
            self._caption = text

    def _read_body(self, headline: str) -> list[str]:
        body: list[str] = []
        at = self._dateline + 1
        if at and is_summary_label(self._lines[at - 1].text):
            at = end_of_summary(self._lines, at - 1) + 1
        ended = False
        while at < len(self._lines):
            line = self._lines[at]
            foot = line.kind is Kind.END and body
            if foot and (is_foot(line.text) or comments_follow(self._lines, at, self._listed)):
                break
            if line.kind is Kind.END or at in self._listed:
                # Beyond lists, comments and bylines only what is surely prose is the article.
                ended = bool(body)
            elif line.kind is Kind.BYLINE or (body and signature(line.text) is not None):
                self._people = (line.people or signature(line.text) or {}) | self._people
                ended = ended or len(body) > _MOST_ABOVE_CAPTION
            elif is_summary_label(line.text) and self._is_above(body):
                at = end_of_summary(self._lines, at)
            elif line.kind in (Kind.RELATED, Kind.TAGS):
                take = self._take_related if line.kind is Kind.RELATED else self._take_tags
                at = take(at)
            elif not body and self._is_name_below(at):
                self._take_name(at)
            elif self._is_text(at, bool(body), ended):
                self._take_text(line, body)
            at += 1
        self._trim(body, headline)
        return body if any(map(_is_prose, body)) else []

    def _trim(self, body: list[str], headline: str) -> None:
        """Take from the body the foot of the page, and the caption above the opening."""
        while body and not _is_prose(body[-1]) and self._is_left_over(body[-1]):
            body.pop()
        if not self._caption and (caption := take_caption(body, self._credit_at)):
            self._caption, credit = split_credit(caption, strict=False) or (caption, "")
            self._credit = self._credit or credit
        body[:] = [text for text in body if text != self._caption]
        if headline and body and headline in body[0] and not _is_prose(body[0]):
            body.pop(0)  # of the picture, which many pages name after the article
        while len(body) > 1 and self._is_above_text(body[0]) and _is_prose(body[1]):
            body.pop(0)

    def _is_above(self, body: Sequence[str]) -> bool:
        """Return whether nothing of the text has been read yet, but maybe a caption."""
        return sum(map(_is_prose, body)) <= (self._credit_at is not None)

    @staticmethod
    def _is_above_text(text: str) -> bool:
        """Return whether the first line of a body is a city, a site or the like."""
        return len(text.split()) <= LONGEST_SECTION and text[-1].isalnum()

    def _is_name_below(self, at: int) -> bool:
        """Return whether a line is the byline, without a label, of an article that has none yet."""
        known = self._people.get("reporter")
        return not known and is_bare_byline(self._lines, at, self._listed, self._dateline)

    def _is_text(self, at: int, begun: bool, ended: bool) -> bool:
        """Return whether a line belongs to the body, once it has `begun` or `ended`."""
        line = self._lines[at]
        if line.is_prose:
            return not ended or self._is_surely_prose(at)
        if ended or not any(letter.isalnum() for letter in line.text):
            return False
        if line.kind is Kind.DATE:
            # In a chronology a date stands over its paragraph.
            below = self._lines[at + 1 : at + 2]
            return begun and (not line.has_day or any(next_line.is_prose for next_line in below))
        # A section's name is a link, but in a list with bullets it is a word like others.
        bulleted = line.kind is Kind.SECTION and begun and _BULLET.match(line.text) is not None
        return line.kind is Kind.TEXT or bulleted

    def _is_surely_prose(self, at: int) -> bool:
        """Return whether a sentence is none that a title may be too: a question, or a call."""
        if not self._lines[at].text.endswith(("?", "!")):
            return True
        below = self._lines[at + 1 : at + 2]
        return any(line.is_prose and line.text.endswith(".") for line in below)

    def _take_text(self, line: Line, body: list[str]) -> None:
        sentences = sum(1 for _ in islice(filter(_is_prose, body), _MOST_ABOVE_CREDIT))
        may_be = sentences < _MOST_ABOVE_CREDIT and line.kind is Kind.TEXT
        credited = split_credit(line.text, strict=True) if may_be else None
        if credited and credited[0] and sentences >= _MOST_ABOVE_CAPTION:
            credited = None
        if not credited or self._caption:
            if not credited or credited[0] != self._caption:  # some pages show it twice
                body.append(line.text)
            return
        self._caption, self._credit = map(_either, credited, (self._caption, self._credit))
        if not self._caption:
            self._credit_at = len(body)

    @staticmethod
    def _is_left_over(text: str) -> bool:
        """Return whether a last line is the foot of a page, or says where the text is from."""
        if text[0] == "(":
            return (split_credit(text, strict=True) or (text,))[0] == ""
        return len(text.split()) <= 2 and text[-1:].isalnum()

    def _take_related(self, at: int) -> int:
        """Keep the headline of a "Baca juga" line, or those under it; return their last line."""
        line = self._lines[at]
        if line.text and not _is_bare_label(line.text):
            self._related.append(line.text)
            return at
        first = at + 1
        for number in range(first, len(self._lines)):
            below = self._lines[number]
            if below.kind is not Kind.TEXT or below.text.endswith("."):
                break
            # Below the first, a short line is rather the article's next subheading.
            words = len(below.text.split())
            is_title = _SHORTEST_TITLE <= words <= _LONGEST_TITLE
            if words < _SHORTEST_LINK or (number > first and (below.is_prose or not is_title)):
                break
            self._related.append(below.text)
            at = number
        return at

    def _take_tags(self, at: int) -> int:
        """Keep the tags of a line, or of the short lines under a bare label; return the last."""
        line = self._lines[at]
        inline = line.text.startswith("#") or ("," in line.text or not _is_bare_label(line.text))
        if line.text and inline:
            parts = line.text.split("#") if line.text.startswith("#") else line.text.split(",")
            self._tags += [name for part in parts if (name := part.strip(" ,#"))]
            return at
        while at + 1 < len(self._lines):
            below = self._lines[at + 1]
            if below.kind not in (Kind.TEXT, Kind.TAGS, Kind.SECTION):
                break
            if len(below.text.split()) > _LONGEST_TAG or below.is_prose or at + 1 in self._listed:
                break
            self._tags.append(below.text.strip(" #"))
            at += 1
        return at


def _either(new: str, known: str) -> str:
    return new or known


def _is_prose(text: str) -> bool:
    return Line(text, Kind.TEXT).is_prose


def _is_bare_label(text: str) -> bool:
    return fold(text) in labels()
