"""The captions of a plain-text page: a line under a photograph, and who took it."""

import re
from collections.abc import Sequence

from searchkit.documents.page_bylines import longest_name
from searchkit.documents.page_dates import DATE
from searchkit.documents.page_words import credit_words, fold

_CREDIT = re.compile(
    r"^(?P<caption>.*?\S)(?:(?<=[.!?\"”])\s+[Ff]oto)?\s*/\s*(?P<credit>[^\W\d_][^/]{1,45})$",
    re.DOTALL,
)
_PHOTO = re.compile(
    r"^(?P<caption>.*?)\s*[\[(]?\b(?:foto|photo|sumber foto|kredit foto)\s*:\s*"
    r"(?P<credit>[^()\[\]:]{2,60}?)[\])]?\.?$",
    re.IGNORECASE | re.DOTALL,
)
_BEHIND_SENTENCE = re.compile(
    r"^(?P<caption>.*(?:[.!?)\"”]|\s[-–—]))\s*/?"
    r"(?P<credit>(?P<site>(?!Foto\b)[A-Z][\w.]{0,20}(?:\s[A-Z][\w.]{0,20}){0,2})/(?P<name>[^/]{2,40})(?:/[^/\s]{1,10})?)$",
    re.DOTALL,
)
_IN_BRACKETS = re.compile(
    r"^(?P<caption>.*\S)\s*[(\[](?:©\s*(?:\d{4}\s+)?)?"
    r"(?P<credit>[^\W\d_][^()\[\]]{1,60})[)\]]\.?$",
    re.DOTALL,
)
_IN_FRONT = re.compile(
    r"^(?P<credit>[\w.]+\.(?i:com|co|id|net)/[A-Z][A-Z .'-]*[A-Z])\s+(?P<caption>[A-Z].*)$",
    re.DOTALL,
)
_LABELLED = re.compile(r"^(?:keterangan (?:gambar|foto)|caption)\s*[,:]\s*(?P<text>\S.*)$", re.I)
_CREDIT_ALONE = re.compile(
    r"^(?P<label>(?:sumber|kredit|credit|image source)(?:\s+(?:foto|gambar))?\s*[,:]\s*)?"
    r"(?P<credit>[^\W\d_][\w. ]{1,30}(?:/[^/\s][\w .,'-]{1,40}){0,3})$",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"\w\.\w")
_OPENING = re.compile(
    # Before a date it may be a heading too (`Harga Emas, 3 Juni 2024: Naik`), but no sentence.
    r"^(?P<place>\S.{1,60}?)(?:\s*[-–—]+\s"
    rf"|\s*[,/(][\s(]*(?i:(?P<date>{DATE}))\s*(?:[-–—]+|:)\s(?=.*[.?!][\"”’')]*$))",
    re.DOTALL,
)
_OPENS_WITHIN = 2
_MOST_WORDS_OF_A_PLACE = 6
_MOST_WORDS_OF_A_CREDIT = 8
_FEWEST_WORDS_OF_A_NAME, _MOST_WORDS_OF_A_NAME = 2, 3
_MOST_ABOVE_OPENING = 2


def split_credit(text: str, strict: bool) -> tuple[str, str] | None:
    """Return (caption, credit) of the line under a photograph; None if it does not look like one.

    The credit stands behind the last slash (`... di Pyongyang/Net`), after "Foto:", in brackets at
    the end, behind the last sentence or a dash (`... di istana. WARTA/Rina Ayu`), in front
    (`WARTA.com/RINA AYU Menteri ...`), or alone (`Sumber gambar, AFP`): then the
    caption is "". With `strict` its first word must be a known one, such as Net or Dok.
    """
    if labelled := _LABELLED.match(text):
        return labelled["text"], ""
    if alone := _credit_alone(text):
        return "", alone
    if photo := _PHOTO.match(text):
        caption = re.sub(r"^foto\s*:\s*", "", photo["caption"], flags=re.IGNORECASE).strip()
        credit = photo["credit"].strip()
        # "Foto: Warga Antre di Pasar" is the headline of a gallery.
        return (caption, credit) if caption or _is_credit(credit) else None
    behind = _BEHIND_SENTENCE.match(text)
    if behind and (
        _is_known(behind["site"]) or longest_name(behind["name"]) >= _FEWEST_WORDS_OF_A_NAME
    ):
        return behind["caption"].rstrip(" -–—"), behind["credit"]
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
        credit = marked["credit"]
        known = (
            _is_known(credit) or longest_name(credit.partition("/")[2]) >= _FEWEST_WORDS_OF_A_NAME
        )
        return (marked["caption"], credit) if known else None
    return None


def _credit_alone(text: str) -> str:
    """Return the credit of a line that is nothing else, maybe in brackets; "" for any other."""
    bare = text[1:-1] if text[:1] + text[-1:] == "()" else text
    match = _CREDIT_ALONE.match(bare)
    if not match or len(text.split()) > _MOST_WORDS_OF_A_CREDIT:
        return ""
    label, credit = (match["label"] or "").lower(), match["credit"]
    of_picture = any(word in label for word in ("foto", "gambar", "image"))
    site, slash, _ = credit.partition("/")
    of_site = slash and (label or _DOMAIN.search(site) or _is_known(site))
    return credit if of_picture or of_site else ""


def _is_credit(text: str) -> bool:
    return "/" in text or _is_known(text) or 0 < longest_name(text) <= _MOST_WORDS_OF_A_NAME


def _is_known(credit: str) -> bool:
    return fold(credit).partition(" ")[0] in credit_words()


def opens_text(text: str) -> bool:
    """Return whether a line begins as the first of an article does: `Jakarta (Warta) - `."""
    return place_of_opening(text) != ""


def place_of_opening(text: str) -> str:
    """Return the place and the paper with which the text begins: `Jakarta (Warta)`; "" if none."""
    opening = _opening(text)
    return opening["place"] if opening else ""


def dates_of_opening(body: Sequence[str]) -> list[str]:
    """Return the dates behind the place with which the text begins: `Jakarta, 3 Juni 2024 -`.

    They are looked for in the first two paragraphs of `body`; [] if none stands there.
    """
    openings = filter(None, map(_opening, body[:_OPENS_WITHIN]))
    return [opening["date"] for opening in openings if opening["date"]]


def _opening(text: str) -> re.Match[str] | None:
    opening = _OPENING.match(text)
    words = opening["place"].split() if opening else []
    named = all(word.lstrip('("“')[:1].isupper() or "." in word for word in words)
    return opening if named and len(words) <= _MOST_WORDS_OF_A_PLACE else None


def take_caption(body: list[str], credit_at: int | None) -> str:
    """Take the caption that looks like a paragraph out of `body`, and return it; "" if none.

    It stands above the opening of the text, or above the place `credit_at` where its credit, in a
    line of its own, stood, or below it where that was the first.
    """
    above = range(1, 1 + min(_MOST_ABOVE_OPENING, len(body) - 1))
    opening = next((at for at in above if opens_text(body[at])), None)
    # With a credit, what seems to open the text above its opening is a caption too.
    if not body or (opens_text(body[0]) and None in (opening, credit_at)):
        return ""
    if opening is None and credit_at is None:
        return ""
    at = (credit_at or 1) - 1 if opening is None else opening - 1
    return body.pop(at if credit_at is None else min(at, credit_at)) if len(body) > 1 else ""
