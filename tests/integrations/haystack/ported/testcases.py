"""Port of the test case that haystack's tests of Whoosh begin with: an index of their own.

Copyright (c) 2009-2013, Daniel Lindsley. All rights reserved; the licence, of three clauses of BSD,
is the file LICENSE beside this one.
"""

import shutil

from django.conf import settings
from django.test import TestCase
from haystack import connections


class SearchkitTestCase(TestCase):
    fixtures = ["base_data"]

    @classmethod
    def setUpClass(cls):
        cls.start_clean()
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        cls.start_clean()
        super().tearDownClass()

    @staticmethod
    def start_clean():
        connections["default"].reset_sessions()
        shutil.rmtree(settings.HAYSTACK_CONNECTIONS["default"]["PATH"], ignore_errors=True)
