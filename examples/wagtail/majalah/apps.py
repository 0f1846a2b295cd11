"""The application of the magazine."""

from django.apps import AppConfig


class MajalahConfig(AppConfig):
    """The magazine: its pages and their search."""

    name = "majalah"
    default_auto_field = "django.db.models.AutoField"
