"""Where an index is: a directory of this machine, or a URL of a server's."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from searchkit.arguments import path_of
from searchkit.errors import SearchIndexError
from searchkit.values import dataclass

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class Location:
    """A directory (`folder`), or a `url` whose scheme names the engine.

    `engine` is "" for a plain directory: the manifest in it names the engine.
    """

    engine: str = ""
    folder: Path | None = None
    url: str = ""

    @classmethod
    def of(cls, place: "str | Path | Location") -> "Location":
        """Return the location that is written as a path, as `whoosh:///dir` or `engine://host/...`.

        A URL without a host is a directory. Raises SearchIndexError for a URL with credentials, and
        for what cannot be a URL; WrongType for what is no path.
        """
        if isinstance(place, Location):
            return place
        if not (isinstance(place, str) and is_url(place)):
            return cls(folder=path_of("the place of the index", place))
        try:
            parts = urlsplit(place)
        except ValueError:
            # It is not shown: nobody can tell whether it has credentials in it.
            raise SearchIndexError(
                "the place of the index is written as a URL, but is none that can be read"
            ) from None
        if "@" in parts.netloc:
            raise SearchIndexError(
                f"{parts.scheme}://...@{parts.netloc.rpartition('@')[2]}{parts.path} has "
                "credentials in it, which would be shown and logged; leave them out and put them "
                "into the environment or a file, see docs/engines.md"
            )
        if parts.netloc:
            return cls(parts.scheme, url=place)
        return cls(parts.scheme, path_of("the place of the index", unquote(parts.path)))

    @property
    def directory(self) -> Path:
        """The directory; SearchIndexError where there is none."""
        if self.folder is None:
            raise SearchIndexError(f"{self} is no directory, which is needed for this")
        return self.folder

    def __str__(self) -> str:
        return self.url or str(self.folder)


def is_url(place: str) -> bool:
    """Return whether `place` is written as a URL and not as a path."""
    return _URL.match(place) is not None
