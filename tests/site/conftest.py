"""An export of searchkit's samples, and its scripts in node."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from searchkit import SearchIndex, Settings

REQUIRED = bool(os.environ.get("SEARCHKIT_REQUIRE_NODE"))
OLDEST = 18


def has_node() -> bool:
    """Tell whether there is a node that unpacks gzip as browsers do."""
    if not shutil.which("node"):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)", said)
    return version is not None and int(version[1]) >= OLDEST


class Scripts:
    """The scripts of an export, run in node: each call is answered as the page would."""

    def __init__(self, site: Path) -> None:
        folder = site / json.loads((site / "site.json").read_text())["version"]
        script = Path(__file__).with_name("search.mjs")
        self._node = subprocess.Popen(
            ["node", str(script), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, what: str, text: str, **asked: Any) -> Any:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps({"what": what, "text": text} | asked) + "\n")
        self._node.stdin.flush()
        line = self._node.stdout.readline()
        assert line, "node has ended"
        return json.loads(line)

    def close(self) -> None:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.close()
        self._node.wait(timeout=10)
        self._node.stdout.close()


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[SearchIndex]:
    folder = tmp_path_factory.mktemp("samples")
    own = Settings(cache_dir=settings.cache_dir, workers=0)
    with (
        as_file(files("searchkit.samples") / "pages") as pages,
        SearchIndex.create(folder / "index", own) as index,
    ):
        index.add_files([pages])
        yield index


@pytest.fixture(scope="session")
def site(samples: SearchIndex, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    samples.export_site(folder, title="Arsip contoh")
    return folder


@pytest.fixture(scope="session")
def scripts(site: Path) -> Iterator[Scripts]:
    if not (REQUIRED or has_node()):
        pytest.skip(f"there is no node {OLDEST} or later")
    running = Scripts(site)
    yield running
    running.close()
