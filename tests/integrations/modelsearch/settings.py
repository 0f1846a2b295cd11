"""Settings of the Django project in which the tests of modelsearch run."""

import os
from pathlib import Path

SECRET_KEY = "of tests only"
USE_TZ = True
TIME_ZONE = "UTC"
INSTALLED_APPS = [
    "modelsearch.test.testapp",
    "modelsearch",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INDEX = Path(os.environ["SEARCHKIT_TEST_INDEX"])
FIXTURE_DIRS = [Path(__file__).parent / "fixtures"]
MODELSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "searchkit.integrations.modelsearch",
        "PATH": INDEX,
        "SETTINGS": {"cache_dir": INDEX.parent / "stems"},
    }
}
