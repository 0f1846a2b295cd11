"""`searchkit eval`: a translation of `searchkit.evaluation`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from searchkit.cli.messages import say
from searchkit.cli.options import (
    GivenPath,
    IndexPlace,
    Shared,
    index_dir_option,
    json_option,
    named_as,
    pass_shared,
)
from searchkit.cli.records import print_json
from searchkit.cli.translated import command
from searchkit.engines.location import Location
from searchkit.errors import BelowFloor, EvaluationError
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings

# The evaluation itself is imported when the command runs: other commands need not wait for it.
if TYPE_CHECKING:
    from searchkit.evaluation import Corpus, Evaluation, JudgedQueries
    from searchkit.evaluation.measures import OnStep

_file = GivenPath(path_type=Path, dir_okay=False)
_folder = GivenPath(path_type=Path, file_okay=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The arguments and options of the command, as given."""

    files: tuple[Path, ...]
    index_dir: Location | None
    compare: str | None
    baseline: Path | None
    baseline_index: Location | None
    without_headlines: bool
    limit_documents: int | None
    limit_queries: int | None
    seed: int
    fetch_depth: int
    run: Path | None
    plot: Path | None
    floors: Path | None
    data: Path | None
    only: tuple[str, ...]
    as_json: bool
    per_query: bool
    markdown: bool

    @property
    def sources(self) -> tuple[Path, ...]:
        """What to build an index of; none for an index that is there."""
        return self.files[:-2]

    def check(self) -> None:
        """Raise UsageError when the options do not go together."""
        problems = {
            "--floors needs --data, the directory of the collections": (
                bool(self.floors) != bool(self.data)
            ),
            "with --floors, the collections are named in its file, not as arguments": (
                bool(self.floors and self.files)
            ),
            "--only goes with --floors": bool(self.only and not self.floors),
            "name a file of queries and one of qrels, after the corpus if there is one": (
                not self.floors and len(self.files) < 2
            ),
            "--compare builds indexes: name the corpus before QUERIES and QRELS": (
                bool(self.compare and self.files and not self.sources)
            ),
            "--without-headlines and --limit-documents go with a corpus, named before QUERIES": (
                bool(self.without_headlines or self.limit_documents) and not self.sources
            ),
            "a corpus has an index built for it: leave out --index-dir": (
                bool(self.sources) and _is_typed("index_dir")
            ),
            "--per-query goes with --json": self.per_query and not self.as_json,
        }
        for problem, met in problems.items():
            if met:
                raise click.UsageError(problem)
        for path in (self.run, self.plot):
            if path and not path.parent.is_dir():
                raise click.UsageError(f"{path}: there is no directory {path.parent}")


def _is_typed(name: str) -> bool:
    """Return whether an option was given by itself, and not by the environment."""
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


@command("eval")
@click.argument("files", nargs=-1, metavar=say("eval_metavar"), type=GivenPath(path_type=Path))
@index_dir_option
@click.option(
    "--compare",
    metavar="NAMES",
    help=say("eval_compare"),
)
@click.option("--baseline", metavar="FILE", type=_file, help=say("eval_baseline"))
@click.option("--baseline-index", metavar="DIR", type=IndexPlace(), help=say("eval_baseline_index"))
@click.option("--without-headlines", is_flag=True, help=say("eval_without_headlines"))
@click.option(
    "--limit-documents",
    type=click.IntRange(1),
    metavar="N",
    help=say("eval_limit_documents"),
)
@click.option(
    "--limit-queries", type=click.IntRange(1), metavar="N", help=say("eval_limit_queries")
)
@click.option("--seed", default=0, type=click.IntRange(0), metavar="N", help=say("eval_seed"))
@click.option(
    "--fetch-depth",
    default=100,
    metavar="N",
    type=click.IntRange(1, 100_000),
    help=say("eval_fetch_depth"),
)
@click.option("--run", metavar="FILE", type=_file, help=say("eval_run"))
@click.option("--plot", metavar="FILE", type=_file, help=say("eval_plot"))
@click.option("--floors", metavar="FILE", type=_file, help=say("eval_floors"))
@click.option("--data", metavar="DIR", type=_folder, help=say("eval_data"))
@click.option("--only", multiple=True, metavar="SET", help=say("eval_only"))
@json_option
@click.option("--per-query", is_flag=True, help=say("eval_per_query"))
@click.option("--markdown", is_flag=True, help=say("eval_markdown"))
@pass_shared
def evaluation(context: Shared, /, **given: Any) -> None:
    """Measure how well search finds what is relevant."""
    from searchkit.evaluation import require_extra

    asked = _Asked(**given)
    asked.check()
    require_extra()
    if asked.floors and asked.data:
        _check_floors(asked, asked.floors, asked.data, context.settings)
    else:
        _evaluate(asked, context)


def _evaluate(asked: _Asked, context: Shared) -> None:
    from searchkit.cli import evaluation_output as output
    from searchkit.evaluation import compare, read_judged_queries, write_plot, write_run
    from searchkit.evaluation.plot import check_plot_name

    if asked.plot:
        check_plot_name(asked.plot)
    *_, queries, qrels = asked.files
    judged = read_judged_queries(queries, qrels, asked.limit_queries, asked.seed)
    with _progress() as on_step:
        *baselines, system = evaluations = _evaluations(asked, context, judged, on_step)
        comparisons = []
        for done, other in enumerate(baselines):
            on_step(say("eval_testing"), done, len(baselines))
            comparisons += compare(system, other, asked.seed)
    if asked.run:
        write_run(asked.run, system.run, f"searchkit-{system.name}")
    if asked.plot:
        write_plot(asked.plot, evaluations, asked.seed)
    warnings = [*judged.warnings, *(w for each in evaluations for w in each.warnings)]
    if asked.as_json:
        shown = output.evaluation_json(judged, evaluations, comparisons, asked.seed)
        shown |= {"fetch_depth": asked.fetch_depth, "warnings": warnings}
        if asked.per_query:
            shown["per_query"] = output.per_query_json(judged, evaluations)
        print_json(shown, indent=1)
        return
    output.print_warnings(warnings)
    output.print_evaluation(judged, evaluations, asked.seed, asked.markdown)
    output.print_comparisons(comparisons, asked.markdown)


def _evaluations(
    asked: _Asked, context: Shared, judged: "JudgedQueries", on_step: "OnStep"
) -> "list[Evaluation]":
    """Return what is compared with, in the order given, and the system itself last."""
    from searchkit.evaluation import OWN, chosen_configurations, evaluate_run, read_run

    # Looked at first: what is wrong with a name should not come to light after minutes.
    configurations = chosen_configurations(asked.compare) if asked.compare else [OWN]
    evaluated = []
    if asked.baseline:
        name = asked.baseline.name
        evaluated.append(evaluate_run(read_run(asked.baseline), judged, name))
    settings = context.settings
    if asked.baseline_index:
        with named_as("--baseline-index"):
            evaluated.append(_of_index(asked, asked.baseline_index, judged, settings, on_step))
    if not asked.sources:
        path = context.index_dir(asked.index_dir)
        return [*evaluated, _of_index(asked, path, judged, settings, on_step)]
    corpus = _corpus(asked, judged)
    for configuration in configurations:
        evaluated.append(_of_corpus(asked, corpus, configuration.name, judged, settings, on_step))
    return evaluated


def _corpus(asked: _Asked, judged: "JudgedQueries") -> "Corpus":
    from searchkit.evaluation import Corpus

    return Corpus(
        sources=asked.sources,
        headlines=not asked.without_headlines,
        limit=asked.limit_documents,
        keep=frozenset(judged.relevant),
        seed=asked.seed,
    )


def _of_index(
    asked: _Asked, path: Location, judged: "JudgedQueries", settings: Settings, on_step: "OnStep"
) -> "Evaluation":
    from searchkit.evaluation import evaluate_index

    with SearchIndex.open(path, settings) as index:
        return evaluate_index(index, judged, str(path), depth=asked.fetch_depth, on_step=on_step)


def _of_corpus(
    asked: _Asked,
    corpus: "Corpus",
    name: str,
    judged: "JudgedQueries",
    settings: Settings,
    on_step: "OnStep",
) -> "Evaluation":
    from dataclasses import replace

    from searchkit.evaluation import CONFIGURATIONS, built_index, evaluate_index

    with built_index(corpus, settings, CONFIGURATIONS[name], on_step) as (index, warnings):
        found = evaluate_index(index, judged, name, depth=asked.fetch_depth, on_step=on_step)
    return replace(found, warnings=(*warnings, *found.warnings))


def _check_floors(asked: _Asked, floors: Path, data: Path, settings: Settings) -> None:
    from searchkit.cli import evaluation_output as output
    from searchkit.evaluation import check_floors, read_floors

    sets = read_floors(floors)
    names = [each.name for each in sets]
    for name in asked.only:
        if name not in names:
            raise click.UsageError(f"{floors} has no set {name!r}; it has {', '.join(names)}")
    wanted = [each for each in sets if not asked.only or each.name in asked.only]
    with _progress() as on_step:
        results = [check_floors(each, data, settings, on_step) for each in wanted]
    if asked.as_json:
        print_json(output.floors_json(results), indent=1)
    else:
        output.print_floors(results, asked.markdown)
    failed = [each for each in results if each.status in ("below", "changed")]
    if failed:
        what = "; ".join(f"{each.set.name}: {each.reason}" for each in failed)
        raise BelowFloor(f"{floors}: {what}")
    if all(each.status == "absent" for each in results):
        # Passed over, they would be green for a slip in --data.
        raise EvaluationError(
            f"{floors}: nothing was measured: no collection asked for is whole in {data}; name the "
            "directory that has them with --data"
        )


@contextmanager
def _progress() -> "Iterator[OnStep]":
    """Show a bar for each step on a terminal, and nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _label, _done, _total: None
        return
    columns: Sequence[Any] = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        current = ""

        def on_step(label: str, done: float, total: float | None) -> None:
            nonlocal current
            if label != current:
                progress.reset(task, description=label, total=total)
                current = label
            progress.update(task, completed=done)

        yield on_step
