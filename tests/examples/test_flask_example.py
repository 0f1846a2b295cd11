"""The example of Flask, used through its test client."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from searchkit import IndexLocked, SearchIndex, Settings

FOLDER = Path(__file__).parents[2] / "examples" / "flask"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("warta")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(FOLDER)
        from warta import create_app
        from warta.articles import search

        app = create_app(
            {
                "TESTING": True,
                "WTF_CSRF_ENABLED": False,
                "DATABASE": folder / "warta.sqlite3",
                "SEARCHKIT_INDEX": folder / "index",
                "SEARCHKIT_SETTINGS": Settings(cache_dir=folder, lock_timeout=5),
            }
        )
        loaded = app.test_cli_runner().invoke(args=["load-samples"])
        assert re.fullmatch(r"\d\d articles are loaded and indexed\.\n", loaded.output)
        yield app
        with app.app_context():
            search.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def page(client: FlaskClient, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def headlines(shown: html.HtmlElement) -> list[str]:
    return [title.text_content() for title in shown.xpath("//ol//h2")]


def write(client: FlaskClient, headline: str, body: str = "Isi.", **more: str) -> str:
    """Write an article and return its address."""
    answer = client.post("/articles/new", data={"headline": headline, "body": body, **more})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_hits_have_their_words_marked(client: FlaskClient) -> None:
    shown = page(client, "/?q=mendukung+pakta")
    assert shown.xpath("//ol//h2//mark | //ol//p/mark")
    assert "pakta" in {mark.text.lower() for mark in shown.xpath("//mark")}
    link = shown.xpath("//ol//h2/a")[0].get("href")
    read = page(client, link)
    assert read.xpath("//article//mark")
    assert read.xpath("//aside//li/a")


def test_pages_follow_one_another(client: FlaskClient) -> None:
    first = page(client, "/")
    assert len(headlines(first)) == 10
    (following,) = first.xpath("//nav/a[@rel='next']")
    second = page(client, following.get("href"))
    assert second.xpath("//ol")[0].get("start") == "11"
    assert not set(headlines(first)) & set(headlines(second))
    assert second.xpath("//nav/a[@rel='prev']")


def test_facets_narrow_the_search_and_let_go_again(client: FlaskClient) -> None:
    shown = page(client, "/?q=pertahanan")
    value = shown.xpath("//aside//a")[0]
    narrowed = page(client, value.get("href"))
    (count,) = narrowed.xpath("//aside//li[a/@aria-current]")
    assert count.text_content().split()[-1] == str(len(headlines(narrowed)))
    assert len(headlines(narrowed)) < len(headlines(shown))
    again = page(client, count.find("a").get("href"))
    assert headlines(again) == headlines(shown)


def test_a_slip_is_forgiven(client: FlaskClient) -> None:
    shown = page(client, "/?q=pertahanam")
    assert headlines(shown)
    assert "pertahanan" in shown.xpath("//h1")[0].text_content()


def test_an_article_is_found_as_soon_as_it_is_written_changed_and_deleted(
    client: FlaskClient,
) -> None:
    address = write(client, "Zamrud khatulistiwa", "Baris satu.\n\nBaris dua.", section="Seni")
    assert headlines(page(client, "/?q=zamrud")) == ["Zamrud khatulistiwa"]
    changed = client.post(f"{address}/edit", data={"headline": "Mirah delima", "body": "Lain."})
    assert changed.status_code == 302
    assert headlines(page(client, "/?q=zamrud")) == []
    assert headlines(page(client, "/?q=mirah")) == ["Mirah delima"]
    assert client.post(f"{address}/delete").headers["Location"] == "/"
    assert headlines(page(client, "/?q=mirah")) == []
    assert client.get(address).status_code == 404


def test_text_is_escaped(client: FlaskClient) -> None:
    address = write(client, "<script>alert(1)</script> jahanam", "<img src=x onerror=alert(1)>")
    for where in ("/?q=jahanam", f"{address}?q=jahanam", f"{address}/edit", '/?q=<script>"'):
        shown = page(client, where)
        assert not shown.xpath("//script | //img"), where
    client.post(f"{address}/delete")


def test_what_cannot_be_is_said(client: FlaskClient) -> None:
    assert client.get("/articles/999999").status_code == 404
    assert client.post("/articles/999999/delete").status_code == 404
    refused = client.get("/?page=99999999")
    assert refused.status_code == 400
    assert "out of bounds" in refused.text
    assert "A headline is needed." in client.post("/articles/new", data={"body": "x"}).text


def test_an_article_is_saved_while_the_index_cannot_be_written(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise IndexLocked("another process writes")

    with monkeypatch.context() as writing:
        writing.setattr(SearchIndex, "add", locked)
        address = write(client, "Permata nilam")
    assert client.get(address).status_code == 200
    assert headlines(page(client, "/?q=nilam")) == []
    synced = app.test_cli_runner().invoke(args=["searchkit", "sync"])
    assert synced.output == "1 articles were not in step, and are now.\n"
    assert headlines(page(client, "/?q=nilam")) == ["Permata nilam"]
    client.post(f"{address}/delete")


def test_threads_share_an_index_that_is_written(app: Flask, client: FlaskClient) -> None:
    failures: list[str] = []

    def search() -> None:
        for _ in range(10):
            answer = app.test_client().get("/?q=pertahanan")
            if answer.status_code != 200:
                failures.append(answer.text)

    threads = [Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    addresses = [write(client, f"Pertahanan baru {number}") for number in range(3)]
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(headlines(page(client, '/?q="pertahanan baru"'))) == 3
    for address in addresses:
        client.post(f"{address}/delete")


def test_writing_needs_the_token_of_a_form(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.post("/articles/1/delete").status_code == 400
        assert client.post("/articles/new", data={"headline": "x"}).status_code == 400
        token = page(client, "/articles/new").xpath("//*[@name='csrf_token']")[0].get("value")
        answer = client.post(
            "/articles/new", data={"headline": "Dengan tanda", "csrf_token": token}
        )
        assert answer.status_code == 302
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_samples_are_loaded_once(app: Flask) -> None:
    again = app.test_cli_runner().invoke(args=["load-samples"])
    assert again.output == "There are articles already; nothing was loaded.\n"
