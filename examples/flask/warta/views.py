"""The pages: search, read, write and delete."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from searchkit import DocumentNotFound, Hit, QueryError
from warta import articles
from warta.articles import FIELDS, search

pages = Blueprint("pages", __name__)

FACETS = ("section", "source", "month")
PAGE = 10


@pages.get("/")
def find() -> str:
    """Show what is found for the query `q`, or the newest articles."""
    query = request.args.get("q", "").strip()
    chosen = {facet: request.args.getlist(facet) for facet in FACETS}
    number = max(request.args.get("page", 1, type=int), 1)
    found = search.index.search(
        query or "*",
        limit=PAGE,
        offset=(number - 1) * PAGE,
        sort="relevance" if query else "newest",
        section=chosen["section"],
        source=chosen["source"],
        month=chosen["month"],
        facets=FACETS,
        multi_select=True,
    )
    last = max((found.total - 1) // PAGE + 1, 1)
    return render_template(
        "search.html", query=query, chosen=chosen, found=found, number=number, last=last
    )


@pages.app_template_global()
def toggled(facet: str, value: str) -> str:
    """Return the address of this search with a value of a facet chosen, or no longer."""
    arguments: dict[str, Any] = {name: request.args.getlist(name) for name in ("q", *FACETS)}
    values = arguments[facet]
    arguments[facet] = [v for v in values if v != value] if value in values else [*values, value]
    return url_for("pages.find", **arguments)


@pages.app_template_global()
def turned(number: int) -> str:
    """Return the address of another page of this search."""
    arguments: dict[str, Any] = {name: request.args.getlist(name) for name in ("q", *FACETS)}
    return url_for("pages.find", **arguments, page=number)


@pages.get("/articles/<int:number>")
def read(number: int) -> str:
    """Show an article, the words of the query `q` marked, and those most like it."""
    article = articles.get(number) or abort(404)
    query = request.args.get("q", "")
    index = search.index
    return render_template(
        "article.html",
        article=article,
        query=query,
        headline=index.mark(query, article.headline, "headline"),
        body=[index.mark(query, paragraph, "body") for paragraph in article.body],
        similar=_similar(article.id),
    )


@pages.route("/articles/new", methods=["GET", "POST"])
def write() -> str | Response:
    """Add an article."""
    if request.method == "GET":
        return render_template("edit.html", values={})
    values = _values()
    if not values["headline"]:
        return render_template("edit.html", values=values, missing="A headline is needed.")
    return redirect(url_for("pages.read", number=articles.add(values)))


@pages.route("/articles/<int:number>/edit", methods=["GET", "POST"])
def edit(number: int) -> str | Response:
    """Change an article."""
    article = articles.get(number) or abort(404)
    if request.method == "GET":
        values = {name: getattr(article, name) for name in FIELDS} | {"body": article.text}
        return render_template("edit.html", values=values, article=article)
    values = _values()
    if not values["headline"]:
        return render_template(
            "edit.html", values=values, article=article, missing="A headline is needed."
        )
    articles.change(number, values)
    return redirect(url_for("pages.read", number=number))


@pages.post("/articles/<int:number>/delete")
def delete(number: int) -> Response:
    """Delete an article."""
    if articles.get(number) is None:
        abort(404)
    articles.delete(number)
    return redirect(url_for("pages.find"))


@pages.app_errorhandler(QueryError)
def refused(error: QueryError) -> tuple[str, int]:
    """Say what is wrong with a query that is beyond its limits."""
    return render_template("error.html", message=str(error)), 400


@pages.app_errorhandler(404)
def missing(_error: Exception) -> tuple[str, int]:
    """Say that there is no such page."""
    return render_template("error.html", message="There is nothing at this address."), 404


def _values() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in FIELDS}


def _similar(article_id: str) -> list[Hit]:
    try:
        return list(search.index.similar(article_id, limit=5, fragments=False).hits)
    except DocumentNotFound:  # not yet in the index
        return []
