"""A small shop to search: objects of one model, and the search index of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from haystack import connections, indexes
from haystack.utils.loading import UnifiedIndex

from tests.integrations.haystack.ported.models import MockModel
from tests.integrations.haystack.ported.testcases import SearchkitTestCase

Row = dict[str, Any]

ROWS: list[Row] = [
    {
        "text": "Kemeja batik tulis dari Solo, lengan panjang",
        "brand": "Danar Hadi",
        "tags": ["batik", "kemeja"],
        "stock": 3,
        "price": Decimal("450000.50"),
        "rating": 4.5,
        "is_active": True,
        "added": datetime(2024, 6, 3, 10, 30),
        "day": date(2024, 6, 3),
        "size": '6" (new): A-B',
        "extra": datetime(2024, 6, 3, 10, 30),
    },
    {
        "text": "Kain batik cap & <b>murah</b>",
        "brand": "Batik Keris",
        "tags": ["batik", "kain"],
        "stock": 12,
        "price": Decimal("99000"),
        "rating": 3.0,
        "is_active": True,
        "added": datetime(2024, 6, 4, 0, 0),
        "day": date(2024, 6, 4),
    },
    {
        "text": "Sepatu kulit dari Bandung",
        "brand": "Danar Hadi Sport",
        "tags": [],
        "stock": 0,
        "price": None,
        "rating": None,
        "is_active": False,
        "added": datetime(2023, 12, 31, 23, 59, 59),
        "day": None,
    },
]


class ShopIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True)
    brand = indexes.CharField(faceted=True, weight=2)
    tags = indexes.MultiValueField(faceted=True)
    stock = indexes.IntegerField(faceted=True)
    price = indexes.DecimalField(null=True)
    rating = indexes.FloatField(null=True, faceted=True)
    is_active = indexes.BooleanField(faceted=True)
    added = indexes.DateTimeField(null=True, faceted=True)
    day = indexes.DateField(null=True)
    size = indexes.CharField(null=True, faceted=True)
    begun = indexes.EdgeNgramField()
    within = indexes.NgramField()
    extra = indexes.DateTimeField(null=True, indexed=False)
    hidden = indexes.CharField(stored=False)

    def get_model(self) -> type[Any]:
        return MockModel

    def prepare(self, obj: Any) -> Row:
        prepared: Row = super().prepare(obj)
        row = {"begun": obj.row["brand"], "within": obj.row["brand"], "hidden": "rahasia"}
        made: Row = prepared | dict.fromkeys(self.fields) | row | obj.row
        return made


def shop_objects(rows: list[Row] = ROWS) -> list[Any]:
    made = []
    for number, row in enumerate(rows, start=1):
        obj = MockModel(pk=number)
        obj.row = row
        made.append(obj)
    return made


class ShopTestCase(SearchkitTestCase):
    fixtures: list[str] = []  # noqa: RUF012
    rows = ROWS

    def setUp(self) -> None:
        super().setUp()
        self.connection = connections["default"]
        self.addCleanup(setattr, self.connection, "_index", self.connection.get_unified_index())
        self.shop = ShopIndex()
        self.declare(self.shop)
        self.backend = self.connection.get_backend()
        self.backend.clear()
        self.backend.update(self.shop, shop_objects(self.rows))

    def declare(self, *declared: Any) -> None:
        """Have these search indexes, and no others."""
        unified = UnifiedIndex()
        unified.build(indexes=declared)
        self.connection._index = unified
