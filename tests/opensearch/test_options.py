"""Where an index is, and how it is kept; who may read it, and that nobody else learns of that."""

from pathlib import Path
from typing import Any

import pytest

from searchkit.engines.opensearch.options import CREDENTIALS, PASSWORD, USER, read_options
from searchkit.errors import SearchIndexError, SettingsError

SECRET = "rahasia-sekali"


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (USER, PASSWORD, CREDENTIALS):
        monkeypatch.delenv(name, raising=False)


def test_a_url_names_hosts_and_index() -> None:
    options = read_options("opensearch://satu:9201,dua,[::1]:9203/warta-2024?tls=true", {})
    assert options.hosts == (("satu", 9201), ("dua", 9200), ("[::1]", 9203))
    assert (options.name, options.tls, options.shards, options.replicas) == (
        "warta-2024",
        True,
        1,
        1,
    )
    assert read_options("opensearch://satu/warta", {"shards": 3, "replicas": 0}).shards == 3


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("opensearch://satu/Warta", "'Warta' cannot be the name of an index; write opensearch://"),
        ("opensearch://satu/", "'' cannot be the name of an index"),
        ("opensearch://satu/a/b", "'a/b' cannot be the name of an index"),
        ("opensearch://satu:x/warta", "'satu:x' is no host"),
        ("opensearch://satu:70000/warta", "'satu:70000' is no host"),
        ("opensearch://satu,/warta", "'' is no host"),
        ("opensearch://satu/warta?shards=3", r"only tls=true or tls=false is known"),
        ("opensearch://satu/warta?tls=yes", r"only tls=true or tls=false is known"),
    ],
)
def test_what_is_no_url_of_an_index(url: str, message: str) -> None:
    with pytest.raises(SearchIndexError, match=message):
        read_options(url, {})


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"shard": 3}, r"\[engines.opensearch\] shard = 3 is not understood; there are shards, "),
        ({"shards": 0}, "shards = 0 must be a whole number from 1 to 1024"),
        ({"shards": 1.5}, "shards = 1.5 must be a whole number"),
        ({"replicas": True}, "replicas = True must be a whole number"),
        ({"timeout": "long"}, "timeout = 'long' must be a number from 1 to 3600"),
    ],
)
def test_impossible_settings(section: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        read_options("opensearch://satu/warta", section)


def test_credentials_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, "pembaca")
    monkeypatch.setenv(PASSWORD, SECRET)
    options = read_options("opensearch://satu/warta?tls=true", {})
    assert options.credentials == ("pembaca", SECRET)
    assert SECRET not in repr(options)
    assert "pembaca" not in repr(options)


def test_credentials_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "netrc"
    file.write_text(f"machine satu login pembaca password {SECRET}\n")
    file.chmod(0o600)
    url = "opensearch://satu/warta?tls=true"
    found = read_options(url, {"credentials_file": file})
    assert found.credentials == ("pembaca", SECRET)
    monkeypatch.setenv(CREDENTIALS, str(file))
    assert read_options(url, {}).credentials == ("pembaca", SECRET)
    with pytest.raises(SettingsError, match="there are no credentials for dua in it"):
        read_options("opensearch://dua/warta?tls=true", {})


def test_a_file_of_credentials_that_cannot_be_used(tmp_path: Path) -> None:
    url = "opensearch://satu/warta?tls=true"
    with pytest.raises(SettingsError, match="there is no such file of credentials"):
        read_options(url, {"credentials_file": tmp_path / "none"})
    with pytest.raises(SettingsError, match="the credentials cannot be read: Is a directory"):
        read_options(url, {"credentials_file": tmp_path})
    file = tmp_path / "netrc"
    file.write_text(f"satu {SECRET}\n")
    with pytest.raises(SettingsError, match=r"netrc:1: this is not in the form of netrc") as caught:
        read_options(url, {"credentials_file": file})
    assert SECRET not in str(caught.value)


def test_a_password_goes_over_no_open_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, "pembaca")
    monkeypatch.setenv(PASSWORD, SECRET)
    with pytest.raises(SearchIndexError, match=r"anyone can read.*/warta\?tls=true") as caught:
        read_options("opensearch://satu/warta", {})
    assert SECRET not in str(caught.value)
    assert read_options("opensearch://127.0.0.1/warta", {}).credentials
    assert read_options("opensearch://localhost/warta", {}).credentials
