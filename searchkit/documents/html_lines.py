"""What the short texts of a saved page are taken for: the rules of page text, and a few more.

Markup says where a line ends, so labels such as *Baca juga* may stand without a colon here.
"""

import re

from searchkit.documents.page_lines import Kind, classify

_LONGEST_RELATED = 250

_RELATED = re.compile(
    r"^\W*(?:baca|simak|lihat)\s+(?:juga|selengkapnya|pula)\s*:?\s*(?P<title>.*)$", re.IGNORECASE
)


def related_title(text: str) -> str | None:
    """Return the headline of a line such as *Baca juga: ...*; "" if it has none.

    None when `text` is no such line.
    """
    if len(text) > _LONGEST_RELATED:
        return None
    if match := _RELATED.match(text):
        title = match["title"].strip()
        return "" if re.search(r"[.!?]\s", title) else title
    line = classify(text)
    return line.text if line.kind is Kind.RELATED else None
