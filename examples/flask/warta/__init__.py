"""Warta: news articles in an SQLite database, to be written, read and searched."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from warta import articles, database, views
from warta.articles import search


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Return the application; settings also come from the environment, as FLASK_SECRET_KEY."""
    app = Flask(__name__, instance_relative_config=True)
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    app.config["SECRET_KEY"] = secrets.token_hex()  # set your own where several processes answer
    app.config["DATABASE"] = Path(app.instance_path) / "warta.sqlite3"
    app.config.from_prefixed_env()
    app.config.update(config or {})
    CSRFProtect(app)
    database.init_app(app)
    search.init_app(app)
    app.register_blueprint(views.pages)
    app.cli.add_command(articles.load_samples)
    return app
