"""What the short texts of a saved page are taken for: the rules of page text, and a few more.

Markup says where a line ends, so labels such as *Baca juga* may stand without a colon here.
"""

import re
from collections.abc import Iterable

from searchkit.documents.dates import DAY_NAMES
from searchkit.documents.page_bylines import is_byline_label
from searchkit.documents.page_lines import Kind, Line, classify
from searchkit.documents.page_words import fold

_RELATED = re.compile(
    r"^\W*(?:(?:baca|simak|lihat|tonton)\s+(?:juga|selengkapnya|pula)\s*:?|pilihan\s+editor\s*:"
    r"|simak\s+video\s*(?=[\"“:]))\s*(?P<title>.*)$",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"^\W*(?:(?:(?:advertisement|iklan)\W*)?(?:scroll|gulir)\s+(?:to|untuk|ke bawah)\b.{0,60}"
    r"|(?:gambas|video)\s*:.*|\[gambas.*|copyright\b.*|ikuti (?:berita|kami).{0,120}google news.*"
    r"|halaman\W[\s\d|]+(?:selanjutnya)?|(?:editor|penulis|pewarta|reporter|fotografer|laporan)\s*:.*)$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    rf"^(?:{DAY_NAMES}\W+)?\d{{1,2}}[\s/-]\w{{1,9}}[\s/-]\d{{4}}\W*(?:\d\d[:.]\d\d\W*)?"
    r"(?:wib|wita|wit)?(?:\W+\d+ views)?$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    rf"\b(?:{DAY_NAMES}|\d{{1,2}}[\s/-]\w{{1,9}}[\s/-]\d{{4}}|\d\d[:.]\d\d|wib|wita|wit)\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^(?:ditulis oleh|(?:tim )?redaksi$)", re.IGNORECASE)
_FURNITURE = frozenset({Kind.NOISE, Kind.MORE, Kind.END, Kind.BYLINE, Kind.TAGS, Kind.RELATED})
_LONGEST_RELATED = 250
_LONGEST_BYLINE = 60
_DASHES = ("-", "–", "—")


def related_title(text: str) -> str | None:
    """Return the headline of a line such as *Baca juga: ...*; "" if it has none.

    None when `text` is no such line.
    """
    if len(text) > _LONGEST_RELATED:
        return None
    if match := _RELATED.match(text):
        title = match["title"].strip()
        return "" if re.search(r"[.!?]\s", title) else title
    line = classify(text)
    # Without its colon a label may be any word of a sentence.
    return line.text if line.kind is Kind.RELATED and ":" in text else None


def is_furniture(text: str) -> bool:
    """Return whether a paragraph is a button, an advertisement, a byline or the like."""
    if _NOISE.match(text) or _DATELINE.match(text):
        return True
    line = classify(text)
    labelled = line.when is not None and line.when.label != ""  # Terbit: 3 Juni 2024
    return labelled or line.kind in _FURNITURE


def without_byline(paragraphs: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
    """Return the paragraphs without what says beside the first sentence who wrote them and when.

    `names` are those of the people and the paper.
    """
    known = {_squeezed(name) for name in names}
    prose = [at for at, text in enumerate(paragraphs) if Line(text, Kind.TEXT).is_prose][:2]
    # The first sentence may sum up the article, above all that.
    first, second = (*prose, len(paragraphs), len(paragraphs))[:2]
    kept = (
        text
        for at, text in enumerate(paragraphs[:second])
        if not (_is_byline(text, known) or (at < first and _is_when(text)))
    )
    return (*kept, *paragraphs[second:])


def _is_byline(text: str, known: set[str]) -> bool:
    if len(text) > _LONGEST_BYLINE:
        return False
    undated = _squeezed(_WHEN.sub(" ", text))
    label, _, name = text.partition(" ")
    labelled = is_byline_label(label) and (not name or _squeezed(name) in known)
    return not undated or undated in known or labelled or bool(_BYLINE.match(text))


def _is_when(text: str) -> bool:
    """Return whether a line is a date or a number, and not a date with which a text opens."""
    kind = classify(text).kind
    return kind is Kind.NUMBER or (kind is Kind.DATE and not text.endswith(_DASHES))


def _squeezed(name: str) -> str:
    return fold(name).replace(" ", "")
