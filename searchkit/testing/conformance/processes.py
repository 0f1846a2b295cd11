"""What other processes do to the index of a test; they are started, not forked."""

import time
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from searchkit.engines.base import Engine, Filters, IndexedDocument
from searchkit.engines.location import Location
from searchkit.engines.registry import engine_class
from searchkit.query import Everything
from searchkit.settings import Settings
from searchkit.testing.making import document

DOCUMENTS = 60
"""Documents of a round: all are put anew in each."""

PATIENCE = 60.0
"""Seconds after which a process that says nothing has failed the test."""


def documents_of(round_number: int) -> list[IndexedDocument]:
    """Return the documents of a round, each with the number of the round in it."""
    return [
        document(n, moment=n, body=f"w1 round{round_number} {'w9 ' * n}") for n in range(DOCUMENTS)
    ]


def rounds_in(engine: Engine) -> dict[str, str]:
    """Return of which round each document of the index is, by id, in one search."""
    matches = engine.search(Everything(), Filters(), 0, 2 * DOCUMENTS).matches
    return {match.id: match.stored()["texts"]["body"].split()[1] for match in matches}


def started(target: Any, name: str, place: Location, settings: Settings) -> tuple[Any, Connection]:
    """Start `target` in a process of its own; return it, and the connection to it."""
    context = get_context("spawn")
    mine, other = context.Pipe()
    process = context.Process(target=target, args=(other, name, place, settings), daemon=True)
    process.start()
    other.close()
    return process, mine


def heard(connection: Connection) -> Any:
    """Return what the process says next; TimeoutError when it says nothing in time."""
    if not connection.poll(PATIENCE):
        raise TimeoutError(f"the process has said nothing for {PATIENCE:g} s")
    return connection.recv()


def kill(process: BaseProcess) -> None:
    """End a process at once, as a power cut would."""
    process.kill()
    process.join(PATIENCE)


def write_rounds(tell: Connection, name: str, place: Location, settings: Settings) -> None:
    """Write one round after another, from 2 on, and tell what is begun and done."""
    engine = engine_class(name).open(place, settings)
    for number in count(2):
        tell.send(("begun", number))
        with engine.writer() as writer:
            for each in documents_of(number):
                writer.put(each)
        tell.send(("done", number))


def write_half(tell: Connection, name: str, place: Location, settings: Settings) -> None:
    """Put half of round 2, tell, and wait within the block."""
    engine = engine_class(name).open(place, settings)
    with engine.writer() as writer:
        for each in documents_of(2)[: DOCUMENTS // 2]:
            writer.put(each)
        tell.send(("begun", 2))
        time.sleep(PATIENCE)


def read_rounds(talk: Connection, name: str, place: Location, settings: Settings) -> None:
    """Answer each message with what one search finds; None ends it."""
    engine = engine_class(name).open(place, settings)
    talk.send("ready")
    while talk.recv() is not None:
        talk.send(rounds_in(engine))
    engine.close()
