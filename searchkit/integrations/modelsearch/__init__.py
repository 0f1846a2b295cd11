"""A search backend of django-modelsearch, and of Wagtail, whose search that is.

    MODELSEARCH_BACKENDS = {                       # in Wagtail: WAGTAILSEARCH_BACKENDS
        "default": {
            "BACKEND": "searchkit.integrations.modelsearch",
            "PATH": BASE_DIR / "search",           # a directory, or a URL: see docs/engines.md
            "ANALYZER": "indonesian",              # or "plain", for other languages
            "SETTINGS": {},                        # further searchkit.Settings, by name
        }
    }

Models with a common root model have an index together, in a folder of PATH of their own.
"""

from searchkit.errors import ExtraMissing

try:
    import modelsearch  # noqa: F401
except ModuleNotFoundError as error:
    raise ExtraMissing("modelsearch", error.name or "modelsearch") from error

from searchkit.integrations.modelsearch.backend import SearchkitSearchBackend

SearchBackend = SearchkitSearchBackend
"""Under this name modelsearch looks for the backend of a module."""

__all__ = ["SearchBackend", "SearchkitSearchBackend"]
