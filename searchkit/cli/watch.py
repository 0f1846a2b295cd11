"""`searchkit watch`: saved queries, a translation of `searchkit.watching.Watches`."""

import click

from searchkit.cli import records
from searchkit.cli.messages import say
from searchkit.cli.options import Shared, index_dir_option, json_option, pass_shared
from searchkit.cli.screen import harmless
from searchkit.cli.translated import Group, command
from searchkit.engines.location import Location
from searchkit.watching import Watches


@click.group(
    "watch",
    cls=Group,
    help=say("watch_help"),
    short_help=say("watch_short"),
    examples=say("watch_examples"),
    subcommand_metavar=say("searchkit_metavar"),
    invoke_without_command=True,
)
@click.pass_context
def watch(context: click.Context) -> None:
    """Saved queries."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _name(context: click.Context, parameter: click.Parameter, name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise click.BadParameter(say("watch_no_name"))
    return name


@command("watch_add")
@click.argument("name", metavar=say("watch_name"), callback=_name)
@click.argument("query")
@index_dir_option
@pass_shared
def add(shared: Shared, name: str, query: str, index_dir: Location | None) -> None:
    """Save a query under a name."""
    with shared.open_index(index_dir) as opened:
        Watches(opened).add(name, query)
    click.echo(say("watch_added", name=harmless(name)))


@command("watch_remove")
@click.argument("name", metavar=say("watch_name"))
@index_dir_option
@pass_shared
def remove(shared: Shared, name: str, index_dir: Location | None) -> None:
    """Forget a saved query."""
    with shared.open_index(index_dir) as opened:
        Watches(opened).remove(name)
    click.echo(say("watch_removed", name=harmless(name)))


@command("watch_list")
@index_dir_option
@json_option
@pass_shared
def list_(shared: Shared, index_dir: Location | None, as_json: bool) -> None:
    """Print the saved queries."""
    with shared.open_index(index_dir) as opened:
        queries = Watches(opened).queries
    if as_json:
        records.print_json(queries)
        return
    for name, query in queries.items():
        click.echo(harmless(f"{name}: {query}"))


@command("watch_run")
@index_dir_option
@json_option
@pass_shared
def run(shared: Shared, index_dir: Location | None, as_json: bool) -> None:
    """Print the new hits of each saved query; they are not new the next time."""
    with shared.open_index(index_dir) as opened:
        watches = Watches(opened)
        new = watches.new()
        if as_json:
            hits = {name: [records.hit_json(hit) for hit in new[name]] for name in new}
            records.print_json(hits, indent=1)
        else:
            for name, found in new.items():
                click.echo(say("watch_new", name=harmless(name), count=len(found)))
                for hit in found:
                    click.echo(harmless(f"  {hit.id}  {hit.headline}"))
        # Only when all is printed: what is cut off is told again rather than lost.
        watches.tell(new)


watch.add_command(add, "add")
watch.add_command(remove, "remove")
watch.add_command(list_, "list")
watch.add_command(run, "run")
