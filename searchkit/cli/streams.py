"""The standard streams of a command: what it may count on, and what becomes of them at its end."""

import codecs
import os
import sys
import unicodedata

_NEAREST = {"«": "[", "»": "]", "…": "...", "·": "-", "→": "->"} | {
    **dict.fromkeys("–—", "-"),
    **dict.fromkeys("“”‘’", "'"),
}
"""What stands beside words, for a terminal of few letters; nothing with a sense in JSON or CSV."""


def open_streams() -> None:
    """Have all three: in the place of one that is closed, one with nothing in it.

    What a terminal cannot show is replaced by what is nearest: a letter must not end a search.
    """
    codecs.register_error("searchkit.nearest", _nearest)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="searchkit.nearest")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return what is written instead of what cannot be: a letter without its accents, else `?`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = ""
    for character in error.object[error.start : error.end]:
        base = _NEAREST.get(character) or unicodedata.normalize("NFKD", character)[0]
        found += base if character in _NEAREST or (base.isascii() and base.isalnum()) else "?"
    return found, error.end


def drop_output() -> None:
    """Let what has not been written yet go nowhere, when there is nobody or no room to take it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
