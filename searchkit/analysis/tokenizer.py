"""Where the words of a text are, as offsets into the text itself.

A raw token is a run of the original text; what it is indexed under is decided by the analyzer. The
rules, each with the reason it is there:

- a web or mail address is one token, because nobody searches for its `berita` or `html`;
- numbers keep their inner marks (`5,6`, `3.016`, `20/6/2024`, `11:34`, `2-0`), but a currency stuck
  to one is apart (`Rp5,6` and `Rp 5,6` are the same two tokens), and `%` is a word, as is `US$`;
- one with an inner mark is no code, so that it ends where letters follow (`07.30WIB`, `2,5kg`,
  `Rp1.000-Rp2.000`), of which -an belongs to it (`1.500-an`), and so does a whole number before a
  unit (`60km`), as it is written apart too, or any word of four letters and more (`17Agustus`,
  and what a page has lost a blank in); else it is one with its letters (`4G`, `12A`);
- a few letters before a number with a decimal are apart from it, as they are also written (`M5,6`,
  `PM2.5`, `V1.2`);
- words keep inner apostrophes and hyphens (`Jum'at`, `anak-anak`, `ke-77`, `Covid-19`), accents,
  vowel marks and invisible characters; the analyzer takes hyphenated compounds apart;
- letters joined by full stops are an abbreviation (`A.S.`, `S.H`), but a stop with no space after
  it otherwise ends a sentence (`Jakarta.Dia` is two tokens, a common fault of scraped pages).
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from searchkit.analysis.mojibake import repaired
from searchkit.analysis.normalization import APOSTROPHES, HYPHENS, INVISIBLE, MARKS, fold

_LETTER = r"[^\W\d_]"
_INNER = rf"[^\W_]|[{MARKS}²{INVISIBLE}]"
_JOINER = rf"[{APOSTROPHES}{HYPHENS}]"
_LABEL = r"[a-z0-9-]{1,63}"
_DOMAIN_END = r"(?:com|co|id|net|org|info|tv|news|go|gov|edu|ac|or|io|me|my|sg|au|uk|jp|kr|ru|cn)"

CURRENCY = "(?:rp|idr|usd|us)"
"""What is stuck to an amount, as a regular expression."""
_UNIT = (
    "(?:km|cm|mm|m|kg|ml|mb|gb|tb|mbps|gbps|mah|kw|mw|kwh|mhz|ghz|wib|wita|wit|persen"
    "|ribu|rb|juta|jt|miliar|triliun)"
)
"""Units that are written apart from their number, or stuck to it."""

_TOKEN = re.compile(
    rf"""
      (?P<address> https?://[^\s<>"“”]{{1,2000}}(?<![.,;:!?)\]}}'’])
                 | [\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}}
                 | (?<![\w.]){_LABEL}(?:\.{_LABEL}){{0,6}}\.{_DOMAIN_END}(?![\w-]) )
    | (?P<abbreviation> (?<!\w)(?:(?:{_LETTER}\.){{2,8}}(?:{_LETTER}(?!\w))?
                                  | {_LETTER}\.{_LETTER}(?!\w)) )
    | (?P<sign> {CURRENCY}(?=\d) | us\$ | [%％] )
    | (?P<number> \d++(?:[.,:/{HYPHENS}]\d++)*+(?![{HYPHENS}]?{_LETTER})
                | \d++(?:[.,:]\d++)++(?:[{HYPHENS}]?an(?!{_LETTER}|\d))?
                | \d++(?=[{HYPHENS}]{CURRENCY}\d)
                | \d++(?=(?:{_UNIT}|{_LETTER}{{4,}}+)(?!\w)) )
    | (?P<word> {_LETTER}{{1,3}}+(?=\d{{1,3}}[.,]\d{{1,2}}(?!\d))
              | (?:[^\W_])(?:{_INNER})*(?:{_JOINER}(?:{_INNER})+)* )
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Marks that make no difference to the letters, digits, hyphens and apostrophes they stand around. A
# hyphen is none of them: -.com is an address.
_AROUND = "()[]{}<>\"“”„«»‘’'`,.;:!?…–—*|"
_PLAIN = re.compile(rf"(?:[^\W_]|{_JOINER})*")


def raw_tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of raw tokens in `text`, in order; `match.lastgroup` names the kind.

    Kinds are address, abbreviation, sign, number and word. Time is linear in the text.
    """
    return _TOKEN.finditer(text)


def host_of(address: str) -> str:
    """Return what an address is indexed under: its host, or all of a mail address."""
    if "@" in address and "://" not in address:
        return address.lower()
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") or fold(address).strip(APOSTROPHES)


def core(chunk: str) -> str:
    """Return `chunk`, a text without blanks, without the marks around a plain core.

    A core of letters, digits, hyphens and apostrophes has the same raw tokens, but for where they
    are; another chunk is returned as it is, and so is a garbled one, of whose letters a mark may be
    a part.
    """
    stripped = chunk.strip(_AROUND)
    if not chunk.isascii() and any(repaired(text) != text for text in (chunk, stripped)):
        return chunk
    return stripped if stripped.isalnum() or _PLAIN.fullmatch(stripped) else chunk
