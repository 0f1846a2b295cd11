"""The HTML of a site: a page that scripts fill, and what is there without them."""

import html
from collections.abc import Sequence
from importlib.resources import files
from string import Template
from typing import Any

from searchkit.wording import LANGUAGES, Catalogue
from searchkit.wording.harmless import made_visible, web_address

SHOWN = 30
"""Articles that the first page lists where no scripts run; all are on a page of their own."""

_SITE = Catalogue("searchkit.site", "site")


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
    return html.escape(made_visible(text))


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
