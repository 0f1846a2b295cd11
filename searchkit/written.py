"""Files that people write for searchkit: settings, word lists, floors, a token."""

from pathlib import Path


def written_text(path: Path) -> str:
    """Return the text of a file in UTF-8, less the mark that editors of Windows may begin it with.

    Raises OSError or UnicodeDecodeError; `reason_of` says what people are told of them.
    """
    return path.read_text(encoding="utf-8-sig")


def reason_of(error: OSError | UnicodeDecodeError) -> str:
    """Return why a file could not be read, without its name, and what to do about it."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        return f"line {line} is not in UTF-8; save the file in that encoding"
    return error.strerror or str(error)
