"""`searchkit explain`: why a document is a hit, for people and for programs."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from searchkit.cli.commands import _Context, _index_dir, _json, _pass
from searchkit.cli.messages import LANGUAGES, language, say
from searchkit.engines.base import Explanation
from searchkit.explaining import HitExplanation
from searchkit.search_index import SearchIndex

_WORDS = ("term", "phrase", "synonyms")


@click.command()
@click.argument("query")
@click.argument("document_id", metavar="ID")
@_index_dir
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help="Explain in Indonesian or English; that of the locale by default.",
)
@_json
@_pass
def explain(
    context: _Context,
    query: str,
    document_id: str,
    index_dir: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Explain why document ID is a hit of QUERY, and how its score came about.

    \b
    searchkit explain "pakta pertahanan" a70b7e0fd0b7e9b6
    searchkit explain 'korut rudal' a70b7e0fd0b7e9b6 --lang id
    """
    with SearchIndex.open(context.index_dir(index_dir), context.settings) as opened:
        found = opened.explain(query, document_id)
    into = lang or language()
    if as_json:
        click.echo(json.dumps(asdict(found) if found else None, ensure_ascii=False, indent=1))
    elif found is None:
        click.echo(say("explain_no_hit", into, id=document_id, query=query))
    else:
        _print(found, into)


def _print(found: HitExplanation, into: str) -> None:
    console = Console(highlight=False)
    title = say(
        "explain_title",
        into,
        headline=found.headline or "—",
        id=found.document_id,
        score=found.score,
        query=found.query,
    )
    console.print(Text(title, "bold"))
    if found.relaxed:
        console.print(say("explain_relaxed", into))
    console.print(Text(f"\n{say('explain_words', into)}", "bold"))
    console.print(_words(found, into))
    if found.missing:
        console.print(say("explain_missing", into, words=", ".join(found.missing)))
    console.print(Text(f"\n{say('explain_score', into)}", "bold"))
    console.print(_tree(found.tree, into))


def _words(found: HitExplanation, into: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("typed", "rule", "block", "spellings"):
        table.add_column(say(f"explain_head_{name}", into))
    for match in found.words:
        spellings = ", ".join(f"{spelling} ({count}x)" for spelling, count in match.spellings)
        table.add_row(
            Text(match.typed),
            say(f"explain_rule_{match.rule}", into),
            say(f"explain_block_{match.block}", into),
            Text(" ".join(spellings.split())),
        )
    return table


def _tree(explanation: Explanation, into: str, parent: Tree | None = None) -> Tree:
    """Return the parts of a score as a tree of sentences, each with its value in front."""
    line = Text(f"{explanation.value:8.3f}  ", "cyan") + Text(_sentence(explanation, into))
    here = Tree(line) if parent is None else parent.add(line)
    for part in explanation.parts:
        _tree(part, into, here)
    return here


def _sentence(explanation: Explanation, into: str) -> str:
    key = explanation.key
    facts: dict[str, Any] = dict(explanation.facts) | {"value": explanation.value}
    if key == "score":
        scale = say(f"explain_scale_{facts['kind']}", into, **facts)
        return f"{say('explain_key_score', into)} ({scale})"
    if key in _WORDS:
        key = "word"
    if key == "field":
        facts["field"] = say(f"explain_block_{facts['field']}", into)
        if facts["rule"] != "typed":
            key = "field_by_rule"
            facts["rule"] = say(f"explain_rule_{facts['rule']}", into)
    return say(f"explain_key_{key}", into, **facts)
