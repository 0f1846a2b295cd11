"""Port of haystack's tests of its simple backend: those that are not of looking into a database.

Copyright (c) 2009-2013, Daniel Lindsley. All rights reserved; the licence, of three clauses of BSD,
is the file LICENSE beside this one. What searchkit does otherwise says so.
"""

from django.test.utils import override_settings
from haystack import connections, indexes
from haystack.query import SearchQuerySet
from haystack.utils.loading import UnifiedIndex

from .mocks import MockSearchResult
from .models import MockModel, OneToManyRightSideModel, ScoreMockModel
from .testcases import SearchkitTestCase


class SimpleMockSearchIndex(indexes.SearchIndex, indexes.Indexable):
    # The simple backend looks into all fields of the models.
    text = indexes.CharField(document=True)
    name = indexes.CharField(model_attr="author")
    pub_date = indexes.DateTimeField(model_attr="pub_date")

    def prepare_text(self, obj):
        return f"{obj.author}\n{obj.foo}"

    def get_model(self):
        return MockModel


class SimpleMockScoreIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True, model_attr="score")
    score = indexes.CharField(model_attr="score")

    def get_model(self):
        return ScoreMockModel


class SimpleTestCase(SearchkitTestCase):
    fixtures = ["base_data.json", "bulk_data.json"]

    def setUp(self):
        super().setUp()

        self.old_ui = connections["default"].get_unified_index()
        self.ui = UnifiedIndex()
        self.index = SimpleMockSearchIndex()
        self.ui.build(indexes=[self.index, SimpleMockScoreIndex()])
        connections["default"]._index = self.ui

        self.backend = connections["default"].get_backend()
        self.sample_objs = MockModel.objects.all()
        self.backend.clear()
        self.backend.update(self.index, self.sample_objs)
        self.backend.update(self.ui.get_index(ScoreMockModel), ScoreMockModel.objects.all())

    def tearDown(self):
        connections["default"]._index = self.old_ui
        super().tearDown()


class SimpleSearchBackendTestCase(SimpleTestCase):
    def test_search(self):
        # No query string should always yield zero results.
        self.assertEqual(self.backend.search(""), {"hits": 0, "results": []})

        self.assertEqual(self.backend.search("*")["hits"], 24)
        self.assertEqual(
            sorted([int(result.pk) for result in self.backend.search("*")["results"]]),
            [1] + list(range(1, 24)),
        )

        self.assertEqual(self.backend.search("daniel*")["hits"], 23)
        self.assertEqual(
            sorted(int(result.pk) for result in self.backend.search("daniel*")["results"]),
            list(range(1, 24)),
        )

        self.assertEqual(self.backend.search('"should be a string"')["hits"], 1)
        self.assertEqual(
            [result.pk for result in self.backend.search('"should be a string"')["results"]],
            ["8"],
        )
        # Ensure the results are ``SearchResult`` instances...
        self.assertGreater(self.backend.search('"should be a string"')["results"][0].score, 0)

        # The simple backend finds letters in any word, and 16, which has no such word.
        expected = [2, 3, 15, 17, 18]
        results = self.backend.search("*index* *document*")["results"]
        self.assertEqual(sorted(int(result.pk) for result in results), expected)

        # Regression-ville
        self.assertEqual(sorted(result.object.id for result in results), expected)
        self.assertEqual(results[0].model, MockModel)

        # Ensure that swapping the ``result_class`` works.
        self.assertTrue(
            isinstance(
                self.backend.search("document", result_class=MockSearchResult)["results"][0],
                MockSearchResult,
            )
        )

        # Ensure empty queries does not raise.
        self.assertEqual(self.backend.search("foo", models=[OneToManyRightSideModel])["hits"], 0)

    def test_remove(self):
        self.backend.remove(self.sample_objs[0])
        self.assertEqual(self.backend.search("*")["hits"], 23)
        # What is not there can be removed as well.
        self.backend.remove(self.sample_objs[0])

    def test_clear(self):
        self.backend.clear()
        self.assertEqual(self.backend.search("*")["hits"], 0)

    def test_filter_models(self):
        self.assertEqual(self.backend.search("*", models=set([]))["hits"], 24)
        self.assertEqual(self.backend.search("*", models=set([MockModel]))["hits"], 23)

    def test_more_like_this(self):
        self.assertEqual(self.backend.search("*")["hits"], 24)

        # Unsupported by 'simple', which sees empty results.
        self.assertGreater(self.backend.more_like_this(self.sample_objs[0])["hits"], 0)

    def test_score_field_collision(self):
        # 42 is the in the match, which will be removed from the result
        self.assertNotEqual(self.backend.search("42")["results"][0].score, "42")


@override_settings(DEBUG=True)
class LiveSimpleSearchQuerySetTestCase(SimpleTestCase):
    def setUp(self):
        super().setUp()
        self.sqs = SearchQuerySet(using="default")

    def test_general_queries(self):
        self.assertEqual(len(self.sqs.auto_query("daniel1")), 7)
        self.assertTrue(len(self.sqs.filter(text="index")) > 0)
        self.assertEqual(len(self.sqs.exclude(name="daniel1")), 17)
        self.assertTrue(len(self.sqs.order_by("-pub_date")) > 0)

    def test_general_queries_unicode(self):
        self.assertEqual(len(self.sqs.auto_query("Привет")), 0)

    def test_more_like_this(self):
        # MLT shouldn't be horribly broken. This used to throw an exception.
        mm1 = MockModel.objects.get(pk=1)
        self.assertEqual(len(self.sqs.filter(text=1).more_like_this(mm1)), 0)

    def test_values_queries(self):
        sqs = self.sqs.auto_query("daniel1")
        self.assertTrue(len(sqs) > 0)

        flat_scores = sqs.values_list("score", flat=True)
        self.assertGreater(flat_scores[0], 0)

        scores = sqs.values_list("id", "score")
        self.assertEqual(scores[0], ["core.mockmodel.%s" % sqs[0].pk, flat_scores[0]])

        scores_dict = sqs.values("id", "score")
        self.assertEqual(scores_dict[0], {"id": scores[0][0], "score": scores[0][1]})
