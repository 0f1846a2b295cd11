"""Requests to a cluster: tried again while that may help, their failures as searchkit's errors."""

import json
import logging
import re
import ssl
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import tenacity
import urllib3
from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionError,  # noqa: A004
    ConnectionTimeout,
    OpenSearchException,
    SerializationError,
    SSLError,
    TransportError,
)

from searchkit.engines.opensearch.options import PASSWORD, USER, Options
from searchkit.errors import IndexMissing, IndexNotWritable, QueryError, SearchIndexError
from searchkit.forking import renewed_at_fork

_log = logging.getLogger(__name__)
# What goes wrong is reported by us; the client would print it, with a traceback, where nobody logs.
logging.getLogger("opensearch").addHandler(logging.NullHandler())

# Too many requests, a proxy or a node without an answer, a shard that is moving, a timeout.
PASSING = frozenset({408, 429, 502, 503, 504})
PASSING_KINDS = frozenset(
    {
        "already_closed_exception",
        "connect_transport_exception",
        "illegal_index_shard_state_exception",
        "index_shard_closed_exception",
        "no_shard_available_action_exception",
        "node_closed_exception",
        "node_disconnected_exception",
        "node_not_connected_exception",
        "receive_timeout_transport_exception",
        "rejected_execution_exception",
        "search_context_missing_exception",
        "send_request_transport_exception",
        "shard_not_found_exception",
    }
)
"""What a node says of another one that went while both answered, with whatever status."""

BLOCKED = "cluster_block_exception"
"""What an index is that may only be read; with 503 the cluster is only not ready yet."""

# Not there, or not as it was: believed only of an answer that says more. One that was cut off in
# its head has no content.
_TOLD = frozenset({404, 409})

# A query of too many clauses, when it is made and when it is run.
_TOO_MANY = frozenset({"too_many_clauses", "too_many_nested_clauses"})

# The rest of what the server says of it has the name of the user.
_MISSING_PERMISSION = re.compile(r"no permissions for \[[^\]]*\]")

# Of OpenSSL, see X509_verify_cert_error_string(3).
_NOT_ITS_TIME = frozenset({9, 10})
_ANOTHER_NAME = frozenset({62, 63, 64})

_LONGEST_WAIT = 5.0
# Of a cluster that has never answered: an address with a slip in it is told at once.
_FIRST_PATIENCE = 3.0
# A host that is switched off refuses nothing; one that runs takes a connection at once.
_CONNECT_SECONDS = 5.0
_LONGEST_REASON = 300

Answer = dict[str, Any]


class NotFound(SearchIndexError):
    """The server says 404: there is no such index or document."""


class Conflict(SearchIndexError):
    """The server says 409, or 400 for an index that is there: somebody else was first."""


class Server:
    """The cluster of an index. Safe to use from several threads.

    A request that cannot be answered now is sent again, to the next host, after a random and
    growing time (exponential backoff with full jitter), for `patience` seconds in all, or a few
    while no host has answered yet and each was tried. So each request that changes something must
    be one that may be done twice.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._closed = threading.Event()
        self._reached = False
        self._made = partial(
            OpenSearch,
            hosts=[{"host": host.strip("[]"), "port": port} for host, port in options.hosts],
            http_auth=options.credentials,
            timeout=_timeout(options.timeout),
            max_retries=0,
            retry_on_timeout=True,
            pool_maxsize=options.in_flight + 8,
            dead_timeout=2,
            timeout_cutoff=1,
            **_tls(options),
        )
        self._connect()
        renewed_at_fork(self, self._connect)

    def _connect(self) -> None:
        self._client = self._made()

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        timeout: float | None = None,
        **parameters: Any,
    ) -> Answer:
        """Return the answer to a request, whose path begins with "/".

        Raises NotFound and Conflict for the caller to deal with, else errors of searchkit's:
        IndexNotWritable when the index may not be written, QueryError for a query of too many
        parts, SearchIndexError for all other reasons.
        """
        waiting = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_passing),
            wait=tenacity.wait_random_exponential(multiplier=0.1, max=_LONGEST_WAIT),
            stop=self._is_over,
            before_sleep=self._told,
            sleep=self._rest,
            reraise=True,
        )
        asked = {name: _plain(value) for name, value in parameters.items()}
        if timeout is not None:
            asked["request_timeout"] = _timeout(timeout)
        try:
            return waiting(self._once, method, path, body, asked)
        except OpenSearchException as error:
            if self._closed.is_set():
                raise SearchIndexError(f"{self.options.url} is closed; open it again") from error
            raise self._error(error) from error

    def _once(self, method: str, path: str, body: Any, asked: Mapping[str, Any]) -> Answer:
        if isinstance(body, dict):
            body = json.dumps(body, ensure_ascii=True, separators=(",", ":"))
        # The client takes from the parameters what is meant for itself.
        try:
            answer = self._client.transport.perform_request(
                method, path, params=dict(asked), body=body
            )
        except TransportError as error:
            self._reached |= _is_reached(error)
            raise
        self._reached = True
        if not answer and not isinstance(answer, dict):
            raise ConnectionError("N/A", "an answer that is empty", None)
        if not isinstance(answer, dict):
            raise SerializationError("an answer that is no object")
        return answer

    def _is_over(self, state: tenacity.RetryCallState) -> bool:
        seconds = state.seconds_since_start or 0.0
        if self._closed.is_set() or seconds >= self.options.patience:
            return True
        tried_all = state.attempt_number >= len(self.options.hosts)
        return not self._reached and tried_all and seconds >= _FIRST_PATIENCE

    def _rest(self, seconds: float) -> None:
        self._closed.wait(seconds)

    def _told(self, state: tenacity.RetryCallState) -> None:
        if state.outcome is not None:
            error = state.outcome.exception()
            if isinstance(error, OpenSearchException):
                _log.info(
                    "%s: %s; tried again (%d)",
                    *(self.options.url, _reason(error), state.attempt_number),
                )

    def _error(self, error: OpenSearchException) -> Exception:
        address = self.options.url
        if isinstance(error, SSLError):
            return SearchIndexError(f"{address} {_untrusted(error)}")
        if isinstance(error, ConnectionError):
            return SearchIndexError(
                f"{address} does not answer ({_reason(error)}); check that the cluster runs, its "
                "address, and whether it wants ?tls=true"
            )
        if isinstance(error, AuthenticationException | AuthorizationException):
            return self._refused(error)
        if isinstance(error, TransportError):
            return self._failed(error)
        return SearchIndexError(
            f"{address} does not answer as OpenSearch does ({_reason(error)}); check its address"
        )

    def _refused(self, error: TransportError) -> Exception:
        address = self.options.url
        if BLOCKED in str(error.error):
            return self.blocked(_reason(error))
        if self.options.credentials is None:
            return SearchIndexError(
                f"{address} wants a user and a password; put them into {USER} and {PASSWORD}, or "
                "into a file, see docs/opensearch.md"
            )
        missing = _MISSING_PERMISSION.search(str(error.error) + _reason(error))
        status = f"HTTP {error.status_code}"
        told = f"{status}: {missing[0]}" if missing else status
        return SearchIndexError(
            f"{address} refuses this user ({told}); check the user and the password, and that the "
            "user may read and write the index, see docs/opensearch.md"
        )

    def blocked(self, reason: str) -> IndexNotWritable:
        """Return the error for an index that the cluster has closed to writers."""
        return IndexNotWritable(
            f"{self.options.url} may only be read ({reason}); the disk of a node is probably "
            "full: make room, and run it again when the cluster has lifted the block. The index is "
            "as it was before"
        )

    def _failed(self, error: TransportError) -> Exception:
        if error.status_code == 404:
            return NotFound(f"{self.options.url}: {_reason(error)}")
        if error.status_code == 429 and BLOCKED in str(error.error):
            return self.blocked(_reason(error))
        exists = "resource_already_exists_exception" in str(error.error)
        if error.status_code == 409 or exists:
            return Conflict(f"{self.options.url}: {_reason(error)}")
        if not _TOO_MANY.isdisjoint(kinds_in(error.info)):
            return QueryError(
                f"{self.options.url} takes no query of so many parts; search for fewer words in "
                "fewer fields, or raise indices.query.bool.max_clause_count of its nodes"
            )
        hint = "check the health and the logs of the cluster"
        if error.status_code in PASSING:
            hint = "it may be overloaded, or a shard has no node: " + hint
        return SearchIndexError(
            f"{self.options.url} answers HTTP {error.status_code} ({_reason(error)}); {hint}"
        )

    def missing(self) -> IndexMissing:
        """Return the error for an index that is not there."""
        return IndexMissing(
            f"there is no index {self.options.url}; build one with `searchkit index "
            "SOURCE...`, or name another with --index-dir"
        )

    def close(self) -> None:
        """Let go of the connections; who waits for another try waits no more."""
        self._closed.set()
        self._client.close()


def _tls(options: Options) -> dict[str, Any]:
    if not options.tls:
        return {}
    try:
        context = ssl.create_default_context(cafile=options.ca_file)
    except OSError as error:
        raise SearchIndexError(
            f"{options.url} cannot be reached: the certificates of {options.ca_file} cannot be "
            f"read ({error.strerror})"
        ) from error
    return {"use_ssl": True, "ssl_context": context}


def _untrusted(error: SSLError) -> str:
    """Return what is wrong with the TLS of a server, and what to do."""
    # What Python raised is in what urllib3 raised.
    fault = error.info.args[0] if isinstance(error.info, Exception) and error.info.args else None
    if not isinstance(fault, ssl.SSLCertVerificationError):
        reason = getattr(fault, "reason", None) or error.error
        return f"speaks no TLS that can be used ({reason}); if it has none, leave out ?tls=true"
    advice = (
        "name the certificate that signed its own as `ca_file` in [engines.opensearch] of "
        "searchkit.toml"
    )
    if fault.verify_code in _NOT_ITS_TIME:
        advice = "renew the certificate of the server, or set the clock of this machine"
    elif fault.verify_code in _ANOTHER_NAME:
        advice = "write the host as its certificate names it"
    return f"cannot be trusted: {fault.verify_message.rstrip('.')}; {advice}"


def _is_reached(error: TransportError) -> bool:
    """Return whether there was a server at all."""
    return isinstance(error, ConnectionTimeout) or not isinstance(error, ConnectionError)


def _is_passing(error: BaseException) -> bool:
    if isinstance(error, SSLError):
        return False
    if isinstance(error, ConnectionError):
        return True
    if not isinstance(error, TransportError):
        return False
    if error.status_code in _TOLD and not error.error:
        return True
    if error.status_code in PASSING:
        return error.status_code == 503 or BLOCKED not in str(error.error)
    return not PASSING_KINDS.isdisjoint(kinds_in(error.info))


def kinds_in(told: Any) -> Iterator[str]:
    """Yield the types of an error that a server tells, and of those that it was caused by."""
    if isinstance(told, dict):
        if isinstance(told.get("type"), str):
            yield told["type"]
        told = list(told.values())
    if isinstance(told, list):
        for part in told:
            yield from kinds_in(part)


def _reason(error: OpenSearchException) -> str:
    """Return what a server or the network says, in one line; never a header of a request."""
    text = str(error)
    if isinstance(error, TransportError):
        info = error.info
        found = info.get("error") if isinstance(info, dict) else None
        if isinstance(found, dict):
            cause = (found.get("root_cause") or [found])[0]
            text = f"{cause.get('type')}: {cause.get('reason')}"
        elif isinstance(error, ConnectionError):
            text = str(error.error)
            if isinstance(info, Exception):
                text = getattr(info.__cause__, "strerror", None) or type(info).__name__
        else:
            text = str(error.error)
    return "".join(c if c.isprintable() else " " for c in text[:_LONGEST_REASON])


def _timeout(seconds: float) -> urllib3.Timeout:
    return urllib3.Timeout(connect=min(seconds, _CONNECT_SECONDS), read=seconds)


def _plain(value: Any) -> Any:
    return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
