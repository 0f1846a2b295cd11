"""Hits as people read them: a paragraph each, or a line each."""

from searchkit.cli.messages import language, say, say_name
from searchkit.cli.screen import FACTS, QUIET, Piece, Screen, harmless
from searchkit.cli.screens import screen
from searchkit.documents import Article
from searchkit.results import Hit, ResultPage
from searchkit.wording.dates import format_day, format_moment

_FOUND = {
    "query": ("query_found", "query_found_all"),
    "similar": ("similar_found", "similar_found_all"),
}
_ITEM = "magenta"
_ITEM_INDENT = 4
_WIDE = 72
_LEAST_HEADLINE = 12


def print_page(page: ResultPage, color: bool = True, command: str = "query") -> None:
    """Print hits as a person reads them, matched words highlighted.

    Without colour the matched words stand between guillemets, which news text hardly uses. Items of
    lists are set in, with the names of their lists before them. `command` is the one that found
    them, in whose words their number is told.
    """
    shown = screen(color)
    if not _print_head(shown, page, command):
        return
    width = len(str(page.hits[-1].rank))
    for hit in page.hits:
        shown.print()
        _print_hit(shown, hit, width)


def print_table(page: ResultPage, color: bool = True, command: str = "query") -> None:
    """Print hits one a line: rank, id, day and headline, the last cut to a terminal's width.

    `command` is as for `print_page`.
    """
    from rich.cells import cell_len

    shown = screen(color)
    if not _print_head(shown, page, command):
        return
    shown.print()
    ranks = max(len(str(hit.rank)) for hit in page.hits)
    ids = max(cell_len(harmless(hit.id)) for hit in page.hits)
    for hit in page.hits:
        line: list[Piece] = [(f"{hit.rank:>{ranks}}  ", "bold")]
        id_shown = harmless(hit.id)
        line.append((id_shown + " " * (ids - cell_len(id_shown) + 2), f"bold {QUIET}"))
        if shown.width is None or shown.width >= _WIDE:
            day = format_day(hit.published, language()) if hit.published else ""
            line.append((f"{day:10}  ", f"bold {FACTS}"))
        begun = cell_len("".join(text for text, _ in line))
        if shown.width is not None and shown.width - begun < _LEAST_HEADLINE:
            line.append(("\n" + " " * (ranks + 2), "bold"))
        shown.print_cut(*line, *_headline(shown, hit), *_copies(hit))


def _print_head(shown: Screen, page: ResultPage, command: str) -> bool:
    """Print how many hits there are; return whether any of them is on the page."""
    query = harmless(page.query)
    meant = harmless(page.suggestion or "")
    if page.corrections:
        words = ", ".join(f"{harmless(c.typed)} → {c.taken}" for c in page.corrections)
        _say(shown, "query_corrected", query=query, words=words)
        query = meant
    elif meant:
        _say(shown, "query_suggestion", query=meant)
    if not page.total:
        everything = page.query.strip() in ("", "*")
        _say(shown, "query_empty" if everything else "query_nothing", query=query)
        return False
    if page.relaxed:
        _say(shown, "query_relaxed", query=query)
    if page.offset >= page.total:
        _say(shown, "query_none_after", count=page.total, offset=page.offset)
        return False
    first, last = page.offset + 1, page.offset + len(page.hits)
    some, all_of_them = _FOUND[command]
    key = all_of_them if len(page.hits) in (0, page.total) else some
    ms = page.seconds * 1000
    _say(shown, key, count=page.total, query=query, first=first, last=last, ms=ms)
    return bool(page.hits)


def _say(shown: Screen, key: str, **values: object) -> None:
    shown.print((say(key, None, **values), ""))


def _print_hit(shown: Screen, hit: Hit, width: int) -> None:
    indent = width + 2
    head: list[Piece] = [(f"{hit.rank:>{width}}. ", "bold")]
    if hit.kind == "item":
        head.append((" " * _ITEM_INDENT, "bold"))
        indent += _ITEM_INDENT
    shown.print_hanging(*head, *_headline(shown, hit), indent=indent)
    shown.print((harmless(" · ".join(_facts(hit))), FACTS), indent=indent)
    for fragment in hit.fragments:
        before, after = "… " * fragment.cut_before, " …" * fragment.cut_after
        shown.print((before, ""), *shown.marked(fragment), (after, ""), indent=indent)
    ids = say("hit_id", id=harmless(hit.id))
    if hit.article_id:
        ids += f"  {say('hit_article', id=harmless(hit.article_id))}"
    shown.print_address(ids, hit.url, indent)


def _headline(shown: Screen, hit: Hit) -> list[Piece]:
    """Return the headline of a hit, that of an item after the names of its lists."""
    style = f"bold {_ITEM}" if hit.kind == "item" else "bold"
    title = shown.marked(hit.title, style) if hit.headline else [(say("show_no_headline"), style)]
    if hit.kind != "item":
        return title
    names = harmless(", ".join(hit.lists))
    label = say("hit_item", names=names) if names else say("hit_item_unlisted")
    return [(f"{label} ", style), *title]


def _copies(hit: Hit) -> list[Piece]:
    shown = f"  {say('hit_copies', count=len(hit.copies))}" if hit.copies else ""
    return [(shown, f"bold {FACTS}")]


def _facts(hit: Hit) -> list[str]:
    blocks = ", ".join(say_name("block", block) for block in hit.blocks)
    facts = (
        format_moment(hit.published, language()) if hit.published else "",
        hit.section,
        hit.source,
        hit.reporter if "reporter" in hit.blocks else "",
        _tags(hit) if "tags" in hit.blocks else "",
        say("hit_matched_in", blocks=blocks) if blocks else "",
        say("hit_score", score=hit.score),
        say("hit_copies", count=len(hit.copies)) if hit.copies else "",
    )
    return [fact for fact in facts if fact]


def _tags(hit: Hit) -> str:
    return ", ".join(hit.document.tags) if isinstance(hit.document, Article) else ""
