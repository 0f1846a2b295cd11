"""Ids that stay the same from run to run and machine to machine.

An article is known by its canonical URL; without one, or with that of a home page, which some
sites give all their pages, by its headline and date; without a date, by all of its text. A sidebar
item is known by its title and date, because the same item stands on many pages, often without a
link. A date is a moment, in whatever zone it is written. Ids are a letter for the kind and 16
hexadecimal digits of a SHA-256: 64 bits, so that a billion documents meet by chance with a
probability of about 3 %.
"""

import hashlib
import re
import unicodedata
from contextlib import suppress
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from searchkit.zones import WIB

_TRACKING = re.compile(r"^(utm_.*|fbclid|gclid|amp|single|page=all)(=|$)", re.IGNORECASE)
_OF_A_HOST = 2  # slashes: https://warta.example
_WORD = re.compile(r"\w+")


def canonical_url(url: str) -> str:
    """Return `url` in the one form used for identity; "" for anything but an http(s) URL.

    Scheme and `www.`/`m.`/`amp.` hosts are unified; tracking parameters, `page=all`, the fragment,
    a default port, a trailing slash and a trailing `/amp` are dropped; parameters are sorted.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = re.sub(r"^(www|m|amp)\.(?=[^.]+\.)", "", parts.hostname.lower())
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    path = re.sub(r"(?:/amp)?/*$", "", parts.path)
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode(sorted((k, v) for k, v in parameters if not _TRACKING.match(f"{k}={v}")))
    return urlunsplit(("https", host, path, query, ""))


def site_of(url: str) -> str:
    """Return the host of a URL without its `www.`, which names a source; "" if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_home_page(canonical: str) -> bool:
    """Return whether a canonical URL has neither a path nor parameters: it is of no one article.

    So is "", which is no URL at all.
    """
    return canonical.count("/") <= _OF_A_HOST and "?" not in canonical


def title_key(title: str) -> str:
    """Return `title` in the form in which titles are compared: letters and digits only, folded."""
    folded = title if title.isascii() else unicodedata.normalize("NFKC", title)
    return " ".join(_WORD.findall(folded.casefold()))


def article_id(url: str, headline: str, published: datetime | None, body: tuple[str, ...]) -> str:
    """Return the id of an article, "a" and 16 hexadecimal digits."""
    canonical = canonical_url(url)
    if not is_home_page(canonical):
        return _digest("a", canonical)
    if headline and published:
        return _digest("a", title_key(headline), _moment(published))
    return _digest("a", title_key(headline), *body)


def item_id(title: str, published: datetime | None) -> str:
    """Return the id of a sidebar item, "s" and 16 hexadecimal digits."""
    return _digest("s", title_key(title), _moment(published) if published else "")


def _moment(published: datetime) -> str:
    """Return a time as it is in WIB; one without a zone, which no reader gives, as it is."""
    if published.utcoffset() is not None:
        with suppress(OverflowError):  # on the first or last day of the calendar
            published = published.astimezone(WIB)
    return published.isoformat()


def _digest(letter: str, *parts: str) -> str:
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return letter + hashlib.sha256(joined).hexdigest()[:16]
