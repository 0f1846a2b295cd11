import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searchkit import SearchIndex
from searchkit.engines import locking
from searchkit.preparing import LARGE_RUN
from tests.reliability.workload import unknown_files

PATIENCE = 60.0


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(number) for number in path.read_text().split()] if path.exists() else []


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def writing(index: SearchIndex) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that indexes what comes in a pipe that does not end, with worker processes."""
    command = [sys.executable, "-m", "searchkit", "index", "-", "--index-dir", str(index.path)]
    config = index.path.parent / "searchkit.toml"
    config.write_text("[index]\nworkers = 2\n")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=index.path.parent
    ) as process:
        assert process.stdin is not None
        for number in range(4 * LARGE_RUN):
            record = {"title": f"Judul {number}", "content": f"Banjir nomor {number}. " * 50}
            process.stdin.write(json.dumps(record).encode() + b"\n")
        process.stdin.flush()
        wait_until(lambda: len(children(process.pid)) == 2)
        assert (index.path / locking.FILE_NAME).read_bytes()
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_run_in_order(
    writing: "subprocess.Popen[bytes]", index: SearchIndex, number: signal.Signals, status: int
) -> None:
    workers = children(writing.pid)
    writing.send_signal(number)
    assert writing.wait(PATIENCE) == status
    assert writing.stderr is not None
    assert writing.stderr.read().split(b"\n")[-2:] == [b"searchkit: interrupted", b""]
    wait_until(lambda: not any(map(runs, workers)))
    assert index.stats().size.documents == {"article": 3, "item": 2}
    assert not unknown_files(index.path)


def with_modules_of(folder: Path) -> dict[str, str]:
    """An environment in which the modules in a folder are found before all others."""
    here = str(Path(__file__).parent.parent.parent)
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), here])}


def script(folder: Path, text: str) -> Path:
    """A program of the name of the command."""
    path = folder / "searchkit"
    path.write_text(text)
    return path


@pytest.mark.parametrize("started", ["as a module", "by its script"])
@pytest.mark.parametrize("library", ["orjson", "click"])
def test_what_is_interrupted_while_it_is_imported_ends_without_a_word(
    tmp_path: Path, library: str, started: str
) -> None:
    """The package imports orjson, and click what comes after."""
    waiting = "import sys, time\nprint('imported', flush=True)\ntime.sleep(60)\n"
    (tmp_path / f"{library}.py").write_text(waiting)
    program = ["-m", "searchkit"]
    if started == "by its script":
        program = [str(script(tmp_path, "from searchkit.__main__ import main\nmain()\n"))]
    with subprocess.Popen(
        [sys.executable, *program, "query", "pakta"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=with_modules_of(tmp_path),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"imported\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == -signal.SIGINT  # a shell makes 130 of it
        assert process.stderr.read() == b""


def test_a_program_of_that_name_keeps_its_ctrl_c(tmp_path: Path) -> None:
    raised = "import signal, searchkit\nsignal.raise_signal(signal.SIGINT)\n"
    done = subprocess.run(
        [sys.executable, script(tmp_path, raised)],
        capture_output=True,
        env=with_modules_of(tmp_path),
    )
    assert done.stderr.splitlines()[-1] == b"KeyboardInterrupt"


def test_the_console_script_is_the_module() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["scripts"] == {"searchkit": "searchkit.__main__:main"}


def test_workers_end_with_a_process_that_is_killed(
    writing: "subprocess.Popen[bytes]", index: SearchIndex
) -> None:
    workers = children(writing.pid)
    writing.kill()
    writing.wait(PATIENCE)
    wait_until(lambda: not any(map(runs, workers)))
    assert writing.stderr is not None
    assert writing.stderr.read() == b""
    assert index.stats().size.documents == {"article": 3, "item": 2}
    index.delete(next(iter(index.search("pakta").hits)).id)
    assert not unknown_files(index.path)


def test_an_ignored_signal_stays_ignored(index: SearchIndex) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "searchkit", "stats", "--index-dir", index.path],
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        capture_output=True,
    )
    assert done.returncode == 0
    code = (
        "import os, signal; from searchkit.cli.signals import raise_on_signals;"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); raise_on_signals();"
        "os.kill(os.getpid(), signal.SIGHUP); print('here')"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).stdout == b"here\n"
    assert os.name == "posix"
