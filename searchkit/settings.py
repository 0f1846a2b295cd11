"""Settings: from `searchkit.toml`, frozen once read.

    [index]
    dir = "index"              # where the index lives
    sources = ["pages/"]       # what `searchkit index` reads when it is given nothing
    max_page_mb = 10           # a larger page is skipped
    memory_mb = 128            # postings kept in memory before they go to a sorted run
    lock_timeout = 10          # seconds to wait for another writer
    cache_dir = "~/.cache/x"   # where stems are kept; the user's cache directory by default

Paths are relative to the file they stand in.
"""

import tomllib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import platformdirs

from searchkit.errors import SettingsError

FILE_NAME = "searchkit.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set; see the module for the meaning and unit of each."""

    dir: Path = Path("index")
    sources: tuple[Path, ...] = ()
    max_page_mb: int = 10
    memory_mb: int = 128
    lock_timeout: float = 10.0
    cache_dir: Path | None = None

    @property
    def stem_cache_dir(self) -> Path:
        """The directory of the stem cache."""
        return self.cache_dir or Path(platformdirs.user_cache_dir("searchkit"))


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of the file at `path`, of ./searchkit.toml, or the defaults.

    Raises SettingsError when a named file is missing, cannot be read, or says something unknown.
    """
    file = path or Path(FILE_NAME)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if path is None:
            return Settings()
        raise SettingsError(f"{path}: there is no such settings file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}") from None
    for name in data:
        if name != "index":
            raise SettingsError(f"{file}: unknown section [{name}]; the settings are in [index]")
    return _settings(file, data.get("index", {}))


def _settings(file: Path, table: Any) -> Settings:
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: `index` must be a section, written [index]")
    known = {field.name for field in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise SettingsError(f"{file}: unknown setting {key!r}{hint}")
        values[key] = _checked(file, key, value)
    return Settings(**values)


def _checked(file: Path, key: str, value: Any) -> Any:
    base = file.parent
    match key, value:
        case (("dir" | "cache_dir"), str()):
            return base / Path(value).expanduser()
        case "sources", list() if all(isinstance(source, str) for source in value):
            return tuple(base / Path(source).expanduser() for source in value)
        case (("max_page_mb" | "memory_mb" | "lock_timeout"), int() | float()) if value > 0:
            return value
    wanted = {"sources": "a list of paths", "dir": "a path", "cache_dir": "a path"}
    raise SettingsError(f"{file}: {key} = {value!r} must be {wanted.get(key, 'a number above 0')}")
