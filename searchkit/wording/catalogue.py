"""Messages in several languages, from a TOML file: one section a message, one key a language."""

import string
import tomllib
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from typing import Any

LANGUAGES = ("id", "en")

_SWAPPED = str.maketrans(",.", ".,")


class Catalogue:
    """The messages of one part of searchkit, read when the first of them is said.

    `package` is where the file `data/NAME.toml` lives. A section is a message, `id` in Indonesian,
    `en` in English, with the same {values} in both; `en_one` is said when {count} is 1.
    """

    def __init__(self, package: str, name: str) -> None:
        self._package = package
        self._name = name

    @cached_property
    def texts(self) -> Mapping[str, Mapping[str, str]]:
        """The texts by key and language."""
        file = files(self._package).joinpath(f"data/{self._name}.toml")
        texts: dict[str, dict[str, str]] = tomllib.loads(file.read_text("utf-8"))
        return texts

    def say(self, key: str, into: str, /, **values: object) -> str:
        """Return the message `key` in the language `into`, with `values` in it.

        Numbers are written as the language does, `1.234,5` or `1,234.5`. KeyError if there is no
        such message.
        """
        texts = self.texts[key]
        one = values.get("count") == 1
        text = texts.get(f"{into}_one", texts[into]) if one else texts[into]
        return _Formatter(into).vformat(text, (), values)

    def say_name(self, kind: str, name: str, into: str) -> str:
        """Return what people call the `kind` (block, ...) named `name`; that name if not said."""
        key = f"{kind}_{name}"
        return self.say(key, into) if key in self.texts else name


class _Formatter(string.Formatter):
    def __init__(self, into: str) -> None:
        self._into = into

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return format(value, format_spec)
        text = format(value, format_spec or ",")
        return text.translate(_SWAPPED) if self._into == "id" else text
