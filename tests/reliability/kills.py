"""Kills a writer again and again and looks at what it leaves: python -m tests.reliability.kills 200

A process of its own changes an index without end: it adds, replaces and deletes articles, joins
segments and builds anew, and tells what it begins and has finished. It is killed with SIGKILL at a
random instant (half of the kills), or just before a step on its files or half-way through a write:
the nth step (a quarter), or one of a kind, so that rare kinds have their share. Every fifth writer
starts in an empty directory.

After each kill the index must hold what the last change that was finished has left, or the one
under way, to the letter, and a search must find it. Then the next change is made by a writer that
is not killed, and no file may be left that its commit does not account for.

Prints by phase, the last step begun, what was found, and ends with status 1 if anything is wrong.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.progress import track
from rich.table import Table

from searchkit import Settings
from searchkit.engines.manifest import is_free
from searchkit.engines.whoosh import spools
from tests.reliability.injection import Step, watched
from tests.reliability.workload import State, change, held, unknown_files

_MOST_STEPS = 400
_LONGEST, _PATIENCE = 1.0, 5.0  # seconds
_MOST_CHANGES = 1000
_FRESH_EVERY = 5
_IN_MEMORY = 512  # bytes of a column of tables: all but short ones go to files


@dataclass(frozen=True, slots=True)
class Plan:
    """What a writer does: changes from `number` on, until it ends at step `last_step`, if any.

    Steps are counted from 0, of all kinds or only those of `kind`.
    """

    path: Path
    settings: Settings
    seed: int
    number: int
    state: State
    last_step: int | None
    kind: str = ""


class LastStep:
    """Tells of each step, and kills the process at one of them."""

    def __init__(self, tell: Connection, plan: Plan) -> None:
        self._tell = tell
        self._left = plan.last_step
        self._kind = plan.kind
        self._torn = False

    def __call__(self, step: Step) -> bool:
        self._tell.send(("step", str(step)))
        if self._left is None or (self._kind not in ("", str(step)) and not self._torn):
            return False
        self._left -= 1
        if self._torn or (self._left < 0 and step.action != "write"):
            os.kill(os.getpid(), signal.SIGKILL)
        self._torn = self._left < 0
        return self._torn


def write(plan: Plan, tell: Connection) -> None:
    """Make changes until killed; in the process that is to be killed."""
    state = plan.state
    with (
        patch.object(spools, "_IN_MEMORY", _IN_MEMORY),
        watched(plan.path, LastStep(tell, plan)),
    ):
        for number in range(plan.number, plan.number + _MOST_CHANGES):
            tell.send(("begin", number))
            next_change = change(plan.seed, number, state)
            next_change.apply(plan.path, plan.settings)
            state = next_change.after(state)
            tell.send(("done", number))
    time.sleep(60)


@dataclass(slots=True)
class Journal:
    """What a writer has told: the change it began last, the one it finished last, its last step."""

    began: int
    done: int
    phase: str = "before the first change"
    kinds: set[str] = field(default_factory=set)

    def hear(self, word: str, value: Any) -> None:
        """Take down a message."""
        if word == "step":
            self.phase = value
            self.kinds.add(value)
        elif word == "begin":
            self.began, self.phase = value, "reading and analysing"
        else:
            self.done, self.phase = value, "between changes"


def kill_one(plan: Plan, chance: random.Random) -> Journal:
    """Start a writer, kill it, and return what it has told until then."""
    context = multiprocessing.get_context("forkserver")
    hear, tell = context.Pipe(duplex=False)
    process = context.Process(target=write, args=(plan, tell))
    process.start()
    tell.close()
    journal = Journal(plan.number - 1, plan.number - 1)
    journal.hear(*hear.recv())
    deadline = time.monotonic() + (
        _PATIENCE if plan.last_step is not None else chance.uniform(0, _LONGEST)
    )
    last = plan.number + _MOST_CHANGES - 1
    try:
        while True:
            if hear.poll(max(0.0, deadline - time.monotonic())):
                journal.hear(*hear.recv())
            if time.monotonic() >= deadline or journal.done == last:
                process.kill()
    except EOFError:
        process.join()
    finally:
        hear.close()
    assert process.exitcode == -signal.SIGKILL, f"the writer ended by itself: {process.exitcode}"
    return journal


@dataclass(slots=True)
class Report:
    """What was found after the kills, by the step at which they came."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Trial:
    """An index that is killed, looked at, and written on."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._path = folder / "index"
        self._settings = Settings(cache_dir=folder / "cache", workers=0, memory_mb=1)
        self._seed = seed
        self._chance = random.Random(seed)
        self._number = 0
        self._state: State = {}
        self._kinds: set[str] = set()
        self.report = Report()

    def run(self, fresh: bool) -> None:
        """Kill one writer and look at what it leaves; a `fresh` one begins in no directory."""
        if fresh:
            shutil.rmtree(self._path, ignore_errors=True)
            self._state = {}
        journal = kill_one(self._plan(), self._chance)
        self._kinds |= journal.kinds
        try:
            outcome = self._look(journal)
            self._go_on()
        except Exception as error:
            outcome = "WRONG"
            self.report.faults.append(f"{journal.phase}: {type(error).__name__}: {error}")
            shutil.rmtree(self._path, ignore_errors=True)
            self._state = {}
        self.report.outcomes[journal.phase, outcome] += 1

    def _plan(self) -> Plan:
        roll, last_step, kind = self._chance.random(), None, ""
        if roll < 0.25 and self._kinds:
            kind = self._chance.choice(sorted(self._kinds))
            last_step = self._chance.randrange(3)
        elif roll < 0.5:
            last_step = self._chance.randrange(_MOST_STEPS)
        state = dict(self._state)
        return Plan(self._path, self._settings, self._seed, self._number, state, last_step, kind)

    def _look(self, journal: Journal) -> str:
        """Return which of the two commits the index is at; ValueError if it is at neither."""
        state = self._state
        for number in range(self._number, journal.done + 1):
            state = change(self._seed, number, state).after(state)
        self._number = journal.began + 1
        under_way = change(self._seed, journal.began, state).after(state)
        found = {} if is_free(self._path) else held(self._path, self._settings)
        if found == state:
            self._state = state
            return "as before"
        if journal.began == journal.done or found != under_way:
            raise ValueError("the index holds something else than one of the two commits")
        self._state = under_way
        return "committed"

    def _go_on(self) -> None:
        """Make the next change, whole; ValueError if it is not as it should be."""
        following = change(self._seed, self._number, self._state)
        following.apply(self._path, self._settings)
        self._number += 1
        self._state = following.after(self._state)
        if held(self._path, self._settings) != self._state:
            raise ValueError("the next writer did not do its work")
        if left := unknown_files(self._path):
            raise ValueError(f"left over: {', '.join(sorted(left))}")


def main() -> None:
    """Kill as many writers as asked for and print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    multiprocessing.set_forkserver_preload(["tests.reliability.workload"])
    screen = Console(width=100)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), arguments.seed)
        for number in track(range(arguments.kills), "killing", console=Console(stderr=True)):
            trial.run(fresh=number % _FRESH_EVERY == 0)
    print_report(trial.report, screen)
    sys.exit(bool(trial.report.faults))


def print_report(report: Report, screen: Console) -> None:
    """Print the table of outcomes and every fault."""
    table = Table("killed at", "kills", "as before", "committed", "wrong")
    outcomes = report.outcomes
    for phase in sorted({phase for phase, _ in outcomes}):
        counts = [outcomes[phase, each] for each in ("as before", "committed", "WRONG")]
        table.add_row(phase, str(sum(counts)), *map(str, counts))
    screen.print(table)
    screen.print(f"{outcomes.total()} kills, {len(report.faults)} of them left something wrong")
    for fault in report.faults:
        screen.print(fault, markup=False)


if __name__ == "__main__":
    main()
