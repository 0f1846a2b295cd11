"""Pages that a browser has saved as one file."""

from email.message import EmailMessage

import pytest

from searchkit import Page
from tests.documents.test_feeds_and_warc import HTML
from tests.documents.test_reading import read, reasons

URL = "https://warta.example/ekonomi/1"


def saved(*parts: str, url: str = URL) -> bytes:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["MIME-Version"] = "1.0"
    if url:
        message["Snapshot-Content-Location"] = url
    message["Subject"] = "Harga “Beras” Turun di Pasar Induk"
    for number, part in enumerate(parts):
        # Lines of 76 characters, with a soft break in the middle of words.
        message.add_related(part, "html", cte="quoted-printable", cid=f"<frame-{number}@blink>")
        list(message.iter_parts())[-1]["Content-Location"] = f"{URL}/{number}"
    message.add_related(b"\x89PNG", "image", "png")
    return message.as_bytes()


@pytest.mark.parametrize(
    ("url", "address"), [(URL, URL), ("", f"{URL}/0"), ("file:///a", f"{URL}/0")]
)
def test_the_page_is_read_and_not_its_frames(url: str, address: str) -> None:
    (page,) = read(saved(HTML.format("Harga “Beras” Turun"), HTML.format("Iklan"), url=url))
    assert isinstance(page, Page)
    assert page.article
    assert page.article.headline == "Harga “Beras” Turun"
    assert page.article.body[0].endswith("harga beras turun di pasar induk sejak Senin.")
    assert page.article.url == address


def test_saved_without_a_page() -> None:
    assert reasons(read(saved())) == ["in: no article and no list of headlines found in it"]
