"""`{% load searchkit %}`: what was found, in templates."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from searchkit.results import Fragment

register = template.Library()


@register.filter
def marked(fragment: Fragment) -> SafeString:
    """Show a fragment as HTML: escaped first, then with `<mark>` around what matched."""
    return mark_safe(fragment.html())  # noqa: S308 - it is escaped there
