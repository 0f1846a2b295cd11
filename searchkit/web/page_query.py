"""What a person asks of the search page: read from the address, and written back into links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Self
from urllib.parse import quote, urlencode

from searchkit.analysis.normalization import fold_value
from searchkit.errors import QueryError
from searchkit.filtering import days_of
from searchkit.web.half_typed import finished
from searchkit.web.language import LANGUAGES, Wording

PAGE_SIZE = 10
MOST_PAGES = 100
"""Pages that can be asked for by number; a cursor leads deeper."""

MOST_CHOSEN = 50
"""Values of one facet that can be chosen at a time."""

FACETS: dict[str, tuple[str, ...]] = {
    "article": ("section", "month", "source", "reporter"),
    "item": ("list", "month", "source"),
}
"""The facets of each kind of hit, in the order in which they are shown."""

SORTS: tuple[Literal["relevance", "newest", "oldest"], ...] = ("relevance", "newest", "oldest")

_FIELDS = ("section", "source", "reporter", "month", "list")


class PageError(QueryError):
    """What an address asks for is impossible; the message is in the reader's language."""


@dataclass(frozen=True, kw_only=True)
class PageQuery:
    """A query with its filters, order and page, as an address of the search page says it.

    `chosen` are the values chosen of each facet; `since` and `until` the first and last day;
    `lang` is "" when the browser's language is to be followed. `exact` takes misspelled words as
    they are; `prefix` takes the last word as still being typed. `page` counts from 1; `cursor`
    takes its place on pages beyond `MOST_PAGES`.
    """

    text: str = ""
    kind: str = "article"
    chosen: Mapping[str, tuple[str, ...]]
    since: date | None = None
    until: date | None = None
    sort: str = ""
    page: int = 1
    cursor: str = ""
    exact: bool = False
    prefix: bool = False
    lang: str = ""

    @classmethod
    def read(cls, parameters: Sequence[tuple[str, str]], wording: Wording) -> Self:
        """Return the query that an address asks for; PageError when it is impossible.

        Parameters that are empty or unknown ask for nothing.
        """
        given: dict[str, list[str]] = {}
        for name, value in parameters:
            if value.strip():
                given.setdefault(name, []).append(value)
        last = {name: values[-1] for name, values in given.items()}
        chosen = {field: _distinct(given[field]) for field in _FIELDS if field in given}
        if any(len(values) > MOST_CHOSEN for values in chosen.values()):
            raise PageError(wording("error_too_many", most=MOST_CHOSEN))
        since, until = (_day(last.get(name), name, wording) for name in ("since", "until"))
        if since and until and since > until:
            raise PageError(wording("error_dates"))
        kind, sort, lang = (last.get(name, "") for name in ("kind", "sort", "lang"))
        return cls(
            text=last.get("q", "").strip(),
            kind="item" if kind == "item" else "article",
            chosen=chosen,
            since=since,
            until=until,
            sort=sort if sort in SORTS else "",
            page=_page(last.get("page", "1"), wording),
            cursor=last.get("cursor", ""),
            exact=last.get("exact") == "1",
            prefix=last.get("prefix") == "1",
            lang=lang if lang in LANGUAGES else "",
        )

    @property
    def words(self) -> str:
        """The text to search for: every document when there is none."""
        begun = finished(self.text) if self.prefix else ""
        return begun or self.text or "*"

    @property
    def narrowed(self) -> bool:
        """Whether anything beside the words narrows the result."""
        return bool(self.chosen or self.since or self.until)

    @property
    def blank(self) -> bool:
        """Whether nothing is asked for, as on the front page."""
        return not (self.text or self.narrowed or self.cursor or self.sort or self.page > 1)

    @property
    def order(self) -> str:
        """The order of hits: without words there is no relevance, so the newest come first."""
        return self.sort or ("relevance" if self.text else "newest")

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `SearchIndex.search`, beside the text, that this asks for."""
        asked: dict[str, Any] = {f"{'list_name' if f == 'list' else f}": v for f, v in self.filters}
        if self.cursor:
            asked["cursor"] = self.cursor
        else:
            asked["offset"] = (self.page - 1) * PAGE_SIZE
        if self.exact:
            asked["tolerant"] = False
        return asked | {
            "kind": self.kind,
            "since": self.since,
            "until": self.until,
            "sort": self.order,
            "limit": PAGE_SIZE,
        }

    @property
    def filters(self) -> list[tuple[str, tuple[str, ...]]]:
        """The values chosen, of the facets that this kind of hit has."""
        return [(field, v) for field, v in self.chosen.items() if field in FACETS[self.kind]]

    def having(self, **changes: Any) -> Self:
        """Return this query changed, from its first page unless a page is named."""
        return replace(self, **{"page": 1, "cursor": "", **changes})

    def toggled(self, field: str, value: str) -> Self:
        """Return this query with a value chosen, or no longer if it was; case does not matter."""
        values = self.chosen.get(field, ())
        rest = tuple(v for v in values if fold_value(v) != fold_value(value))
        now = rest if len(rest) < len(values) else (*values, value)
        chosen = {name: kept for name, kept in self.chosen.items() if name != field}
        return self.having(chosen=chosen | ({field: now} if now else {}))

    def parameters(self) -> list[tuple[str, str]]:
        """Return what an address has to say to ask for this."""
        said = [("q", self.text), ("kind", "item" if self.kind == "item" else "")]
        said += [(name, value) for name, values in self.chosen.items() for value in values]
        said += [("since", str(self.since or "")), ("until", str(self.until or ""))]
        said += [("sort", self.sort), ("exact", "1" if self.exact else "")]
        said += [("prefix", "1" if self.prefix else ""), ("lang", self.lang)]
        said += [("page", str(self.page) if self.page > 1 else ""), ("cursor", self.cursor)]
        return [(name, value) for name, value in said if value]

    def address(self, path: str = "") -> str:
        """Return the address of `path`, below the root of the site, that asks for this."""
        said = urlencode(self.parameters(), errors="replace")
        return f"{path}?{said}" if said else path


def document_path(document_id: str) -> str:
    """Return the path of a document's page, below the root of the site."""
    return f"doc/{quote(document_id, safe='', errors='replace')}"


def _distinct(values: list[str]) -> tuple[str, ...]:
    return tuple({fold_value(value): value for value in reversed(values)}.values())[::-1]


def _day(text: str | None, name: str, wording: Wording) -> date | None:
    if text is None:
        return None
    period = days_of(text)
    if period is None:
        raise PageError(wording("error_date", text=text[:80]))
    return period.first if name == "since" else period.last


def _page(text: str, wording: Wording) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 1 <= number <= MOST_PAGES:
        raise PageError(wording("error_page", most=MOST_PAGES))
    return number
