"""What the command line says, in Indonesian and English: the catalogue `data/messages.toml`.

The language is that of `SEARCHKIT_LANG`, else of the locale (LC_ALL, LC_MESSAGES, LANG): Indonesian
for `id...`, English for everything else.
"""

import os
from collections.abc import Mapping

from searchkit.wording import Catalogue

CATALOGUE = Catalogue("searchkit.cli", "messages")
_VARIABLES = ("SEARCHKIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(environment: Mapping[str, str] | None = None) -> str:
    """Return "id" or "en", whichever the environment (that of the process) asks for."""
    environment = os.environ if environment is None else environment
    asked = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return "id" if asked.lower().startswith("id") else "en"


def say(key: str, into: str | None = None, **values: object) -> str:
    """Return the message `key` in the language `into` (the environment's), with `values` in it."""
    return CATALOGUE.say(key, into or language(), **values)


def say_name(kind: str, name: str, into: str | None = None) -> str:
    """Return what people call the `kind` (block, ...) named `name`; that name if not said."""
    return CATALOGUE.say_name(kind, name, into or language())
