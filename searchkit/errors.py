"""Every error searchkit raises on purpose, drawn as one tree.

    SearchkitError
    ├── InputError                 a source, a page or a record cannot be used
    │   ├── UnreadableInput        not text we can decode: missing, binary, too large, truncated
    │   └── MalformedInput         text, but not what it claims to be: broken JSON, no article
    ├── SettingsError              searchkit.toml says something impossible
    ├── QueryError                 a query that cannot be understood or is out of bounds
    │   └── QuerySyntaxError       read strictly, the query is not well-formed
    ├── EvaluationError            an evaluation that cannot be made
    │   └── BelowFloor             search is worse than a quality floor, or its data has changed
    ├── SchemaError                a schema, or a document or question that does not fit one
    ├── WatchError                 a saved query that is not there, or its file cannot be used
    ├── OutputNotWritable          a file or directory that was to be written cannot be
    ├── ExtraMissing               a library of an optional extra is not installed
    ├── WrongType                  an argument of a type that was not asked for; also a TypeError
    └── SearchIndexError           the index directory
        ├── IndexMissing           nothing there
        ├── ForeignIndex           a directory that is not ours
        ├── IndexVersionMismatch   ours, but of another format, analyzer or schema
        ├── IndexDamaged           ours, but files are missing, cut short or altered
        ├── IndexLocked            another process is writing
        ├── IndexNotWritable       a read-only directory or a full disk
        ├── MigrationFailed        an index is not what the one it was moved from is
        └── DocumentNotFound       no document of that id

A message names the file, line or query, says what was wrong and what to do about it. The command
line takes its exit status from `EXIT_STATUS` and the server its HTTP status from `HTTP_STATUS`, in
one place, for the whole tree.
"""

from pathlib import Path
from typing import Self

REBUILD = "rebuild it with `searchkit index --rebuild SOURCE...`"
"""What messages advise when an index cannot be used, and its engine cannot repair it."""

REPAIR = f"repair it with `searchkit check --repair` or {REBUILD}"
"""What they advise when it is damaged."""


class SearchkitError(Exception):
    """Base of all searchkit errors; `str(error)` is fit to show to a person."""


class InputError(SearchkitError):
    """A source that cannot be used.

    `origin` names the file, URL or stream; `line` counts from 1 and is None where lines mean
    nothing; `reason` is the message without the place.
    """

    def __init__(self, origin: str | Path, reason: str, line: int | None = None) -> None:
        self.origin = str(origin)
        self.line = line
        self.reason = reason
        place = f"{self.origin}:{line}" if line else self.origin
        super().__init__(f"{place}: {reason}")

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, int | None]]:
        """Tell how to make it again in another process."""
        return type(self), (self.origin, self.reason, self.line)


class UnreadableInput(InputError):
    """Not text that can be decoded: missing, binary, too large or cut short."""


class MalformedInput(InputError):
    """Readable, but not what it claims to be: broken JSON, a record without text."""


class SettingsError(SearchkitError):
    """A settings file that cannot be read or says something impossible.

    Also an analyzer or a reader of an installed package that cannot be used.
    """


class QueryError(SearchkitError):
    """A query that cannot be understood or is beyond a stated limit."""


class QuerySyntaxError(QueryError):
    """A query that, read strictly, is not well-formed.

    `position` is the offset of the fault in `text`, from 0; the message shows it with a caret.
    """

    def __init__(self, reason: str, text: str = "", position: int = 0) -> None:
        self.reason = reason
        self.text = text
        self.position = position
        start = max(0, position - 40)
        shown = "".join(c if c.isprintable() else " " for c in text[start : position + 40])
        place = f"\n  {shown}\n  {' ' * (position - start)}^" if text else ""
        super().__init__(reason + place)


class EvaluationError(SearchkitError):
    """An evaluation that cannot be made as asked for."""


class BelowFloor(EvaluationError):
    """Search is worse than a quality floor, or the data of the floor is not what it was."""


class SchemaError(SearchkitError):
    """A schema that cannot be, or a document or a question that does not fit the schema."""


class WatchError(SearchkitError):
    """A saved query that is not there or there already, or a file of them that cannot be used."""


class OutputNotWritable(SearchkitError):
    """A file or directory that was asked for cannot be written; the index is not concerned."""


class ExtraMissing(SearchkitError):
    """A library is not installed that comes with an optional extra of searchkit.

    `extra` names the extra and `library` the import that failed; the message has the command.
    """

    def __init__(self, extra: str, library: str) -> None:
        self.extra = extra
        self.library = library
        super().__init__(
            f"this needs {library}, which is not installed; install it with "
            f"`pip install 'searchkit[{extra}]'`"
        )

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        """Tell how to make it again in another process."""
        return type(self), (self.extra, self.library)


class WrongType(SearchkitError, TypeError):
    """An argument of a type that was not asked for: a slip in the program that gave it."""


class SearchIndexError(SearchkitError):
    """Something is wrong with an index directory."""


class IndexMissing(SearchIndexError):
    """There is no index where one was looked for."""


class ForeignIndex(SearchIndexError):
    """The directory holds files that searchkit did not write."""


class IndexVersionMismatch(SearchIndexError):
    """The index was written by another format version or analyzer, or for another schema."""


class IndexDamaged(SearchIndexError):
    """Files of the index are missing, cut short or altered."""


class IndexLocked(SearchIndexError):
    """Another process is writing to the index."""


class IndexNotWritable(SearchIndexError):
    """The index directory cannot be written: read-only, or the disk is full."""


class MigrationFailed(SearchIndexError):
    """After a migration the two indexes do not hold the same."""


class DocumentNotFound(SearchIndexError):
    """No document in the index has that id."""


EXIT_STATUS: dict[type[SearchkitError], int] = {
    InputError: 3,
    SettingsError: 4,
    QueryError: 5,
    SearchIndexError: 6,
    DocumentNotFound: 7,
    SearchkitError: 1,
}
"""Exit status by error class; the nearest class in an error's own ancestry counts."""

HTTP_STATUS: dict[type[SearchkitError], int] = {
    InputError: 422,
    QueryError: 400,
    SchemaError: 422,
    SearchIndexError: 503,
    DocumentNotFound: 404,
    SearchkitError: 500,
}
"""HTTP status by error class, by the same rule."""

EXIT_SKIPPED = 3
"""Exit status of a run that did its work but had to skip some of its input."""


def exit_status(error: SearchkitError) -> int:
    """Return the exit status for `error`: that of its nearest listed ancestor."""
    return next(EXIT_STATUS[kind] for kind in type(error).__mro__ if kind in EXIT_STATUS)


def http_status(error: SearchkitError) -> int:
    """Return the status of an HTTP answer that tells of `error`, in the same way."""
    return next(HTTP_STATUS[kind] for kind in type(error).__mro__ if kind in HTTP_STATUS)
