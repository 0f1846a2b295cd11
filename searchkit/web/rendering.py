"""HTML and XML from the templates, cleaned and escaped, under a policy that lets no script in."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from searchkit.results import Fragment
from searchkit.wording.harmless import made_visible, web_address

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


def harmless(value: Any) -> Any:
    """Return text, of the same length, with what could steer a page made visible."""
    if isinstance(value, Markup):
        return Markup(made_visible(value))  # noqa: S704 - what was safe still is
    return made_visible(value) if isinstance(value, str) else value


def marked(fragment: Fragment) -> Markup:
    """Return a fragment as safe HTML with its marks."""
    return Markup(fragment.html())  # noqa: S704 - Fragment.html escapes


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
