"""Port of haystack's tests of suggestions in forms on Whoosh.

Copyright (c) 2009-2013, Daniel Lindsley. All rights reserved; the licence, of three clauses of BSD,
is the file LICENSE beside this one. What searchkit does otherwise says so.
"""

from django.http import HttpRequest
from haystack import connections, indexes
from haystack.forms import SearchForm
from haystack.query import SearchQuerySet
from haystack.utils.loading import UnifiedIndex
from haystack.views import SearchView

from .models import MockModel
from .testcases import SearchkitTestCase


class SpellingSearchIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True)

    def get_model(self):
        return MockModel

    def prepare_text(self, obj):
        return "This is some characteristic text."


# Whoosh suggests "example" for "exampl" with a single document; searchkit wants
# more of them, or a longer word, before it takes a word for a slip.
class SpellingSuggestionTestCase(SearchkitTestCase):
    fixtures = ["bulk_data"]

    def setUp(self):
        super().setUp()
        self.old_ui = connections["default"].get_unified_index()
        ui = UnifiedIndex()
        index = SpellingSearchIndex()
        ui.build(indexes=[index])
        connections["default"]._index = ui
        sb = connections["default"].get_backend()
        sb.clear()
        sb.update(index, MockModel.objects.all())

    def tearDown(self):
        connections["default"]._index = self.old_ui
        super().tearDown()

    def test_form_suggestion(self):
        form = SearchForm({"q": "characteristc"}, searchqueryset=SearchQuerySet())
        self.assertEqual(form.get_suggestion(), "characteristic")

    def test_view_suggestion(self):
        view = SearchView(template="test_suggestion.html", searchqueryset=SearchQuerySet())
        mock = HttpRequest()
        mock.GET["q"] = "characteristc"
        resp = view(mock)
        self.assertEqual(resp.content, b"Suggestion: characteristic\n")
