"""HTML and XML from the templates, cleaned and escaped, under a policy that lets no script in."""

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from searchkit.results import Fragment

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Language",
}

# What XML forbids, and what turns the direction of writing: a page must not steer its reader.
_STEERING = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def harmless(value: Any) -> Any:
    """Return text, of the same length, with what could steer a page made visible."""
    if isinstance(value, Markup):
        return Markup(_STEERING.sub("\ufffd", value))  # noqa: S704 - what was safe still is
    return _STEERING.sub("\ufffd", value) if isinstance(value, str) else value


def marked(fragment: Fragment) -> Markup:
    """Return a fragment as safe HTML with its marks."""
    return Markup(fragment.html())  # noqa: S704 - Fragment.html escapes


def web_address(url: str) -> str:
    """Return `url` if it can be a link: an http or https address without blanks; "" if not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    safe = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", url)
    return url if safe and not _STEERING.search(url) else ""


@cache
def static_version(name: str) -> str:
    """Return a digest of a file of `static/`, so that browsers may keep it for ever."""
    content = files("searchkit.web").joinpath("static", name).read_bytes()
    return hashlib.blake2b(content, digest_size=6).hexdigest()


@cache
def environment() -> Environment:
    """Return the templates; every value in them is made harmless, then escaped."""
    made = Environment(
        loader=PackageLoader("searchkit.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"marked": marked, "web_address": web_address, "version": static_version}
    return made


def page(template: str, status: int = 200, media: str = "text/html", **values: Any) -> Response:
    """Return the answer that `template` makes of `values`."""
    text = environment().get_template(template).render(values | {"status": status})
    headers = HEADERS | ({"Content-Language": values["say"].language} if "say" in values else {})
    return Response(text.encode("utf-8", "replace"), status, headers, media)
