"""How the server is to behave: the section [serve] of `searchkit.toml`, and the command line."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from searchkit.errors import SettingsError
from searchkit.written import reason_of, written_text

TOKEN_VARIABLE = "SEARCHKIT_TOKEN"  # noqa: S105 - its name
SHORTEST_TOKEN = 16

BOUNDS = {
    "port": (0, 65_535),
    "threads": (1, 64),
    "concurrency": (1, 10_000),
    "workers": (1, 64),
}
"""The least and the most of each whole number."""
_ABOVE_ZERO = ("max_body_mb", "timeout", "grace")
_LISTS = ("allowed_hosts", "cors_origins", "trusted_proxies")
_TEXTS = ("host", "rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """What can be set of the server; SettingsError when it says something impossible.

    `title` is the name of the archive on its page, that of searchkit when "". `host` and `port`
    are where it listens; port 0 is any that is free. `token` is what a client
    must show to write; without one nobody can. `allowed_hosts` are the names, beside `localhost`
    and IP addresses, under which browsers know the server; `cors_origins` the origins whose pages
    may read its answers; `trusted_proxies` the addresses whose word on who the client is counts.

    `rate` is how many requests a client may make, as "100/second" or "3000/minute"; "off" for any
    number. `max_body_mb` is the size of the largest body in megabytes, `timeout` the seconds after
    which a search is given up, `threads` how many searches run at a time in one process,
    `concurrency` how many may run or wait there, `workers` the number of processes, and `grace` the
    seconds for which requests under way may go on when the server is stopped.

    `plain_writes` allows writing at an address other than this machine's own, though the token is
    then sent in the clear unless something in between encrypts it.
    """

    host: str = "127.0.0.1"
    title: str = ""
    port: int = 8000
    token: str | None = field(default=None, repr=False)
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    plain_writes: bool = False
    rate: str = "100/second"
    max_body_mb: float = 10.0
    timeout: float = 10.0
    threads: int = 2
    concurrency: int = 64
    workers: int = 1
    grace: float = 30.0

    def __post_init__(self) -> None:
        for name in fields(self):
            if wanted := _wanted(name.name, getattr(self, name.name)):
                value = getattr(self, name.name)
                shown = "..." if name.name == "token" else repr(value)
                raise SettingsError(f"[serve] {name.name} = {shown} must be {wanted}")
        if self.token is not None and len(self.token) < SHORTEST_TOKEN:
            raise SettingsError(
                f"the token has {len(self.token)} characters; write one of {SHORTEST_TOKEN} or "
                "more, such as `openssl rand -hex 32` prints"
            )
        if self.token and not self.is_loopback and not self.plain_writes:
            raise SettingsError(
                f"with a token, the server would take it in the clear at {self.host}; listen at "
                "127.0.0.1 behind a proxy that speaks TLS, or allow it with plain_writes"
            )

    @property
    def is_loopback(self) -> bool:
        """Whether only programs of this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def max_body_bytes(self) -> int:
        """The size of the largest body in bytes."""
        return int(self.max_body_mb * 1_000_000)

    @classmethod
    def of(cls, section: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Self:
        """Return the options of a section [serve], with the token of its file or the environment.

        `token_file` names a file that holds the token. SEARCHKIT_TOKEN of the environment (that of
        the process) goes before it. Raises SettingsError.
        """
        environment = os.environ if environment is None else environment
        given = dict(section)
        file = given.pop("token_file", None)
        known = {each.name for each in fields(cls)} - {"token"}
        if unknown := sorted(given.keys() - known):
            names = ", ".join(sorted({*known, "token_file"}))
            raise SettingsError(f"[serve] has no setting {unknown[0]!r}; there are {names}")
        for name in _LISTS:
            if isinstance(given.get(name), list):
                given[name] = tuple(given[name])
        token = environment.get(TOKEN_VARIABLE, "").strip() or (_token_of(file) if file else None)
        return cls(token=token, **given)


def _wanted(name: str, value: Any) -> str:
    """Return what an option must be when `value` is not that; "" when it is."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if name in BOUNDS:
        low, high = BOUNDS[name]
        fits = number and isinstance(value, int) and low <= value <= high
        return "" if fits else f"a whole number from {low} to {high:,}"
    if name in _ABOVE_ZERO:
        return "" if number and value > 0 else "a number above 0"
    if name in _LISTS:
        fits = isinstance(value, tuple) and all(isinstance(each, str) for each in value)
        return "" if fits else "a list of texts"
    if name in _TEXTS:
        return "" if isinstance(value, str) and value else "a text"
    if name == "token":
        return "" if value is None or isinstance(value, str) else "a text"
    if name == "title":
        return "" if isinstance(value, str) else "a text"
    if name == "plain_writes":
        return "" if isinstance(value, bool) else "true or false"
    return ""


def _token_of(file: str | Path) -> str:
    try:
        token = written_text(Path(file)).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: the token cannot be read: {reason_of(error)}") from None
    if not token:
        raise SettingsError(f"{file}: there is no token in it; write one into its first line")
    return token
