"""The HTML of a site: a page that scripts fill, and what is there without them."""

import html
import re
from collections.abc import Sequence
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import urlsplit

from searchkit.wording import LANGUAGES, Catalogue

SHOWN = 30
"""Articles that the first page lists where no scripts run; all are on a page of their own."""

_SITE = Catalogue("searchkit.site", "site")

# What XML forbids, and what turns the direction of writing: a page must not steer its reader.
_STEERING = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def index_page(
    title: str, version: str, scripts: Sequence[str], texts: Sequence[dict[str, Any]]
) -> str:
    """Return the page that searches; `scripts` are the paths of its modules."""
    listed = [text for text in texts if text["kind"] == "article"]
    return _template("index.html").substitute(
        title=escaped(title),
        version=version,
        modules="\n".join(f'<link rel="modulepreload" href="{path}">' for path in scripts),
        articles=_list(listed[:SHOWN]),
        **_sentences("no_scripts", count=len(listed)),
    )


def articles_page(title: str, version: str, texts: Sequence[dict[str, Any]]) -> str:
    """Return the page that lists all articles, the newest first, without a script."""
    listed = [text for text in texts if text["kind"] == "article"]
    return _template("articles.html").substitute(
        title=escaped(title),
        version=version,
        articles=_list(listed),
        **_sentences("all_articles", count=len(listed)),
    )


def escaped(text: str) -> str:
    """Return text for HTML, of what could steer a page made visible, then escaped."""
    return html.escape(_STEERING.sub("\ufffd", text))


def _sentences(key: str, **values: object) -> dict[str, str]:
    return {into: escaped(_SITE.say(key, into, **values)) for into in LANGUAGES}


def _template(name: str) -> Template:
    return Template(files("searchkit.site").joinpath("templates", name).read_text("utf-8"))


def _list(texts: Sequence[dict[str, Any]]) -> str:
    return "\n".join(map(_item, texts))


def _item(text: dict[str, Any]) -> str:
    headline = escaped(text["headline"]) or "…"
    address = web_address(text["url"])
    name = f'<a href="{escaped(address)}" rel="noopener">{headline}</a>' if address else headline
    day = (text["published"] or "")[:10]
    facts = [f'<time datetime="{escaped(day)}">{escaped(day)}</time>'] if day else []
    facts += [f"<bdi>{escaped(text[name])}</bdi>" for name in ("section", "source") if text[name]]
    return f'<li class="hit"><h2 dir="auto">{name}</h2><p class="facts">{"".join(facts)}</p></li>'


def web_address(url: str) -> str:
    """Return `url` if it can be a link: an http or https address without blanks; "" if not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    safe = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", url)
    return url if safe and not _STEERING.search(url) else ""
