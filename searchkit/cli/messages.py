"""What the command line says, in Indonesian and English: the catalogue `data/messages.toml`.

The language is that of `SEARCHKIT_LANG`, else of the locale (LC_ALL, LC_MESSAGES, LANG): Indonesian
for `id...`, English for everything else.
"""

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("id", "en")
_VARIABLES = ("SEARCHKIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(environment: Mapping[str, str] | None = None) -> str:
    """Return "id" or "en", whichever the environment (that of the process) asks for."""
    environment = os.environ if environment is None else environment
    asked = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return "id" if asked.lower().startswith("id") else "en"


def say(key: str, into: str | None = None, **values: object) -> str:
    """Return the message `key` in the language `into` (the environment's), with `values` in it."""
    return _catalogue()[key][into or language()].format(**values)


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    text = files("searchkit.cli").joinpath("data/messages.toml").read_text("utf-8")
    catalogue: dict[str, dict[str, str]] = tomllib.loads(text)
    return catalogue
