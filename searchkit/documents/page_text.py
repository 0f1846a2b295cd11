"""A plain-text dump of a news page to the article on it and the items of the lists beside it.

Every line is classified by itself (`page_lines`), the article's dateline is chosen, the lists are
found around it (`page_lists`), and what is left above and below the dateline is the article.
"""

from collections.abc import Sequence
from datetime import datetime

from searchkit.documents.dates import NoSuchDate, parse_published
from searchkit.documents.models import Article, Page, SidebarItem, Sighting
from searchkit.documents.page_lines import Kind, Line, crumb, read_lines, split_credit
from searchkit.documents.page_lists import TitleList, find_title_lists
from searchkit.documents.page_words import fold, labels

_SKIPPED_ABOVE = (Kind.BYLINE, Kind.NOISE, Kind.NUMBER, Kind.DATE, Kind.MORE, Kind.TAGS)
_LONGEST_SECTION = 3
_FEWEST_CAPTION_WORDS = 6
_LONGEST_TAG = 5
_LONGEST_NAME = 4


def read_page_text(text: str, origin: str, source: str = "") -> Page:
    """Return the article and the items of a page given as text.

    The article is None when there is no prose on the page, the items are () when it has no list. A
    date that does not exist is left out, and told in `warnings`.
    """
    lines = read_lines(text)
    dateline = _find_dateline(lines)
    lists = find_title_lists(lines, dateline)
    listed = {n for found in lists for n in range(found.start, found.end)}
    if dateline is None:
        dateline = _place_of_dateline(lines, listed)
    warnings: list[str] = []
    article = None
    if dateline is not None:
        article = _ArticleReader(lines, listed, dateline, warnings).read(source)
    page = article.id if article else origin
    items = _items(lists, page, source, warnings)
    return Page(origin=origin, article=article, items=items, warnings=tuple(warnings))


def _find_dateline(lines: Sequence[Line]) -> int | None:
    """Return the line of the article's date: the one with a byline, a zone or prose after it."""
    best, best_score = None, 2
    for number, line in enumerate(lines):
        if line.kind is not Kind.DATE:
            continue
        score = 4 * bool(line.people) + line.has_zone + line.text.isupper()
        score += 3 * _prose_follows(lines, number)
        if score > best_score:
            best, best_score = number, score
    return best


def _prose_follows(lines: Sequence[Line], number: int) -> bool:
    for line in lines[number + 1 : number + 8]:
        if line.kind in (Kind.DATE, Kind.HEADING):
            return False
        if line.is_prose:
            return True
        if line.kind is Kind.TEXT and split_credit(line.text, strict=True) is None:
            return len(line.text.split()) >= 2 * _FEWEST_CAPTION_WORDS
    return False


def _place_of_dateline(lines: Sequence[Line], listed: set[int]) -> int | None:
    """Return where a dateline would stand on a page without one: just above the first prose."""
    for number, line in enumerate(lines):
        if number not in listed and line.is_prose and not split_credit(line.text, strict=True):
            return number - 1
    return None


def _published(text: str, warnings: list[str]) -> datetime | None:
    try:
        return parse_published(text)
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
        self._tags: list[str] = []
        self._related: list[str] = []

    def read(self, source: str) -> Article | None:
        own = self._lines[self._dateline] if self._dateline >= 0 else Line("", Kind.NOISE)
        dated = own.kind is Kind.DATE
        self._people |= own.people
        headline_at, headline = self._find_headline(self._dateline - 1 if dated else self._dateline)
        section = self._find_section(headline_at)
        self._find_caption(headline_at)
        body = self._read_body()
        if not body or not headline:
            return None
        return Article(
            headline=headline,
            body=tuple(body),
            section=section,
            caption=self._caption,
            credit=self._credit,
            reporter=self._people.get("reporter") or self._people.get("editor", ""),
            editor=self._people.get("editor", ""),
            published=_published(own.text, self._warnings) if dated else None,
            source=source,
            tags=tuple(dict.fromkeys(self._tags)),
            related=tuple(dict.fromkeys(self._related)),
        )

    def _find_headline(self, start: int) -> tuple[int, str]:
        """Return (line, text) of the nearest title at or above `start`."""
        for number in range(start, -1, -1):
            line = self._lines[number]
            if number in self._listed or line.kind is Kind.HEADING:
                break
            self._people = line.people | self._people
            if line.kind is not Kind.TEXT:
                continue
            if credited := split_credit(line.text, strict=True):
                self._caption, self._credit = credited
                continue
            if self._is_bare_name(number):
                self._people.setdefault("reporter", line.text)
                continue
            return number, line.text
        return start, ""

    def _is_bare_name(self, number: int) -> bool:
        """Return whether a line is a byline without a label: a name under a longer headline."""
        words = self._lines[number].text.split()
        if number == 0 or not 2 <= len(words) <= _LONGEST_NAME or number - 1 in self._listed:
            return False
        above = self._lines[number - 1]
        return (
            above.kind is Kind.TEXT
            and len(above.text.split()) > _LONGEST_NAME
            and split_credit(above.text, strict=False) is None
            and all(word[0].isupper() and word.strip(".,'’-").isalpha() for word in words)
        )

    def _find_section(self, headline_at: int) -> str:
        """Return the section between headline and dateline, else the one above the headline."""
        for number in range(headline_at + 1, max(self._dateline, headline_at + 1)):
            if self._lines[number].kind is Kind.SECTION:
                return self._section_name(number)
        for number in range(headline_at - 1, max(headline_at - 4, -1), -1):
            line = self._lines[number]
            if number in self._listed:
                break
            if line.kind is Kind.SECTION:
                # Several one after another are the page's menu.
                menu = number > 0 and self._lines[number - 1].kind is Kind.SECTION
                return "" if menu and not crumb(line.text) else self._section_name(number)
            words = len(line.text.split())
            if line.kind is Kind.TEXT:
                is_name = words <= _LONGEST_SECTION and line.text[-1:].isalnum()
                return line.text if is_name and not split_credit(line.text, strict=False) else ""
        return ""

    def _section_name(self, number: int) -> str:
        text = self._lines[number].text
        return crumb(text) or text

    def _find_caption(self, headline_at: int) -> None:
        """Take the caption above the headline, which may go over several lines."""
        above: list[str] = []
        for number in range(headline_at - 1, max(headline_at - 8, -1), -1):
            line = self._lines[number]
            if number in self._listed or line.kind in (Kind.HEADING, Kind.DATE):
                break
            # Once part of the caption is found, a line of any length belongs to it.
            if line.kind is Kind.TEXT and (above or len(line.text.split()) > _LONGEST_SECTION):
                above.insert(0, line.text)
        if not above or self._caption:
            return
        text = " ".join(above)
        if credited := split_credit(text, strict=False):
            self._caption, self._credit = credited
        elif len(text.split()) >= _FEWEST_CAPTION_WORDS:
            self._caption = text

    def _read_body(self) -> list[str]:
        body: list[str] = []
        at = self._dateline + 1
        ended = False
        while at < len(self._lines):
            line = self._lines[at]
            if line.kind is Kind.END or at in self._listed:
                # Beyond the lists or the comments only what is surely prose is still the article.
                ended = True
            elif line.kind is Kind.BYLINE:
                self._people = line.people | self._people
            elif line.kind is Kind.RELATED:
                at = self._take_related(at)
            elif line.kind is Kind.TAGS:
                at = self._take_tags(at)
            elif line.kind in (Kind.TEXT, Kind.SECTION, Kind.HEADING, Kind.NUMBER):
                self._take_text(line, body, ended)
            at += 1
        while body and not Line(body[-1], Kind.TEXT).is_prose and self._is_left_over(body[-1]):
            body.pop()
        return body if any(Line(text, Kind.TEXT).is_prose for text in body) else []

    def _take_text(self, line: Line, body: list[str], ended: bool) -> None:
        first = line.kind is Kind.TEXT and not body and not self._caption
        if first and (credited := split_credit(line.text, strict=True)):
            self._caption, self._credit = credited
            return
        if not any(letter.isalnum() for letter in line.text):
            return
        if line.is_prose or (line.kind is Kind.TEXT and not ended):
            body.append(line.text)

    @staticmethod
    def _is_left_over(text: str) -> bool:
        """Return whether a short last line is the foot of a page rather than of an article."""
        return len(text.split()) <= 2 and text[-1:].isalnum()

    def _take_related(self, at: int) -> int:
        """Keep the headline of a "Baca juga" line, or of the line under it; return its line."""
        line = self._lines[at]
        if line.text and not _is_bare_label(line.text):
            self._related.append(line.text)
            return at
        if at + 1 < len(self._lines):
            below = self._lines[at + 1]
            if below.kind is Kind.TEXT and not below.text.endswith("."):
                self._related.append(below.text)
                return at + 1
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


def _is_bare_label(text: str) -> bool:
    return fold(text) in labels()
