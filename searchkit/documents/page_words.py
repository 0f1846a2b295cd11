"""The word lists by which the furniture of a news page is told from its text.

They are data files beside this package (`data/page_*.txt`), compared by `fold`: letters and digits
only, any case, so that `POPULER »` and `Populer:` are the same word.
"""

import re
from collections.abc import Container, Iterator
from functools import cache

from searchkit.shipped import shipped_text

LONGEST_PHRASE = 80
"""Characters; a longer line is never looked up as a whole."""

_WORD = re.compile(r"\w+")
_SKIP = re.compile(r"(?:lewati|akhir dari) (?P<heading>.+?)(?: dan (?:terus|lanjutkan) membaca)?$")
_MOST_HEADING_WORDS = 6
_WILDCARD = " *"
_LONGEST_LINK, _LONGEST_LABEL = 250, 40
_BAR = re.compile("[|·•]")
_NEXT_SENTENCE = re.compile(r"[.!?][\"”]?\s+\S")
_COUNTED = re.compile(r"^\d{1,2} ")
_COUNT = re.compile(r"(?:^|(?<= ))\d+(?:k|m|x|rb|jt)?(?: |$)")


def fold(text: str) -> str:
    """Return `text` in the form in which phrases are compared; "" if it has no letter or digit."""
    return " ".join(_WORD.findall(text.casefold()))


@cache
def _entries(name: str) -> tuple[str, ...]:
    text = shipped_text("searchkit.documents", f"data/{name}")
    rows = (row.strip() for row in text.splitlines())
    return tuple(row for row in rows if row and not row.startswith("#"))


@cache
def list_headings() -> frozenset[str]:
    """Return the folded headings of sidebar lists."""
    return frozenset(_entries("page_list_headings.txt"))


@cache
def sections() -> frozenset[str]:
    """Return the folded names of newspaper sections."""
    return frozenset(_entries("page_sections.txt"))


@cache
def credit_words() -> frozenset[str]:
    """Return the folded first words of photo credits."""
    return frozenset(_entries("page_credits.txt"))


@cache
def labels() -> dict[str, str]:
    """Return the role of each label: `laporan` is a "reporter", `baca juga` is "related"."""
    pairs = (row.split(maxsplit=1) for row in _entries("page_labels.txt"))
    return {label: role for role, label in pairs}


@cache
def label_pattern(*roles: str) -> str:
    """Return a pattern (no groups) for the labels of these roles, of every role when none given."""
    chosen = (label for label, role in labels().items() if not roles or role in roles)
    longest_first = sorted(chosen, key=len, reverse=True)
    return "(?:" + "|".join(label.replace(" ", r"\s+") for label in longest_first) + ")"


def is_related_label(text: str) -> bool:
    """Return whether a line is nothing but a label of related headlines, such as `Baca juga`."""
    return labels().get(fold(text)) == "related"


def is_summary_label(text: str) -> bool:
    """Return whether a line is the heading of a summary, such as `Poin Penting:`."""
    return len(text) < _LONGEST_LABEL and labels().get(fold(text)) == "summary"


@cache
def _related() -> re.Pattern[str]:
    return re.compile(rf"^\W*{label_pattern('related')}\s*:\s*(?P<title>.*)$", re.IGNORECASE)


def related_link(text: str) -> str | None:
    """Return the headline of a line such as `Baca juga: ...`; "" if it has none.

    None when `text` is no such line: also where sentences follow, as in `Baca juga: itu. Dua.`
    """
    if len(text) > _LONGEST_LINK or text.find(":", 0, _LONGEST_LABEL) <= 0:
        return None
    link = _related().match(text)
    return None if link is None or _NEXT_SENTENCE.search(link["title"]) else link["title"].strip()


@cache
def _noise() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return the class of each whole-line phrase, and (beginning, class) for the open ones."""
    whole, beginnings = {}, []
    for row in _entries("page_noise.txt"):
        kind, colon, phrase = row.partition(": ")
        kind, phrase = (kind, phrase) if colon else ("noise", row)
        if phrase.endswith(_WILDCARD):
            beginnings.append((phrase.removesuffix(_WILDCARD) + " ", kind))
        whole[phrase.removesuffix(_WILDCARD)] = kind
    return whole, tuple(beginnings)


def noise_class(folded: str) -> str:
    """Return "noise" or its kind in the list for a folded line that is no content, else "".

    Numbers in it (`Komentar (2)`, `Dibaca 1.229 kali`) make no difference.
    """
    whole, beginnings = _noise()
    phrase = _COUNT.sub("", folded).rstrip() if len(folded) <= LONGEST_PHRASE else folded
    if kind := whole.get(phrase):
        return kind
    # "Lihat Nasional Selengkapnya", "Akhir dari Paling banyak dibaca"
    if "more" in (whole.get(rest) for rest in _without_section(phrase)):
        return "more"
    if (skip := _SKIP.match(folded)) and skip["heading"] in list_headings():
        return "noise"
    text = folded.lstrip("0123456789 ")
    if not text.startswith(_starts()):  # all at once, as most lines begin with none of them
        return ""
    return next(kind for start, kind in beginnings if text.startswith(start))


def is_reply(text: str) -> bool:
    """Return whether a line is the button below a comment, maybe with others: `Suka · Balas`."""
    return any(noise_class(fold(part)) == "reply" for part in _BAR.split(text))


@cache
def _starts() -> tuple[str, ...]:
    return tuple(start for start, _ in _noise()[1])


@cache
def more_pattern() -> str:
    """Return a pattern (no groups) for the links to the rest of a list."""
    whole, _ = _noise()
    phrases = sorted((p for p, kind in whole.items() if kind == "more"), key=len, reverse=True)
    return "(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in phrases) + ")"


@cache
def _more_beside() -> re.Pattern[str]:
    return re.compile(rf" {more_pattern()}$")


def is_list_heading(folded: str) -> bool:
    """Return whether a folded line is the heading of a list, also of one section's.

    A link to the rest of the list may stand beside it: `Terpopuler Ekonomi`, `Terkini Indeks`.
    """
    if folded in list_headings():
        return True
    if len(folded) > LONGEST_PHRASE:
        return False
    alone = _COUNTED.sub("", _more_beside().sub("", folded))  # 5 Berita Terpopuler
    first, _, last = alone.partition(" ")
    of_site = f"{first} {last.partition(' ')[2]}"  # Berita detikcom Lainnya
    return (
        alone in list_headings()
        or of_site in list_headings()
        or is_run_of(alone, list_headings())
        or any(rest.removesuffix(" di") in list_headings() for rest in _without_section(alone))
    )


def _without_section(folded: str) -> Iterator[str]:
    """Yield a short line without the name of a section, for each that is in it."""
    words = folded.split()
    if len(words) <= _MOST_HEADING_WORDS:
        for end in range(1, len(words) + 1):
            for start in range(end):
                if " ".join(words[start:end]) in sections():
                    yield " ".join(words[:start] + words[end:])


@cache
def _on_menus() -> frozenset[str]:
    whole, _ = _noise()
    return frozenset(whole) | sections() | list_headings()


def is_on_menus(folded: str) -> bool:
    """Return whether a folded line is the name of a section, a button or the heading of a list."""
    return folded in _on_menus()


def is_menu(folded: str) -> bool:
    """Say whether the folded line is nothing but two or more section names or buttons."""
    return len(folded.split()) >= 3 and is_run_of(_COUNT.sub("", folded), _on_menus())


def is_run_of(folded: str, known: Container[str]) -> bool:
    """Say whether the folded line is nothing but two or more phrases that are `known`."""
    words = folded.split()
    phrases = at = 0
    while at < len(words):
        for length in (3, 2, 1):
            if " ".join(words[at : at + length]) in known:
                break
        else:
            return False
        at += length
        phrases += 1
    return phrases >= 2
