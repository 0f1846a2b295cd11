"""`searchkit show`: a document whole, laid out for reading."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.style import Style
from rich.text import Text

from searchkit.cli.messages import language, say
from searchkit.cli.options import (
    Shared,
    format_option,
    index_dir_option,
    no_color_option,
    pass_shared,
)
from searchkit.cli.records import print_json
from searchkit.cli.screen import FACTS, QUIET, harmless
from searchkit.cli.terminal import console, link_style, marked, print_indented
from searchkit.cli.translated import command
from searchkit.documents import Article
from searchkit.documents.stored import to_stored
from searchkit.engines.location import Location
from searchkit.results import Fragment
from searchkit.search_index import SearchIndex
from searchkit.wording.dates import format_moment

# Lines longer than this are tiring to read.
_WIDEST = 84
_INDENT = 2
_FACTS = ("published", "section", "reporter", "editor", "source", "url", "id", "article_id")


@command("show")
@click.argument("document_id", metavar="ID")
@index_dir_option
@click.option("--query", "text", metavar=say("query_metavar"), help=say("show_query"))
@format_option("json")
@no_color_option
@pass_shared
def show(
    shared: Shared,
    document_id: str,
    index_dir: Location | None,
    text: str | None,
    form: str | None,
    no_color: bool,
) -> None:
    """Show a document whole: an article with the items beside it, or an item."""
    with shared.open_index(index_dir) as opened:
        shown = _document_json(opened, document_id)
        if form == "json":
            print_json(shown, indent=1)
        else:
            _print_document(console(not no_color), opened, shown, text or "")


def _document_json(index: SearchIndex, document_id: str) -> dict[str, Any]:
    """Return the JSON object of a document, with the items seen on its page or its article."""
    document = index.get(document_id)
    shown = to_stored(document)
    if isinstance(document, Article):
        shown["items"] = [to_stored(item) for item in index.items_seen_on(document.id)]
    else:
        shown["article_id"] = index.article_of(document) or None
    return shown


def _print_document(screen: Console, index: SearchIndex, shown: dict[str, Any], query: str) -> None:
    def text_of(field: str, text: str, style: str = "") -> Text:
        fragment = index.mark(query, text, field) if query else Fragment(field, text)
        return marked(screen, fragment, style)

    screen.width = min(screen.width, _WIDEST)
    field = "headline" if "headline" in shown else "sidebar"
    headline = shown.get("headline") or shown.get("title")
    screen.print(
        text_of(field, headline, "bold") if headline else Text(say("show_no_headline"), "bold")
    )
    screen.print()
    _print_facts(screen, shown)
    running = [("body", paragraph) for paragraph in shown.get("body", ())]
    for field, paragraph in (*running, ("teaser", shown.get("summary", ""))):
        if paragraph:
            screen.print()
            screen.print(text_of(field, paragraph))
    if caption := shown.get("caption"):
        credit = f" ({shown['credit']})" if shown["credit"] else ""
        screen.print()
        print_indented(
            screen,
            Text(f"{say('show_caption')} ", FACTS) + text_of("caption", caption + credit),
            _INDENT,
        )
    for name in ("tags", "related"):
        if shown.get(name):
            screen.print()
            values = harmless(("; " if name == "related" else ", ").join(shown[name]))
            print_indented(screen, Text(f"{say(f'show_{name}')} ", FACTS) + Text(values), _INDENT)
    _print_surroundings(screen, shown)


def _print_facts(screen: Console, shown: dict[str, Any]) -> None:
    facts = [name for name in _FACTS if shown.get(name)]
    width = max(len(say(f"show_{name}")) for name in facts) + 2
    for name in facts:
        value = str(shown[name])
        if name == "published":
            value = format_moment(datetime.fromisoformat(value), language())
        style = link_style(screen, value) if name == "url" else Style()
        line = Text(f"{say(f'show_{name}'):<{width}}", FACTS)
        # Not wrapped: what a line is, can be copied.
        screen.print(line + Text(harmless(value), style), soft_wrap=True)


def _print_surroundings(screen: Console, shown: dict[str, Any]) -> None:
    if shown.get("seen"):
        screen.print()
    for page, list_name in shown.get("seen", ()):
        name = list_name or say("show_a_list")
        screen.print(Text(harmless(say("show_seen_in", list=name, page=page))), soft_wrap=True)
    for name, items in _lists(shown):
        screen.print()
        screen.print(Text(harmless(name), "magenta"))
        for item in items:
            line = Text(f"{harmless(item['title'])}  ") + Text(harmless(item["id"]), QUIET)
            print_indented(screen, line, _INDENT)


def _lists(shown: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield each list of a page with its items, in the order in which they were found."""
    lists: dict[str, list[dict[str, Any]]] = {}
    for item in shown.get("items", ()):
        for page, name in item["seen"]:
            if page == shown["id"]:
                lists.setdefault(name, []).append(item)
    for name, items in lists.items():
        yield name or say("show_beside"), items
