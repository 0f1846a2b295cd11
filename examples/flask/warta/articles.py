"""The articles of the database, and the index that is kept in step with it."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from searchkit import Article, Page, SearchIndexError
from searchkit.documents.reading import read_sources
from searchkit.integrations.flask import Searchkit
from searchkit.samples import sample_pages
from warta.database import connection

FIELDS = ("headline", "body", "section", "reporter", "source")

_INSERT = """
INSERT INTO articles (headline, body, section, reporter, source, published)
VALUES (:headline, :body, :section, :reporter, :source, :published)
"""
_UPDATE = """
UPDATE articles SET headline = :headline, body = :body, section = :section, reporter = :reporter,
source = :source WHERE id = :id
"""

search = Searchkit()


@search.source
def articles(ids: Sequence[str] | None) -> Iterator[Article]:
    """Give the articles of these ids that there are, or all of them: what is to be found."""
    if ids is None:
        rows = connection().execute("SELECT * FROM articles ORDER BY id")
    else:
        chosen = "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        rows = connection().execute(chosen, [json.dumps([int(each) for each in ids])])
    for row in rows:
        yield _article(row)


def _article(row: sqlite3.Row) -> Article:
    return Article(
        id=str(row["id"]),
        headline=row["headline"],
        body=tuple(filter(None, (part.strip() for part in row["body"].splitlines()))),
        section=row["section"],
        reporter=row["reporter"],
        source=row["source"],
        published=datetime.fromisoformat(row["published"]),
    )


def get(number: int) -> Article | None:
    """Return an article; None if there is none."""
    return next(articles([str(number)]), None)


def add(values: dict[str, str]) -> int:
    """Add an article of these FIELDS, published now, and return its number."""
    number = _insert(values | {"published": datetime.now(UTC).isoformat()})
    connection().commit()
    _into_step(number)
    return number


def change(number: int, values: dict[str, str]) -> None:
    """Give an article these FIELDS."""
    connection().execute(_UPDATE, values | {"id": number})
    connection().commit()
    _into_step(number)


def delete(number: int) -> None:
    """Delete an article."""
    connection().execute("DELETE FROM articles WHERE id = ?", [number])
    connection().commit()
    _into_step(number)


def _into_step(number: int) -> None:
    """Tell the index of an article that is committed; it is saved even where that fails."""
    try:
        search.update(str(number))
    except SearchIndexError:
        current_app.logger.exception(
            "article %d is saved; `flask searchkit sync` indexes it", number
        )


def _insert(values: dict[str, str]) -> int:
    number = connection().execute(_INSERT, values).lastrowid
    assert number is not None
    return number


@click.command("load-samples")
@with_appcontext
def load_samples() -> None:
    """Fill an empty database with the articles that come with searchkit."""
    if connection().execute("SELECT count(*) FROM articles").fetchone()[0]:
        click.echo("There are articles already; nothing was loaded.")
        return
    for page in read_sources([sample_pages()]):
        if isinstance(page, Page) and page.article:
            article = page.article
            values = {name: getattr(article, name) for name in FIELDS if name != "body"}
            published = (article.published or datetime.now(UTC)).isoformat()
            _insert(values | {"body": article.text, "published": published})
    connection().commit()
    click.echo(f"{search.sync()} articles are loaded and indexed.")
