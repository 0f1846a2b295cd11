"""Time indexing and searching a JSONL archive, beside naive Whoosh with a PySastrawi filter.

    python benchmarks/index_speed.py news.jsonl.gz            # the table of docs/benchmarks.md
    python benchmarks/index_speed.py news.jsonl.gz --docs 2000

Each contender runs in a process of its own, one after the other, on the same records (fields id,
title, body): searchkit with an empty stem cache, searchkit again with the stems kept from that,
and Whoosh used as its documentation shows it, with PySastrawi's own cached stemmer as the stem
filter. Then each answers the same queries, drawn from the headlines of the archive with a fixed
seed. Peak memory is that of the process, from the operating system.
"""

import argparse
import gzip
import json
import multiprocessing
import platform
import random
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

QUERIES_A_KIND = 200
KINDS = ("1 words", "2 words", "3 words", "5 words", "phrase")


def records(archive: Path, most: int) -> Iterator[dict[str, Any]]:
    """Yield up to `most` records of the archive."""
    with gzip.open(archive, "rt") if archive.suffix == ".gz" else archive.open() as lines:
        for number, line in enumerate(lines):
            if number == most:
                return
            yield json.loads(line)


def queries(archive: Path, most: int) -> dict[str, list[str]]:
    """Return queries by kind: words and phrases that stand in a headline of the archive."""
    chance = random.Random(20)
    headlines = [re.findall(r"\w{4,}", r["title"].lower()) for r in records(archive, most)]
    headlines = [words for words in headlines if len(words) >= 5]
    drawn: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for _ in range(QUERIES_A_KIND):
        words = chance.choice(headlines)
        for count in (1, 2, 3, 5):
            drawn[f"{count} words"].append(" ".join(chance.sample(words, count)))
        drawn["phrase"].append(f'"{words[0]} {words[1]}"')
    return drawn


def searchkit_build(archive: Path, most: int, folder: Path) -> None:
    """Build with searchkit, from the file, as `searchkit index` does."""
    from searchkit import SearchIndex, Settings
    from searchkit.documents.reading import read_sources

    with SearchIndex.create(folder / "searchkit", Settings(cache_dir=folder / "cache")) as index:
        pages = read_sources([archive])
        index.add(page for _, page in zip(range(most), pages, strict=False))


def searchkit_search(folder: Path) -> Callable[[str], int]:
    """Return what answers a query with ten hits and their fragments."""
    from searchkit import SearchIndex, Settings

    index = SearchIndex.open(folder / "searchkit", Settings(cache_dir=folder / "cache"))
    return lambda query: index.search(query).total


def whoosh_schema() -> Any:
    """Return the schema that Whoosh's documentation would lead one to."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
    from whoosh.analysis import LowercaseFilter, RegexTokenizer, StemFilter
    from whoosh.fields import ID, TEXT, Schema

    stem = StemFilter(stemfn=StemmerFactory().create_stemmer().stem)
    analyzer = RegexTokenizer() | LowercaseFilter() | stem
    return Schema(
        id=ID(stored=True, unique=True),
        title=TEXT(analyzer=analyzer, stored=True, field_boost=3.0),
        body=TEXT(analyzer=analyzer, stored=True),
    )


def whoosh_build(archive: Path, most: int, folder: Path) -> None:
    """Build with Whoosh alone."""
    from whoosh.index import create_in

    (folder / "whoosh").mkdir()
    writer = create_in(folder / "whoosh", whoosh_schema()).writer()
    for record in records(archive, most):
        writer.add_document(id=record["id"], title=record["title"], body=record["body"])
    writer.commit()


def whoosh_search(folder: Path) -> Callable[[str], int]:
    """Return what answers a query with ten hits and their highlights."""
    from whoosh.index import open_dir
    from whoosh.qparser import MultifieldParser

    index = open_dir(folder / "whoosh", schema=whoosh_schema())
    parser = MultifieldParser(["title", "body"], index.schema)
    searcher = index.searcher()

    def answer(query: str) -> int:
        results = searcher.search(parser.parse(query), limit=10)
        for hit in results:
            hit.highlights("body")
        return len(results)

    return answer


def measured(action: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """Run `action` in a fresh process; return its result, seconds and peak memory in MB."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_measure, args=(there, action, arguments))
    process.start()
    there.close()
    try:
        outcome: dict[str, Any] = here.recv()
    except EOFError:
        sys.exit(f"{action.__name__} failed")
    process.join()
    return outcome


def _measure(pipe: Any, action: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    start = time.perf_counter()
    result = action(*arguments)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send({"result": result, "seconds": seconds, "peak": peak})


def latencies(
    prepare: Callable[[Path], Callable[[str], int]], folder: Path, drawn: dict[str, list[str]]
) -> dict[str, list[float]]:
    """Return the milliseconds of each query by kind."""
    answer = prepare(folder)
    answer("pemanasan")
    taken: dict[str, list[float]] = {}
    for kind, asked in drawn.items():
        for query in asked:
            start = time.perf_counter()
            answer(query)
            taken.setdefault(kind, []).append((time.perf_counter() - start) * 1000)
    return taken


def main() -> None:
    """Run the contenders and print the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("archive", type=Path, help="JSONL, plain or gzipped")
    parser.add_argument("--docs", type=int, default=10**9, help="use only the first so many")
    options = parser.parse_args()
    archive, most = options.archive, options.docs
    count = sum(1 for _ in records(archive, most))
    drawn = queries(archive, most)
    with tempfile.TemporaryDirectory() as name:
        cold, warm, naive = (Path(name) / each for each in ("cold", "warm", "naive"))
        for folder in (cold, warm, naive):
            folder.mkdir()
        builds = {"searchkit, no stems cached": measured(searchkit_build, archive, most, cold)}
        (cold / "cache").rename(warm / "cache")
        builds["searchkit, stems cached"] = measured(searchkit_build, archive, most, warm)
        builds["Whoosh + PySastrawi filter"] = measured(whoosh_build, archive, most, naive)
        ours = measured(latencies, searchkit_search, warm, drawn)["result"]
        theirs = measured(latencies, whoosh_search, naive, drawn)["result"]
        sizes = {
            "searchkit": sum(f.stat().st_size for f in (warm / "searchkit").iterdir()),
            "Whoosh": sum(f.stat().st_size for f in (naive / "whoosh").iterdir()),
        }
    print_tables(count, builds, ours, theirs, sizes)


def print_tables(
    count: int,
    builds: dict[str, dict[str, Any]],
    ours: dict[str, list[float]],
    theirs: dict[str, list[float]],
    sizes: dict[str, int],
) -> None:
    """Print what was measured."""
    out = sys.stdout.write
    naive = builds["Whoosh + PySastrawi filter"]["seconds"]
    out(f"{count:,} articles, Python {platform.python_version()}, {platform.machine()}\n\n")
    out("| build | seconds | docs/s | against Whoosh | peak memory |\n|---|--:|--:|--:|--:|\n")
    for name, build in builds.items():
        seconds = build["seconds"]
        out(
            f"| {name} | {seconds:.1f} | {count / seconds:.0f} | {naive / seconds:.1f}x "
            f"| {build['peak']:.0f} MB |\n"
        )
    out("\n| query | searchkit p50 | p95 | Whoosh p50 | p95 | p50 against Whoosh |\n")
    out("|---|--:|--:|--:|--:|--:|\n")
    for kind in ours:
        row = [
            value
            for taken in (ours[kind], theirs[kind])
            for value in (statistics.median(taken), statistics.quantiles(taken, n=20)[-1])
        ]
        cells = " | ".join(f"{value:.1f} ms" for value in row)
        out(f"| {kind} | {cells} | {row[2] / row[0]:.1f}x |\n")
    out(f"\nOn disk: searchkit {sizes['searchkit'] / 1e6:.0f} MB, ")
    out(f"Whoosh {sizes['Whoosh'] / 1e6:.0f} MB.\n")


if __name__ == "__main__":
    main()
