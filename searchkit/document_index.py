"""`DocumentIndex`: documents of any fields, in a shop or an archive, instead of news."""

from collections.abc import Sequence
from typing import Any

from searchkit.analysis import Token
from searchkit.arguments import check_text, check_type, one_or_more
from searchkit.asking import Asked, wanted_recency
from searchkit.engines.fields import own_name
from searchkit.engines.ranking import Recency
from searchkit.errors import SchemaError
from searchkit.open_documents import OpenDocuments
from searchkit.query import Query
from searchkit.results import Fragment
from searchkit.schema.clauses import Clause
from searchkit.schema.declarations import Moment, Text
from searchkit.schema.documents import texts_of, title_of
from searchkit.schema.results import DocumentPage
from searchkit.schema.searching import Highlighters, Question, scores, search, stored_values
from searchkit.similar import HEADLINE, most_telling
from searchkit.suggesting import suggest


class DocumentIndex(OpenDocuments):
    """An index of documents of a schema: add them, delete them, search.

    Where it is, what may be done from how many threads and processes, and what becomes of arguments
    of wrong types, is as for `SearchIndex`.

    >>> schema = Schema({"name": Text(title=True)}, id="sku")                 # doctest: +SKIP
    >>> with DocumentIndex.open_or_create("shop", schema) as index:           # doctest: +SKIP
    ...     index.add([{"sku": "b1", "name": "Kemeja batik"}])
    ...     print(index.search("batik").hits[0].document["name"])
    """

    def search(
        self,
        query: str | Clause = "*",
        *,
        where: Clause | None = None,
        fields: Sequence[str] = (),
        order_by: Sequence[str] = (),
        limit: int | None = 10,
        offset: int = 0,
        facets: Sequence[str] = (),
        facet_limit: int = 20,
        fragments: bool = True,
        recency: float | None = None,
        tolerant: bool = False,
    ) -> DocumentPage:
        """Return the best hits for `query`, from rank `offset + 1`; all with a `limit` of None.

        `query` is typed text in the query language, in which fields have the names of the schema
        and bare words are looked for in the text `fields`, () for all; or a clause. When no
        document has all the words that were typed, those with some of them are found and the page
        is `relaxed`. `where` is what documents must be as well; it does not change scores.

        `order_by` takes the place of the order by score: names of fields, with a "-" before one
        for the highest first; documents without a value come last. By a single number or moment
        that is as fast as by score; otherwise all hits are read. `facets` names keyword fields, and
        numbers with `facet`, whose values are counted over all hits, the `facet_limit` (1 to 1,000)
        most frequent.

        `recency` is how much newer documents are preferred, from the settings when not given;
        `tolerant` whether a query that finds nothing for an unknown word is answered for the word
        that was most likely meant. Raises QueryError when something is beyond its limits,
        SchemaError when it does not fit the schema.
        """
        question = Question(
            query=query,
            where=where,
            fields=one_or_more("fields", fields),
            order_by=one_or_more("order_by", order_by),
            limit=limit,
            offset=offset,
            facets=one_or_more("facets", facets),
            facet_limit=facet_limit,
            fragments=fragments,
        )
        asked = Asked(recency=self._recency(recency), tolerant=tolerant)
        try:
            return search(self._lowering(), question, asked)
        finally:
            self._analyzers.save()

    def count(self, query: str | Clause = "*", *, where: Clause | None = None) -> int:
        """Return how many documents `search` finds, of those that have all that is asked for."""
        page = self.search(query, where=where, limit=0, fragments=False)
        return 0 if page.relaxed else page.total

    def scores(
        self,
        query: str | Clause = "*",
        *,
        where: Clause | None = None,
        order_by: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
        recency: float | None = None,
    ) -> dict[str, float]:
        """Return the scores of the hits of `search` by id, in their order; by default of all.

        That is much faster than `search`, for who has the documents elsewhere.
        """
        question = Question(
            query=query,
            where=where,
            order_by=one_or_more("order_by", order_by),
            limit=limit,
            offset=offset,
        )
        return scores(self._lowering(), question, Asked(recency=self._recency(recency)))

    def similar(
        self,
        document_id: str,
        *,
        limit: int | None = 10,
        where: Clause | None = None,
        fields: Sequence[str] = (),
    ) -> DocumentPage:
        """Return the documents most like one, by its most telling words, best first, without it.

        The words are those of the text `fields`, () for all, and are looked for in all. Raises
        DocumentNotFound and what `search` does.
        """
        lowering = self._lowering()
        texts = texts_of(self.schema, stored_values(self._stored(document_id)))
        tokens: list[Token] = []
        for name in lowering.texts(one_or_more("fields", fields)):
            found = self._main.analyze(texts[name])
            tokens += found * (HEADLINE if self.schema.of_kind(Text)[name].title else 1)
        names = [own_name(name) for name in lowering.texts(())]
        words = most_telling(self._engine, tokens, self._main.stop_words, names, own=True)
        node = lowering.like(words, document_id)
        question = Question(query=node, where=where, limit=limit)
        return search(lowering, question, Asked(recency=self._recency(None)))

    def suggest(self, prefix: str, limit: int = 8) -> list[str]:
        """Return up to `limit` completions of what is being typed, the commonest first.

        They are titles, and names and phrases of several documents; [] without a field that is a
        title. Raises QueryError when `limit` is out of bounds.
        """

        def title(stored: dict[str, Any]) -> str:
            return title_of(self.schema, texts_of(self.schema, stored_values(stored)))

        return suggest(self._engine, prefix, limit, title)

    def mark(self, query: str | Clause, text: str, field: str | None = None) -> Fragment:
        """Return all of `text` with the places that match, as a hit would show it in `field`.

        That is the field by which documents are shown when not given.
        """
        check_type("query", query, str | Clause, "a str or a clause")
        check_text("text", text)
        lowering = self._lowering()
        name = field or self.schema.title
        if name is None:
            raise SchemaError("the schema has no text field; declare one to mark words by it")
        check_text("field", name)
        (name,) = lowering.texts([name])
        asked = lowering.query(query) if isinstance(query, str) else Query("", lowering.node(query))
        return Highlighters(lowering, asked.node, {}, asked.syntax).whole(name, text)

    def _recency(self, strength: float | None) -> Recency:
        recency = wanted_recency(strength, self._settings)
        dated = any(moment.recency for moment in self.schema.of_kind(Moment).values())
        return recency if dated else Recency()
