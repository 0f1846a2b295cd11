"""Whom a client trusts with a password, and that it tells nobody else: with a small server."""

import base64
import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from searchkit.engines.opensearch.options import CREDENTIALS, PASSWORD, USER, read_options
from searchkit.engines.opensearch.server import Server
from searchkit.errors import SearchIndexError
from tests.opensearch.answering import Answer, answering

SECRET = "rahasia-sekali"
SENT = "Basic " + base64.b64encode(f"pembaca:{SECRET}".encode()).decode()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


@pytest.fixture(autouse=True)
def nothing_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Credentials in the environment, which nothing may write to a log."""
    monkeypatch.delenv(CREDENTIALS, raising=False)
    monkeypatch.setenv(USER, "pembaca")
    monkeypatch.setenv(PASSWORD, SECRET)
    caplog.set_level(logging.DEBUG)
    yield
    assert not any(secret in caplog.text for secret in (SECRET, SENT, "pembaca"))


def root(method: str, path: str, body: str) -> Answer:
    return 200, {"version": {"distribution": "opensearch", "number": "2.19.1"}}


def test_a_server_that_is_trusted_gets_the_password(authority: trustme.CA, ca_file: Path) -> None:
    with (
        answering(root, authority.issue_cert("127.0.0.1"), ca_file=ca_file) as (options, asked),
        closing(Server(options)) as server,
    ):
        assert server.request("GET", "/")["version"]["number"] == "2.19.1"
    assert [headers["authorization"] for headers in asked.headers] == [SENT]


def test_a_password_of_a_file_is_sent(
    authority: trustme.CA, ca_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(USER)
    monkeypatch.delenv(PASSWORD)
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login pembaca password {SECRET}\n")
    netrc.chmod(0o600)
    section = {"ca_file": ca_file, "credentials_file": netrc}
    with (
        answering(root, authority.issue_cert("127.0.0.1"), **section) as (options, asked),
        closing(Server(options)) as server,
    ):
        server.request("GET", "/")
    assert [headers["authorization"] for headers in asked.headers] == [SENT]


def yesterday() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


def test_whom_no_client_trusts(authority: trustme.CA, ca_file: Path) -> None:
    cases = [
        (trustme.CA().issue_cert("127.0.0.1"), r"unable to get local.*; name the .* as `ca_file`"),
        (authority.issue_cert("127.0.0.2"), r"not valid for '127.0.0.1'; write the host as its"),
        (authority.issue_cert("satu.example"), r"not valid for '127.0.0.1'; write the host as its"),
        (
            authority.issue_cert(
                "127.0.0.1", not_before=yesterday() - timedelta(days=9), not_after=yesterday()
            ),
            "certificate has expired; renew the certificate of the server, or set the clock",
        ),
    ]
    for certificate, message in cases:
        with (
            answering(root, certificate, ca_file=ca_file) as (options, asked),
            closing(Server(options)) as server,
            pytest.raises(SearchIndexError, match=f"cannot be trusted: .*{message}") as caught,
        ):
            server.request("GET", "/")
        assert asked.requests == []
        assert SECRET not in f"{caught.value}{caught.value.__cause__!r}"


def test_the_certificates_of_the_system_know_no_authority_of_ours(authority: trustme.CA) -> None:
    with (
        answering(root, authority.issue_cert("127.0.0.1")) as (options, asked),
        closing(Server(options)) as server,
        pytest.raises(SearchIndexError, match="name the certificate that signed its own"),
    ):
        server.request("GET", "/")
    assert asked.requests == []


def test_a_server_that_wants_tls_is_asked_without(authority: trustme.CA) -> None:
    with answering(root, authority.issue_cert("127.0.0.1")) as (secured, asked):
        url = secured.url.removesuffix("?tls=true")
        with (
            closing(Server(read_options(url, {"patience": 0}))) as server,
            pytest.raises(
                SearchIndexError, match=r"does not answer .* whether it wants \?tls=true"
            ),
        ):
            server.request("GET", "/")
    assert asked.requests == []
