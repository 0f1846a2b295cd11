"""The extension for Flask."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from searchkit import Article, SearchIndex, Settings
from searchkit.integrations.flask import Searchkit

ARTICLES = {
    "1": Article(id="1", headline="Pakta <b>diteken</b>", body=("Parlemen mendukung.",)),
    "2": Article(id="2", headline="Harga beras turun", body=("Pedagang senang.",)),
}


def articles(ids: Sequence[str] | None) -> Iterator[Article]:
    return (ARTICLES[each] for each in (ARTICLES if ids is None else ids) if each in ARTICLES)


def application(folder: Path, settings: Settings, search: Searchkit) -> Flask:
    app = Flask(__name__, instance_path=str(folder))
    app.config["SEARCHKIT_SETTINGS"] = settings
    search.init_app(app)
    return app


@pytest.fixture
def search() -> Searchkit:
    search = Searchkit()
    search.source(articles)
    return search


@pytest.fixture
def app(tmp_path: Path, settings: Settings, search: Searchkit) -> Iterator[Flask]:
    app = application(tmp_path, settings, search)
    yield app
    with app.app_context():
        search.close()


def test_an_application_has_an_index_in_its_instance_folder(
    app: Flask, search: Searchkit, tmp_path: Path
) -> None:
    with app.app_context():
        search.update("1", "2")
        assert search.index.search("pakta").total == 1
        assert search.index.path == tmp_path / "index"


def test_applications_of_one_factory_have_an_index_each(
    app: Flask, search: Searchkit, settings: Settings, tmp_path: Path
) -> None:
    other = application(tmp_path / "other", settings, search)
    with app.app_context():
        search.update("1")
    with other.app_context():
        assert search.index.search("pakta").total == 0
        search.close()
    with app.app_context():
        assert search.index.search("pakta").total == 1


def test_a_template_shows_a_fragment_escaped_and_marked(app: Flask, search: Searchkit) -> None:
    with app.app_context():
        search.sync()
        (hit,) = search.index.search("pakta").hits
        shown = render_template_string("{{ hit.title | marked }}", hit=hit)
    assert shown == "<mark>Pakta</mark> &lt;b&gt;diteken&lt;/b&gt;"


def test_commands(app: Flask, search: Searchkit, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    synced = runner.invoke(args=["searchkit", "sync"])
    assert synced.output == "2 articles were not in step, and are now.\n"
    rebuilt = runner.invoke(args=["searchkit", "rebuild"])
    assert rebuilt.output == "2 articles are indexed.\n"
    app.config["SEARCHKIT_INDEX"] = "unused: it is read when the application is set up"
    with app.app_context():
        assert search.index.search("beras").total == 1


def test_an_error_of_a_command_is_said_without_a_traceback(
    tmp_path: Path, settings: Settings, search: Searchkit
) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "letter.txt").write_text("Dear Sir or Madam,")
    result = (
        application(tmp_path, settings, search)
        .test_cli_runner()
        .invoke(args=["searchkit", "rebuild"])
    )
    assert result.exit_code == 1
    assert "not empty" in result.output
    assert "Traceback" not in result.output


def test_what_is_missing_is_named(tmp_path: Path, settings: Settings) -> None:
    search = Searchkit()
    with Flask(__name__).app_context(), pytest.raises(RuntimeError, match="call `init_app`"):
        search.index  # noqa: B018
    app = application(tmp_path, settings, search)
    with app.app_context():
        with pytest.raises(RuntimeError, match="decorate a function with `source`"):
            search.update("1")
        search.close()


def test_an_application_may_be_given_at_once(tmp_path: Path) -> None:
    app = Flask(__name__, instance_path=str(tmp_path))
    app.config["SEARCHKIT_INDEX"] = tmp_path / "elsewhere"
    search = Searchkit(app)
    with app.app_context():
        assert isinstance(search.index, SearchIndex)
        assert search.index.path == tmp_path / "elsewhere"
        search.close()
