"""What the newspaper holds."""

from django.db import models
from django.urls import reverse


class Article(models.Model):
    """An article; a draft until it has a date."""

    headline = models.CharField(max_length=300)
    body = models.TextField(blank=True, help_text="A paragraph a line.")
    section = models.CharField(max_length=100, blank=True)
    reporter = models.CharField(max_length=100, blank=True)
    published = models.DateTimeField(null=True, blank=True, help_text="Empty for a draft.")

    class Meta:
        """The newest first."""

        ordering = ("-published",)

    def __str__(self) -> str:
        return f"{self.headline}"

    def get_absolute_url(self) -> str:
        """Return the address of the page of the article."""
        return str(reverse("read", args=[self.pk]))

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the body."""
        return [each.strip() for each in self.body.splitlines() if each.strip()]
