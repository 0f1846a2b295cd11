"""Where an index of a cluster is, and how it is kept: from URL, settings and environment.

    opensearch://HOST[:PORT][,HOST[:PORT]...]/INDEX[?tls=true]

    [engines.opensearch]
    shards = 1                    # of a new index
    replicas = 1                  # copies of each shard beside the first, of a new index
    rescored = 200                # documents ranked by searchkit's formulas
    timeout = 30                  # seconds that one request may take
    patience = 60                 # seconds in which a request that fails is tried again
    bulk_mb = 4                   # of one request that writes
    in_flight = 3                 # requests that write at a time
    lease = 60                    # seconds after which a writer that is silent has lost its lock
    kept = 900                    # seconds for which a commit can be read after the next
    ca_file = "ca.pem"            # whom to trust, in place of the certificates of the system
    credentials_file = "netrc"    # in the form of netrc(5), by host name

A user and password are taken from `SEARCHKIT_OPENSEARCH_USER` and `SEARCHKIT_OPENSEARCH_PASSWORD`,
else from the file that `SEARCHKIT_OPENSEARCH_CREDENTIALS` or `credentials_file` names.
"""

import netrc
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from searchkit.errors import SearchIndexError, SettingsError

USER, PASSWORD = "SEARCHKIT_OPENSEARCH_USER", "SEARCHKIT_OPENSEARCH_PASSWORD"
CREDENTIALS = "SEARCHKIT_OPENSEARCH_CREDENTIALS"

_PORT = 9200
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,199}")
_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[\w.-]+)(:(?P<port>\d{1,5}))?")
_WHOLE = frozenset({"shards", "replicas", "rescored", "in_flight"})
# From, to.
_BOUNDS: Mapping[str, tuple[float, float]] = {
    "shards": (1, 1024),
    "replicas": (0, 16),
    "rescored": (1, 10_000),
    "timeout": (1, 3600),
    "patience": (0, 3600),
    "bulk_mb": (0.01, 64),
    "in_flight": (1, 64),
    "lease": (5, 3600),
    "kept": (0, 30 * 86_400),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the module says; `hosts` are (name, port), `name` is that of the index, `url` both."""

    url: str
    hosts: tuple[tuple[str, int], ...]
    name: str
    tls: bool = False
    shards: int = 1
    replicas: int = 1
    rescored: int = 200
    timeout: float = 30
    patience: float = 60
    bulk_mb: float = 4
    in_flight: int = 3
    lease: float = 60
    kept: float = 900
    ca_file: Path | None = None
    credentials_file: Path | None = None
    credentials: tuple[str, str] | None = field(default=None, repr=False)


def read_options(url: str, section: Mapping[str, Any]) -> Options:
    """Return the options of the index at `url`; `section` are the settings of the engine.

    Raises SearchIndexError for a URL that is none, SettingsError for an impossible setting or a
    file of credentials that cannot be used.
    """
    parts = urlsplit(url)
    hosts = tuple(_host(url, text) for text in parts.netloc.split(","))
    name = unquote(parts.path).strip("/")
    if not _NAME.fullmatch(name):
        raise SearchIndexError(
            f"{url}: {name!r} cannot be the name of an index; write opensearch://HOST:PORT/NAME, "
            "the name of small letters, digits, '_', '-' and '.', beginning with a letter or digit"
        )
    values = _checked(section)
    options = Options(url=url, hosts=hosts, name=name, tls=_tls(url, parts.query), **values)
    credentials = _credentials(options)
    if credentials and not options.tls and not all(_is_here(host) for host, _ in hosts):
        raise SearchIndexError(
            f"{url}: a password is not sent over a connection that anyone can read; write "
            f"{url.partition('?')[0]}?tls=true"
        )
    return replace(options, credentials=credentials)


def _host(url: str, text: str) -> tuple[str, int]:
    found = _HOST.fullmatch(text)
    port = int(found["port"] or _PORT) if found else 0
    if found is None or not 0 < port < 65536:
        raise SearchIndexError(
            f"{url}: {text!r} is no host; write opensearch://HOST:PORT/NAME, several hosts with "
            "a comma between them"
        )
    return found["host"], port


def _tls(url: str, query: str) -> bool:
    asked = parse_qs(query, keep_blank_values=True)
    tls = asked.pop("tls", ["false"])[-1]
    if asked or tls not in ("true", "false"):
        raise SearchIndexError(
            f"{url}: after the question mark only tls=true or tls=false is known; other options "
            "are set in [engines.opensearch] of searchkit.toml"
        )
    return tls == "true"


def _checked(section: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in section.items():
        if name in ("ca_file", "credentials_file") and isinstance(value, str | Path):
            values[name] = Path(value)
            continue
        if name not in _BOUNDS:
            known = ", ".join((*_BOUNDS, "ca_file", "credentials_file"))
            raise SettingsError(
                f"[engines.opensearch] {name} = {value!r} is not understood; there are {known}"
            )
        low, high = _BOUNDS[name]
        kind = int if name in _WHOLE else (int, float)
        if isinstance(value, bool) or not isinstance(value, kind) or not low <= value <= high:
            number = "a whole number" if name in _WHOLE else "a number"
            raise SettingsError(
                f"[engines.opensearch] {name} = {value!r} must be {number} from {low:g} to {high:g}"
            )
        values[name] = value
    return values


def _credentials(options: Options) -> tuple[str, str] | None:
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if user and password is not None:
        return user, password
    named = os.environ.get(CREDENTIALS)
    path = Path(named) if named else options.credentials_file
    if path is None:
        return None
    try:
        found = netrc.netrc(path)
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such file of credentials") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"{path}: the credentials cannot be read: {reason}") from None
    except netrc.NetrcParseError as error:
        # The message of the library may hold a word of the file.
        raise SettingsError(
            f"{path}:{error.lineno}: this is not in the form of netrc: `machine HOST login USER "
            "password PASSWORD`"
        ) from None
    for host, _ in options.hosts:
        entry = found.authenticators(host.strip("[]"))
        if entry:
            return entry[0], entry[2] or ""
    raise SettingsError(f"{path}: there are no credentials for {options.hosts[0][0]} in it")


def _is_here(host: str) -> bool:
    """Return whether a host is this machine itself."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
