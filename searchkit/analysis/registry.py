"""Analyzers by name: searchkit's own, and those that installed packages offer."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from searchkit.analysis.tokens import Analyzer
from searchkit.errors import SearchkitError, SettingsError
from searchkit.settings import Settings

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "searchkit.analyzers"
"""The entry points by which installed packages offer analyzers: name and what makes one."""

Maker = Callable[[Settings], Analyzer]
"""Makes an analyzer from settings; of equal settings always an equal one."""

_ANALYZERS = {
    "indonesian": "searchkit.analysis.indonesian:of_settings",
    "plain": "searchkit.analysis.plain:plain_of_settings",
    "whole": "searchkit.analysis.plain:whole_of_settings",
}


def analyzer_names() -> list[str]:
    """Return the names of all analyzers: searchkit's own, then those of installed packages."""
    return [*_ANALYZERS, *sorted(_entry_points().keys() - _ANALYZERS.keys())]


def make_analyzer(name: str, settings: Settings) -> Analyzer:
    """Return a new analyzer of that name.

    Raises SettingsError if there is none, or if it cannot be made from `settings`.
    """
    maker = _maker(name)
    try:
        return maker(settings)
    except SearchkitError:
        raise
    except Exception as error:
        raise SettingsError(
            f"the analyzer {name!r} could not be made ({type(error).__name__}: {error}); ask the "
            "authors of its package"
        ) from error


def _maker(name: str) -> Maker:
    if name in _ANALYZERS:
        module, _, attribute = _ANALYZERS[name].partition(":")
        own: Maker = getattr(import_module(module), attribute)
        return own
    point = _entry_points().get(name)
    if point is None:
        raise SettingsError(
            f"there is no analyzer {name!r}; there are {', '.join(analyzer_names())}, and those of "
            "packages that are not installed"
        )
    try:
        found: Maker = point.load()
    except (ImportError, AttributeError) as error:
        raise SettingsError(
            f"the analyzer {name!r}, {point.value}, cannot be imported: {error}; install its "
            "package anew"
        ) from error
    return found


def _entry_points() -> "dict[str, EntryPoint]":
    # Imported late: it takes longer than opening an index, and few need it.
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP)}


class Analyzers:
    """The analyzers that an index uses, by name; each is made when it is first asked for.

    What they keep on disk is read, saved and closed together.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: dict[str, Analyzer] = {}

    def named(self, name: str) -> Analyzer:
        """Return the analyzer of that name, each time the same; raises SettingsError."""
        if name not in self._made:
            self._made[name] = make_analyzer(name, self._settings)
        return self._made[name]

    def preload(self) -> None:
        """Have all that are there make ready for a large run."""
        self._each("preload")

    def save(self) -> None:
        """Have all that are there write down what they have met."""
        self._each("save")

    def close(self) -> None:
        """Have all that are there save, and give back what they hold."""
        self._each("close")

    def _each(self, verb: str) -> None:
        for analyzer in self._made.values():
            if does := getattr(analyzer, verb, None):
                does()
