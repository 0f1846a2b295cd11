"""searchkit as a search backend of django-haystack.

    HAYSTACK_CONNECTIONS = {
        "default": {
            "ENGINE": "searchkit.integrations.haystack.SearchkitEngine",
            "PATH": BASE_DIR / "index",       # a directory, or URL: any place searchkit can open
        }
    }

Options beside haystack's own (INCLUDE_SPELLING, SILENTLY_FAIL, EXCLUDED_INDEXES, ...): `ANALYZER`,
the analyzer of text fields that name none ("indonesian"); `FACET_LIMIT`, how many values of a facet
are counted (100, at most 1,000); `SETTINGS`, a dict of `searchkit.Settings`.
"""

from searchkit.errors import ExtraMissing

try:
    import dateutil  # noqa: F401 - both are asked for before anything that needs them
    import haystack  # noqa: F401
except ModuleNotFoundError as error:
    raise ExtraMissing("haystack", error.name or "django-haystack") from error

from haystack.backends import BaseEngine

from searchkit.integrations.haystack.backend import SearchkitSearchBackend
from searchkit.integrations.haystack.query import SearchkitSearchQuery

__all__ = ["SearchkitEngine", "SearchkitSearchBackend", "SearchkitSearchQuery"]


class SearchkitEngine(BaseEngine):
    """The engine to name in `HAYSTACK_CONNECTIONS`."""

    backend = SearchkitSearchBackend
    query = SearchkitSearchQuery
