"""The lines of a plain-text page, each with what it is taken for."""

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise

from searchkit.analysis.normalization import INVISIBLE
from searchkit.documents.page_bylines import byline, is_byline_label, longest_name
from searchkit.documents.page_captions import opens_text
from searchkit.documents.page_dates import When, read_when
from searchkit.documents.page_words import (
    fold,
    is_list_heading,
    is_menu,
    label_pattern,
    labels,
    noise_class,
    related_link,
    sections,
)

FEWEST_PROSE_WORDS = 12


class Kind(Enum):
    """What a line is taken for, before its neighbours are looked at."""

    TEXT = auto()
    DATE = auto()
    BYLINE = auto()
    SECTION = auto()
    HEADING = auto()
    RELATED = auto()
    TAGS = auto()
    NUMBER = auto()
    NOISE = auto()
    MORE = auto()
    END = auto()


@dataclass(slots=True)
class Line:
    """A line of a page, in one piece.

    `people` holds the names of a byline by role, `when` what a line of kind DATE says.
    """

    text: str
    kind: Kind
    after_blank: bool = False
    people: dict[str, str] = field(default_factory=dict)
    when: When | None = None

    @property
    def has_day(self) -> bool:
        """Whether the line is a date, and not only a time such as "2 jam lalu"."""
        return self.when is not None and self.when.has_day

    @property
    def is_update(self) -> bool:
        """Whether the line is the date of a change to the article."""
        return self.when is not None and self.when.label == "updated"

    @property
    def is_prose(self) -> bool:
        """Whether the line is a sentence rather than a title."""
        words = len(self.text.split())
        text = _SIGNED.sub("", self.text) if self.text.endswith(")") else self.text
        ends = text.rstrip("\"”’')] ").endswith((".", "?", "!", ":", "…"))
        return self.kind is Kind.TEXT and (words >= 2 * FEWEST_PROSE_WORDS or (ends and words >= 6))


_SIGNED = re.compile(r"(?<=[.!?\"”])\s*\([^()]{2,40}\)$")  # with the initials of who wrote it
_BLANKS = re.compile(
    r"[\t\r\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u3000 ]+"
)
_REMOVED = str.maketrans(dict.fromkeys(INVISIBLE))
_TAGS = re.compile(rf"^\W*{label_pattern('tags')}\s*(?::|(?=#))\s*(?P<tags>.*)$", re.IGNORECASE)
_HASHTAGS = re.compile(r"^(?:(?:#\w[\w-]*[\s,]*)+|(?:#\w[^#.!?]{1,30}){2,})$")
_NUMBER = re.compile(
    r"^(?:#?\d{1,2}[.)]?|\d{1,3}\s?/\s?\d{1,3}|\d{1,3}(?:[.,]\d{1,3})*\s?(?:k|rb|ribu|jt|juta))$",
    re.IGNORECASE,
)
_VIDEO = re.compile(
    r"^\W*(?:simak|tonton|lihat)\s+(?:(?:juga|pula)\s+)?video\s*"
    r"(?::?\s*[\"“'‘](?P<title>.+?)[\"”'’]\s*:?|:\s*(?P<plain>\S.*))\s*$",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"^(?:sumber|sumber foto|sumber gambar)\s*:$", re.IGNORECASE)
_ADDRESS = re.compile(
    r"^(?:\w[\w ]{0,20}(?::|\bdi)\s*https?://\S+|\[(?:gambas|video)\s*:[^\]]*\])$", re.IGNORECASE
)
_POINT = re.compile(r"\d{1,2}[.)]\s")
_FILE_NUMBER = re.compile(  # Siaran Pers Nomor: 12/HUMAS/2024
    r"^(?:(?:siaran|rilis)\s+pers\s+|press\s+release\s+)?(?:nomor|no)\b\W*\S*\d\S*$", re.IGNORECASE
)
_FILED_UNDER = re.compile(
    rf"^{label_pattern('section')}\s*:\s*(?P<name>\S.{{1,60}})$", re.IGNORECASE
)
_DIVIDED = re.compile(r"(?P<start>[^\W\d_]+)-$")
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 40
_WIDEST_WRAPPED, _FEWEST_WRAPPED = 100, 4
_FEWEST_LETTERS = 2  # a lone A makes the letters of the page larger
_SITE = re.compile(
    r"(?:[a-z]+[A-Z]\w*|(?:https?://|www\.)\S+|(?:[\w-]+\.){1,3}[a-z]{2,3}(?:\.id)?)$"
)
_NOISE_KINDS = {"more": Kind.MORE, "end": Kind.END, "comments": Kind.END}
_HOME = frozenset({"home", "beranda", "depan", "berita", "news", "halaman utama"})
_LONGEST_CRUMB = 3
_CRUMB = re.compile(r"\s*[>»›/]\s*")
_FOOT = re.compile(
    # In brackets it stands behind the text under a picture.
    r"^.{0,40}?(?:(?:(?<!\()©|\(c\)).{0,30}?\b(?:19|20)\d\d\b|\b(?:19|20)\d\d\s*©)",
    re.IGNORECASE,
)
_MENU_BAR = re.compile(r"\s*[|·•]\s*")
_FEWEST_ON_A_BAR, _LONGEST_ON_A_BAR = 4, 4


def read_lines(text: str) -> list[Line]:
    """Return the lines of `text` that are not blank, hard-wrapped paragraphs put together."""
    lines: list[Line] = []
    blank = True
    raw = _in_one_column(text.translate(_REMOVED).replace("\r\n", "\n").splitlines())
    stripped = [_BLANKS.sub(" ", line).strip() for line in raw]
    width = _wrapped_at(stripped)
    for above, cleaned in pairwise(["", *stripped]):
        if not cleaned:
            blank = True
            continue
        line = classify(cleaned)
        line.after_blank = blank
        if lines and is_byline_label(lines[-1].text) and longest_name(line.text):
            line = classify(f"{lines.pop().text.rstrip(' :')}: {line.text}")
        elif lines and _SOURCE.match(lines[-1].text) and line.kind is Kind.TEXT:
            line.text = f"{lines.pop().text} {line.text}"
        broken = width > 0 and not blank and _is_full(above, cleaned, width)
        if lines and _is_one(lines[-1], line, broken):
            lines[-1].text = _joined(lines[-1].text, line.text)
        else:
            lines.append(line)
        blank = False
    return lines


def _in_one_column(lines: list[str]) -> list[str]:
    """Return the lines with lists that stand abreast, a tab between them, one below the other."""
    found: list[str] = []
    rows: list[list[str]] = []
    for line in lines:
        cells = line.split("\t") if "\t" in line else []
        if rows and len(cells) == len(rows[0]):
            rows.append(cells)
            continue
        found += [cell for column in zip(*rows, strict=True) for cell in column]
        is_top = bool(cells) and all(is_list_heading(fold(cell)) for cell in cells)
        rows = [cells] if is_top else []
        found += [] if is_top else [line]
    return found + [cell for column in zip(*rows, strict=True) for cell in column]


def _wrapped_at(lines: list[str]) -> int:
    """Return the width at which the paragraphs of a text are wrapped; 0 if they are not.

    There most lines that another follows have no room for its first word.
    """
    width = max(map(len, lines), default=0)
    if width > _WIDEST_WRAPPED:
        return 0
    full = [_is_full(above, below, width) for above, below in pairwise(lines) if above and below]
    return width if sum(full) >= max(_FEWEST_WRAPPED, len(full) / 2) else 0


def _is_full(above: str, below: str, width: int) -> bool:
    return len(above) + 1 + len(below.partition(" ")[0]) > width


def classify(text: str) -> Line:
    """Return `text` with what it is taken for, by itself."""
    if len(text) > 300:
        return Line(text, Kind.TEXT)
    if _NUMBER.match(text):
        return Line(text, Kind.NUMBER)
    if when := read_when(text):
        return Line(text, Kind.DATE, people=when.people, when=when)
    if people := byline(text):
        return Line(text, Kind.BYLINE, people=people)
    if (video := _VIDEO.match(text)) is not None:
        return Line(video["title"] or video["plain"], Kind.RELATED)
    if (related := related_link(text)) is not None:
        return Line(related, Kind.RELATED)
    if filed := _FILED_UNDER.match(text):
        return Line(filed["name"], Kind.SECTION)
    if tags := _TAGS.match(text):
        return Line(tags["tags"], Kind.TAGS)
    if _HASHTAGS.match(text):
        return Line(text, Kind.TAGS)
    return Line(text, _kind_of_words(fold(text), text))


def _kind_of_words(folded: str, text: str) -> Kind:
    role = labels().get(folded, "")
    if len(folded) < _FEWEST_LETTERS or _ADDRESS.match(text) or _FILE_NUMBER.match(text):
        return Kind.NOISE
    if is_list_heading(folded):
        return Kind.HEADING
    if role == "related":
        return Kind.RELATED
    if role == "tags":
        return Kind.TAGS
    if role == "summary":
        return Kind.NOISE
    if folded in sections():
        return Kind.SECTION
    if noise := noise_class(folded):
        return _NOISE_KINDS.get(noise, Kind.NOISE)
    if is_foot(text):
        return Kind.END
    if crumb(text):
        return Kind.SECTION
    return Kind.NOISE if is_menu(folded) or _is_menu_bar(text) else Kind.TEXT


def is_foot(text: str) -> bool:
    """Return whether a line is the copyright line of a page, below which nothing is its article."""
    return _FOOT.match(text) is not None


def _is_menu_bar(text: str) -> bool:
    parts = [part.split() for part in _MENU_BAR.split(text) if part.strip()]
    if len(parts) < _FEWEST_ON_A_BAR or any(each.isdigit() for each in text):
        return False
    return all(len(words) <= _LONGEST_ON_A_BAR for words in parts)


def crumb(text: str) -> str:
    """Return the last section named in a breadcrumb (`Beranda > Dunia`); "" if it is none."""
    parts = [part.strip() for part in _CRUMB.split(text) if part.strip()]
    if len(parts) == 1:  # Home Dunia
        parts = text.split(" ", 1)
    if len(parts) < 2 or len(text) > 80:
        return ""
    home = is_home(parts[0])
    known = [part for part in parts if fold(part) in sections()]
    if not known and home and len(parts) > 2:
        return parts[-1] if len(parts[-1].split()) <= _LONGEST_CRUMB else ""
    if not known or not (home or len(known) == len(parts)):
        return ""
    return known[-1]


def is_home(text: str) -> bool:
    """Return whether a line or a part of it is the link to the home page, or to all news."""
    return fold(text) in _HOME


def is_site(text: str) -> bool:
    """Return whether a line is only the name or the address of a site (`detikFinance`)."""
    return _SITE.match(text) is not None


def _is_one(above: Line, below: Line, broken: bool) -> bool:
    """Return whether two lines are one: `broken` at the width of the page, or by a browser."""
    if above.kind is not Kind.TEXT or below.kind is not Kind.TEXT:
        return False
    return broken or _is_opening(above) or _goes_on_in_name(above, below) or _goes_on(above, below)


def _joined(above: str, below: str) -> str:
    """Return two lines as one; a word divided between them is whole again.

    A word that is said twice (`anak-anak`) keeps its hyphen.
    """
    divided, first = _DIVIDED.search(above[-_LONGEST_WORD:]), _WORD.match(below)
    if not divided or not first or not (below[0].islower() or below[0].isdigit()):
        return f"{above} {below}"
    start = divided["start"].lower()
    doubled = first[0].startswith(start) or start.endswith(first[0])
    return (above if doubled or below[0].isdigit() else above[:-1]) + below


def _goes_on_in_name(above: Line, below: Line) -> bool:
    """Return whether two lines are the names of a byline, a comma behind the first."""
    return above.text[-1] == "," and bool(longest_name(above.text) and longest_name(below.text))


def _is_opening(above: Line) -> bool:
    """Return whether a line is the place with which the text begins, as `Jakarta -`, all alone."""
    return above.text[-1] in "-–—" and opens_text(above.text + " ")


def _goes_on(above: Line, below: Line) -> bool:
    """Return whether a line goes on in the next one, as in a text wrapped at a fixed width."""
    if below.after_blank or len(above.text) < 40:
        return False
    if above.text.endswith((".", "!", "?", "”", '"', ":")) or is_site(below.text):
        return False
    if opens_text(below.text):  # warta.com, Jakarta - ...
        return False
    if below.text[0].islower() or above.text.endswith((",", "-")):
        return True
    # Headlines, which end in a capital, and the points of a list begin with numbers too.
    in_sentence = above.text.split()[-1][0].islower()
    return below.text[0].isdigit() and in_sentence and not _POINT.match(below.text)
