"""TLS, passwords and permissions on a real server, which wants them: OpenSearch's own plugin."""

import logging
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import trustme

from searchkit import Article, SearchIndex, Settings
from searchkit.engines.opensearch.options import CREDENTIALS, PASSWORD, USER, read_options
from searchkit.engines.opensearch.server import Server
from searchkit.errors import SearchIndexError
from tests.opensearch import guard
from tests.opensearch.cluster import ADDRESS, Cluster
from tests.opensearch.guard import INDEX, OWNER, READER, Guard

SECRET = guard.PASSWORD
ARTICLES = [
    Article(headline=f"Banjir {n} di kota", body=(f"Air naik {n} meter.",)) for n in range(9)
]

pytestmark = pytest.mark.skipif(
    ADDRESS not in os.environ,
    reason="starts a server: python -m tests.opensearch.cluster -- pytest tests/opensearch",
)


@pytest.fixture(scope="module")
def guarded() -> Iterator[tuple[Cluster, Guard]]:
    keeper = Guard()
    with Cluster(1, guard=keeper) as cluster:
        yield cluster, keeper


class Guarded:
    """The server, and how it is reached."""

    def __init__(self, cluster: Cluster, keeper: Guard, folder: Path) -> None:
        self.authority = folder / "ca.pem"
        keeper.authority.cert_pem.write_to_path(str(self.authority))
        self.port = cluster.http_ports[0]
        self.url = f"opensearch://127.0.0.1:{self.port}/{INDEX}?tls=true"

    def settings(self, **options: object) -> Settings:
        given = {"ca_file": self.authority, "replicas": 0, "patience": 10} | options
        return Settings(engines={"opensearch": given})

    def refused(self, url: str, **options: object) -> str:
        section = self.settings(**options).engines["opensearch"]
        with (
            closing(Server(read_options(url, section))) as server,
            pytest.raises(SearchIndexError) as caught,
        ):
            server.request("GET", f"/{INDEX}")
        assert SECRET not in f"{caught.value}{caught.value.__cause__!r}"
        return str(caught.value)


@pytest.fixture
def server(
    guarded: tuple[Cluster, Guard],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Guarded]:
    monkeypatch.delenv(CREDENTIALS, raising=False)
    monkeypatch.setenv(USER, OWNER)
    monkeypatch.setenv(PASSWORD, SECRET)
    caplog.set_level(logging.DEBUG)
    yield Guarded(*guarded, tmp_path)
    assert SECRET not in caplog.text


def test_an_index_lives_with_the_permissions_that_are_asked_for(server: Guarded) -> None:
    with SearchIndex.open_or_create(server.url, server.settings()) as index:
        index.add(ARTICLES)
        assert index.delete(ARTICLES[0].id) == 1
        assert index.search("banjir").total == 8
        assert len(list(index.documents())) == 8
        index.optimize()
    with SearchIndex.rebuild(server.url, server.settings()) as index:
        index.add(ARTICLES)
        assert index.search("banjir").total == 9


def test_a_reader_reads_and_is_told_that_it_may_not_write(
    server: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SearchIndex.rebuild(server.url, server.settings()) as index:
        index.add(ARTICLES)
    monkeypatch.delenv(USER)
    monkeypatch.delenv(PASSWORD)
    file = tmp_path / "netrc"
    file.write_text(f"machine 127.0.0.1 login {READER} password {SECRET}\n")
    file.chmod(0o600)
    with SearchIndex.open(server.url, server.settings(credentials_file=file)) as index:
        assert index.search("banjir").total == 9
        assert len(list(index.documents())) == 9
        with pytest.raises(
            SearchIndexError, match="refuses this user .HTTP 403: no perm"
        ) as caught:
            index.delete(ARTICLES[0].id)
    assert READER not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_who_has_no_password_or_a_wrong_one(
    server: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, "salah")
    assert "refuses this user (HTTP 401); check the user and" in server.refused(server.url)
    monkeypatch.delenv(USER)
    assert "wants a user and a password; put them into" in server.refused(server.url)


def test_what_is_not_trusted(server: Guarded, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    assert "cannot be trusted: unable to get" in server.refused(server.url, ca_file=other)
    by_name = server.url.replace("127.0.0.1", "localhost")
    assert "not valid for 'localhost'; write the host as" in server.refused(by_name)
    plain = server.url.removesuffix("?tls=true")
    assert "whether it wants ?tls=true" in server.refused(plain, patience=0)
