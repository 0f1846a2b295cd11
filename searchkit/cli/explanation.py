"""`searchkit explain`: why a document is a hit, for people and for programs."""

from dataclasses import asdict
from typing import Any

import click
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from searchkit.cli.messages import language, say, say_name
from searchkit.cli.options import Shared, index_dir_option, json_option, pass_shared
from searchkit.cli.records import print_json
from searchkit.cli.screen import harmless
from searchkit.cli.terminal import console
from searchkit.cli.translated import command
from searchkit.engines.base import Explanation
from searchkit.engines.location import Location
from searchkit.explaining import HitExplanation
from searchkit.wording import LANGUAGES

_WORDS = ("term", "phrase", "synonyms", "prefix", "wildcard", "fuzzy")


@command("explain")
@click.argument("query", metavar=say("explain_metavar"))
@click.argument("document_id", metavar="ID")
@index_dir_option
@click.option("--lang", type=click.Choice(LANGUAGES), help=say("explain_lang"))
@json_option
@pass_shared
def explain(
    shared: Shared,
    query: str,
    document_id: str,
    index_dir: Location | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Explain why a document is a hit, and how its score came about."""
    with shared.open_index(index_dir) as opened:
        found = opened.explain(query, document_id)
    into = lang or language()
    if as_json:
        print_json(asdict(found) if found else None, indent=1)
    elif found is None:
        click.echo(say("explain_no_hit", into, id=document_id, query=query))
    else:
        _print(found, into)


def _print(found: HitExplanation, into: str) -> None:
    screen = console()
    title = say(
        "explain_title",
        into,
        headline=found.headline or "—",
        id=found.document_id,
        score=found.score,
        query=found.query,
    )
    screen.print(Text(harmless(title), "bold"))
    if found.relaxed:
        screen.print(say("explain_relaxed", into))
    screen.print(Text(f"\n{say('explain_words', into)}", "bold"))
    screen.print(_words(found, into))
    if found.missing:
        missing = say("explain_missing", into, words=", ".join(found.missing))
        screen.print(Text(harmless(missing)))
    screen.print(Text(f"\n{say('explain_score', into)}", "bold"))
    screen.print(_tree(found.tree, into))


def _words(found: HitExplanation, into: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("typed", "rule", "block", "spellings"):
        table.add_column(say(f"explain_head_{name}", into))
    for match in found.words:
        spellings = ", ".join(f"{spelling} ({count}x)" for spelling, count in match.spellings)
        table.add_row(
            Text(harmless(match.typed)),
            say(f"explain_rule_{match.rule}", into),
            say_name("block", match.block, into),
            Text(harmless(" ".join(spellings.split()))),
        )
    return table


def _tree(explanation: Explanation, into: str, parent: Tree | None = None) -> Tree:
    """Return the parts of a score as a tree of sentences, each with its value in front."""
    line = Text(f"{explanation.value:8.3f}  ", "cyan") + Text(
        harmless(_sentence(explanation, into))
    )
    here = Tree(line) if parent is None else parent.add(line)
    for part in explanation.parts:
        _tree(part, into, here)
    return here


def _sentence(explanation: Explanation, into: str) -> str:
    key = explanation.key
    facts: dict[str, Any] = {"value": explanation.value} | dict(explanation.facts)
    if key == "score":
        scale = say(f"explain_scale_{facts['kind']}", into, **facts)
        return f"{say('explain_key_score', into)} ({scale})"
    if key in _WORDS:
        key = "word"
        facts["count"] = facts["documents"]
    if key == "field":
        facts["field"] = say_name("block", str(facts["field"]), into)
        if facts["rule"] != "typed":
            key = "field_by_rule"
            facts["rule"] = say(f"explain_rule_{facts['rule']}", into)
    return say(f"explain_key_{key}", into, **facts)
