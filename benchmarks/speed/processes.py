"""Runs an action in a process of its own, and tells what it cost: on Linux, by /proc."""

import multiprocessing
import resource
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, Self

import psutil

_EVERY = 0.1
"""Seconds between two looks at the memory of a process and its children."""


class Outcome(NamedTuple):
    """What an action returned, and what it cost.

    `seconds` by the clock; `cpu` seconds of the process and the children it has waited for;
    `peak` MB of the process alone, from the operating system; `peak_of_all` MB of the process and
    its children together, the highest of the sums seen every tenth of a second. That is what is
    resident: a page that two processes share counts twice, pages of mapped files count.
    `own_of_all` is the highest sum of what they have of their own: pages that no file is behind.
    None of them is shared, since no child is a fork.
    """

    result: Any
    seconds: float
    cpu: float
    peak: float
    peak_of_all: float
    own_of_all: float

    @property
    def costs(self) -> dict[str, float]:
        """The costs by name."""
        return {name: round(getattr(self, name), 3) for name in self._fields if name != "result"}


def measured(
    action: Callable[..., Any], *arguments: Any, before: Callable[..., object] | None = None
) -> Outcome:
    """Call `action` with `arguments` in a fresh process and return the outcome.

    `before` is called there with the same arguments before the clocks start. Exits when the action
    fails: its traceback is then on standard error.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_measure, args=(there, action, arguments, before))
    process.start()
    there.close()
    assert process.pid is not None, "the process was started"
    memory = _Memory(process.pid)
    memory.start()
    try:
        outcome: Outcome = here.recv()
    except EOFError:
        sys.exit(f"{action.__name__} failed")
    finally:
        memory.stop()
        process.join()
    return outcome._replace(
        peak_of_all=max(memory.highest, outcome.peak), own_of_all=memory.highest_own
    )


class Prepared:
    """A process that prepares something once, and is told what to do with it again and again.

    So contenders that each have a process can be asked in turn, a kind of query at a time: when the
    machine is slow for some minutes, it is for all of them.
    """

    def __init__(self, prepare: Callable[..., Any], *arguments: Any) -> None:
        """Call `prepare` with `arguments` there."""
        context = multiprocessing.get_context("spawn")
        self._name = prepare.__name__
        self._process = ProcessPoolExecutor(1, context, _prepare, (prepare, arguments))

    def do(self, action: Callable[..., Any], *arguments: Any) -> Any:
        """Return what `action` makes of what was prepared and `arguments`.

        Exits when it could not be prepared: the traceback is then on standard error.
        """
        try:
            return self._process.submit(_do, action, arguments).result()
        except BrokenProcessPool:
            sys.exit(f"{self._name} failed")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.shutdown()


_prepared: list[Any] = []


def _prepare(prepare: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    _prepared.append(prepare(*arguments))


def _do(action: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return action(*_prepared, *arguments)


def _measure(
    pipe: Connection,
    action: Callable[..., Any],
    arguments: tuple[Any, ...],
    before: Callable[..., object] | None,
) -> None:
    if before is not None:
        before(*arguments)
    used, start = _cpu(), time.perf_counter()
    result = action(*arguments)
    seconds, cpu = time.perf_counter() - start, _cpu() - used
    pipe.send(Outcome(result, seconds, cpu, _peak(), 0.0, 0.0))


def _peak() -> float:
    """Return the most memory, in MB, that this process has had so far."""
    # What getrusage tells begins, on Linux, with the memory of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


class _Memory(threading.Thread):
    """Watches the memory of a process and its children; `highest` and `highest_own` in MB."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._stopped = threading.Event()
        self.highest = self.highest_own = 0.0

    def run(self) -> None:
        while not self._stopped.wait(_EVERY):
            resident, own = self._look()
            self.highest = max(self.highest, resident / 2**20)
            self.highest_own = max(self.highest_own, own / 2**20)

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def _look(self) -> tuple[int, int]:
        """Return what is resident, and what of it is their own: bytes."""
        resident = own = 0
        try:
            for process in (self._process, *self._process.children(recursive=True)):
                memory = process.memory_info()
                resident += memory.rss
                own += memory.rss - memory.shared  # as Linux has it, the pages of files
        except psutil.NoSuchProcess:
            # It has ended since it was listed; the next look sees who is left.
            pass
        return resident, own
