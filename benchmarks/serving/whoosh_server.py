"""An index of Whoosh behind HTTP: whoosh-ng with its own server, or whoosh3, which has none.

Runs where either is installed, as `python -m` this module. `build ARCHIVE FOLDER` makes an index,
`write FOLDER` commits until it is told to end. `whoosh_ng` and `whoosh3` make the application that
uvicorn serves, of the index in the folder that WHOOSH_INDEX names.

whoosh-ng brings a package `whoosh` of its own, which must not be put over that of searchkit.
"""

import os
import signal
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.speed.archives import records

if TYPE_CHECKING:
    from fastapi import FastAPI

FOLDER = "WHOOSH_INDEX"


@cache
def _stemmer() -> Any:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return StemmerFactory().create_stemmer()


def stem(word: str) -> str:
    """Return PySastrawi's stem of a word; a function of the module, as Whoosh pickles it."""
    return str(_stemmer().stem(word))


def _schema() -> Any:
    from whoosh.analysis import LowercaseFilter, RegexTokenizer, StemFilter
    from whoosh.fields import ID, TEXT, Schema

    # The server of whoosh-ng searches the first field by name, and answers with all that is stored.
    words = RegexTokenizer() | LowercaseFilter() | StemFilter(stemfn=stem)
    kept = {name: ID(stored=True) for name in ("id", "title", "section", "source", "date", "url")}
    return Schema(body=TEXT(analyzer=words), **kept)


def _fields(record: dict[str, Any]) -> dict[str, str]:
    kept = {"section": "category", "source": "source", "date": "date", "url": "url"}
    return {name: str(record.get(key) or "") for name, key in kept.items()} | {
        "id": str(record["id"]),
        "title": record["title"],
        "body": f"{record['title']}\n{record['body']}",
    }


def build(archive: Path, folder: Path) -> None:
    """Make an index of an archive."""
    from whoosh.index import create_in

    folder.mkdir()
    writer = create_in(folder, _schema()).writer(limitmb=256)
    for record in records(archive, sys.maxsize):
        writer.add_document(**_fields(record))
    writer.commit()


def write(folder: Path) -> None:
    """Add an article with each commit until SIGTERM; print as `benchmarks.serving.writing` does."""
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    index, commits = _opened(folder), -1
    while not stopping:
        writer = index.writer()
        writer.add_document(id=f"load-{commits}", title="Banjir surut", body="Banjir surut.")
        writer.commit()
        if commits < 0:
            print("begun", flush=True)
        commits += 1
    print(commits)


def _opened(folder: Path) -> Any:
    from whoosh.index import open_dir

    return open_dir(folder, schema=_schema())


def whoosh_ng() -> "FastAPI":
    """Return the application that whoosh-ng makes of an index."""
    from whoosh_fastapi import create_app

    app: FastAPI = create_app(_opened(Path(os.environ[FOLDER])))
    return app


def whoosh3() -> "FastAPI":
    """Return an application with the same routes as that of whoosh-ng, on whoosh3."""
    from fastapi import FastAPI
    from pydantic import BaseModel
    from starlette.concurrency import run_in_threadpool
    from whoosh.qparser import QueryParser

    index = _opened(Path(os.environ[FOLDER]))
    parser = QueryParser("body", index.schema)

    class Wanted(BaseModel):
        q: str
        limit: int = 10

    class Found(BaseModel):
        hits: list[dict[str, Any]]
        total: int

    def found(query: str, limit: int) -> dict[str, Any]:
        with index.searcher() as searcher:
            results = searcher.search(parser.parse(query), limit=limit)
            hits = [{"docnum": h.docnum, "score": h.score, "fields": dict(h)} for h in results]
            return {"hits": hits, "total": len(results)}

    app = FastAPI()

    @app.get("/api/v1/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/api/v1/search", response_model=Found)
    async def search(asked: Wanted) -> Any:
        return await run_in_threadpool(found, asked.q, asked.limit)

    return app


if __name__ == "__main__":
    verb, *arguments = sys.argv[1:]
    if verb == "build":
        build(*map(Path, arguments))
    else:
        write(*map(Path, arguments))
