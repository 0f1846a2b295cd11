"""`{% load news %}`: what the pages of the newspaper need."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def toggled(context: dict[str, Any], facet: str, value: str) -> str:
    """Return the address of this search with a value of a facet chosen, or no longer."""
    arguments = context["request"].GET.copy()
    arguments.pop("page", None)
    values = arguments.getlist(facet)
    chosen = [v for v in values if v != value] if value in values else [*values, value]
    arguments.setlist(facet, chosen)
    return f"?{arguments.urlencode()}"
