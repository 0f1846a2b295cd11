"""Cursors: where a page of hits ended, as text that can be handed on and given back.

A cursor is the URL-safe base64 of a JSON list: its version, and what `Cursor` has. It is read as
data and checked value by value.
"""

import base64
import hashlib
import json
import math
from datetime import date
from typing import Any, NamedTuple

from searchkit.engines.base import Filters, Position
from searchkit.errors import QueryError

LONGEST_CURSOR = 10_000
"""Characters of a cursor."""

_VERSION = 2
_MOST = 2.0**60


class Cursor(NamedTuple):
    """Where a page of hits ended.

    `search` is a digest of what was asked, `meaning` of what it was looked up as, which may change
    with the index; `today` is the day that relative dates are seen from on every page.
    """

    search: str
    meaning: str
    today: date
    position: Position


def digest_of(search: tuple[object, ...]) -> str:
    """Return the digest of a search given as plain values, the same in every process."""
    # The order of a set is another in each process.
    plain = [_plain(part) for part in search]
    return hashlib.blake2b(repr(plain).encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def _plain(part: object) -> object:
    if isinstance(part, Filters):
        values = sorted((name, sorted(wanted)) for name, wanted in part.values.items())
        return (values, part.since, part.until)
    return part


def to_cursor(cursor: Cursor) -> str:
    """Return a cursor as text."""
    search, meaning, today, position = cursor
    values = [_VERSION, search, meaning, today.isoformat(), *position]
    data = json.dumps(values, separators=(",", ":"))
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Return the cursor that `text` is; QueryError if it is not one."""
    try:
        if len(text) > LONGEST_CURSOR:
            raise ValueError
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        data = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        version, search, meaning, today, *rest = data
        if version != _VERSION or not (isinstance(search, str) and isinstance(meaning, str)):
            raise ValueError
        return Cursor(search, meaning, date.fromisoformat(today), _position(*rest))
    except (ValueError, TypeError, RecursionError):
        raise QueryError(
            "this is not a cursor that a search has given; take `next_cursor` of a page as it is, "
            "or search without one"
        ) from None


def _position(score: Any, moment: Any, document_id: Any, commit: Any) -> Position:
    if not (isinstance(document_id, str) and isinstance(commit, str)):
        raise ValueError
    if moment is not None and type(moment) is not int:
        raise ValueError
    for number in (score, moment or 0):
        if type(number) not in (int, float) or abs(number) > _MOST or math.isnan(number):
            raise ValueError
    return Position(float(score), moment, document_id, commit)


def wrong_search() -> QueryError:
    """Return the error for a cursor of another search."""
    return QueryError(
        "this cursor belongs to another search: it goes with the words, filters, order and "
        "settings it was given for; search without it to begin anew"
    )


def changed_meaning() -> QueryError:
    """Return the error for a cursor by relevance whose query is expanded otherwise by now."""
    return QueryError(
        "the index has changed since this cursor was given, and with it what the query is expanded "
        "to; search again without it, or sort by date, where cursors outlast changes"
    )
