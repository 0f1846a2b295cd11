"""Web pages saved as one file (MHTML), as browsers do: the page among its pictures and styles."""

import email
import re
from email.message import Message

_PAGE = ("text/html", "application/xhtml+xml")


def saved_page(data: bytes) -> tuple[str, bytes] | None:
    """Return the address and the HTML of the page that was saved, not the frames in it.

    None if there is no HTML. The address is "" when it was no http(s) page.
    """
    message = email.message_from_bytes(data.lstrip())
    pages = [part for part in message.walk() if part.get_content_type() in _PAGE]
    if not pages:
        return None
    root = message.get_param("start")
    page = next((part for part in pages if part.get("Content-ID") == root), pages[0])
    content = page.get_payload(decode=True)
    return _address(message, page), content if isinstance(content, bytes) else b""


def _address(message: Message, page: Message) -> str:
    named = (message.get("Snapshot-Content-Location"), page.get("Content-Location"))
    addresses = ("".join(str(each or "").split()) for each in named)  # long ones are folded
    return next((each for each in addresses if re.match("https?://", each)), "")
