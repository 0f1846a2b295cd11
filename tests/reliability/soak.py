"""One writer and many readers: python -m tests.reliability.soak --minutes 10 --readers 8

Every commit of the writer brings one more article that stays, and puts two thirds of a fixed group
of articles in place of their earlier versions. So a search for them all tells of which commit it
is, and what each article of that commit must say: readers check that it is one whole commit, and
that commits never go back. Every fourth reader is three threads that share an index; every other
one opens the index anew again and again. Between these commits the writer deletes, cancels a run,
joins segments, and builds the index anew. At the end every article must be there.

Prints what each did, and ends with status 1 after any error.
"""

import argparse
import multiprocessing
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from searchkit import Article, SearchIndex, Settings
from searchkit.zones import WIB
from tests.reliability.workload import unknown_files

GROUP = 30
_COMMIT = re.compile(r"Penanda kelompok(\d+) komit (\d+)")
_FIRST_DAY = datetime(2024, 1, 1, tzinfo=WIB)
_THREADS = 3
_REOPEN_EVERY = 25


def brings(commit: int, member: int) -> bool:
    """Return whether a commit brings a new version of a member of the group."""
    return commit == 0 or (member + commit) % 3 != 0


def brought_by(commit: int) -> Iterator[Article]:
    """Yield the articles of a commit: one that stays, one to be deleted, those of the group."""
    yield _article(f"Penanda tetap{commit}", commit, day=0)
    yield _article(f"Sementara{commit}", commit, day=0)
    for member in range(GROUP):
        if brings(commit, member):
            yield _article(f"Penanda kelompok{member}", commit, day=1)


def _article(name: str, commit: int, day: int) -> Article:
    return Article(
        id=name.split()[-1].lower(),
        headline=f"{name} komit {commit}",
        body=(f"Komit {commit} tentang pertahanan dan banjir di ibu kota.",),
        published=_FIRST_DAY + timedelta(days=day),
    )


def whole_commit(index: SearchIndex) -> int:
    """Return the commit that a search sees; ValueError if it is not one, whole."""
    page = index.search("penanda", sort="newest", limit=GROUP, fragments=False, collapse="off")
    commit = page.total - GROUP - 1
    matches = [match for hit in page.hits if (match := _COMMIT.fullmatch(hit.headline))]
    said = {int(match[1]): int(match[2]) for match in matches}
    expected = {m: commit if brings(commit, m) else commit - 1 for m in range(GROUP)}
    if said != expected:
        raise ValueError(f"commit {commit} says {said}, not {expected}")
    return commit


@dataclass(slots=True)
class Told:
    """What a reader did: how often it searched, commits met, the last of them, what went wrong."""

    name: str
    searches: int = 0
    commits: int = 0
    last: int = -1
    fault: str = ""

    def look(self, index: SearchIndex) -> None:
        """Search once, and now and then ask for other things; ValueError if anything is odd."""
        commit = whole_commit(index)
        if commit < self.last:
            raise ValueError(f"commit {self.last} was seen, and then {commit}")
        self.commits += commit != self.last
        self.searches, self.last = self.searches + 1, commit
        if self.searches % 10 == 0:
            index.stats()
            index.suggest("penan")
            if index.get(f"tetap{commit}").id != f"tetap{commit}":
                raise ValueError(f"tetap{commit} is another article")


def read(path: Path, settings: Settings, number: int, stop: Any, tell: Any) -> None:
    """Search until told to stop; what a reader process runs."""
    if number % 4 == 3:
        with SearchIndex.open(path, settings) as index:
            mine = [Told(f"reader {number}, thread {n}") for n in range(_THREADS)]
            threads = [threading.Thread(target=_keep_looking, args=(index, m, stop)) for m in mine]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        tell.put(mine)
        return
    told = Told(f"reader {number}{', opening anew' if number % 2 else ''}")
    stopped = False
    while not stopped and not told.fault:
        stopped = stop.is_set()  # read first: what is looked at after that is the last commit
        with SearchIndex.open(path, settings) as index:
            _keep_looking(index, told, stop, _REOPEN_EVERY if number % 2 else None)
    tell.put([told])


def _keep_looking(index: SearchIndex, mine: Told, stop: Any, times: int | None = None) -> None:
    try:
        while times is None or times > 0:
            stopped = stop.is_set()
            mine.look(index)
            if stopped:
                return
            times = None if times is None else times - 1
    except Exception as error:
        mine.fault = f"{type(error).__name__}: {error}"


class _Cancelled(Exception):
    """Raised by what a cancelled run reads."""


def write(path: Path, settings: Settings, commit: int) -> None:
    """Make a commit, and what there is between commits."""
    rebuild = commit > 8 and commit & (commit - 1) == 0
    opening = SearchIndex.rebuild if rebuild else SearchIndex.open_or_create
    with opening(path, settings) as index:
        if rebuild:
            index.add(article for number in range(commit + 1) for article in brought_by(number))
            return
        if commit % 10 == 5:
            with suppress(_Cancelled):
                index.add(_cut_short(commit))
        index.add(brought_by(commit))
        if commit:
            index.delete(f"sementara{commit}")
        if commit % 50 == 25:
            index.optimize()


def _cut_short(commit: int) -> Iterator[Article]:
    yield from brought_by(commit)
    raise _Cancelled


def soak(path: Path, settings: Settings, readers: int, seconds: float) -> tuple[int, list[Told]]:
    """Write and read for so long; return the number of commits and what the readers told."""
    context = multiprocessing.get_context("forkserver")
    stop, tell = context.Event(), context.Queue()
    write(path, settings, 0)
    arguments = [(path, settings, number, stop, tell) for number in range(readers)]
    processes = [context.Process(target=read, args=each) for each in arguments]
    for process in processes:
        process.start()
    commit = 0
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            write(path, settings, commit + 1)
            commit += 1
    finally:
        stop.set()
        told = [each for _ in processes for each in tell.get(timeout=60)]
        for process in processes:
            process.join()
    return commit, told


def faults_of(path: Path, settings: Settings, commit: int, told: list[Told]) -> list[str]:
    """Return all that went wrong, [] if nothing: errors of readers, lost articles, left files."""
    faults = [f"{each.name}: {each.fault}" for each in told if each.fault]
    with SearchIndex.open(path, settings) as index:
        if whole_commit(index) != commit:
            faults.append(f"the index is not at commit {commit}")
        for number in range(commit + 1):
            try:
                index.get(f"tetap{number}")
            except Exception as error:
                faults.append(f"lost: {error}")
    return faults + [f"left over: {name}" for name in sorted(unknown_files(path))]


def main() -> None:
    """Run for as long as asked and print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--readers", type=int, default=8)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        settings = Settings(cache_dir=Path(folder) / "cache", workers=0)
        commit, told = soak(path, settings, arguments.readers, 60 * arguments.minutes)
        faults = faults_of(path, settings, commit, told)
    table = Table("reader", "searches", "commits seen", "last", "error")
    for each in sorted(told, key=lambda each: each.name):
        numbers = (each.searches, each.commits, each.last)
        table.add_row(each.name, *(f"{n:,}" for n in numbers), each.fault or "none")
    screen = Console(width=100)
    screen.print(table)
    screen.print(f"{commit:,} commits in {arguments.minutes:g} minutes; {len(faults)} faults")
    for fault in faults:
        screen.print(fault, markup=False)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
