"""What programs get: JSON objects and CSV tables. Their names are English in every language."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from searchkit.objects import fragment_object, hit_object, page_object, time_object
from searchkit.results import Hit, ResultPage

HIT_COLUMNS = (
    "rank",
    "id",
    "kind",
    "lists",
    "score",
    "published",
    "section",
    "source",
    "reporter",
    "url",
    "headline",
    "snippet",
    "copies",
)
"""The header of `query --format csv`; several values of a cell stand with `; ` between them."""

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def print_page(page: ResultPage, form: str) -> None:
    """Print a result page as one object ("json"), or a hit a line ("jsonl")."""
    if form == "json":
        print_json(page_json(page), indent=1)
        return
    for hit in page.hits:
        print_json(hit_json(hit))


def page_json(page: ResultPage) -> dict[str, Any]:
    """Return the JSON object of a result page."""
    return page_object(page, hit_json) | time_object(page)


def hit_json(hit: Hit) -> dict[str, Any]:
    """Return the JSON object of a hit; `list` is the first of its `lists`, null for an article."""
    return hit_object(hit, fragment_object) | {
        "list": hit.lists[0] if hit.lists else None,
        "snippet": hit.snippet.marked("<mark>", "</mark>"),
    }


def hit_row(hit: Hit) -> tuple[object, ...]:
    """Return the cells of a hit under `HIT_COLUMNS`; the snippet is in one line, without marks."""
    return (
        hit.rank,
        hit.id,
        hit.kind,
        "; ".join(hit.lists),
        f"{hit.score:.4f}",
        hit.published.isoformat(timespec="minutes") if hit.published else "",
        hit.section,
        hit.source,
        hit.reporter,
        hit.url,
        hit.headline,
        " ".join(hit.snippet.text.split()),
        "; ".join(hit.copies),
    )


def print_json(value: Any, indent: int | None = None) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def print_csv(header: Sequence[str], rows: Iterable[Sequence[object]], bom: bool = False) -> None:
    r"""Print rows under a header as CSV (RFC 4180, lines ended by `\n`), in UTF-8.

    A text that a spreadsheet would run as a formula, since it begins with `=`, `+`, `-`, `@` or
    white space of control, has an apostrophe before it, as OWASP advises against CSV injection.
    `bom` begins with a byte order mark, without which Excel takes the letters for another code.
    """
    # A page may come from anywhere, a terminal's encoding must not change what is handed on.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    if bom:
        click.echo(_BOM, nl=False)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
