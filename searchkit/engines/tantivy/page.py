"""A page of documents found, which are read when they are needed."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from searchkit.engines.base import ARTICLE, Match
from searchkit.engines.rescoring import Candidate, PagePositions
from searchkit.engines.tantivy.scored import Row
from searchkit.engines.tantivy.snapshot import Snapshot


def matches_of(
    snapshot: Snapshot, rows: Sequence[Row], copies: Callable[[int], tuple[str, ...]]
) -> Iterator[Match]:
    """Yield rows as matches; `copies` gives what else is in a copy group."""
    positions = PagePositions(
        lambda some: _candidates(snapshot, rows[some]), snapshot.layout.fields.text
    )
    for number, row in enumerate(rows):
        yield Match(
            row.id,
            row.score,
            partial(snapshot.stored, row.hit),
            copies(row.group) if row.group else (),
            partial(positions.of, number),
        )


def _candidates(snapshot: Snapshot, rows: Sequence[Row]) -> list[Candidate]:
    """Return rows with their records, all that positions are found by."""
    return [
        Candidate(
            id=row.id,
            kind=ARTICLE,
            moment=row.moment,
            record=snapshot.value(snapshot.document(row.hit), "record"),
        )
        for row in rows
    ]
