"""Bytes to text, whatever encoding a page was saved in."""

import codecs

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 64 * 1024
_FEWEST_ZEROS = 0.3


def decode(data: bytes) -> str:
    """Return the text of `data`: by its byte order mark, as UTF-8, UTF-16, or by statistics.

    What cannot be decoded becomes U+FFFD: a few broken bytes never cost a page.
    """
    if encoding := marked_encoding(data):
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A page cut short in the middle of a letter, or with one bad byte in it, is UTF-8 still.
        if _mostly_utf8(data, error):
            return data.decode("utf-8", "replace")
    return data.decode(_guessed(data), "replace")


def marked_encoding(data: bytes) -> str | None:
    """Return the encoding that a byte order mark, or the zeros of UTF-16 text, give away."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    sample = data[:_LOOKED_AT]
    if 0 not in sample:
        return None
    even, odd = sample[::2], sample[1::2]
    if odd and odd.count(0) > _FEWEST_ZEROS * len(odd) and not even.count(0):
        return "utf-16-le"
    if odd and even.count(0) > _FEWEST_ZEROS * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def _mostly_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    if error.start >= len(data) - 3:
        return True
    text = data[:_LOOKED_AT].decode("utf-8", "replace")
    multibyte = sum(ord(letter) > 127 for letter in text)
    return multibyte > 0 and text.count("\ufffd") < multibyte / 2


def _guessed(data: bytes) -> str:
    # Indonesian is nearly ASCII, so a few typographic marks decide: prefer what Windows writes.
    best = from_bytes(data[:_LOOKED_AT], cp_isolation=["cp1252"]).best()
    if best is None:
        best = from_bytes(data[:_LOOKED_AT]).best()
    return best.encoding if best else "cp1252"
