"""Port of haystack's tests of management commands on Whoosh.

Copyright (c) 2009-2013, Daniel Lindsley. All rights reserved; the licence, of three clauses of BSD,
is the file LICENSE beside this one. What searchkit does otherwise says so.
"""

from django.core.management import call_command as real_call_command
from haystack import connections
from haystack.utils.loading import UnifiedIndex

from .models import MockModel
from .backend_tests import MockSearchIndex
from .testcases import SearchkitTestCase


def call_command(*args, **kwargs):
    kwargs["using"] = ["default"]
    real_call_command(*args, **kwargs)


class ManagementCommandTestCase(SearchkitTestCase):
    fixtures = ["bulk_data"]

    def setUp(self):
        super().setUp()

        self.old_ui = connections["default"].get_unified_index()
        self.ui = UnifiedIndex()
        self.mmi = MockSearchIndex()
        self.ui.build(indexes=[self.mmi])
        self.sb = connections["default"].get_backend()
        connections["default"]._index = self.ui

        self.sb.clear()

        self.sample_objs = MockModel.objects.all()

    def tearDown(self):
        connections["default"]._index = self.old_ui
        super().tearDown()

    def verify_indexed_document_count(self, expected):
        self.assertEqual(len(self.sb.index()), expected)

    def verify_indexed_documents(self):
        """Confirm that the documents in the search index match the database"""

        self.assertEqual(len(self.sb.index()), 23)

        indexed_doc_ids = set(i["id"] for i in self.sb.index().documents())
        expected_doc_ids = set(
            "core.mockmodel.%d" % i for i in MockModel.objects.values_list("pk", flat=True)
        )
        self.assertSetEqual(indexed_doc_ids, expected_doc_ids)

    def test_basic_commands(self):
        call_command("clear_index", interactive=False, verbosity=0)
        self.verify_indexed_document_count(0)

        call_command("update_index", verbosity=0)
        self.verify_indexed_documents()

        call_command("clear_index", interactive=False, verbosity=0)
        self.verify_indexed_document_count(0)

        call_command("rebuild_index", interactive=False, verbosity=0)
        self.verify_indexed_documents()

    def test_remove(self):
        call_command("clear_index", interactive=False, verbosity=0)
        self.verify_indexed_document_count(0)

        call_command("update_index", verbosity=0)
        self.verify_indexed_documents()

        # Remove several instances.
        MockModel.objects.get(pk=1).delete()
        MockModel.objects.get(pk=2).delete()
        MockModel.objects.get(pk=8).delete()
        self.verify_indexed_document_count(23)

        # Plain ``update_index`` doesn't fix it.
        call_command("update_index", verbosity=0)
        self.verify_indexed_document_count(23)

        # … but remove does:
        call_command("update_index", remove=True, verbosity=0)
        self.verify_indexed_document_count(20)

    def test_multiprocessing(self):
        call_command("clear_index", interactive=False, verbosity=0)
        self.verify_indexed_document_count(0)

        call_command("update_index", verbosity=0, workers=2, batchsize=5)
        self.verify_indexed_documents()
