"""Lets a step that a program takes on its files fail, or be its last.

A step is an opening, a write, a flush, a renaming, a removal or the making or emptying of a file or
directory. The functions of Python that take them are patched, so that the code under test needs
no hooks.
"""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch


class Step(NamedTuple):
    """What is done and to which file; `name` is "" where only a descriptor is known."""

    action: str
    name: str

    def __str__(self) -> str:
        return f"{self.action} {_kind(self.name)}".strip()


NAMELESS = "nameless"
"""The name of a file that has none."""

Before = Callable[[Step], bool]
"""Called before each step; may raise. When it returns True, a write is cut short: half is written,
and it is called again for the rest."""

_BY_PATH = {
    "replace": "rename",
    "rename": "rename",
    "unlink": "unlink",
    "remove": "unlink",
    "mkdir": "mkdir",
    "rmdir": "rmdir",
    "open": "open",
}
_BY_DESCRIPTOR = {"fsync": "fsync", "write": "write", "ftruncate": "truncate"}


@contextmanager
def watched(folder: Path, before: Before) -> Iterator[None]:
    """Call `before` before each step in `folder` until the block ends."""
    inside = str(folder.absolute())

    def concerns(path: Any) -> bool:
        if isinstance(path, int) or not Path(path).is_absolute():
            return True  # relative to a directory that is open
        return str(os.fspath(path)).startswith(inside)

    with ExitStack() as patches:
        for name, action in _BY_PATH.items():
            real = getattr(os, name)
            patches.enter_context(patch.object(os, name, _by_path(real, action, before, concerns)))
        for name, action in _BY_DESCRIPTOR.items():
            real = getattr(os, name)
            patches.enter_context(patch.object(os, name, _by_descriptor(real, action, before)))
        opening = _opening(io.open, before, concerns)
        patches.enter_context(patch.object(io, "open", opening))
        yield


def _by_path(
    real: Callable[..., Any], action: str, before: Before, concerns: Callable[[Any], bool]
) -> Callable[..., Any]:
    def taken(path: Any, *args: Any, **options: Any) -> Any:
        if concerns(path):
            target = args[0] if action == "rename" else path
            before(Step(action, Path(target).name))
        return real(path, *args, **options)

    return taken


def _by_descriptor(real: Callable[..., Any], action: str, before: Before) -> Callable[..., Any]:
    def taken(descriptor: int, *args: Any) -> Any:
        before(Step(action, _name_of(descriptor)))
        return real(descriptor, *args)

    return taken


def _opening(
    real: Callable[..., Any], before: Before, concerns: Callable[[Any], bool]
) -> Callable[..., Any]:
    def opened(path: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
        if isinstance(path, int) or not concerns(path):
            return real(path, mode, *args, **options)
        if "opener" in options:  # a file without a name, in a directory
            return _WatchedFile(path, mode.replace("b", ""), before, NAMELESS, options["opener"])
        name = Path(path).name
        writing = set(mode) & set("wxa")
        before(Step("create" if writing else "open", name))
        if not writing or "b" not in mode:
            return real(path, mode, *args, **options)
        file = _WatchedFile(path, mode.replace("b", ""), before, name)
        return file if options.get("buffering") == 0 else io.BufferedWriter(file)

    return opened


class _WatchedFile(io.FileIO):
    def __init__(self, path: Any, mode: str, before: Before, name: str, opener: Any = None) -> None:
        self._before = before
        self._name = name
        super().__init__(path, mode, opener=opener)

    def write(self, data: Any, /) -> int:
        view = memoryview(data).cast("B")
        if self._before(Step("write", self._name)) and len(view) > 1:
            view = view[: len(view) // 2]
        return super().write(view)


def _name_of(descriptor: int) -> str:
    try:
        return Path(f"/proc/self/fd/{descriptor}").readlink().name
    except OSError:
        return ""


def _kind(name: str) -> str:
    """Return the kind of file that a name belongs to, the same for all of one kind."""
    if name.startswith("_MAIN_"):
        return "toc.new" if name.endswith(".new") else "toc"
    if name.startswith("MAIN_") and "." in name:
        return "*." + name.split(".", 1)[1]
    return name
