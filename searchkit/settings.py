"""Settings: from `searchkit.toml`, frozen once read.

    [index]
    dir = "index"              # where the index lives: a directory, or a URL
    engine = "whoosh"          # by which new indexes are made; see docs/engines.md
    sources = ["pages/"]       # what `searchkit index` reads when it is given nothing
    max_page_mb = 10           # a larger page is skipped
    memory_mb = 256            # memory of all processes of a run; see docs/index-format.md
    lock_timeout = 10          # seconds to wait for another writer, 0 not to wait
    workers = 1                # processes that help to analyse large runs; by default one a core
                               # beside the first, as far as there is memory for them
    cache_dir = "~/.cache/x"   # where stems are kept; the user's cache directory by default

    [analysis]
    analyzer = "indonesian"    # by which texts become words; see docs/analyzers.md
    abbreviations = "own.tsv"  # laid over the abbreviations that come with searchkit
    synonyms = "own.tsv"       # laid over the synonyms
    stems = "own.tsv"          # words and their stems, where the stemmer is wrong
    expand = ["abbreviation", "synonym"]  # what queries are expanded by
    tolerant = true            # a query that finds nothing for a slip is answered as it was meant

    [ranking]
    recency = 0.1              # how much the newest documents are preferred, 0 to 10; 0 is not
    recency_half_life = 30     # days after which half of that is left
    collapse = "newest"        # of copies of an article show the newest or the fullest; or "off"

    [serve]                    # options of `searchkit serve`; see docs/serve.md

    [engines.NAME]             # options of the engine of that name; see docs/engines.md

Paths are relative to the file they stand in; of [serve] and an engine's options those that end in
`_file`.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, Literal, Self

from searchkit.arguments import check_type, path_of
from searchkit.errors import SettingsError, WrongType
from searchkit.values import dataclass
from searchkit.written import reason_of, written_text

FILE_NAME = "searchkit.toml"
MOST_RECENCY = 10.0
MOST_WORKERS = 64
MOST_MB = 1_000_000

_LEAST, _MOST = 1e-6, float(MOST_MB)
"""Of all numbers that must be above 0: beyond them they could not be reckoned with."""

_WORKER_MB = 90
"""Megabytes that a worker process takes at most, however long the run."""

_WRITER_MB = 150
"""Megabytes that are left for the process that writes before a worker is started by itself."""

_LEAST_MB = 128
"""Megabytes that the process that writes needs, whatever is set."""

_ABOVE_ZERO = ("max_page_mb", "memory_mb", "recency_half_life")

_PATHS = ("dir", "cache_dir", "abbreviations", "synonyms", "stems")
_WANTED = dict.fromkeys(_PATHS, "a path") | {
    "engine": "the name of an engine",
    "analyzer": "the name of an analyzer",
    "sources": "a list of paths, which standard input has none of",
    "engines": "the options of each engine, by name",
    "serve": "options by name",
    "lock_timeout": f"a number from 0 to {_MOST:,.0f}",
    "workers": f"a whole number from 0 to {MOST_WORKERS}",
    "expand": 'a list of "abbreviation" and "synonym"',
    "recency": f"a number from 0 to {MOST_RECENCY:g}",
    "collapse": '"newest", "fullest" or "off"',
    "tolerant": "true or false",
}
_EXPANSIONS = ("abbreviation", "synonym")
_NUMBER = f"a number above 0, at most {_MOST:,.0f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set; docs/cli.md#settings has the meaning and unit of each.

    Raises SettingsError for a value that cannot be.
    """

    dir: Path | str = Path("index")
    engine: str = "whoosh"
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    serve: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Path, ...] = ()
    max_page_mb: float = 10
    memory_mb: float = 256
    lock_timeout: float = 10.0
    workers: int | None = None
    cache_dir: Path | str | None = None
    analyzer: str = "indonesian"
    abbreviations: Path | str | None = None
    synonyms: Path | str | None = None
    stems: Path | str | None = None
    expand: tuple[str, ...] = ("abbreviation", "synonym")
    tolerant: bool = True
    recency: float = 0.1
    recency_half_life: float = 30.0
    collapse: Literal["newest", "fullest", "off"] = "newest"

    def __post_init__(self) -> None:
        for name in ("sources", "expand"):
            value = getattr(self, name)
            object.__setattr__(self, name, tuple(value) if isinstance(value, list) else value)
        for name in self.__slots__:
            value = getattr(self, name)
            if not _POSSIBLE[name](value):
                raise SettingsError(f"Settings: {name} = {value!r:.100} must be {_wanted(name)}")
        for name, options in self.engines.items():
            _check_known("Settings", f"engines.{name}", options)

    @classmethod
    def of(cls, settings: "Settings | None") -> "Settings":
        """Return `settings`, the defaults for None; WrongType for anything else."""
        check_type("settings", settings, Settings | None, "Settings or None")
        return settings or cls()

    @property
    def stem_cache_dir(self) -> Path:
        """The directory of the stem cache."""
        if self.cache_dir:
            return Path(self.cache_dir)
        import platformdirs

        return Path(platformdirs.user_cache_dir("searchkit"))

    @property
    def page_bytes(self) -> int:
        """The size of the largest page."""
        return int(self.max_page_mb * 1024 * 1024)

    @property
    def worker_count(self) -> int:
        """How many worker processes analyse a large run beside the process that writes."""
        if self.workers is not None:
            return self.workers
        room = int(self.memory_mb - _WRITER_MB) // _WORKER_MB
        return max(min((os.cpu_count() or 1) - 1, room), 0)

    def beside_workers(self) -> Self:
        """Return these settings with the memory that workers leave for the process that writes."""
        left = self.memory_mb - _WORKER_MB * self.worker_count
        return replace(self, memory_mb=min(max(left, _LEAST_MB), self.memory_mb))


SECTIONS = {
    "index": (
        *("dir", "engine", "sources", "max_page_mb", "memory_mb", "lock_timeout", "workers"),
        "cache_dir",
    ),
    "analysis": ("analyzer", "abbreviations", "synonyms", "stems", "expand", "tolerant"),
    "ranking": ("recency", "recency_half_life", "collapse"),
}
"""The settings by the section of the file they stand in."""

OPTIONS = {
    "serve": (
        *("host", "title", "port", "token_file", "allowed_hosts", "cors_origins"),
        *("trusted_proxies", "plain_writes", "rate", "max_body_mb", "timeout", "threads"),
        *("concurrency", "workers", "grace"),
    ),
    "engines.whoosh": (),
    "engines.tantivy": ("rescored",),
    "engines.opensearch": (
        *("shards", "replicas", "rescored", "timeout", "patience", "bulk_mb", "in_flight"),
        *("lease", "kept", "ca_file", "credentials_file"),
    ),
}
"""What may stand in the other sections; what it may be, the server and each engine check."""

ENGINES_GROUP = "searchkit.engines"
"""The entry points by which installed packages offer further engines: name and class."""


def load_settings(path: str | Path | None = None) -> Settings:
    """Return the settings of the file at `path`, of ./searchkit.toml, or the defaults.

    Raises SettingsError when a named file is missing, cannot be read, or says something unknown.
    """
    # Imported late: a program that makes its own Settings reads no file.
    import tomllib

    file = Path(FILE_NAME) if path is None else path_of("path", path)
    try:
        data = tomllib.loads(written_text(file))
    except FileNotFoundError:
        if path is None:
            return Settings()
        raise SettingsError(f"{path}: there is no such settings file") from None
    except tomllib.TOMLDecodeError as error:
        advice = "a text stands in quotes, in single ones if there is a \\ in it"
        raise SettingsError(f"{file}: is not TOML: {error}; {advice}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {reason_of(error)}") from None
    values: dict[str, Any] = {}
    for name, table in data.items():
        if name == "engines":
            values[name] = _engines(file, table)
            continue
        if name == "serve" and isinstance(table, dict):
            values[name] = _options(file, name, table)
            continue
        if name not in (*SECTIONS, "serve"):
            raise _unknown_section(file, name, table)
        values |= _section(file, name, table)
    return Settings(**values)


def _unknown_section(file: Path, name: str, table: Any) -> SettingsError:
    for section, known in SECTIONS.items():
        if name in known and not isinstance(table, dict):
            return SettingsError(f"{file}: {name!r} must stand below a line [{section}]")
    known = (*SECTIONS, "serve", "engines.NAME")
    sections = ", ".join(f"[{section}]" for section in known)
    advice = _nearest(name, (*SECTIONS, "serve", "engines")) or f"; the settings are in {sections}"
    return SettingsError(f"{file}: unknown section [{name}]{advice}")


def _check_known(file: Path | str, section: str, table: Iterable[str]) -> None:
    """Raise SettingsError if there is anything in a section of OPTIONS that is none of them."""
    for key in table:
        if section in OPTIONS and key not in OPTIONS[section]:
            raise _unknown_setting(file, section, key, OPTIONS[section])


def _unknown_setting(
    file: Path | str, section: str, key: str, known: Iterable[str]
) -> SettingsError:
    advice = _nearest(key, known) or f"; there are {', '.join(known) or 'none'}"
    for other, names in SECTIONS.items():
        if key in names:
            advice = f"; it belongs to [{other}]"
    return SettingsError(f"{file}: unknown setting {key!r} in [{section}]{advice}")


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint at the one of `known` that was probably meant; "" if there is none."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _section(file: Path, name: str, table: Any) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: `{name}` must be a section, written [{name}]")
    known = SECTIONS.get(name, ())
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise _unknown_setting(file, name, key, known)
        values[key] = _checked(file, key, value)
    return values


def _engines(file: Path, table: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(table, dict) or not all(isinstance(each, dict) for each in table.values()):
        raise SettingsError(f"{file}: options of an engine must be a section, as [engines.tantivy]")
    own = [section.removeprefix("engines.") for section in OPTIONS if section != "serve"]
    for name in table.keys() - set(own):
        from importlib.metadata import entry_points

        names = [*own, *(point.name for point in entry_points(group=ENGINES_GROUP))]
        if name not in names:
            advice = _nearest(name, names) or f"; there are {', '.join(names)}"
            raise SettingsError(f"{file}: [engines.{name}] is of no engine that there is{advice}")
    return {name: _options(file, f"engines.{name}", options) for name, options in table.items()}


def _options(file: Path, section: str, table: dict[str, Any]) -> dict[str, Any]:
    _check_known(file, section, table)
    return {
        key: _path(file, key, value) if key.endswith("_file") and isinstance(value, str) else value
        for key, value in table.items()
    }


def _path(file: Path, key: str, value: str) -> Path:
    try:
        if not value:
            raise ValueError("it is empty")
        if "\0" in value:
            raise ValueError("it has a NUL in it")
        return file.parent / Path(value).expanduser()
    except (ValueError, RuntimeError) as error:
        raise SettingsError(f"{file}: {key} = {value!r} cannot be a path: {error}") from None


def _checked(file: Path, key: str, value: Any) -> Any:
    if key in _PATHS and isinstance(value, str):
        return value if key == "dir" and "://" in value else _path(file, key, value)
    if key == "sources" and isinstance(value, list):
        if all(isinstance(name, str) and name != "-" for name in value):
            return tuple(_path(file, key, source) for source in value)
    elif value is not None and key not in _PATHS and _POSSIBLE[key](value):
        return tuple(value) if isinstance(value, list) else value
    raise SettingsError(f"{file}: {key} = {value!r} must be {_wanted(key)}")


def _wanted(key: str) -> str:
    return _WANTED.get(key, _NUMBER)


def _is_path(value: Any) -> bool:
    try:
        path_of("path", value)
    except WrongType:
        return False
    return True


def _is_number(low: float, high: float) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and low <= value <= high

    return fits


_POSSIBLE: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(_PATHS, lambda value: value is None or _is_path(value)),
    "dir": _is_path,
    "sources": lambda value: isinstance(value, tuple) and all(map(_is_path, value)),
    **dict.fromkeys(("engine", "analyzer"), lambda value: isinstance(value, str)),
    "serve": lambda value: isinstance(value, Mapping),
    "engines": lambda value: (
        isinstance(value, Mapping) and all(isinstance(each, Mapping) for each in value.values())
    ),
    **dict.fromkeys(_ABOVE_ZERO, _is_number(_LEAST, _MOST)),
    "lock_timeout": _is_number(0, _MOST),
    "workers": lambda n: n is None or (isinstance(n, int) and _is_number(0, MOST_WORKERS)(n)),
    "expand": lambda value: (
        isinstance(value, list | tuple) and all(each in _EXPANSIONS for each in value)
    ),
    "tolerant": lambda value: isinstance(value, bool),
    "recency": _is_number(0, MOST_RECENCY),
    "collapse": lambda value: value in ("newest", "fullest", "off"),
}
"""Whether a setting can have a value, by its name."""
