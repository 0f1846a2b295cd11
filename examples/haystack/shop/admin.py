"""Products in the admin."""

from django.contrib import admin

from shop.models import Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """What is saved and deleted here is indexed at once."""

    list_display = ("name", "brand", "category", "price")
    list_filter = ("category", "brand")
    search_fields = ("name",)
