"""Quality floors: what search must reach on collections that are known by their digest.

[headline]                                   # a name for the collection
corpus = ["news.jsonl.gz"]                   # files below the data directory
queries = "ir/headline/queries.tsv"
qrels = "ir/headline/qrels.tsv"
headlines = false                            # articles are indexed without headline
configuration = "searchkit"
fetch_depth = 100
sha256 = "..."                               # of all the files, see `digest`
floors = { "MRR@10" = 0.8, "recall@100" = 0.9 }
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from searchkit.arguments import path_of
from searchkit.errors import MalformedInput, UnreadableInput
from searchkit.evaluation.configurations import CONFIGURATIONS, Corpus, built_index
from searchkit.evaluation.measures import (
    MEASURES,
    Evaluation,
    OnStep,
    evaluate_index,
    read_judged_queries,
)
from searchkit.settings import Settings
from searchkit.written import reason_of, written_text

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorSet:
    """A collection with its floors; see the module for the meaning of each field."""

    name: str
    corpus: tuple[str, ...]
    queries: str
    qrels: str
    sha256: str
    floors: Mapping[str, float]
    headlines: bool = True
    configuration: str = "searchkit"
    fetch_depth: int = 100

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the collection, in the order in which they are digested."""
        return (*self.corpus, self.queries, self.qrels)


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorResult:
    """What came of one set: measured, or a `reason` why not.

    `status` is "met", "below", "changed" (the files are not those the floors were measured on) or
    "absent" (files are not there). `evaluation` is None for the last two.
    """

    set: FloorSet
    status: str
    reason: str = ""
    evaluation: Evaluation | None = None

    @property
    def below(self) -> list[str]:
        """The measures that are below their floor."""
        if not self.evaluation:
            return []
        return [m for m, floor in self.set.floors.items() if self.evaluation.mean(m) < floor]


def read_floors(path: str | Path) -> list[FloorSet]:
    """Return the sets of the floors file at `path`; UnreadableInput or MalformedInput if unfit."""
    path = path_of("path", path)
    try:
        data = tomllib.loads(written_text(path))
    except FileNotFoundError:
        raise UnreadableInput(path, "there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(path, f"cannot be read: {reason_of(error)}") from error
    except tomllib.TOMLDecodeError as error:
        raise MalformedInput(path, f"is not TOML: {error}") from None
    if not data:
        raise MalformedInput(path, "there is no set in it")
    return [_floor_set(path, name, table) for name, table in data.items()]


def digest(data: str | Path, names: Iterable[str]) -> str:
    """Return the SHA-256 of files below `data`: of a line `sha256  name` for each, in order.

    It is what `sha256sum NAME... | sha256sum` gives in that directory. Raises UnreadableInput.
    """
    data, lines = path_of("data", data), hashlib.sha256()
    for name in names:
        content = hashlib.sha256()
        try:
            with (data / name).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    content.update(chunk)
        except OSError as error:
            raise UnreadableInput(data / name, f"cannot be read: {error.strerror}") from error
        lines.update(f"{content.hexdigest()}  {name}\n".encode())
    return lines.hexdigest()


def check_floors(
    floor_set: FloorSet,
    data: str | Path,
    settings: Settings,
    on_step: OnStep = lambda _label, _done, _total: None,
) -> FloorResult:
    """Build the index of a set from the files below `data`, measure it, compare with the floors.

    Raises UnreadableInput for a file that is there and cannot be read.
    """
    data = path_of("data", data)
    absent = [name for name in floor_set.files if not _is_file(data / name)]
    if absent:
        return FloorResult(
            set=floor_set, status="absent", reason=f"there is no {data / absent[0]}; not measured"
        )
    found = digest(data, floor_set.files)
    if found != floor_set.sha256:
        reason = (
            f"the files have the digest {found}, the floors were measured on {floor_set.sha256}: "
            "take those files, or measure the floors anew"
        )
        return FloorResult(set=floor_set, status="changed", reason=reason)
    judged = read_judged_queries(data / floor_set.queries, data / floor_set.qrels)
    corpus = Corpus(
        sources=tuple(data / name for name in floor_set.corpus), headlines=floor_set.headlines
    )
    configuration = CONFIGURATIONS[floor_set.configuration]
    with built_index(corpus, settings, configuration, on_step) as (index, _):
        evaluation = evaluate_index(
            index, judged, floor_set.name, depth=floor_set.fetch_depth, on_step=on_step
        )
    result = FloorResult(set=floor_set, status="met", evaluation=evaluation)
    if not result.below:
        return result
    return replace(result, status="below", reason=f"{', '.join(result.below)} below the floor")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        raise UnreadableInput(path, f"cannot be read: {error.strerror}") from error


def _floor_set(path: Path, name: str, table: Any) -> FloorSet:
    if not isinstance(table, dict):
        raise MalformedInput(path, f"{name} must be a section, written [{name}]")
    known = {field.name for field in fields(FloorSet)} - {"name"}
    required = {"corpus", "queries", "qrels", "sha256", "floors"}
    for key in [*(required - set(table)), *(set(table) - known)]:
        what = "lacks" if key in required else "has an unknown key"
        raise MalformedInput(path, f"[{name}] {what} {key!r}")
    for key, value in table.items():
        if not _fits(key, value):
            raise MalformedInput(path, f"[{name}] {key} = {value!r} is not what belongs there")
    return FloorSet(name=name, **(table | {"corpus": tuple(table["corpus"])}))


def _fits(key: str, value: Any) -> bool:
    match key, value:
        case "corpus", list():
            return bool(value) and all(isinstance(name, str) for name in value)
        case "floors", dict():
            # Without a floor the set would be met whatever search finds.
            return bool(value) and all(
                m in MEASURES and type(v) in (int, float) and 0 <= v <= 1 for m, v in value.items()
            )
        case "headlines", bool():
            return True
        case "fetch_depth", int():
            return value is not True and value > 0
        case "configuration", str():
            return value in CONFIGURATIONS
        case (("queries" | "qrels" | "sha256"), str()):
            return True
    return False
