"""Messages in several languages, from a TOML file: one section a message, one key a language."""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from searchkit.cached import cached_property
from searchkit.shipped import shipped_text

LANGUAGES = ("id", "en")

_HEADING = re.compile(r"^\[([\w-]+)\]\n", re.MULTILINE)
"""The line that a section begins with; no text of a catalogue has a line like it."""

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
        """The texts by key and language, each read when it is first looked up."""
        return _Sections(shipped_text(self._package, f"data/{self._name}.toml"))

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


class _Sections(Mapping[str, Mapping[str, str]]):
    """The sections of a TOML file, of which a command says few: to read all takes 10 ms."""

    def __init__(self, toml: str) -> None:
        parts = _HEADING.split(toml)
        self._unread = dict(zip(parts[1::2], parts[2::2], strict=True))
        self._read: dict[str, Mapping[str, str]] = {}

    def __getitem__(self, key: str) -> Mapping[str, str]:
        if key not in self._read:
            self._read[key] = tomllib.loads(self._unread[key])
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._unread)

    def __len__(self) -> int:
        return len(self._unread)


class _Formatter(string.Formatter):
    def __init__(self, into: str) -> None:
        self._into = into

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return format(value, format_spec)
        text = format(value, format_spec or ",")
        return text.translate(_SWAPPED) if self._into == "id" else text
