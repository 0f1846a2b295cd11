"""What the shop sells."""

from django.db import models
from django.urls import reverse


class Product(models.Model):
    """Something to buy."""

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    brand = models.CharField(max_length=100)
    category = models.CharField(max_length=100)
    price = models.PositiveIntegerField(help_text="In rupiah.")
    added = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name}"

    def get_absolute_url(self) -> str:
        """Return the address of the page of the product."""
        return str(reverse("product", args=[self.pk]))
