"""Engines by name, imported only when asked for."""

from importlib import import_module
from typing import Any

from searchkit.errors import IndexVersionMismatch

_ENGINES = {"whoosh": ("searchkit.engines.whoosh", "WhooshEngine")}


def engine_class(name: str) -> Any:
    """Return the class of an engine; IndexVersionMismatch if this version has none of that name."""
    if name not in _ENGINES:
        raise IndexVersionMismatch(
            f"the index was written by the engine {name!r}; this searchkit has "
            f"{', '.join(_ENGINES)}: rebuild it with `searchkit index --rebuild`"
        )
    module, attribute = _ENGINES[name]
    return getattr(import_module(module), attribute)
