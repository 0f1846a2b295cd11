"""tantivy-py alone, as its documentation shows it: no stems, marked snippets of ten hits."""

from pathlib import Path
from typing import Any

from benchmarks.speed.archives import facts, records
from benchmarks.speed.contenders import Answer
from benchmarks.speed.query_kinds import Ask

_STORED = ("id", "section", "source", "date")


def raw_tantivy_build(archive: Path, most: int, folder: Path) -> None:
    """Build an index of titles and bodies."""
    from tantivy import Document, Index, SchemaBuilder

    builder = SchemaBuilder()
    for name in ("title", "body"):
        builder.add_text_field(name, stored=True)
    for name in _STORED:
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    (folder / "index").mkdir()
    writer = Index(builder.build(), path=str(folder / "index")).writer()
    for record in records(archive, most):
        texts = {"title": record["title"], "body": record["body"], "id": record["id"]}
        texts |= facts(record)
        writer.add_document(Document(**texts))
    writer.commit()
    writer.wait_merging_threads()


def raw_tantivy_search(folder: Path) -> Answer:
    """Return what asks it: ten hits, snippets of titles and bodies, and the number of all hits."""
    from tantivy import Index, SnippetGenerator

    index = Index.open(str(folder / "index"))
    index.reload()
    searcher, schema = index.searcher(), index.schema

    def search(ask: Ask) -> int:
        query: Any = index.parse_query(
            ask.text, ["title", "body"], field_boosts={"title": 3.0}, conjunction_by_default=True
        )
        hits = searcher.search(query, 10).hits
        generators = [
            SnippetGenerator.create(searcher, query, schema, name) for name in ("title", "body")
        ]
        for _, address in hits:
            document = searcher.doc(address)
            for generator in generators:
                generator.snippet_from_doc(document).to_html()
        return len(hits)

    return search
