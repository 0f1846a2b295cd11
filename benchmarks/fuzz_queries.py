"""Parse, print, parse again and lower random queries; stop at the first that goes wrong.

    python benchmarks/fuzz_queries.py 100000 7
    python benchmarks/fuzz_queries.py 20000 7 --search

N queries from a seed: a third are made by the grammar, a third are those with random edits, a
third are random text: bytes, Unicode, marks. For each, what was parsed must print to a text that
reads strictly as the same tree, and lower without an error but QueryError. Prints how many there
were, how many were refused by a limit, and the slowest. With `--search` each is a whole search of
the sample pages instead, with fragments, and the best hit is explained; nothing but QueryError may
be raised, and every hit must be explained with its score.
"""

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from searchkit import SearchIndex
from searchkit.analysis import IndonesianAnalyzer, SastrawiStemmer
from searchkit.errors import QueryError
from searchkit.query import lower, parse, to_text
from searchkit.query.names import OPERATORS, field_names, kind_names
from searchkit.samples import __file__ as samples

WORDS = (  # noqa: SIM905
    "banjir jakarta pertahanan yang Rusia-Ukraina anak-anak Jum'at Covid-19 Rp5,6 17/8 12:30"
    " menteri NATO-nya A.S. a@b.example https://x.example/a?b=(c)* café 東京 россия 😀 dan atau"
    " -nya +62 -5 C++"
).split()
DATES = (  # noqa: SIM905
    "2024|2024-06|2024-06-03|2024-13|31/2/2024|kemarin|hari ini|minggu lalu|7 hari terakhir"
    "|Juni 2024|3 Juni 2024|last week|Kamis, 20 Juni 2024|9999 tahun lalu|*|0000"
).split("|")
MARKS = '()"“”«»\\:~^*?+-!=&|[]{}<>.,/ \t\n'


def made(chance: random.Random, depth: int = 0) -> str:
    """Return a query of the grammar, with at most six levels of parentheses."""
    roll = chance.random()
    if depth < 6 and roll < 0.25:
        inner = " ".join(made(chance, depth + 1) for _ in range(chance.randint(0, 4)))
        return f"({inner}){suffix(chance)}"
    if roll < 0.4:
        operator = chance.choice([*OPERATORS, "", "-", "+", "!"])
        return f"{made(chance, depth + 1) if depth < 6 else ''} {operator} {word(chance)}"
    if roll < 0.55:
        return chance.choice(("-", "+", "!", "", "NOT ")) + field(chance, depth)
    return chance.choice(("", "", "", "-", "+", "=")) + word(chance) + suffix(chance)


def word(chance: random.Random) -> str:
    """Return a word, a pattern or a phrase."""
    text = chance.choice(WORDS)
    match chance.randrange(8):
        case 0:
            return f'"{text} {chance.choice(WORDS)}"'
        case 1:
            at = chance.randrange(len(text) + 1)
            return text[:at] + chance.choice("*?") + text[at:]
        case _:
            return text


def field(chance: random.Random, depth: int) -> str:
    """Return something in a field, or a date."""
    name = chance.choice([*field_names(), "tidakada"])
    if field_names().get(name) != "date":
        value = chance.choice(
            (word(chance), chance.choice([*kind_names()]), f"({made(chance, 6)})")
        )
        return f"{name}:{value if depth else word(chance)}{suffix(chance)}"
    low, high = (chance.choice(DATES) for _ in range(2))
    shapes = ("{0}", '"{0}"', ">={0}", '<"{0}"', "[{0} TO {1}]", '{{{0} TO "{1}"]', "[{0} {1}]")
    return f"{name}:{chance.choice(shapes).format(low, high)}{suffix(chance)}"


def suffix(chance: random.Random) -> str:
    """Return a slop, an edit distance, a boost or, mostly, nothing."""
    return chance.choice(("",) * 8 + ("~", "~1", "~2", "~9", "^2", "^0.5", "^x", "~1^3", "^1e9"))


def mutated(chance: random.Random, text: str) -> str:
    """Return `text` with a few characters added, left out, doubled or moved."""
    for _ in range(chance.randint(1, 6)):
        i, j = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        j = min(j, i + 8)
        text = chance.choice(
            (
                text[:i] + chance.choice(MARKS) + text[i:],
                text[:i] + text[j:],
                text[:j] + text[i:j] + text[j:],
                text[:i]
                + chr(chance.choice((0, 0xAD, 0x200B, 0x301, 0xB2, 0xBD, 0x660)))
                + text[i:],
            )
        )
    return text


def wild(chance: random.Random) -> str:
    """Return text that no grammar made, now and then a very long or a very deep one."""
    size = chance.choice((3, 10, 30, 100))
    match chance.randrange(5):
        case 0:
            return chance.randbytes(size).decode("latin-1")
        case 1:
            return "".join(chr(chance.randrange(0x110000)) for _ in range(size))
        case 2:
            return "".join(chance.choice(MARKS) for _ in range(size))
        case 3:
            return "".join(chance.choice(MARKS + "aANDORTjudul1") for _ in range(size))
        case _:
            times = chance.choice((5, 40, 3000)) if chance.random() < 0.02 else 5
            pieces: tuple[str, ...] = (*MARKS, "judul:", "a* ", "NOT ", "-a ", "tanggal:[", "?")
            return chance.choice(pieces) * times


def queries(count: int, seed: int) -> Iterator[str]:
    """Yield `count` queries, the same ones for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        if number % 3 == 2:
            yield wild(chance)
            continue
        text = " ".join(made(chance) for _ in range(chance.randint(1, 4)))
        yield text if number % 3 == 0 else mutated(chance, text)


def checker() -> Callable[[str], None]:
    """Return what is done with each query; it raises when something is wrong."""
    analyzer = IndonesianAnalyzer(SastrawiStemmer())

    def check(text: str) -> None:
        node = parse(text).node
        printed = to_text(node)
        again = parse(printed, strict=True)
        assert again.node == node, f"printed as {printed!r}, which reads {again.node}"
        assert to_text(again.node) == printed, f"{printed!r} is printed otherwise"
        for relaxed in (False, True):
            lower(node, analyzer, today=date(2024, 6, 20), relaxed=relaxed)

    return check


def searcher(index: SearchIndex) -> Callable[[str], None]:
    """Return what is done with each query when whole searches are run."""

    def check(text: str) -> None:
        page = index.search(text, limit=3)
        assert len(page.hits) == min(3, page.total), f"{len(page.hits)} of {page.total:,} hits"
        if page.hits:
            best = page.hits[0]
            explained = index.explain(text, best.id)
            assert explained is not None, f"{best.id} is a hit, but not explained"
            assert abs(explained.score - best.score) <= 1e-4 * best.score, "another score"

    return check


def main() -> int:
    """Run it; the exit status is 1 when a query went wrong."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("count", type=int)
    arguments.add_argument("seed", type=int)
    arguments.add_argument("--search", action="store_true", help="search the sample pages")
    given = arguments.parse_args()
    if not given.search:
        return run(checker(), given.count, given.seed)
    with tempfile.TemporaryDirectory() as folder, SearchIndex.create(Path(folder) / "i") as index:
        index.add_files([Path(samples).parent / "pages"])
        return run(searcher(index), given.count, given.seed)


def run(check: Callable[[str], None], count: int, seed: int) -> int:
    """Check so many queries; return the exit status."""
    refused, slowest, slowest_text = 0, 0.0, ""
    started = time.perf_counter()
    for number, text in enumerate(queries(count, seed), start=1):
        before = time.perf_counter()
        try:
            check(text)
        except QueryError as error:
            if "limit" not in str(error) and "deep" not in str(error):
                print(f"query {number} of seed {seed}, {text!r}: {error}")
                return 1
            refused += 1
        except Exception:
            traceback.print_exc()
            print(f"query {number} of seed {seed}: {text!r}")
            return 1
        seconds = time.perf_counter() - before
        if seconds > slowest:
            slowest, slowest_text = seconds, text
    total = time.perf_counter() - started
    print(f"{count:,} queries in {total:.1f} s, {refused:,} refused by a limit")
    print(f"slowest: {1000 * slowest:.1f} ms, {slowest_text[:200]!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
