"""From hits to the results of haystack, with the places that match marked."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import mark_safe
from haystack import connections
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.models import SearchResult
from haystack.utils import get_model_ct

from searchkit.integrations.haystack.layout import Layout
from searchkit.results import Fragment
from searchkit.schema import DocumentHit, DocumentPage

_OWN = ("app_label", "model_name", "pk", "score")
"""What a result is made of; fields of these names are not given back."""


def results_of(
    backend: Any,
    layout: Layout,
    page: DocumentPage,
    result_class: type | None = None,
    fields: Iterable[str] = (),
    highlight: Any = False,
) -> list[Any]:
    """Return the hits of a page as results, in order; those of models no longer indexed are not.

    With `fields`, results have these alone, and `id`.
    """
    unified = connections[backend.connection_alias].get_unified_index()
    indexed = {get_model_ct(model) for model in unified.get_indexed_models()}
    wanted = {ID, *fields} if fields else None
    results = []
    for hit in page.hits:
        if hit.document[DJANGO_CT] not in indexed:
            continue
        given = {
            name: value
            for name, value in layout.given(hit.document).items()
            if name not in _OWN and (wanted is None or name in wanted)
        }
        if highlight:
            given["highlighted"] = _highlighted(layout, hit, highlight)
        app_label, model_name = hit.document[DJANGO_CT].split(".")
        made = result_class or SearchResult
        results.append(made(app_label, model_name, hit.document[DJANGO_ID], hit.score, **given))
    return results


def _highlighted(layout: Layout, hit: DocumentHit, options: Any) -> dict[str, list[str]]:
    """Return safe HTML of the fields that match, and of the document field in any case."""
    asked = options if isinstance(options, Mapping) else {}
    names = asked.get("fields") or (layout.content, *hit.fragments)
    stored = [name for name in names if name in layout.fields and layout.fields[name].stored]
    return {name: [_html(each, asked) for each in hit.fragments.get(name, ())] for name in stored}


def _html(fragment: Fragment, options: Mapping[str, Any]) -> str:
    before, after = (
        "".join(options.get(name, default))
        for name, default in (("pre_tags", "<em>"), ("post_tags", "</em>"))
    )
    marked: str = mark_safe(fragment.marked(before, after, escape).strip())  # noqa: S308 - all text is escaped
    return marked
