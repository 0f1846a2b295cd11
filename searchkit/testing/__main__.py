"""The conformance suite on several engines: `python -m searchkit.testing [ENGINE | URL]...`."""

import sys

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from searchkit.errors import ExtraMissing
from searchkit.testing.run import PARTS, Tested, run, to_test


@click.command
@click.argument("engines", nargs=-1, metavar="[ENGINE | URL]...")
@click.option(
    "--part",
    "names",
    multiple=True,
    type=click.Choice(PARTS),
    help="Run only this part of the suite; may be given several times.",
)
def main(engines: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Run the conformance suite on ENGINEs and print a table.

    Of none named on all that are known. An engine on a server is named by its URL, as
    opensearch://127.0.0.1:9200, or its HOST:PORT is in SEARCHKIT_TEST_OPENSEARCH: indexes of names
    that begin with searchkit-conformance- are made there and removed again. Ends with status 1 when
    a test fails, or when an engine that was named cannot be tested.
    """
    tested = to_test(engines)
    parts = [part for part in PARTS if not names or part in names]
    try:
        _run(tested, parts)
    except ExtraMissing as error:
        raise click.ClickException(str(error)) from error
    screen = Console(soft_wrap=True, highlight=False, emoji=False)
    ran = [each for each in tested if not each.unavailable]
    if ran:
        screen.print(_table(ran, parts))
    for each in tested:
        if each.unavailable:
            screen.print(f"{each.title} was not tested: {each.unavailable}", markup=False)
        for test, text in each.failures.items():
            screen.print(f"\n{each.title}: {test}\n{text}", markup=False)
    missing = bool(engines) and any(each.unavailable for each in tested)
    sys.exit(missing or any(each.failures for each in tested))


def _run(tested: list[Tested], parts: list[str]) -> None:
    """Run the suite, with a bar that shows how far it is."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("testing", total=None)
        run(tested, parts, lambda done, total: progress.update(task, completed=done, total=total))


def _table(tested: list[Tested], parts: list[str]) -> Table:
    """Return how many tests of each part passed; with what failed and was skipped, if any was."""
    table = Table("", *(each.title for each in tested))
    for part in parts:
        table.add_row(part, *(_cell(each, [part]) for each in tested))
    table.add_section()
    table.add_row("all", *(_cell(each, parts) for each in tested))
    return table


def _cell(tested: Tested, parts: list[str]) -> str:
    counts = {
        outcome: sum(tested.outcomes[part, outcome] for part in parts)
        for outcome in ("passed", "failed", "skipped")
    }
    more = [f"{count} {name}" for name, count in counts.items() if count and name != "passed"]
    return ", ".join([f"{counts['passed']} passed", *more])


if __name__ == "__main__":
    main()
