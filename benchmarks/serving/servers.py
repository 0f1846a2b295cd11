"""The two servers: how each is installed, its index built, and it is started."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).parents[2]
TOKEN = "benchmarks-of-searchkit"  # noqa: S105 - guards an index of this run
WHOOSH_NG = "5.4.0"
"""The version of whoosh-ng that is measured."""

Command = Sequence[str | Path]
_STARTING = 60  # seconds


class ServerFailed(Exception):
    """A server, or what it needs, does not run here; the message says why."""


class Searchkit:
    """`searchkit` as a command, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.variables = os.environ | {
            "PYTHONPATH": str(ROOT),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "SEARCHKIT_TOKEN": TOKEN,
            "SEARCHKIT_LANG": "en",
        }

    def build(self, archive: Path) -> "subprocess.Popen[bytes]":
        """Begin to index an archive."""
        command: Command = [sys.executable, "-m", "searchkit", "index", archive]
        return _logged(command, self.folder, self.variables)

    @contextmanager
    def serving(self, workers: int) -> Iterator[str]:
        """Serve the index; give the address."""
        command = [sys.executable, "-m", "searchkit", "serve", "--port", "0", "--rate", "off"]
        command += ["--workers", str(workers)]
        with _serving(command, self.folder, self.variables, "/health/ready") as url:
            yield url


class WhooshServer:
    """A server of `benchmarks.serving.whoosh_server`, run by the Python that has its Whoosh."""

    name = "whoosh3"
    python = Path(sys.executable)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder / "whoosh"
        self.variables = os.environ | {"PYTHONPATH": str(ROOT), "WHOOSH_INDEX": str(self.index)}

    def command(self, verb: str, *arguments: Path) -> Command:
        """Return the command that builds the index, or writes to it."""
        return [self.python, "-m", "benchmarks.serving.whoosh_server", verb, *arguments, self.index]

    def build(self, archive: Path) -> "subprocess.Popen[bytes]":
        """Begin to index an archive."""
        return _logged(self.command("build", archive), self.folder, self.variables)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the index; give the address."""
        app = f"benchmarks.serving.whoosh_server:{self.name.replace('-', '_')}"
        options = ["--port", "0", "--no-access-log"]
        command: Command = [self.python, "-m", "uvicorn", "--factory", app, *options]
        with _serving(command, self.folder, self.variables, "/api/v1/health") as url:
            yield url


class WhooshNg(WhooshServer):
    """whoosh-ng and its server, in a virtual environment of its own."""

    name = "whoosh-ng"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.python = folder / "venv" / "bin" / "python"

    def install(self) -> None:
        """Make the environment, with the web stack that searchkit runs on; ServerFailed."""
        if self.python.exists():
            return
        same = ("fastapi", "starlette", "uvicorn", "PySastrawi")
        wanted = [f"whoosh-ng[api]=={WHOOSH_NG}", *(f"{name}=={version(name)}" for name in same)]
        commands: tuple[Command, ...] = (
            [sys.executable, "-m", "venv", self.folder / "venv"],
            [self.python, "-m", "pip", "install", "--quiet", *wanted],
        )
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
            if done.returncode:
                raise ServerFailed(f"whoosh-ng cannot be installed: {done.stderr.strip()}")


def _logged(
    command: Command, folder: Path, variables: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    with (folder / "index.log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, env=variables, stdout=log, stderr=log)  # noqa: S603


def wait_for(building: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait until an index is built; ServerFailed with what was said last if it is not."""
    if building.wait():
        said = (folder / "index.log").read_text(errors="replace").strip().splitlines()
        raise ServerFailed("an index could not be built: " + " ".join(said[-3:]))


@contextmanager
def _serving(
    command: Command, folder: Path, variables: Mapping[str, str], health: str
) -> Iterator[str]:
    """Run a server, and give its address, which it tells, once it answers."""
    path = folder / "server.log"
    with (
        path.open("wb") as log,
        subprocess.Popen(  # noqa: S603
            command, cwd=folder, env=variables, stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield _address(process, path, health)
        finally:
            process.terminate()


def _address(process: "subprocess.Popen[bytes]", log: Path, health: str) -> str:
    deadline = time.monotonic() + _STARTING
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"http://[\d.:]+", log.read_text(errors="replace"))
        if found and _answers(found[0] + health):
            return found[0]
        time.sleep(0.05)
    said = log.read_text(errors="replace").strip().splitlines()
    raise ServerFailed("it does not start: " + " ".join(said[-3:]))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - this machine's own
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False
