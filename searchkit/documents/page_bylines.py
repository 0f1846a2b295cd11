"""The names in the bylines of a plain-text page."""

import re

from searchkit.documents.page_words import fold, is_on_menus, label_pattern, labels, sections

_ROLES = ("reporter", "editor", "translator")
_LABEL = label_pattern(*_ROLES)
_PEOPLE = re.compile(
    rf"(?<!\w)(?P<role>{_LABEL})(?:\s*(?:&|/|dan)\s*(?P<second>{_LABEL}))?\s*:\s*"
    rf"(?P<name>[^|•·:]{{2,80}}?)\s*(?=$|[|•·]|[/, ]\s*{_LABEL}\s*:)",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"^\W*{_LABEL}(?:\s*(?:&|/|dan)\s*{_LABEL})?\s*:\s*\S", re.IGNORECASE)
# The other labels begin titles too (Laporan Keuangan Bank Sentral); oleh-oleh is a souvenir.
_UNMARKED = re.compile(
    r"^\W*(?:(?:ditulis|dilaporkan)\s+)?(?:oleh|by)\s+(?:[-–]\s+)?(?P<names>(?!oleh\b)\S.*)$",
    re.IGNORECASE,
)
_OF_A_PAPER = re.compile(
    r"^\W*laporan\s+(?:wartawan|reporter|jurnalis|kontributor)\s+\S+(?:\s\S+){0,2},\s*(?P<names>\S.*)$",
    re.IGNORECASE,
)
_ROLE_AND_NAME = re.compile(
    r"^(?P<role>reporter|pewarta|fotografer|editor|penyunting)\s+(?P<name>\S+\s\S.*)$",
    re.IGNORECASE,
)
_NAME_AND_ROLE = re.compile(
    rf"^(?P<name>\S+\s\S.{{1,50}}?)\s*[,(]\s*(?P<role>{_LABEL})\)?$", re.IGNORECASE
)
_INITIALS = re.compile(
    r"[(\[](?:[^\W\d_]{2,5}(?:\s?[/,-]\s?[^\W\d_]{2,5}){0,3}"
    r"|[^\W\d_]{2,12}(?:\s?/\s?[^\W\d_]{2,12}){1,3}"
    r"|[A-Z]-\d{1,2})[)\]]\.?$"
)
_IN_BRACKETS = re.compile(r"\((?P<name>[^()]{5,40})\)\.?$")
_OFFICE_BEFORE = re.compile(rf"^{label_pattern('reporter')}\s+", re.IGNORECASE)
_OFFICE = re.compile(rf"\s*,\s*{_LABEL}$", re.IGNORECASE)
_SITE = re.compile(
    r"\s+(?:[-–—|]\s+[\w.]+|\([^()]{3,30}\)|\w+(?:\.co)?\.(?:com|id|net))$", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|&|/|\||\bdan\b|\band\b)\s*")
_LABELLED_PART = re.compile(r"\s*\w[\w ]{0,20}:\s*\S[^:]*$")
_BESIDE_DATE = "-–—|•·, "
_BARS = re.compile(r"\s*[|•·]\s*")
_SHORTEST_NAME, _LONGEST_NAME = 2, 4
_LONGEST_LABEL = 30


def byline(text: str) -> dict[str, str]:
    """Return the names in a line that is a byline (`Laporan: Rina Ayu`, `Oleh Rina Ayu`) by role.

    Another label may stand before it (`Sumber: Antara | Editor: Rina Ayu`). {} for any other line.
    """
    several = "|" in text and all(map(_LABELLED_PART.match, text.split("|")))
    forms = (_LABELLED, _UNMARKED, _OF_A_PAPER, _ROLE_AND_NAME, _NAME_AND_ROLE)
    is_byline = several or any(form.match(text) for form in forms)
    return people_of(text) if is_byline else {}


def is_byline_label(text: str) -> bool:
    """Return whether a line is nothing but the label of a name, which stands in the next line."""
    return len(text) < _LONGEST_LABEL and labels().get(fold(text)) in _ROLES


def people_of(text: str) -> dict[str, str]:
    """Return the names behind the labels in `text` by role; {} if none.

    A role is "reporter", "editor" or "translator".
    """
    people: dict[str, str] = {}
    for match in _PEOPLE.finditer(text):
        for label in filter(None, (match["role"], match["second"])):
            people.setdefault(labels()[fold(label)], match["name"].strip(" -–,"))
    unmarked = None if people else _UNMARKED.match(text) or _OF_A_PAPER.match(text)
    bare = None if people else _ROLE_AND_NAME.match(text) or _NAME_AND_ROLE.match(text)
    if bare and longest_name(bare["name"]):
        people[labels()[fold(bare["role"])]] = without_site(bare["name"])
    if unmarked and longest_name(unmarked["names"]):
        people["reporter"] = without_site(unmarked["names"])
    return people


def signature(text: str) -> dict[str, str] | None:
    """Return the name in a line below a text by role, as in `(Rina Ayu)`; {} for initials.

    None for any line that is neither: `(rna/bds)` or `(Z-10)` is one.
    """
    if _INITIALS.match(text):
        return {}
    name = _IN_BRACKETS.match(text)
    named = name is not None and longest_name(name["name"]) >= _SHORTEST_NAME
    return {"reporter": name["name"]} if name and named else None


def name_beside_date(before: str, after: str) -> str:
    """Return the name next to a date: `Rina Ayu` where `Rina Ayu, Jurnalis · ` stands before it.

    "" if neither looks like one of two words or more, or has the name of a section in it.
    """
    for text in (
        _BARS.split(before.strip(_BESIDE_DATE))[-1],
        _BARS.split(after.strip(_BESIDE_DATE))[0],
    ):
        name = _OFFICE.sub("", _OFFICE_BEFORE.sub("", text)).strip()
        words = fold(name).split()
        if len(words) >= _SHORTEST_NAME and sections().isdisjoint(words) and longest_name(name):
            return name
    return ""


def without_site(text: str) -> str:
    """Return names without what stands beside them, as in `Rina Ayu (Warta)`, `News - Rina Ayu`."""
    section, _, names = text.partition(" - ")
    return _SITE.sub("", names if names and is_on_menus(fold(section)) else text)


def longest_name(text: str) -> int:
    """Return the words of the longest of the names in `text`; 0 if it does not look like names.

    A short title with capitals looks like a name too.
    """
    several_names = _BETWEEN_NAMES.split(without_site(text.rstrip(" ,")))
    names = [name.split() for name in several_names]
    words = [word for name in names for word in name]
    if not all(word[0].isupper() and word.strip(".'’-").isalpha() for word in words):
        return 0
    lengths = [len(name) for name in names]
    # Of two halves of a title, one is hardly ever as short as a name.
    several = min(lengths) == 2 and max(lengths) <= 3 and len(words) <= 2.5 * len(names)
    return max(lengths) if several or (len(names) == 1 and len(words) <= _LONGEST_NAME) else 0
