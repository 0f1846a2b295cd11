"""Arguments of the public functions, looked at where they come in.

What is of another type than was asked for is a WrongType, which names the argument, what it is and
what to give. What is of the right type and cannot be, such as a negative limit, is refused by the
function itself, in words of its own.
"""

import os
from collections.abc import Iterable, Mapping, Set
from operator import index
from pathlib import Path
from typing import Any, TypeVar

from searchkit.errors import WrongType

One = TypeVar("One")


def wrong_type(name: str, value: object, wanted: str) -> WrongType:
    """Return the error for the argument `name`; `wanted` says what is to be given instead."""
    # Imported late: it is seldom needed. It cuts what is long.
    from reprlib import repr as shown

    what = "None" if value is None else f"{shown(value)}, of the type {type(value).__name__}"
    return WrongType(f"{name} is {what}; give {wanted}")


def check_type(name: str, value: object, kinds: Any, wanted: str) -> None:
    """Raise WrongType unless `value` is of one of `kinds`, as `isinstance` takes them."""
    if not isinstance(value, kinds):
        raise wrong_type(name, value, wanted)


def check_text(name: str, value: object) -> None:
    """Raise WrongType unless `value` is a str."""
    check_type(name, value, str, "a str")


def check_flag(name: str, value: object) -> None:
    """Raise WrongType unless `value` is a bool: by its truth, "no" would be yes."""
    check_type(name, value, bool, "True or False")


def check_number(name: str, value: object) -> None:
    """Raise WrongType unless `value` is an int or a float; a bool is neither here."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_type(name, value, "a number")


def check_callback(name: str, value: object) -> None:
    """Raise WrongType unless `value` can be called or is None."""
    if not (value is None or callable(value)):
        raise wrong_type(name, value, "a function")


def whole_number(name: str, value: Any) -> int:
    """Return a whole number, also one of another library, as an int; a bool is none here."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise wrong_type(name, value, "a whole number")
    return index(value)


def path_of(name: str, value: str | os.PathLike[str]) -> Path:
    """Return a path; WrongType for what is none, or has characters in it that no path has.

    Also for an empty str, as of a variable that is not set: it would be the working directory.
    """
    if value == "":
        raise wrong_type(name, value, "a path; the working directory is '.'")
    try:
        possible = not isinstance(value, bytes) and b"\0" not in os.fsencode(value)
    except (TypeError, ValueError):  # that it cannot be encoded is a ValueError
        possible = False
    if not possible:
        raise wrong_type(name, value, "a path that there can be, as a str or a Path")
    return Path(value)


def one_or_more(name: str, values: str | Iterable[str]) -> tuple[str, ...]:
    """Return strings, of which there may be one alone; an iterable is read once."""
    if isinstance(values, str):
        return (values,)
    wanted = "a str or several in a list or tuple"
    if isinstance(values, bytes) or not isinstance(values, Iterable):
        raise wrong_type(name, values, wanted)
    return _all_of(name, values, str, wanted)


def in_order(name: str, values: Iterable[One], kind: type[One], wanted: str) -> tuple[One, ...]:
    """Return values of one kind as a tuple; an iterable is read once.

    WrongType for a str, whose letters would be taken for the values, and for a mapping or a set,
    which has another order in each process.
    """
    if isinstance(values, str | bytes | Mapping | Set) or not isinstance(values, Iterable):
        raise wrong_type(name, values, wanted)
    return _all_of(name, values, kind, wanted)


def _all_of(name: str, values: Iterable[One], kind: type[One], wanted: str) -> tuple[One, ...]:
    found = tuple(values)
    for value in found:
        if not isinstance(value, kind):
            raise wrong_type(f"a part of {name}", value, wanted)
    return found
