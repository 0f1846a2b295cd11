"""What several commands share: their settings, and the options that mean the same everywhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from searchkit.cached import cached_property
from searchkit.cli.messages import say
from searchkit.cli.screen import harmless
from searchkit.engines.location import Location, is_url
from searchkit.errors import ForeignIndex, IndexMissing
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings, load_settings

Function = TypeVar("Function", bound=Callable[..., Any])


class Shared:
    """What stands before the command: the settings, read when a command first asks for them."""

    def __init__(self, config: Path | None) -> None:
        self._config = config

    @cached_property
    def settings(self) -> Settings:
        """The settings; SettingsError if they cannot be used."""
        return load_settings(self._config)

    def index_dir(self, given: Location | None) -> Location:
        """Return where the index is: the place given, else that of the settings."""
        return given or Location.of(self.settings.dir)

    def open_index(self, given: Location | None) -> SearchIndex:
        """Open the index of that place, see `SearchIndex.open`."""
        return SearchIndex.open(self.index_dir(given), self.settings)


def of_engine(place: Location, engine: str | None) -> Location:
    """Return `place` as one of that engine; UsageError where it is one of another already."""
    if engine and place.engine not in ("", engine):
        url = harmless(place.url or f"{place.engine}://{place}")
        raise click.UsageError(say("index_engine_twice", engine=engine, url=url))
    return replace(place, engine=engine) if engine else place


class GivenPath(click.Path):
    """A path that is not empty."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; a usage error for an empty one, and as `click.Path` has them."""
        if value == "":
            # Of a variable that is not set: it would be the working directory.
            self.fail(say("option_path_empty"), param, ctx)
        return super().convert(value, param, ctx)


class IndexPlace(GivenPath):
    """The path of a directory, which may be missing, or a URL."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, file_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the `Location`; a usage error for the path of a file, and for none."""
        if isinstance(value, str) and not is_url(value):
            value = Path(str(super().convert(value, param, ctx)))
        return Location.of(value)


pass_shared = click.make_pass_decorator(Shared)
index_dir_option = click.option(
    "--index-dir",
    metavar="DIR",
    type=IndexPlace(),
    envvar="SEARCHKIT_INDEX_DIR",
    help=say("option_index_dir"),
)
json_option = click.option("--json", "as_json", is_flag=True, help=say("option_json"))
no_color_option = click.option("--no-color", is_flag=True, help=say("option_no_color"))


def format_option(*choices: str) -> Callable[[Function], Function]:
    """Return a decorator for `--format`, with `--json` and `--jsonl` as its short forms.

    The command gets it as `form`; "text", or None when nothing is asked for, is what people read.
    Of several the last one counts.
    """

    def decorated(function: Function) -> Function:
        for short in ("jsonl", "json"):
            if short in choices:
                option = click.option(
                    f"--{short}", "form", flag_value=short, help=say(f"option_{short}")
                )
                function = option(function)
        return click.option(
            "--format",
            "form",
            type=click.Choice(["text", *choices]),
            help=say("option_format"),
        )(function)

    return decorated


def check_bom(bom: bool, form: str | None) -> None:
    """Raise UsageError for `--bom` where no CSV is asked for: only there it does anything."""
    if bom and form != "csv":
        raise click.UsageError(say("option_bom_alone"))


@contextmanager
def named_as(argument: str) -> Iterator[None]:
    """Tell of an index that is none by which argument it was named: not by `--index-dir`."""
    try:
        yield
    except (ForeignIndex, IndexMissing) as error:
        # What it advises stands behind the last semicolon; a path may have others.
        fault = str(error).rpartition(";")[0] or str(error)
        raise type(error)(f"{fault}; name another as {argument}") from error


bom_option = click.option("--bom", is_flag=True, help=say("option_bom"))
