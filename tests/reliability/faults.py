"""Lets every step of a commit on its files fail once: python -m tests.reliability.faults

A commit that adds, replaces, deletes, joins segments or builds anew (renew: for another analyzer)
is made again and again in a copy of the same index, and its first, second, third... step fails: an
opening, a write (after half of the data), a flush, a renaming, a removal. Each time the index must
be as it was before, and the error one that names the directory; or the step was one that can fail
without harm, and the index has the commit. Then the commit is made without a fault, and no file may
be left over.

Prints a table and ends with status 1 when anything is otherwise.
"""

import argparse
import errno
import logging
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from searchkit import Settings
from searchkit.engines import manifest
from searchkit.engines.whoosh import spools
from searchkit.errors import IndexVersionMismatch, SearchIndexError
from tests.reliability.injection import Step, watched
from tests.reliability.workload import Change, State, article, held, unknown_files

ERRORS = (errno.ENOSPC, errno.EIO, errno.EDQUOT)

_NEXT = Change("add", (article(random.Random(2), 10, 80),))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one failing step; `fault` is "" when all was as it should be."""

    step: str
    outcome: str
    fault: str = ""


class Failing:
    """Lets step number `at`, from 0, fail with an error; after that all is well again."""

    def __init__(self, at: int, error: int) -> None:
        self._left = at
        self._error = error
        self.failed: Step | None = None
        self._torn = False

    def __call__(self, step: Step) -> bool:
        if self._torn or self._left == 0:
            torn = step.action == "write" and step.name != "" and not self._torn
            self._left -= 1
            if torn:
                self._torn = True
                return True
            self._torn = False
            self.failed = step
            raise OSError(self._error, os.strerror(self._error), step.name)
        self._left -= 1
        return False


@dataclass(frozen=True, slots=True)
class Case:
    """A change, the index that it is made in (None for none), and what that holds.

    `in_memory` is how many bytes of a column of tables are kept in memory, not in a file.
    """

    start: Path | None
    before: State
    change: Change
    in_memory: int = spools._IN_MEMORY


def outcomes(case: Case, place: Path, settings: Settings, error: int) -> Iterator[Outcome]:
    """Yield what comes of each step of a change failing, in copies of its index at `place`."""
    before, change = case.before, case.change
    after = change.after(before)
    for at in range(100_000):
        shutil.rmtree(place, ignore_errors=True)
        if case.start:
            shutil.copytree(case.start, place)
        failing = Failing(at, error)
        complaint = ""
        try:
            with (
                patch.object(spools, "_IN_MEMORY", case.in_memory),
                watched(place, failing),
            ):
                change.apply(place, settings)
        except SearchIndexError as raised:
            complaint = str(raised)
        if failing.failed is None:
            return
        fault = _fault(place, before, after, complaint, settings)
        if not fault:
            following = change if complaint else _NEXT
            following.apply(place, settings)
            if held(place, settings) != following.after(before if complaint else after):
                fault = "the next run did not do its work"
            elif left := unknown_files(place):
                fault = f"left over: {', '.join(sorted(left))}"
        yield Outcome(str(failing.failed), "refused" if complaint else "committed", fault)


def _fault(place: Path, before: State, after: State, complaint: str, settings: Settings) -> str:
    """Return what is wrong after a step has failed; "" if all is as it should be."""
    if complaint and str(place) not in complaint:
        return f"the message does not name the directory: {complaint}"
    if not before:
        return ""  # there was no index
    try:
        found = held(place, settings)
    except IndexVersionMismatch:
        if not complaint:
            return "the manifest is still that of the index before"
        found = _held_by_outdated(place, settings)
    if found == (before if complaint else after):
        return ""
    if found in (before, after):
        return f"the other state, with the message {complaint!r}"
    return "half a commit"


def _outdate(path: Path) -> None:
    """Make the index at `path` one of another analyzer, by its manifest."""
    found = manifest.read_manifest(path)
    replace(found, analyzer=f"old-{found.analyzer}").write(path)


def _held_by_outdated(place: Path, settings: Settings) -> State:
    """Return what an index holds that `_outdate` was done to."""
    copy = place.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(place, copy)
    found = manifest.read_manifest(copy)
    replace(found, analyzer=found.analyzer.removeprefix("old-")).write(copy)
    return held(copy, settings)


def cases(folder: Path, settings: Settings) -> dict[str, Case]:
    """Make indexes in `folder`; return changes of them, by name."""
    start, outdated = folder / "start", folder / "outdated"
    chance = random.Random(1)
    state: State = {}
    for commit in range(3):
        numbers = range(commit * 10, commit * 10 + 20 // (commit + 1))
        step = Change("add", tuple(article(chance, commit, n) for n in numbers))
        step.apply(start, settings)
        state = step.after(state)
    new = tuple(article(chance, 9, n) for n in (3, 12, 70, 71))
    shutil.copytree(start, outdated)
    _outdate(outdated)
    return {
        "create": Case(None, {}, Change("add", new)),
        "add": Case(start, state, Change("add", new)),
        "delete": Case(start, state, Change("delete", ids=("artikel-1", "artikel-12"))),
        "optimize": Case(start, state, Change("optimize")),
        "optimize, on disk": Case(start, state, Change("optimize"), in_memory=8),
        "rebuild": Case(start, state, Change("rebuild", new)),
        "renew": Case(outdated, state, Change("rebuild", new)),
    }


def main() -> None:
    """Try all faults in all changes and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.parse_args()
    logging.disable()  # merges that fail are part of it
    counts: Counter[tuple[str, str, str, str]] = Counter()
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(cache_dir=Path(folder) / "cache", workers=0)
        for name, case in cases(Path(folder), settings).items():
            for error in ERRORS:
                code = errno.errorcode[error]
                for each in outcomes(case, Path(folder) / "index", settings, error):
                    counts[name, code, each.step, each.outcome] += 1
                    if each.fault:
                        faults.append(f"{name}, {each.step}, {code}: {each.fault}")
    screen = Console(width=100)
    screen.print(_table(counts))
    screen.print(f"{counts.total()} faults, {len(faults)} not as they should be", *faults, sep="\n")
    sys.exit(bool(faults))


def _table(counts: Counter[tuple[str, str, str, str]]) -> Table:
    table = Table("change", "error", "steps failed", "refused, index as before", "committed")
    for name, code in dict.fromkeys((name, code) for name, code, _, _ in counts):
        of_both = Counter[str]()
        for (change, error, _, outcome), count in counts.items():
            if (change, error) == (name, code):
                of_both[outcome] += count
        numbers = (of_both.total(), of_both["refused"], of_both["committed"])
        table.add_row(name, code, *map(str, numbers))
    return table


if __name__ == "__main__":
    main()
