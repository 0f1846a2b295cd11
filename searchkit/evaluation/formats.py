"""The files of an evaluation: queries, qrels and runs, plain or gzipped, told apart by content.

- queries: `qid<TAB>text` a line, without a header; or TREC topics, `<top>` or `<topic>`
- qrels: `qid<TAB>docid<TAB>grade` a line; or TREC's `qid 0 docid grade`, blanks between
- runs: TREC's `qid Q0 docid rank score tag`
"""

import gzip
import html
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from searchkit.arguments import path_of
from searchkit.documents.decoding import decode
from searchkit.errors import EvaluationError, MalformedInput, UnreadableInput

Qrels = dict[str, dict[str, int]]
"""Grades by document id by query id; a grade above 0 is relevant."""

Run = dict[str, list[str]]
"""Document ids, best first, by query id."""

# trec_eval, which takes them for 32 bits, has a counter for each up to the highest.
_HIGHEST_GRADE = 1_000_000

_GZIP = b"\x1f\x8b"
_TOPICS = re.compile(r"\s*(?:<\?xml|<!doctype|<!--|<top\b|<topics?\b|<xml\b)", re.IGNORECASE)
_TOPIC = re.compile(r"<(top|topic)\b([^>]*)>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"""\b(?:number|id)\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_NUM = re.compile(r"<num>\s*(?:number:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<(?:title|query)>\s*(?:topic:)?\s*([^<]*)", re.IGNORECASE)


def read_queries(path: str | Path) -> dict[str, str]:
    """Return the text of each query by its id, in the order of the file.

    Raises UnreadableInput, or MalformedInput with the line that is not a query.
    """
    path = path_of("path", path)
    text = _read(path)
    pairs = _topics(path, text) if _TOPICS.match(text) else _table_of_queries(path, text)
    queries: dict[str, str] = {}
    for line, query_id, query in pairs:
        if not query_id or not query:
            raise MalformedInput(path, "a query needs an id and a text", line)
        if query_id in queries:
            raise MalformedInput(path, f"query {query_id!r} stands here a second time", line)
        queries[query_id] = query
    if not queries:
        raise MalformedInput(path, "there is no query in it; a line is `qid<TAB>text`")
    return queries


def read_qrels(path: str | Path) -> Qrels:
    """Return the grades of `path`, of every query that has any.

    Raises UnreadableInput, or MalformedInput with the line that is not a judgement.
    """
    path = path_of("path", path)
    qrels: Qrels = {}
    for line, columns in _rows(_read(path)):
        if len(columns) == 4:
            del columns[1]
        if len(columns) != 3:
            reason = (
                f"{len(columns)} columns; a judgement is `qid<TAB>docid<TAB>grade` or "
                "`qid 0 docid grade`"
            )
            raise MalformedInput(path, reason, line)
        query_id, document_id, grade = columns
        try:
            value = int(grade)
        except ValueError:
            reason = f"the grade {grade!r} is not a whole number; there is no header in qrels"
            raise MalformedInput(path, reason, line) from None
        if abs(value) > _HIGHEST_GRADE:
            reason = f"the grade {grade!r} is beyond {_HIGHEST_GRADE:,}, the highest there may be"
            raise MalformedInput(path, reason, line)
        if qrels.setdefault(query_id, {}).setdefault(document_id, value) != value:
            reason = f"{document_id!r} has another grade for {query_id!r} further up"
            raise MalformedInput(path, reason, line)
    if not qrels:
        raise MalformedInput(path, "there is no judgement in it")
    return qrels


def read_run(path: str | Path) -> Run:
    """Return the run in the TREC file `path`.

    Documents are ordered as trec_eval orders them: by score, equal scores by id, both descending;
    the column of ranks is passed over. Raises UnreadableInput or MalformedInput.
    """
    path = path_of("path", path)
    found: dict[str, dict[str, float]] = {}
    for line, columns in _rows(_read(path)):
        if len(columns) != 6:
            reason = f"{len(columns)} columns; a line of a run is `qid Q0 docid rank score tag`"
            raise MalformedInput(path, reason, line)
        query_id, _, document_id, _, score, _ = columns
        try:
            value = float(score)
        except ValueError:
            raise MalformedInput(path, f"the score {score!r} is not a number", line) from None
        scores = found.setdefault(query_id, {})
        if document_id in scores:
            reason = f"{document_id!r} stands a second time under {query_id!r}"
            raise MalformedInput(path, reason, line)
        scores[document_id] = value
    if not found:
        raise MalformedInput(path, "there is no result in it")
    return {
        query_id: sorted(scores, key=lambda d: (scores[d], d), reverse=True)
        for query_id, scores in found.items()
    }


def write_run(path: str | Path, run: Mapping[str, list[str]], tag: str) -> None:
    """Write a run as a TREC file, tabs between columns so that an id may hold a blank.

    The score is 1 / rank, because tools order by score and would break ties in their own way.
    Raises EvaluationError when the file cannot be written.
    """
    path = path_of("path", path)
    lines = (
        f"{query_id}\tQ0\t{document_id}\t{rank}\t{1 / rank:.6f}\t{tag}\n"
        for query_id, ranked in run.items()
        for rank, document_id in enumerate(ranked, start=1)
    )
    try:
        # The name of an index, which is in the tag, may be of any bytes.
        with path.open("w", encoding="utf-8", errors="replace") as file:
            file.writelines(lines)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}") from error


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
        return decode(gzip.decompress(data) if data.startswith(_GZIP) else data)
    except FileNotFoundError:
        raise UnreadableInput(path, "there is no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInput(path, f"cannot be read: {reason}") from error


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            yield number, line


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, columns); tabs divide a line that has them, else runs of blanks."""
    for number, line in _lines(text):
        yield (
            number,
            [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split(),
        )


def _table_of_queries(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in _lines(text):
        query_id, tab, query = line.partition("\t")
        if not tab:
            reason = "no tab between the query's id and its text; a line is `qid<TAB>text`"
            raise MalformedInput(path, reason, number)
        yield number, query_id.strip(), query.strip()


def _topics(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    for topic in _TOPIC.finditer(text):
        number = _NUM.search(topic[3]) or _NUMBER.search(topic[2])
        title = _TITLE.search(topic[3])
        line = text.count("\n", 0, topic.start()) + 1
        if not number or not title:
            reason = "the topic has no number (<num>, number=) or no title (<title>, <query>)"
            raise MalformedInput(path, reason, line)
        yield line, number[1].strip(), " ".join(html.unescape(title[1]).split())
