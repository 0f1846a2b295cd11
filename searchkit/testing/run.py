"""Runs the conformance suite on several engines, and tells what came of it."""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from searchkit.engines.location import Location, is_url
from searchkit.engines.registry import engine_class, engine_names
from searchkit.errors import ExtraMissing, SearchkitError
from searchkit.settings import Settings

if TYPE_CHECKING:
    import pytest

PARTS = (
    *("QueryExamples", "RankingExamples", "RandomSearches", "Pages"),
    *("Changes", "Dictionary", "Cursors", "CopyGroups"),
    *("Schemas", "SchemaPages"),
    *("Concurrency", "Crashes", "Failures", "Directories"),
)
"""The parts of the suite, in the order in which the table lists them."""

SERVERS = "SEARCHKIT_TEST_"
"""With the name of an engine, in capitals, the environment variable that names its server."""


@dataclass(slots=True)
class Tested:
    """What came of the suite on one engine, named or on a server, and called `title`.

    `unavailable` says why it could not be run, "" if it could. `outcomes` counts tests by the part
    of the suite and "passed", "failed" or "skipped"; `failures` has the text of each that failed.
    """

    engine: str
    server: str = ""
    title: str = ""
    unavailable: str = ""
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)


def to_test(names: Sequence[str]) -> list[Tested]:
    """Return the engines of these names and URLs, of none all that are known; not yet tested."""
    return [_found(name) for name in names or engine_names()]


def _found(name: str) -> Tested:
    try:
        named = Location.of(name).engine if is_url(name) else name
        tested = Tested(named, name if is_url(name) else "", name)
        engine = engine_class(tested.engine)
        hosts = os.environ.get(f"{SERVERS}{name.upper()}")
        if hosts and not (tested.server or engine.capabilities.directory):
            tested.server = f"{name}://{hosts}"
        if engine.capabilities.directory:
            if tested.server:
                tested.unavailable = f"it needs no server: name it {tested.engine}"
        elif not tested.server:
            tested.unavailable = (
                f"it needs a server: name it {name}://HOST:PORT, or set {SERVERS}{name.upper()}"
            )
        else:
            engine.is_free(Location.of(f"{tested.server.rstrip('/')}/absent"), Settings())
    except SearchkitError as error:
        return Tested(name, title=name, unavailable=str(error))
    return tested


def run(
    engines: Sequence[Tested], parts: Sequence[str], on_test: Callable[[int, int], None]
) -> None:
    """Run parts of the suite on those of the engines that are available.

    `on_test` is told (tests done, tests in all). Raises ExtraMissing without pytest.
    """
    try:
        import pytest
    except ModuleNotFoundError as error:
        raise ExtraMissing("testing", "pytest") from error
    classes = {f"TestEngine{n}": each for n, each in enumerate(engines) if not each.unavailable}
    if not classes:
        return
    wanted.clear()
    wanted.update({name: (each, parts) for name, each in classes.items()})
    # Settings and plugins of pytest that lie around are not for this.
    alone = patch.dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    with alone, tempfile.TemporaryDirectory() as folder:
        own = Path(folder, "pytest.ini")
        own.write_text("[pytest]\n")
        arguments = ["-c", str(own), "--rootdir", folder, "--collect-in-virtualenv"]
        arguments += ["-p", "no:terminal", "-p", "no:cacheprovider", "--basetemp"]
        arguments += [str(Path(folder, "temporary")), "--pyargs", "searchkit.testing.chosen"]
        pytest.main(arguments, plugins=[_Listener(classes, on_test)])


wanted: dict[str, tuple[Tested, Sequence[str]]] = {}
"""What `searchkit.testing.chosen` shows to pytest: classes by name, engine and parts of each."""


def _part_of(test: str) -> str:
    from searchkit.testing.conformance import EngineConformance

    return next(part.__name__ for part in EngineConformance.__mro__ if test in vars(part))


class _Listener:
    """A plugin of pytest that counts what came of each test."""

    def __init__(self, classes: dict[str, Tested], on_test: Callable[[int, int], None]) -> None:
        self._classes = classes
        self._on_test = on_test
        self._done = self._total = 0

    def pytest_collection_finish(self, session: "pytest.Session") -> None:
        """Take down how many tests there are."""
        self._total = len(session.items)

    def pytest_runtest_logreport(self, report: "pytest.TestReport") -> None:
        """Count a test: when it was called, or when its fixtures have failed or skipped it."""
        if report.when == "teardown":
            self._done += 1
            self._on_test(self._done, self._total)
        if report.when != "call" and report.outcome == "passed":
            return
        _, class_name, test = report.nodeid.split("::", 2)
        tested = self._classes[class_name]
        tested.outcomes[_part_of(test.partition("[")[0]), report.outcome] += 1
        if report.outcome == "failed":
            tested.failures[test] = report.longreprtext
