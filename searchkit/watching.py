"""Saved alerts: queries that are asked again, and what they have found since the last time.

They are kept in a JSON file beside the directory of the index, so that they outlive a rebuild; for
an index on a server in the user's own data. For each query the ids of the hits already told are
kept, not a date, because an old article may be indexed late. A file is replaced whole, or not at
all.
"""

import json
from collections.abc import Mapping

from searchkit.asking import DEEPEST_RANK
from searchkit.durable import replace_file
from searchkit.engines.manifest import watches_of
from searchkit.errors import WatchError
from searchkit.results import Hit
from searchkit.search_index import SearchIndex

_VERSION = 1


class Watches:
    """The saved queries of one index, by name, in the order added."""

    def __init__(self, index: SearchIndex) -> None:
        """Read the saved queries of `index`; WatchError if their file cannot be used."""
        self.path = watches_of(index.location)
        self._index = index
        self._queries, self._told = self._read()

    @property
    def queries(self) -> Mapping[str, str]:
        """The saved queries by name; {} if there are none."""
        return dict(self._queries)

    def add(self, name: str, query: str) -> None:
        """Save a query; what it finds now is not new. WatchError when the name is taken.

        Raises QueryError when the query is beyond its limits.
        """
        if name in self._queries:
            raise WatchError(
                f"there is an alert {name!r} already, for {self._queries[name]!r}; remove it first "
                "or take another name"
            )
        self._told[name] = {hit.id for hit in self._find(query)}
        self._queries[name] = query
        self._write()

    def remove(self, name: str) -> None:
        """Forget a query; WatchError if there is none of that name."""
        if name not in self._queries:
            known = ", ".join(self._queries) or "none"
            raise WatchError(f"there is no alert {name!r} in {self.path}; there are: {known}")
        del self._queries[name], self._told[name]
        self._write()

    def new(self) -> dict[str, list[Hit]]:
        """Return by name the hits that have not been told yet, best first; [] where none is new.

        They stay new until `tell`, so that nothing is lost when the program ends in between.
        """
        return {
            name: [hit for hit in self._find(query) if hit.id not in self._told[name]]
            for name, query in self._queries.items()
        }

    def tell(self, new: Mapping[str, list[Hit]]) -> None:
        """Keep that these hits, as `new` returned them, have been told."""
        for name, hits in new.items():
            if name in self._told:
                self._told[name] |= {hit.id for hit in hits}
        if any(new.values()):
            self._write()

    def _find(self, query: str) -> tuple[Hit, ...]:
        """Return all hits of `query` as it is: no word taken for another or left out."""
        page = self._index.search(
            query, limit=DEEPEST_RANK, collapse="off", fragments=False, tolerant=False
        )
        return () if page.relaxed else page.hits

    def _read(self) -> tuple[dict[str, str], dict[str, set[str]]]:
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            if data["version"] != _VERSION:
                raise ValueError(data["version"])
            watches = data["watches"]
            queries = {name: _text(watch["query"]) for name, watch in watches.items()}
            told = {name: set(map(_text, watch["told"])) for name, watch in watches.items()}
        except FileNotFoundError:
            return {}, {}
        except OSError as error:
            raise WatchError(f"{self.path} cannot be read: {error.strerror}") from None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise WatchError(
                f"{self.path} is damaged or of another version; move it away and add the "
                "alerts anew"
            ) from None
        return queries, told

    def _write(self) -> None:
        watches = {
            name: {"query": query, "told": sorted(self._told[name])}
            for name, query in self._queries.items()
        }
        text = json.dumps({"version": _VERSION, "watches": watches})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self.path, text.encode())
        except OSError as error:
            raise WatchError(f"{self.path} cannot be written: {error.strerror}") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
