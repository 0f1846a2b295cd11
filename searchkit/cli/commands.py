"""The commands. Each one is the method of `SearchIndex` of the same name, with options."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import click

from searchkit import __version__
from searchkit.analysis import IndonesianAnalyzer
from searchkit.cli import output
from searchkit.cli.sources import choose_sources, progress_bar, read
from searchkit.documents.reading import Limits
from searchkit.errors import EXIT_SKIPPED
from searchkit.search_index import SearchIndex, stemmer_of
from searchkit.settings import MOST_RECENCY, Settings, load_settings

_EXIT_HELP = """\b
Exit status:
  0  all went well
  1  another searchkit error
  2  the command was not understood
  3  some of the input was skipped, the rest was indexed
  4  searchkit.toml cannot be used
  5  the query cannot be used
  6  the index is missing, foreign, of another version, damaged, locked or read-only
  7  there is no document of that id
  70 a fault in searchkit itself
  130 interrupted; the index is as it was before
"""


class _Context:
    def __init__(self, config: Path | None) -> None:
        self.settings: Settings = load_settings(config)

    def index_dir(self, given: Path | None) -> Path:
        return given or self.settings.dir


_pass = click.make_pass_decorator(_Context)
_index_dir = click.option(
    "--index-dir",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SEARCHKIT_INDEX_DIR",
    help="Directory of the index; `dir` of searchkit.toml or ./index by default.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_no_color = click.option("--no-color", is_flag=True, help="Print without colour.")


@click.group(epilog=_EXIT_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file; ./searchkit.toml by default, if there is one.",
)
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """Full-text search for Indonesian news.

    \b
    searchkit index pages/ archive.jsonl.gz
    searchkit query "pakta pertahanan"
    """
    context.obj = _Context(config)


@cli.command()
@click.argument("sources", nargs=-1)
@_index_dir
@_json
@click.option("--rebuild", is_flag=True, help="Remove the index first and build it anew.")
@click.option("--max-page-mb", type=click.IntRange(1), help="Skip pages larger than this.")
@_pass
def index(
    context: _Context,
    sources: tuple[str, ...],
    index_dir: Path | None,
    as_json: bool,
    rebuild: bool,
    max_page_mb: int | None,
) -> int:
    """Index pages, in one commit.

    SOURCES are files and directories: page text, HTML, JSONL, CSV, RSS and Atom, WARC, each also
    gzipped, told apart by content; `-` is standard input. With none, the sources of searchkit.toml
    are taken, else what is piped in, else the sample pages. Pages already indexed are updated.

    \b
    searchkit index pages/
    searchkit index archive.jsonl.gz crawl.warc.gz
    curl -s https://warta.example/rss | searchkit index -
    """
    settings = context.settings
    limits = Limits(page_bytes=(max_page_mb or settings.max_page_mb) * 1024 * 1024)
    chosen = choose_sources(sources, settings)
    path = context.index_dir(index_dir)
    opening = SearchIndex.rebuild if rebuild else SearchIndex.open_or_create
    with opening(path, settings) as opened, progress_bar(chosen) as on_progress:
        report = opened.add(read(chosen, limits, on_progress))
    if as_json:
        click.echo(json.dumps(output.report_json(report, path), ensure_ascii=False))
    else:
        output.print_report(report, path)
    return EXIT_SKIPPED if report.skipped_count else 0


@cli.command()
@click.argument("text", nargs=-1, required=True)
@_index_dir
@click.option("--limit", default=10, show_default=True, help="Hits to show.")
@click.option("--offset", default=0, show_default=True, help="Hits to pass over.")
@click.option("--kind", type=click.Choice(["article", "item"]), help="Only this kind.")
@click.option("--list", "list_name", help="Only sidebar items of this list, such as Populer.")
@click.option("--no-abbreviations", is_flag=True, help="Take KPK for the letters KPK only.")
@click.option("--no-synonyms", is_flag=True, help="Take every word for itself only.")
@click.option(
    "--recency",
    type=click.FloatRange(0, MOST_RECENCY),
    help="How much the newest are preferred: 0 not at all, 1 up to twice the score.",
)
@click.option(
    "--collapse",
    type=click.Choice(["newest", "fullest", "off"]),
    help="Of copies of an article show the newest or the fullest only, or each (off).",
)
@click.option("--exact-spelling", is_flag=True, help="Search for a misspelled word as it is.")
@_json
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON object a hit.")
@_no_color
@_pass
def query(
    context: _Context,
    text: tuple[str, ...],
    index_dir: Path | None,
    limit: int,
    offset: int,
    kind: str | None,
    list_name: str | None,
    no_abbreviations: bool,
    no_synonyms: bool,
    recency: float | None,
    collapse: Literal["newest", "fullest", "off"] | None,
    exact_spelling: bool,
    as_json: bool,
    as_jsonl: bool,
    no_color: bool,
) -> None:
    """Search for TEXT: words in any form, and "phrases" in quotes. `*` is everything.

    \b
    searchkit query pakta pertahanan
    searchkit query '"Korea Utara" rudal' --limit 3
    searchkit query '*' --kind item --list Populer --json
    """
    off = {"abbreviation": no_abbreviations, "synonym": no_synonyms}
    with SearchIndex.open(context.index_dir(index_dir), context.settings) as opened:
        page = opened.search(
            " ".join(text),
            limit=limit,
            offset=offset,
            kind=kind,
            list_name=list_name,
            expand=[rule for rule in context.settings.expand if not off[rule]],
            recency=recency,
            collapse=collapse,
            tolerant=False if exact_spelling else None,
        )
    if as_json:
        click.echo(json.dumps(output.page_json(page), ensure_ascii=False, indent=1))
    elif as_jsonl:
        for hit in page.hits:
            click.echo(json.dumps(output.hit_json(hit), ensure_ascii=False))
    else:
        output.print_page(page, color=not no_color)


@cli.command()
@_index_dir
@_json
@_pass
def stats(context: _Context, index_dir: Path | None, as_json: bool) -> None:
    """Show how much is in the index."""
    with SearchIndex.open(context.index_dir(index_dir), context.settings) as opened:
        counted = opened.stats()
    if as_json:
        click.echo(json.dumps(output.stats_json(counted), ensure_ascii=False))
    else:
        output.print_stats(counted)


@cli.command()
@click.argument("document_id", metavar="ID")
@_index_dir
@_json
@_pass
def show(context: _Context, document_id: str, index_dir: Path | None, as_json: bool) -> None:
    """Show a document whole: an article with the items beside it, or an item."""
    with SearchIndex.open(context.index_dir(index_dir), context.settings) as opened:
        shown: dict[str, Any] = output.document_json(opened, document_id)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        output.print_document(shown)


@cli.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@_index_dir
@_pass
def delete(context: _Context, ids: tuple[str, ...], index_dir: Path | None) -> None:
    """Delete documents by their ids: all of them, or none if one is not there."""
    with SearchIndex.open(context.index_dir(index_dir), context.settings) as opened:
        opened.delete(*ids)
    click.echo(f"Deleted {len(set(ids))} document{'s' if len(set(ids)) > 1 else ''}.")


@cli.command()
@click.argument("text", nargs=-1, required=True)
@_json
@_pass
def analyze(context: _Context, text: tuple[str, ...], as_json: bool) -> None:
    """Show the tokens of TEXT: spelling, folded form, stem and offsets."""
    with closing(stemmer_of(context.settings)) as stemmer:
        tokens = IndonesianAnalyzer(stemmer).analyze(" ".join(text))
    if as_json:
        click.echo(json.dumps([token._asdict() for token in tokens], ensure_ascii=False))
    else:
        output.print_tokens(tokens)
