"""Text that was read with the wrong encoding on its way here: `â€œSiapâ€`, `CafÃ©`.

UTF-8 that was taken for Windows-1252 or Latin-1 has two to four characters where there was one. The
first of them is a letter, so that words come out with it, or torn apart.
"""

import re
from unicodedata import category

from searchkit.analysis.normalization import APOSTROPHES, HYPHENS, INVISIBLE

# Of the bytes from 0x80 to 0x9f Windows-1252 makes signs, and Latin-1 control characters.
_BYTES = {bytes([byte]).decode("cp1252", "ignore"): byte for byte in range(0x80, 0xA0)}
_BYTES |= {chr(byte): byte for byte in range(0x80, 0x100)}
# No token has a blank in it, so what was garbled to one, of the bytes 0x85 and 0xa0, is left.
_TAIL = re.escape("".join(char for char, byte in _BYTES.items() if byte < 0xC0 and char.strip()))
_GARBLED = re.compile(rf"[Â-ß][{_TAIL}]|[à-ï][{_TAIL}]{{2}}|[ð-ô][{_TAIL}]{{3}}|Â(?=\s|$)")
_NO_WORD = "·"
_JOINERS = APOSTROPHES + HYPHENS


def repaired(text: str) -> str:
    """Return `text` with what was garbled as it once was; all else stays in its place.

    Where there were fewer characters, others that mean nothing stand beside them.
    """
    return text if text.isascii() else _GARBLED.sub(_repaired, text)


def _repaired(match: re.Match[str]) -> str:
    garbled = match[0]
    if garbled == "Â":  # of a blank that takes no space away
        return _NO_WORD
    try:
        char = bytes(_BYTES[each] for each in garbled).decode()
    except UnicodeDecodeError:
        return garbled
    filled = INVISIBLE[0] * (len(garbled) - 1)
    if char in _JOINERS and match.string[match.end() : match.end() + 1].isalnum():
        return filled + char
    if category(char)[0] in "LMN":
        return char + filled
    return _NO_WORD * len(garbled) if char.isspace() else char * len(garbled)
