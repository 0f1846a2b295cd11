"""Settings of the Django project in which the tests of haystack run."""

import os

SECRET_KEY = "of tests only"
USE_TZ = False
TIME_ZONE = "UTC"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "haystack",
    "tests.integrations.haystack.ported.apps.CoreConfig",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
ROOT_URLCONF = "django.contrib.auth.urls"
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "searchkit.integrations.haystack.SearchkitEngine",
        "PATH": os.environ["SEARCHKIT_TEST_INDEX"],
        "INCLUDE_SPELLING": True,
        "SILENTLY_FAIL": False,
    }
}
