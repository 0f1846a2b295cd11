"""Values of fields, as an engine compares them: numbers and moments as whole numbers of 64 bits."""

import fnmatch
import glob
import re
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from searchkit.analysis.normalization import fold, fold_value
from searchkit.errors import SchemaError
from searchkit.filtering import zoned
from searchkit.query.lowering import JAKARTA
from searchkit.query.syntax import units_of

NumberValue = int | float | Decimal
MomentValue = date | datetime
KeywordValue = str | int | bool

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BLANKS = re.compile(r"(\s+)")
_DAY = 24 * 60 * 60 * 1_000_000


def to_number(value: NumberValue) -> int:
    """Return the whole number that stands for `value`, in the order of the values.

    Values that differ in the sixteenth digit only may have the same. It is made of the bits of the
    double-precision number, less the last, so that it stays within 63 bits. Raises SchemaError for
    what is no number, or too large for one.
    """
    try:
        real = float(value)
    except OverflowError:
        raise SchemaError(f"the number {value!r} is too large; the largest is 1.8e308") from None
    except ValueError:  # Decimal has one that may not even be looked at
        real = float("nan")
    if real != real:
        raise SchemaError("'not a number' has no place among numbers; leave the value out")
    bits: int
    (bits,) = struct.unpack("<q", struct.pack("<d", abs(real)))
    return bits >> 1 if real >= 0 else -(bits >> 1)


def read_number(text: str) -> int | None:
    """Return what stands for a number as typed (`100`, `99.5`); None if it is no number."""
    try:
        return to_number(float(text)) if text.isascii() else None
    except (ValueError, SchemaError):
        return None


def to_moment(value: MomentValue) -> int:
    """Return the microseconds from 1970 to a time, or to the beginning of a day in Jakarta."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), JAKARTA)
    return (zoned(value) - _EPOCH) // _MICROSECOND


def moments_of(value: MomentValue) -> tuple[int, int]:
    """Return the first and the last microsecond of a day; of a time, itself twice."""
    first = to_moment(value)
    return first, first if isinstance(value, datetime) else first + _DAY - 1


def to_keyword(value: KeywordValue, *, folded: bool) -> str:
    """Return the form under which a whole value is kept and looked up; "" for an empty one.

    Truth values are `true` and `false`.
    """
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # Of a value that is nothing but marks, folding leaves nothing.
    return (fold_value(text) or text.strip()) if folded else text


def keyword_pattern(pattern: str, *, folded: bool) -> tuple[str, Callable[[str], bool]]:
    """Return what all keywords of a pattern begin with, and a test whether one is of it.

    In the pattern `*` is any run of characters and `?` any one, but for those after a backslash.
    """
    beginning, expression = "", ""
    for wild, run in groupby(units_of(pattern), key=itemgetter(1)):
        text = "".join(char for char, _ in run)
        if folded and not wild:
            text = "".join(fold(word) if word.strip() else " " for word in _BLANKS.split(text))
        if not (wild or expression):
            beginning = text
        # A library's own wildcards, with what they know beyond ours made plain.
        expression += text if wild else glob.escape(text)
    fits = re.compile(fnmatch.translate(expression)).match
    return beginning, lambda value: fits(value) is not None


def shown(value: KeywordValue | NumberValue) -> str:
    """Return a value as a facet shows it: numbers without needless zeros."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | Decimal):
        text = f"{Decimal(str(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def each(value: Any, kinds: tuple[type, ...]) -> list[Any]:
    """Return the values of a field that may have several: [] for None, one for a single value."""
    if value is None:
        return []
    if isinstance(value, kinds):
        return [value]
    return list(value)
