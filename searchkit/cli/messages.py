"""What the command line says, in Indonesian and English: the catalogue `data/messages.toml`.

The language is that of `SEARCHKIT_LANG`, else of the locale (LC_ALL, LC_MESSAGES, LANG): Indonesian
for `id...`, English for everything else.
"""

import os
import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("id", "en")
_VARIABLES = ("SEARCHKIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_SWAPPED = str.maketrans(",.", ".,")


def language(environment: Mapping[str, str] | None = None) -> str:
    """Return "id" or "en", whichever the environment (that of the process) asks for."""
    environment = os.environ if environment is None else environment
    asked = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return "id" if asked.lower().startswith("id") else "en"


def say(key: str, into: str | None = None, **values: object) -> str:
    """Return the message `key` in the language `into` (the environment's), with `values` in it.

    Numbers are written as the language does, `1.234,5` or `1,234.5`. When the value `count` is 1,
    a message that has a text for one (`en_one`) is that.
    """
    into = into or language()
    texts = _catalogue()[key]
    one = values.get("count") == 1
    text = texts.get(f"{into}_one", texts[into]) if one else texts[into]
    return _Formatter(into).vformat(text, (), values)


def say_name(kind: str, name: str, into: str | None = None) -> str:
    """Return what people call the `kind` (block, ...) named `name`: that name if no one said."""
    key = f"{kind}_{name}"
    return say(key, into) if key in _catalogue() else name


class _Formatter(string.Formatter):
    def __init__(self, into: str) -> None:
        self._into = into

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return format(value, format_spec)
        text = format(value, format_spec or ",")
        return text.translate(_SWAPPED) if self._into == "id" else text


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    text = files("searchkit.cli").joinpath("data/messages.toml").read_text("utf-8")
    catalogue: dict[str, dict[str, str]] = tomllib.loads(text)
    return catalogue
