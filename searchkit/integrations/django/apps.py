"""The application, which has the modules `search` of all others imported."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SearchkitConfig(AppConfig):
    """searchkit in a Django project."""

    name = "searchkit.integrations.django"
    label = "searchkit"
    verbose_name = "searchkit"

    def ready(self) -> None:
        """Let every application register its models."""
        autodiscover_modules("search")
