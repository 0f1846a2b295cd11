"""Runs wrk, and draws the queries that it asks: the same for every server."""

import json
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from benchmarks.speed.query_kinds import queries

SCRIPT = Path(__file__).with_name("load.lua")
KINDS = ("1 word", "2 words", "3 words", "5 words", 'phrase `"a b"`', "`a AND b`", "`a OR b`")
"""Kinds of query that both servers read alike."""

WARMING = 100  # queries that are asked before, and not again


class Load(NamedTuple):
    """What came of a load: milliseconds at the percentiles; errors of any kind, also statuses."""

    p50: float
    p99: float
    seconds: float
    requests: int
    errors: int

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return (self.requests - self.errors) / self.seconds


Form = Callable[[str], str]
"""Makes of a query the line of a request, as `load.lua` reads it."""


def drawn(records: Iterable[dict[str, Any]], of_each: int) -> list[str]:
    """Return `of_each` queries of each kind, mixed; the last WARMING of them are for warming up."""
    by_kind = queries(records, of_each)
    rows = zip(*(by_kind[kind] for kind in KINDS), strict=True)
    return [ours.text for row in rows for ours, _ in row]


def searchkit_form(options: str = "") -> Form:
    """Return the form of a search of searchkit, with further parameters."""
    return lambda text: f"GET\t/api/v1/search?q={quote(text)}{options}\t"


def whoosh_form(text: str) -> str:
    """Return the request that searches in the server of whoosh-ng, or in one as it."""
    return f"POST\t/api/v1/search\t{json.dumps({'q': text, 'limit': 10})}"


class Loader:
    """Asks servers the same queries, over `connections` at a time for `seconds`."""

    def __init__(
        self, folder: Path, asked: Sequence[str], *, seconds: float, connections: int
    ) -> None:
        self._folder = folder
        self._asked, self._warming = asked[:-WARMING], asked[-WARMING:]
        self.seconds = seconds
        self.connections = connections

    def warm_up(self, url: str, form: Form) -> None:
        """Ask what is not asked again, so that the server has read its files and lists."""
        self._run(url, self._written("warming", self._warming, form), max(1, self.seconds / 5))

    def load(self, url: str, form: Form) -> Load:
        """Return what came of asking everything."""
        found = self._run(url, self._written("asked", self._asked, form), self.seconds)
        return Load(**found)

    def _written(self, name: str, asked: Sequence[str], form: Form) -> Path:
        path = self._folder / f"{name}.requests"
        path.write_text("".join(f"{form(text)}\n" for text in asked))
        return path

    def _run(self, url: str, requests: Path, seconds: float) -> dict[str, Any]:
        connections = ("-t1", f"-c{self.connections}", f"-d{round(seconds)}s", "--timeout", "10s")
        command: list[str | Path] = [
            "wrk",
            *connections,
            "--latency",
            "-s",
            SCRIPT,
            url,
            "--",
            requests,
        ]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
