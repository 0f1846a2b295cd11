"""The SQLite database: one connection a request."""

import sqlite3

from flask import Flask, current_app, g


def connection() -> sqlite3.Connection:
    """Return the connection of the current request or command."""
    if "connection" not in g:
        g.connection = sqlite3.connect(current_app.config["DATABASE"])
        g.connection.row_factory = sqlite3.Row
    opened: sqlite3.Connection = g.connection
    return opened


def init_app(app: Flask) -> None:
    """Make the tables if there are none, and see to it that connections are closed."""
    app.teardown_appcontext(_close)
    with app.app_context(), app.open_resource("schema.sql", "rt") as schema:
        connection().executescript(schema.read())


def _close(_error: BaseException | None) -> None:
    opened = g.pop("connection", None)
    if opened is not None:
        opened.close()
