"""Models of a Django project in an index that is kept in step with its database.

With "searchkit.integrations.django" in `INSTALLED_APPS` and `SEARCHKIT_INDEX` in the settings, a
module `search.py` of an application says how a model is indexed:

>>> from searchkit.integrations.django import search                          # doctest: +SKIP
>>> @search.register(Report)                                                  # doctest: +SKIP
... def article(report):
...     return searchkit.Article(headline=report.title, body=(report.text,))
>>> search.index.search("pakta pertahanan", limit=10)                         # doctest: +SKIP
"""

from searchkit.errors import ExtraMissing

try:
    import django as _  # noqa: F401
except ModuleNotFoundError as error:
    raise ExtraMissing("django", error.name or "django") from error

from searchkit.integrations.django.model_index import ModelIndex, document_id

search = ModelIndex()
"""The index of the project, as its settings say."""

__all__ = ["ModelIndex", "document_id", "search"]
