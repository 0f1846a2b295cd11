"""Reads the archive, and makes of it the tokens that all engines are given."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PLAIN = re.compile(r"[a-z0-9]+")


def records(archive: Path, most: int) -> Iterator[dict[str, Any]]:
    """Yield up to `most` records of a JSONL archive, gzipped or not."""
    with gzip.open(archive, "rt") if archive.suffix == ".gz" else archive.open() as lines:
        for number, line in enumerate(lines):
            if number == most:
                return
            yield json.loads(line)


def facts(record: dict[str, Any]) -> dict[str, str]:
    """Return the section, source and date of a record as written; "" for what it lacks."""
    kept = {"section": "category", "source": "source", "date": "date"}
    return {name: record.get(key) or "" for name, key in kept.items()}


def write_tokens(archive: Path, most: int, path: Path, cache: Path) -> None:
    """Write to `path` searchkit's terms of the bodies of the archive: an article a line.

    Terms are separated by blanks. One that does not consist of a-z and 0-9 alone is written by its
    code, since SQLite's tokenizers would take it apart.
    """
    from searchkit.analysis import IndonesianAnalyzer, cached_stemmer

    stemmer = cached_stemmer(cache)
    analyzer = IndonesianAnalyzer(stemmer)
    known: dict[str, str] = {}
    with path.open("w") as lines:
        for record in records(archive, most):
            terms = [token.term for token in analyzer.analyze(record["body"])]
            known |= {term: plain(term) for term in terms if term not in known}
            lines.write(" ".join(known[term] for term in terms) + "\n")
    stemmer.close()


def plain(term: str) -> str:
    """Return a term in letters a-z and digits only."""
    return term if _PLAIN.fullmatch(term) else f"x{term.encode().hex()}"


def read_tokens(path: Path) -> Iterator[list[str]]:
    """Yield the terms of each article, of which there may be none."""
    with path.open() as lines:
        for line in lines:
            yield line.split()
