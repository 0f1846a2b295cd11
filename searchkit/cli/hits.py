"""Hits as people read them: a paragraph each, or a line each."""

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

from searchkit.cli.messages import language, say, say_name
from searchkit.cli.terminal import (
    FACTS,
    QUIET,
    console,
    harmless,
    link_style,
    marked,
    print_indented,
)
from searchkit.results import Hit, ResultPage
from searchkit.wording.dates import format_day, format_moment

_ITEM = "magenta"
_ITEM_INDENT = 4
_WIDE = 72
_LEAST_HEADLINE = 12


def print_page(page: ResultPage, color: bool = True) -> None:
    """Print hits as a person reads them, matched words highlighted.

    Without colour the matched words stand between guillemets, which news text hardly uses. Items of
    lists are set in, with the names of their lists before them.
    """
    screen = console(color)
    if not _print_head(screen, page):
        return
    width = len(str(page.hits[-1].rank))
    for hit in page.hits:
        screen.print()
        _print_hit(screen, hit, width)


def print_table(page: ResultPage, color: bool = True) -> None:
    """Print hits one a line: rank, id, day and headline, the last cut to a terminal's width."""
    screen = console(color)
    if not _print_head(screen, page):
        return
    screen.print()
    ranks = max(len(str(hit.rank)) for hit in page.hits)
    ids = max(cell_len(harmless(hit.id)) for hit in page.hits)
    dated = screen.soft_wrap or screen.width >= _WIDE
    for hit in page.hits:
        line = Text(f"{hit.rank:>{ranks}}  ", "bold")
        id_shown = harmless(hit.id)
        line.append(id_shown + " " * (ids - cell_len(id_shown) + 2), QUIET)
        if dated:
            line.append(
                f"{format_day(hit.published, language()) if hit.published else '':10}  ", FACTS
            )
        if not screen.soft_wrap and screen.width - line.cell_len < _LEAST_HEADLINE:
            line.append("\n" + " " * (ranks + 2))
        line += _list_label(hit) + _title(screen, hit) + _copies(hit)
        _print_cut(screen, line)


def _print_cut(screen: Console, line: Text) -> None:
    for part in line.split("\n"):
        if not screen.soft_wrap:
            part.truncate(screen.width, overflow="ellipsis")
        screen.print(part, no_wrap=True, soft_wrap=True)


def _print_head(screen: Console, page: ResultPage) -> bool:
    """Print how many hits there are; return whether any of them is on the page."""
    query = harmless(page.query)
    meant = harmless(page.suggestion or "")
    if page.corrections:
        words = ", ".join(f"{harmless(c.typed)} → {c.taken}" for c in page.corrections)
        _say(screen, "query_corrected", query=query, words=words)
        query = meant
    elif meant:
        _say(screen, "query_suggestion", query=meant)
    if not page.total:
        everything = page.query.strip() in ("", "*")
        _say(screen, "query_empty" if everything else "query_nothing", query=query)
        return False
    if page.relaxed:
        _say(screen, "query_relaxed", query=query)
    if not page.hits:
        _say(screen, "query_none_after", count=page.total, offset=page.offset)
        return False
    first, last = page.offset + 1, page.offset + len(page.hits)
    key = "query_found_all" if len(page.hits) == page.total else "query_found"
    ms = page.seconds * 1000
    _say(screen, key, count=page.total, query=query, first=first, last=last, ms=ms)
    return True


def _say(screen: Console, key: str, **values: object) -> None:
    screen.print(Text(say(key, None, **values)))


def _print_hit(screen: Console, hit: Hit, width: int) -> None:
    indent = width + 2
    head = Text(f"{hit.rank:>{width}}. ", "bold")
    if hit.kind == "item":
        head.append(" " * _ITEM_INDENT)
        indent += _ITEM_INDENT
    head += _list_label(hit) + _title(screen, hit, "bold")
    _print_hanging(screen, head, indent)
    print_indented(screen, Text(harmless(" · ".join(_facts(hit))), FACTS), indent)
    for fragment in hit.fragments:
        before, after = "… " * fragment.cut_before, " …" * fragment.cut_after
        text = Text(before) + marked(screen, fragment) + Text(after)
        print_indented(screen, text, indent)
    _print_identity(screen, hit, indent)


def _list_label(hit: Hit) -> Text:
    if hit.kind != "item":
        return Text()
    names = harmless(", ".join(hit.lists))
    return Text(f"{say('hit_item', names=names) if names else say('hit_item_unlisted')} ", _ITEM)


def _title(screen: Console, hit: Hit, style: str = "") -> Text:
    if not hit.headline:
        return Text(say("show_no_headline"), style)
    return marked(screen, hit.title, style)


def _copies(hit: Hit) -> Text:
    shown = f"  {say('hit_copies', count=len(hit.copies))}" if hit.copies else ""
    return Text(shown, FACTS)


def _facts(hit: Hit) -> list[str]:
    blocks = ", ".join(say_name("block", block) for block in hit.blocks)
    facts = (
        format_moment(hit.published, language()) if hit.published else "",
        hit.section,
        hit.source,
        say("hit_matched_in", blocks=blocks) if blocks else "",
        say("hit_score", score=hit.score),
        say("hit_copies", count=len(hit.copies)) if hit.copies else "",
    )
    return [fact for fact in facts if fact]


def _print_identity(screen: Console, hit: Hit, indent: int) -> None:
    """Print ids and the URL, which is never broken, so that both can be copied."""
    ids = say("hit_id", id=harmless(hit.id))
    if hit.article_id:
        ids += f"  {say('hit_article', id=harmless(hit.article_id))}"
    url = Text(harmless(hit.url), Style.parse(QUIET) + link_style(screen, hit.url))
    line = Text(ids, QUIET)
    if url and (screen.soft_wrap or indent + line.cell_len + 2 + url.cell_len <= screen.width):
        line = line + Text("  ") + url
        url = Text()
    print_indented(screen, line, indent)
    if url:
        screen.print(Text(" " * indent) + url, soft_wrap=True)


def _print_hanging(screen: Console, text: Text, indent: int) -> None:
    """Print text whose lines after the first are set in."""
    if screen.soft_wrap:
        screen.print(text)
        return
    first, rest = text[:indent], text[indent:]
    for number, line in enumerate(rest.wrap(screen, max(1, screen.width - indent))):
        line.rstrip()
        screen.print((Text(" " * indent) if number else first) + line, soft_wrap=True)
