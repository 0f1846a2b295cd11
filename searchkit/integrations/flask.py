"""An index in a Flask application: opened once, in step with its database, shown in its templates.

>>> from searchkit.integrations.flask import Searchkit
>>> search = Searchkit()
>>> @search.source
... def articles(ids): ...                  # gives searchkit.Article of those ids, None for all
>>> search.init_app(app)                                                      # doctest: +SKIP
>>> search.index.search("pakta pertahanan", limit=10)                         # doctest: +SKIP
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from searchkit.documents import Article
from searchkit.errors import ExtraMissing, SearchkitError

try:
    import click
    from flask import Blueprint, Flask, current_app
    from markupsafe import Markup
except ModuleNotFoundError as error:
    raise ExtraMissing("flask", error.name or "flask") from error

from searchkit.integrations.keeping import KeptIndex, Read
from searchkit.results import Fragment
from searchkit.search_index import SearchIndex

Reading = TypeVar("Reading", bound=Read)


class Searchkit:
    """The extension: the index of the current application, and what keeps it in step.

    Of the configuration, `SEARCHKIT_INDEX` is the path or URL of the index (`index` in the instance
    folder when not set; made at first use) and `SEARCHKIT_SETTINGS` a `searchkit.Settings`.
    Applications made by a factory have an index each; threads of one share it, and each process
    opens its own.

    Templates have the filter `marked`, which shows a fragment as safe HTML: escaped first, then
    with `<mark>` around what matched. `flask searchkit sync` and `flask searchkit rebuild` do what
    the methods of those names do.
    """

    def __init__(self, app: Flask | None = None) -> None:
        """Set up `app`, or none yet: see `init_app`."""
        self._read: Read | None = None
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Set up an application; its index is opened when it is first used."""
        place: str | Path = app.config.setdefault(
            "SEARCHKIT_INDEX", Path(app.instance_path) / "index"
        )
        settings = app.config.setdefault("SEARCHKIT_SETTINGS", None)
        app.extensions["searchkit"] = KeptIndex(place, settings, self._articles)
        app.add_template_filter(_marked, "marked")
        app.register_blueprint(_commands(self))

    def source(self, read: Reading) -> Reading:
        """Take `read` for the source of the index, which it is to be in step with.

        It is called in the context of the application, with a list of ids or, for all, None, and
        gives the articles of those that are to be found as of now; each has its own `id`.
        """
        self._read = read
        return read

    @property
    def index(self) -> SearchIndex:
        """The index of the current application; raises what `SearchIndex.open_or_create` does."""
        return self._kept.index

    def update(self, *ids: str) -> None:
        """Bring articles into step that were added, changed or deleted, and committed.

        Raises what `SearchIndex.add` does, such as IndexLocked when another process writes for
        long; `sync` then makes good for it.
        """
        self._kept.update(ids)

    def sync(self) -> int:
        """Bring all articles into step; return how many were not. Only those are analysed."""
        return self._kept.sync()

    def rebuild(self) -> int:
        """Begin the index anew, as after an upgrade of searchkit; return how many articles it has.

        Until it is there, what was there is searched.
        """
        return self._kept.rebuild()

    def close(self) -> None:
        """Give back the files of the index; it is opened again when it is used."""
        self._kept.close()

    @property
    def _kept(self) -> KeptIndex:
        kept: KeptIndex | None = current_app.extensions.get("searchkit")
        if kept is None:
            raise RuntimeError(
                "this application has no index; call `init_app` of the extension with it"
            )
        return kept

    def _articles(self, ids: list[str] | None) -> Iterable[Article]:
        if self._read is None:
            raise RuntimeError(
                "nothing says what the index is to hold; decorate a function with `source`"
            )
        return self._read(ids)


def _marked(fragment: Fragment) -> Markup:
    return Markup(fragment.html())  # noqa: S704 - it is escaped there


def _commands(search: Searchkit) -> Blueprint:
    """Return a blueprint without routes, for the group of commands that it brings."""
    blueprint = Blueprint("searchkit", __name__, cli_group="searchkit")
    blueprint.cli.help = "Keep the index in step with the database."

    @blueprint.cli.command("sync")
    def sync() -> None:
        """Index what has changed, and delete what is gone."""
        click.echo(f"{_reported(search.sync):,} articles were not in step, and are now.")

    @blueprint.cli.command("rebuild")
    def rebuild() -> None:
        """Begin the index anew; what is there is searched until it is done."""
        click.echo(f"{_reported(search.rebuild):,} articles are indexed.")

    return blueprint


def _reported(work: Callable[[], int]) -> int:
    try:
        return work()
    except SearchkitError as error:
        raise click.ClickException(str(error)) from error
