"""What a page says of itself: JSON-LD, OpenGraph and other metas, microdata, and its headings."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lxml.html import HtmlElement

from searchkit.documents.dates import DAY_NAMES, MONTH, NoSuchDate, parse_published
from searchkit.documents.html_elements import text_of
from searchkit.documents.html_linked_data import linked_crumbs, string_of, values_of
from searchkit.documents.html_people import find_people
from searchkit.documents.identity import canonical_url, is_home_page
from searchkit.documents.page_captions import dates_of_opening
from searchkit.documents.page_dates import read_when

_DATELINE = re.compile(
    rf"{DAY_NAMES}\W+\d{{1,2}}|\b\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{4}}\b"
    rf"|\b\d{{1,2}} [a-z]{{3,9}} \d{{4}}\b|\b\d{{4}}-\d\d-\d\d|\b{MONTH} \d{{1,2}},? \d{{4}}\b",
    re.IGNORECASE,
)
_HOME = frozenset({"home", "beranda", "depan", "news", "berita"})
_DATE_METAS = (
    "article:published_time",
    "publishdate",
    "dtk:publishdate",
    "content_publisheddate",
    "pubdate",
    "date",
    "dc.date",
    "datepublished",
)
_URL_MARKS = (
    "(//a[@itemprop='url']|//link[@itemprop='url' or @itemprop='mainEntityOfPage'])"
    "[not(ancestor-or-self::*[@itemscope][1][contains(@itemtype, 'Person')"
    " or contains(@itemtype, 'Organization') or contains(@itemtype, 'ListItem')])]"
)
_CRUMBS = (
    "//*["
    + " or ".join(
        f"contains(translate(@{name}, 'BC', 'bc'), '{word}')"
        for name in ("class", "id", "itemtype", "aria-label")
        for word in ("bread", "crumb")
    )
    + "]"
)
_SAME_TIME = timedelta(hours=1)
_SHORT = 120
_MOST_WORDS_OF_A_SECTION = 4
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of the page's article before its text is read; "" or None for unknown.

    `says_article` tells that the page calls itself an article; `url` is that of the article, `base`
    the same or else one of the page's site, against which its links can be resolved.
    """

    says_article: bool
    published: datetime | None
    warnings: tuple[str, ...]
    section: str
    reporter: str
    editor: str
    source: str
    url: str
    base: str
    tags: tuple[str, ...]


def read_metas(tree: HtmlElement) -> dict[str, str]:
    """Return the first value of each <meta> by its name, property or itemprop in lower case."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        value = " ".join((meta.get("content") or "").split())
        if name and value:
            found.setdefault(name.lower(), value)
    return found


def read_metadata(
    tree: HtmlElement,
    linked: dict[str, Any],
    metas: dict[str, str],
    url: str,
    heading: HtmlElement | None,
    listed: list[HtmlElement],
) -> Metadata:
    """Return the metadata of a page that came from `url` ("" if unknown).

    `linked` is the JSON-LD of its article, see `linked_article`, `metas` are those of `read_metas`,
    and `heading` is the element of the headline; what stands in the elements of `listed` is not
    about this article.
    """
    published, warnings = _published(tree, metas, linked, _datelines(tree, heading, listed))
    people = find_people(tree, metas, linked, listed, heading)
    own_url, base = _addresses(tree, metas, url, listed)
    source = metas.get("og:site_name", "")
    return Metadata(
        says_article=bool(linked) or metas.get("og:type", "").lower() == "article",
        published=published,
        warnings=warnings,
        section=_section(tree, metas, linked),
        reporter=people.get("reporter", ""),
        editor=people.get("editor", ""),
        source="" if source.startswith("http") else source,
        url=own_url,
        base=base,
        tags=_tags(tree, metas, linked),
    )


def dated_by_text(meta: Metadata, paragraphs: Sequence[str]) -> Metadata:
    """Return the metadata with the date with which the text opens (`Jakarta, 3 Juni 2024 -`).

    They are returned as they are where they have a date, and where the text opens with none.
    """
    if meta.published:
        return meta
    moments, warnings = _moments(dates_of_opening(paragraphs))
    published = next(iter(moments), None)
    told = tuple(dict.fromkeys((*meta.warnings, *warnings)))
    return replace(meta, published=published, warnings=told)


def _published(
    tree: HtmlElement, metas: dict[str, str], linked: dict[str, Any], datelines: list[str]
) -> tuple[datetime | None, tuple[str, ...]]:
    texts = [string_of(linked.get("datePublished"))]
    texts += [metas.get(name, "") for name in _DATE_METAS]
    for element in tree.xpath("//*[@itemprop='datePublished']"):
        texts += [element.get("datetime") or "", element.get("content") or "", text_of(element)]
    claimed, warnings = _moments(texts)
    of_updates = [text for text in datelines if _is_update(text)]
    visible, more = _moments([text for text in datelines if text not in of_updates] or of_updates)
    moments = claimed + visible
    if not moments:
        return None, tuple(dict.fromkeys(warnings + more))
    first = moments[0]
    if not _has_clock(first):  # another place may give the time
        same = (m for m in moments if m.date() == first.date() and _has_clock(m))
        first = next(same, first)
    return _in_zone_of(first, visible), ()


def _is_update(text: str) -> bool:
    when = read_when(text)
    return when is not None and when.label == "updated"


def _moments(texts: list[str]) -> tuple[list[datetime], list[str]]:
    moments: list[datetime] = []
    warnings: list[str] = []
    for text in filter(None, texts):
        try:
            moment = parse_published(text)
        except NoSuchDate as error:
            warnings.append(f"{error}; it is left out")
            continue
        if moment:
            moments.append(moment)
    return moments, warnings


def _has_clock(moment: datetime) -> bool:
    """Return whether a moment is more than a date, which is read as its midnight."""
    return (moment.hour, moment.minute) != (0, 0)


def _in_zone_of(claimed: datetime, visible: list[datetime]) -> datetime:
    """Return `claimed`, in the zone of the visible times if it was meant in that.

    Many sites write the local time and call it UTC. Then a clock they show beside the headline
    agrees with the claimed one as it stands, and none does after conversion.
    """
    timed = _has_clock(claimed)
    shown = [each for each in visible if each.utcoffset() and _has_clock(each) == timed]
    if claimed.utcoffset() or not shown:
        return claimed
    local = claimed.replace(tzinfo=shown[0].tzinfo)
    apart = min(abs(local - each) for each in shown)
    if apart < _SAME_TIME and apart < min(abs(claimed - each) for each in shown):
        return local
    return claimed


def _datelines(
    tree: HtmlElement, heading: HtmlElement | None, listed: list[HtmlElement]
) -> list[str]:
    """Return short texts with a date in them around the headline, the nearest first."""
    if heading is None:
        return []
    others = {each for element in listed for each in element.iter()}
    elements = [e for e in tree.iter() if isinstance(e.tag, str) and e not in others]
    if heading not in elements:
        return []
    place = elements.index(heading)
    found: list[tuple[int, str]] = []
    for number in range(max(0, place - _NEAR // 4), min(len(elements), place + _NEAR)):
        text = elements[number].get("datetime") or ""
        if not text and len(elements[number]) < 8:
            text = text_of(elements[number])
        if 0 < len(text) < _SHORT and _DATELINE.search(text) and elements[number] is not heading:
            found.append((abs(number - place), text))
        tail = " ".join((elements[number].tail or "").split())
        if 0 < len(tail) < _SHORT and _DATELINE.search(tail):
            found.append((abs(number - place), tail))
    return [text for _, text in sorted(found, key=lambda pair: pair[0])]


def _section(tree: HtmlElement, metas: dict[str, str], linked: dict[str, Any]) -> str:
    if section := string_of(linked.get("articleSection")):
        return section
    for marked in tree.xpath("//*[@itemprop='articleSection' and not(self::meta)]")[:1]:
        return text_of(marked)
    for crumb in tree.xpath(_CRUMBS)[:1]:
        if names := _sections(text_of(link) for link in crumb.iter("a")):
            return names[-1]
    if section := metas.get("article:section", ""):
        return section
    steps = linked_crumbs(tree)
    return next(reversed(_sections(steps[1:])), "")  # the first is the site


def _sections(names: Iterable[str]) -> list[str]:
    """Return those names of a breadcrumb that are neither the home page nor the headline."""
    cleaned = (name.strip(" /›»>") for name in names)
    return [
        name
        for name in cleaned
        if name and name.lower() not in _HOME and len(name.split()) <= _MOST_WORDS_OF_A_SECTION
    ]


def _addresses(
    tree: HtmlElement, metas: dict[str, str], known: str, listed: list[HtmlElement]
) -> tuple[str, str]:
    """Return the URL of the article, and one that links are resolved against; "" if unknown.

    Many sites name their home page as that of every article: it is good for the links only.
    """
    claimed = [link.get("href") or "" for link in tree.xpath("//link[@rel='canonical']")]
    claimed = [url for url in (*claimed, metas.get("og:url", "")) if canonical_url(url)]
    marked = (
        each.get("href") or ""
        for each in tree.xpath(_URL_MARKS)
        if not any(part in each.iterancestors() for part in listed)
    )
    own = next((url for url in claimed if not is_home_page(canonical_url(url))), known)
    own = own or next((url for url in marked if not is_home_page(canonical_url(url))), "")
    return own, own or next(iter(claimed), "")


def _tags(tree: HtmlElement, metas: dict[str, str], linked: dict[str, Any]) -> tuple[str, ...]:
    tags = [text_of(link) for link in tree.xpath("//a[@rel='tag']")]
    words = values_of(linked.get("keywords")) or [metas.get("keywords", "")]
    tags = tags or tree.xpath("//meta[@property='article:tag']/@content")
    tags = tags or [tag for each in words for tag in re.split("[,;]", string_of(each))]
    cleaned = (" ".join(tag.split()).lstrip("#") for tag in tags)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag and len(tag) < _NEAR))
