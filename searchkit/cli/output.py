"""What the commands print, for people and for programs."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from searchkit.analysis import Token
from searchkit.documents import Article
from searchkit.documents.dates import format_indonesian
from searchkit.documents.stored import to_stored
from searchkit.indexing import IndexReport
from searchkit.results import Fragment, Hit, ResultPage
from searchkit.search_index import SearchIndex, Stats

_MARK = "bold yellow"
# Signs that a terminal would obey: control characters, and those that turn the direction of text.
_UNSAFE = dict.fromkeys(
    {*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)},
    "\ufffd",
)
_MOST_SHOWN = 20
_NAMES = {"article": ("article", "articles"), "item": ("sidebar item", "sidebar items")}


def _console(color: bool = True) -> Console:
    """Return a console that wraps lines to a terminal, and never in a pipe."""
    console = Console(color_system="auto" if color else None, highlight=False)
    console.soft_wrap = not console.is_terminal
    return console


# Results of a query


def page_json(page: ResultPage) -> dict[str, Any]:
    """Return the JSON object of a result page."""
    return {
        "query": page.query,
        "total": page.total,
        "offset": page.offset,
        "limit": page.limit,
        "relaxed": page.relaxed,
        "milliseconds": round(page.seconds * 1000, 2),
        "hits": [hit_json(hit) for hit in page.hits],
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """Return the JSON object of a hit; `list` is the first of its `lists`, null for an article."""
    return {
        "rank": hit.rank,
        "id": hit.id,
        "kind": hit.kind,
        "list": hit.lists[0] if hit.lists else None,
        "lists": list(hit.lists),
        "score": round(hit.score, 4),
        "headline": hit.headline,
        "published": hit.published.isoformat(timespec="minutes") if hit.published else None,
        "section": hit.section,
        "source": hit.source,
        "reporter": hit.reporter,
        "url": hit.url,
        "blocks": list(hit.blocks),
        "snippet": hit.snippet.marked("<mark>", "</mark>"),
        "title": _fragment_json(hit.title),
        "fragments": [_fragment_json(fragment) for fragment in hit.fragments],
        "seen": [{"page": sighting.page, "list": sighting.list} for sighting in hit.seen],
        "article_id": hit.article_id or None,
        "copies": list(hit.copies),
    }


def _fragment_json(fragment: Fragment) -> dict[str, Any]:
    return {
        "block": fragment.block,
        "text": fragment.text,
        "start": fragment.start,
        "marks": [list(mark) for mark in fragment.marks],
        "cut_before": fragment.cut_before,
        "cut_after": fragment.cut_after,
    }


def print_page(page: ResultPage, color: bool = True) -> None:
    """Print hits as a person reads them, matched words highlighted.

    Without colour the matched words stand between guillemets, which news text hardly uses.
    """
    console = _console(color)
    if not page.total:
        console.print(_nothing_found(page))
        return
    if page.relaxed:
        console.print(f"No document has all of {page.query!r}; these have some of it.")
    if not page.hits:
        console.print(f"{page.total:,} hits, none after the first {page.offset:,}.")
        return
    first, last = page.offset + 1, page.offset + len(page.hits)
    noun = "hit" if page.total == 1 else "hits"
    console.print(
        f"{page.total:,} {noun} for {page.query!r}, {first}-{last} shown "
        f"({page.seconds * 1000:.0f} ms)"
    )
    console.print()
    for hit in page.hits:
        _print_hit(console, hit)


def _nothing_found(page: ResultPage) -> str:
    if page.query.strip() in ("", "*"):
        return "The index is empty, or nothing in it passes the filters."
    return (
        f"No hits for {page.query!r}. Try fewer or other words, or a word without its quotes; "
        "`searchkit analyze` shows what is looked up."
    )


def _print_hit(console: Console, hit: Hit) -> None:
    title = Text(f"{hit.rank}. ", "bold") + _styled(console, hit.title, "bold")
    facts = [
        format_indonesian(hit.published) if hit.published else "",
        hit.section or (f"list {', '.join(hit.lists)}" if hit.lists else ""),
        hit.source,
        f"matched in {', '.join(hit.blocks)}" if hit.blocks else "",
        f"score {hit.score:.2f}",
        f"+{len(hit.copies)} {'copy' if len(hit.copies) == 1 else 'copies'}" if hit.copies else "",
    ]
    identity = [f"id {hit.id}", f"article {hit.article_id}" if hit.article_id else "", hit.url]
    console.print(title)
    _print_indented(console, Text(" · ".join(fact for fact in facts if fact), "cyan"))
    for fragment in hit.fragments:
        before, after = "… " * fragment.cut_before, " …" * fragment.cut_after
        _print_indented(console, Text(before) + _styled(console, fragment) + Text(after))
    _print_indented(console, Text("  ".join(part for part in identity if part), "dim"))
    console.print()


def _print_indented(console: Console, text: Text) -> None:
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, 3)))
    else:
        console.print(Text("   ") + text)


def _styled(console: Console, fragment: Fragment, style: str = "") -> Text:
    """Return a fragment in one line, its marks coloured or, without colour, in guillemets."""
    # One sign for another: marks are offsets, and rich would drop some of these.
    fragment = replace(fragment, text=fragment.text.translate(_UNSAFE))
    if console.color_system is None:
        return Text(_one_line(fragment.plain()), style)
    text = Text(fragment.text, style)
    for start, end in fragment.marks:
        text.stylize(_MARK, start, end)
    return Text(" ").join(text.split("\n"))


def _one_line(text: str) -> str:
    return " ".join(text.split())


# What an indexing run did


def report_json(report: IndexReport, path: Path) -> dict[str, Any]:
    """Return the JSON object of a report."""
    return {
        "index": str(path),
        "added": dict(report.added),
        "updated": dict(report.updated),
        "unchanged": dict(report.unchanged),
        "skipped": [
            {"origin": s.origin, "line": s.line, "reason": s.reason} for s in report.skipped
        ],
        "skipped_count": report.skipped_count,
        "warnings": report.warnings,
        "warning_count": report.warning_count,
    }


def print_report(report: IndexReport, path: Path) -> None:
    """Print what a run did; what was skipped goes to standard error, with the reason."""
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    _print_details(errors, "Skipped", [str(s) for s in report.skipped], report.skipped_count)
    _print_details(errors, "Warning", report.warnings, report.warning_count)
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for name in ("added", "updated", "unchanged"):
        table.add_column(name, justify="right")
    for kind, (_, plural) in _NAMES.items():
        counts = (report.added[kind], report.updated[kind], report.unchanged[kind])
        table.add_row(plural, *(f"{count:,}" for count in counts))
    console = _console()
    console.print(table)
    skipped = f" {report.skipped_count:,} skipped." if report.skipped_count else ""
    console.print(f"Index: {path}.{skipped}")


def _print_details(console: Console, label: str, lines: Sequence[str], count: int) -> None:
    for line in lines[:_MOST_SHOWN]:
        console.print(Text(f"{label}: {line}"))
    if count > _MOST_SHOWN:
        console.print(f"{label}: and {count - _MOST_SHOWN:,} more; --json lists the first 1,000")


# Documents, statistics, tokens


def document_json(index: SearchIndex, document_id: str) -> dict[str, Any]:
    """Return the JSON object of a document, with the items seen on its page or its article."""
    document = index.get(document_id)
    shown = to_stored(document)
    if isinstance(document, Article):
        shown["items"] = [to_stored(item) for item in index.items_seen_on(document.id)]
    else:
        shown["article_id"] = index.article_of(document) or None
    return shown


def print_document(shown: dict[str, Any]) -> None:
    """Print a document as `document_json` gives it."""
    console = _console()
    console.print(Text(shown.get("headline") or shown.get("title") or "(no headline)", "bold"))
    names = ("id", "published", "section", "reporter", "editor", "source", "url", "article_id")
    for name in names:
        if shown.get(name):
            console.print(Text(f"{name:<10} {shown[name]}", "cyan"))
    if shown.get("caption"):
        credit = f" ({shown['credit']})" if shown["credit"] else ""
        console.print(Text(f"{'caption':<10} {shown['caption']}{credit}", "cyan"))
    for paragraph in shown.get("body", ()):
        console.print(Text(f"\n{paragraph}"))
    if shown.get("summary"):
        console.print(Text(f"\n{shown['summary']}"))
    for name in ("tags", "related"):
        if shown.get(name):
            console.print(Text(f"\n{name}: {', '.join(shown[name])}"))
    _print_surroundings(console, shown)


def _print_surroundings(console: Console, shown: dict[str, Any]) -> None:
    for page, list_name in shown.get("seen", ()):
        console.print(Text(f"seen in {list_name or 'a list'} of {page}"))
    if shown.get("items"):
        console.print(Text("\nBeside it:", "bold"))
    for item in shown.get("items", ()):
        lists = {name for page, name in item["seen"] if page == shown["id"]}
        console.print(Text(f"  {', '.join(sorted(lists))}: {item['title']}  ({item['id']})"))


def stats_json(stats: Stats) -> dict[str, Any]:
    """Return the JSON object of the statistics."""
    return {
        "index": str(stats.path),
        "engine": stats.engine,
        "analyzer": stats.analyzer,
        "documents": dict(stats.size.documents),
        "terms": dict(stats.size.terms),
        "segments": stats.size.segments,
        "generation": stats.size.generation,
        "disk_bytes": stats.size.disk_bytes,
    }


def print_stats(stats: Stats) -> None:
    """Print the statistics as a table."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="cyan")
    table.add_column()
    table.add_row("index", f"{stats.path} ({stats.engine})")
    table.add_row("analyzer", stats.analyzer)
    for kind, (_, plural) in _NAMES.items():
        table.add_row(plural, f"{stats.size.documents.get(kind, 0):,}")
    for field, count in stats.size.terms.items():
        if count:
            table.add_row(f"stems in {field}", f"{count:,}")
    table.add_row("segments", f"{stats.size.segments:,}")
    table.add_row("on disk", f"{stats.size.disk_bytes / 1e6:,.1f} MB")
    _console().print(table)


def print_tokens(tokens: Sequence[Token]) -> None:
    """Print tokens as a table."""
    table = Table(box=None, pad_edge=False)
    for name in ("position", "spelling", "form", "stem", "start", "end"):
        table.add_column(name, justify="right" if name in ("position", "start", "end") else "left")
    for token in tokens:
        table.add_row(
            str(token.position),
            Text(token.surface),
            Text(token.form),
            Text(token.term),
            str(token.start),
            str(token.end),
        )
    _console().print(table)
