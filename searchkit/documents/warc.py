"""Web archives (WARC, also gzipped), read by warcio: every page in them that was answered well."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader
from warcio.exceptions import ArchiveLoadFailed

from searchkit.documents.models import Skipped

_READ_TYPES = (
    "text/html",
    "text/plain",
    "text/xml",
    "application/xhtml",
    "application/xml",
    "application/rss",
    "application/atom",
)
_NO_PAGES = ("/robots.txt", "/ads.txt", "/app-ads.txt", "/humans.txt", "/security.txt")
_LOOKED_AT = 1024
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class ArchivedPage(NamedTuple):
    """A page of a web archive: its address and its bytes, transfer encodings undone."""

    url: str
    data: bytes


def archived_pages(
    stream: BinaryIO, origin: str, most_bytes: int
) -> Iterator[ArchivedPage | Skipped]:
    """Yield the text and markup answers with status 2xx; other records are passed over.

    A page of more than `most_bytes` is skipped, and one in a compression that cannot be undone.
    What follows a broken record, or the place where a file was cut short, cannot be read; what
    stood before it is kept.
    """
    try:
        for record in ArchiveIterator(stream):
            page = _page(record, origin, most_bytes)
            if page is not None:
                yield page
    except (ArchiveLoadFailed, EOFError, OSError, ValueError, UnicodeError) as error:
        yield Skipped(origin=origin, reason=f"the web archive is broken here: {error}")


def _page(record: Any, origin: str, most_bytes: int) -> ArchivedPage | Skipped | None:
    if record.rec_type not in ("response", "resource"):
        return None
    headers = record.http_headers
    content_type = record.rec_headers.get_header("Content-Type") or ""
    if headers is not None:
        if not (headers.get_statuscode() or "").startswith("2"):
            return None
        content_type = headers.get_header("Content-Type") or "text/html"
    if not content_type.strip().lower().startswith(_READ_TYPES):
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    if url.partition("?")[0].endswith(_NO_PAGES):
        return None
    data = record.content_stream().read(most_bytes + 1)
    if len(data) > most_bytes:
        limit = most_bytes // 2**20
        reason = f"the page is larger than the limit of {limit} MB; raise it with --max-page-mb"
        return Skipped(origin=f"{origin}#{url}", reason=reason)
    if reason := _still_packed(headers, data):
        return Skipped(origin=f"{origin}#{url}", reason=reason)
    return ArchivedPage(url, data)


def _still_packed(headers: Any, data: bytes) -> str:
    """Return why a page is not to be read if its compression was not undone; "" if it is to be.

    Many archives have undone it themselves, and left the header as it was.
    """
    packing = ((headers and headers.get_header("Content-Encoding")) or "identity").lower()
    known = ("identity", *BufferedReader.get_supported_decompressors())
    if packing in known or not _NO_TEXT.search(data[:_LOOKED_AT]):
        return ""
    if packing == "br":
        return "the page is compressed with Brotli; `pip install brotli`, and index it again"
    return f"the page is compressed as {packing!r}, which cannot be unpacked"
