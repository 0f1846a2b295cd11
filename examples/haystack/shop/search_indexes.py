"""What is indexed of a product, in haystack's words."""

from haystack import indexes

from shop.models import Product


class ProductIndex(indexes.SearchIndex, indexes.Indexable):
    """All of a product; its name counts twice as much as the rest."""

    text = indexes.CharField(document=True, use_template=True)
    name = indexes.CharField(model_attr="name", boost=2)
    begun = indexes.EdgeNgramField(model_attr="name")
    brand = indexes.CharField(model_attr="brand", faceted=True)
    category = indexes.CharField(model_attr="category", faceted=True)
    price = indexes.IntegerField(model_attr="price")
    added = indexes.DateTimeField(model_attr="added")
    url = indexes.CharField(model_attr="get_absolute_url", indexed=False)

    def get_model(self) -> type[Product]:
        """Return the model that is indexed."""
        return Product
