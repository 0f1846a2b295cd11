"""The pages: search, a product, and completions."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.generic import DetailView
from haystack.forms import FacetedSearchForm
from haystack.generic_views import FacetedSearchView
from haystack.query import SearchQuerySet

from shop import models

ORDERS = {"cheapest": "price", "dearest": "-price", "newest": "-added"}


class Form(FacetedSearchForm):
    """haystack's form, which shows all products before anything is typed."""

    def no_query_found(self) -> SearchQuerySet:
        """Return all products."""
        return self.searchqueryset.all()


class Find(FacetedSearchView):
    """Show what is found for the query `q`, among the facets chosen, in the order asked for."""

    form_class = Form
    facet_fields = ("category", "brand")
    template_name = "shop/find.html"
    paginate_by = 10

    def get_queryset(self) -> SearchQuerySet:
        """Return the products, with what matches marked."""
        products = super().get_queryset().highlight()
        order = ORDERS.get(self.request.GET.get("order", ""))
        if not order and not self.request.GET.get("q"):
            order = "name"
        return products.order_by(order) if order else products

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add what was chosen, and what was most likely meant when nothing is found."""
        context = super().get_context_data(**context)
        found = context["page_obj"].paginator.count
        counted = context["facets"].get("fields", {})
        return context | {
            "narrower": [
                (name, [(value, n, *self._toggled(name, value)) for value, n in values])
                for name, values in counted.items()
            ],
            "orders": ORDERS,
            "suggestion": None if found else context["form"].get_suggestion(),
        }

    def _toggled(self, name: str, value: str) -> tuple[bool, list[str]]:
        """Return whether a value is chosen, and what is when it is chosen, or left, now."""
        chosen, this = self.request.GET.getlist("selected_facets"), f"{name}_exact:{value}"
        if this in chosen:
            return True, [each for each in chosen if each != this]
        return False, [*chosen, this]


class Product(DetailView):
    """Show a product, and those most like it."""

    model = models.Product
    template_name = "shop/product.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the products that are alike."""
        alike = SearchQuerySet().more_like_this(self.object)[:5]
        return super().get_context_data(**context) | {"alike": alike}


def suggest(request: HttpRequest) -> JsonResponse:
    """Return names of products that go on as what is typed begins."""
    typed = request.GET.get("q", "").strip()
    names = [each.name for each in SearchQuerySet().autocomplete(begun=typed)[:8]] if typed else []
    return JsonResponse({"names": names})
