"""Puts a folder in place whole: written beside, then renamed."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searchkit.durable import SUFFIX, flush_file, flush_folder
from searchkit.errors import OutputNotWritable
from searchkit.own_files import SITE_MARKER, SITE_NAME
from searchkit.site.packing import to_json

FORMAT = 1
_OLD = ".old"


@contextmanager
def placed(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write that takes the place of `folder` when the block ends well.

    Until then, and after an error, what was there stays. Between the two renames that put it in
    place there is for a moment nothing at `folder`; a process that is killed just there leaves what
    was there beside it, and the next export goes on from that. Raises OutputNotWritable when there
    is anything at `folder` but an earlier export, or when it cannot be written.
    """
    target = folder.resolve()
    made, old = (target.with_name(target.name + suffix) for suffix in (SUFFIX, _OLD))
    for path in (target, made, old):
        _check(path)
    try:
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        try:
            # First of all: what a killed process leaves is known by it.
            (made / SITE_MARKER).write_bytes(to_json({SITE_NAME: FORMAT}))
            yield made
            _flush(made)
            _put(made, target, old)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        raise OutputNotWritable(
            f"{folder} cannot be written ({error.strerror or error}); name another folder"
        ) from error


def _put(made: Path, target: Path, old: Path) -> None:
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    try:
        made.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
    flush_folder(target.parent)


def _check(path: Path) -> None:
    """Raise OutputNotWritable unless `path` is free, empty, or an export."""
    try:
        if path.is_dir():
            if not any(path.iterdir()) or _is_export(path):
                return
        elif not path.exists():
            return
    except OSError as error:
        raise OutputNotWritable(f"{path} cannot be read ({error.strerror or error})") from error
    raise OutputNotWritable(
        f"{path} is not empty and no earlier export of a site; name another folder"
    )


def _is_export(path: Path) -> bool:
    try:
        marker = json.loads((path / SITE_MARKER).read_bytes())
    except (FileNotFoundError, ValueError):
        return False
    return isinstance(marker, dict) and SITE_NAME in marker


def _flush(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            flush_file(path)
        else:
            flush_folder(path)
    flush_folder(folder)
