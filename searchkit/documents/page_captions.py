"""The captions of a plain-text page: a line under a photograph, and who took it."""

import re

from searchkit.documents.page_words import credit_words, fold

_CREDIT = re.compile(r"^(?P<caption>.*\S)\s*/\s*(?P<credit>[^\W\d_][^/]{1,45})$", re.DOTALL)
_PHOTO = re.compile(
    r"^(?P<caption>.*?)\s*[\[(]?\b(?:foto|photo|sumber foto|kredit foto)\s*:\s*"
    r"(?P<credit>[^()\[\]:]{2,60}?)[\])]?\.?$",
    re.IGNORECASE | re.DOTALL,
)
_IN_BRACKETS = re.compile(
    r"^(?P<caption>.*\S)\s*[(\[](?P<credit>[^\W\d_][^()\[\]]{1,60})[)\]]\.?$", re.DOTALL
)
_IN_FRONT = re.compile(
    r"^(?P<credit>[\w.]+\.(?i:com|co|id|net)/[A-Z][A-Z .'-]*[A-Z])\s+(?P<caption>[A-Z].*)$",
    re.DOTALL,
)
_OPENING = re.compile(r"^(?P<place>\S.{1,60}?)\s*[-–—]+\s")
_MOST_WORDS_OF_A_PLACE = 6


def split_credit(text: str, strict: bool) -> tuple[str, str] | None:
    """Return (caption, credit) of the line under a photograph; None if it does not look like one.

    The credit stands behind the last slash (`... di Pyongyang/Net`), after "Foto:", in brackets at
    the end, or in front (`WARTA.com/RINA AYU Menteri ...`). With `strict` its first word must be a
    known one, such as Net or Dok.
    """
    if photo := _PHOTO.match(text):
        caption = re.sub(r"^foto\s*:\s*", "", photo["caption"], flags=re.IGNORECASE)
        return caption.strip(), photo["credit"].strip()
    if slash := _CREDIT.match(text):
        credit = slash["credit"].strip()
        if _is_known(credit) or (
            not strict and len(credit.split()) <= 4 and not credit.endswith(".")
        ):
            return slash["caption"].strip(), credit
    if front := _IN_FRONT.match(text):
        return front["caption"], front["credit"]
    marked = _IN_BRACKETS.match(text)
    # A text too ends in the name of its agency: behind the last sentence, and alone.
    if marked and ("/" in marked["credit"] or not marked["caption"].endswith((".", '"', "”"))):
        return (marked["caption"], marked["credit"]) if _is_known(marked["credit"]) else None
    return None


def _is_known(credit: str) -> bool:
    return fold(credit).partition(" ")[0] in credit_words()


def opens_text(text: str) -> bool:
    """Return whether a line begins as the first of an article does: `Jakarta (Warta) - `."""
    opening = _OPENING.match(text)
    if not opening:
        return False
    words = opening["place"].split()
    named = all(word.lstrip('("“')[:1].isupper() or "." in word for word in words)
    return named and len(words) <= _MOST_WORDS_OF_A_PLACE
