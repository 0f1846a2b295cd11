"""The application of haystack's tests, under the name it has there.

Copyright (c) 2009-2013, Daniel Lindsley. All rights reserved; the licence, of three clauses of BSD,
is the file LICENSE beside this one.
"""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "tests.integrations.haystack.ported"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
