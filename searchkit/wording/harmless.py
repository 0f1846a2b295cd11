"""What comes from documents, made harmless for a page: it must not steer its reader."""

import re
from urllib.parse import urlsplit

# What XML forbids, and what turns the direction of writing.
_STEERING = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def made_visible(text: str) -> str:
    """Return text, of the same length, with what could steer a page made visible."""
    return _STEERING.sub("\ufffd", text)


def web_address(url: str) -> str:
    """Return `url` if it can be a link: an http or https address without blanks; "" if not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    safe = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", url)
    return url if safe and not _STEERING.search(url) else ""
