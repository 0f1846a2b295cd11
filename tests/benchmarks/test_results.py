"""Results as tables and plots, and the command line."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.speed import __main__ as command
from benchmarks.speed.plots import write_plots
from benchmarks.speed.report import rendered

COSTS = {
    "seconds": 2.0,
    "cpu": 3.0,
    "peak": 100.0,
    "peak_of_all": 250.0,
    "own_of_all": 180.0,
    "disk": 12.0,
}


def results() -> dict[str, Any]:
    """Results of every part, with few kinds."""
    slow = COSTS | {"seconds": 9.0}
    times = {"p50": 0.5, "p95": 1.25}
    both = {
        "searchkit": times | {"found": 1.0},
        "Whoosh": {"p50": 120.0, "p95": 130.0, "found": 0.8},
    }
    sizes = [(1000, 1.0, 8), (4000, 2.0, 30)]
    return {
        "environment": {
            "articles": 2000,
            "processor": "x86_64",
            "cores": 2,
            "python": "3.11.7",
            "versions": {"whoosh3": "3.54.0"},
            "missing": ["tantivy"],
        },
        "build": {
            "articles": 2000,
            "pipelines": {
                "searchkit, no stems cached": COSTS,
                "searchkit, stems cached": COSTS,
                "Whoosh, no stems cached": slow,
                "Whoosh, stems cached": COSTS | {"seconds": 5.0},
            },
            "tokens": {"Whoosh": slow, "searchkit": COSTS},
            "analysis": {"stems cached": 400_000.0},
        },
        "engines": {
            "articles": 2000,
            "queries": 30,
            "kinds": {
                "1 rare term": {
                    "Whoosh": {"p50": 10.0, "p95": 20.0, "same": 1.0},
                    "searchkit": times | {"first": 0.2, "same": 0.987},
                    "bm25s": times | {"same": 0.9},
                },
                "phrase of 2": {
                    "Whoosh": {"p50": 5.0, "p95": 0.0123, "same": 1.0},
                    "searchkit": times | {"first": 0.2, "same": 1.0},
                },
            },
            "exact": {"1 rare term": 1.0, "phrase of 2": 1.0},
        },
        "queries": {
            "articles": 2000,
            "queries": 40,
            "kinds": {"1 word": both, "`=a`": {"searchkit": both["searchkit"]}},
        },
        "tantivy": {
            "articles": 2000,
            "queries": 50,
            "builds": {"Whoosh, stems cached": slow, "searchkit on tantivy": COSTS},
            "kinds": {
                "tantivy-py alone": {"1 word": {"p50": 0.25, "p95": 0.5}},
                "searchkit on tantivy": {"1 word": times},
                "without fragments": {"1 word": {"p50": 0.3, "p95": 0.4}},
            },
            "generated": {
                "articles": 5000,
                "build": COSTS,
                "memory": 90.0,
                "kinds": {"phrase of 2": {"hits": 8, "ranking": times, "search": times}},
            },
        },
        "opensearch": {
            "articles": 2000,
            "queries": 60,
            "builds": {"Whoosh, stems cached": slow, "searchkit on OpenSearch": COSTS},
            "kinds": {
                "opensearch-py alone": {"1 word": {"p50": 4.0, "p95": 5.0}},
                "searchkit on OpenSearch": {"1 word": {"p50": 6.0, "p95": 7.0}},
                "without fragments": {"1 word": {"p50": 5.0, "p95": 6.5}},
            },
        },
        "growth": {
            "queries": 20,
            "rows": [
                {
                    "articles": size,
                    "build": COSTS,
                    "kinds": {
                        "phrase of 2": {
                            "hits": hits,
                            "ranking": {"p50": p50, "p95": p50},
                            "search": {"p50": 3 * p50, "p95": p50},
                        }
                    },
                }
                for size, p50, hits in sizes
            ],
            "exponents": {"phrase of 2": {"ranking": 0.5, "search": 0.52}},
        },
        "start": {"articles": 2000, "runs": 10, "milliseconds": {"Python alone": 20.0}},
    }


ROWS = [
    # from text: seconds, CPU, docs/s, ratio to Whoosh in the same state, memory, disk
    "| searchkit, no stems cached | 2.0 | 3.0 | 1,000 | 4.5x | 250 MB | 180 MB | 100 MB | 12 MB |",
    "| Whoosh, no stems cached | 9.0 | 3.0 | 222 | 1.0x | 250 MB | 180 MB | 100 MB | 12 MB |",
    "| searchkit, stems cached | 2.0 | 3.0 | 1,000 | 2.5x | 250 MB | 180 MB | 100 MB | 12 MB |",
    # from tokens
    "| searchkit | 2.0 | 3.0 | 1,000 | 4.5x | 250 MB | 12 MB |",
    # engines: p50 (p95) by engine; bm25s has no phrases
    "| 1 rare term | 10.0 ms (20.0 ms) | 0.50 ms (1.2 ms) | 0.50 ms (1.2 ms) | 0.20 ms | 20.0x |",
    "| phrase of 2 | 5.0 ms (0.012 ms) | 0.50 ms (1.2 ms) | - | 0.20 ms | 10.0x |",
    "| 1 rare term | 98.7% | 90.0% | 100.0% |",
    # what a person types
    "| 1 word | 0.50 ms | 1.2 ms | 100% | 120 ms | 130 ms | 80% | 240.0x |",
    "| `=a` | 0.50 ms | 1.2 ms | 100% | - | - | - | - |",
    # on tantivy
    "| searchkit on tantivy | 2.0 | 3.0 | 1,000 | 4.5x | 250 MB | 180 MB | 100 MB | 12 MB |",
    "| 1 word | 0.25 ms (0.50 ms) | 0.50 ms (1.2 ms) | 0.30 ms (0.40 ms) | 2.0x |",
    "5,000 articles that are made up: built in 2 s (2,500 a second, 3 CPU seconds), 250 MB at most "
    "in all processes and 100 MB in the one that writes, 12 MB on disk; searched with 90 MB.",
    "| phrase of 2 | 8 | 0.50 ms (1.2 ms) | 0.50 ms (1.2 ms) |",
    # on OpenSearch
    "| searchkit on OpenSearch | 2.0 | 3.0 | 1,000 | 4.5x | 250 MB | 180 MB | 100 MB | 12 MB |",
    "| p50 (p95), with fragments | opensearch-py alone | searchkit on OpenSearch "
    "| without fragments | times as long as opensearch-py |",
    "| 1 word | 4.0 ms (5.0 ms) | 6.0 ms (7.0 ms) | 5.0 ms (6.5 ms) | 1.5x |",
    # searchkit on each engine
    "|  | Whoosh | tantivy | OpenSearch |",
    "| articles a second | 1,000 | 1,000 | 1,000 |",
    "| on disk, an article | 6,000 B | 6,000 B | 6,000 B |",
    "| 1 word | 0.50 ms | 0.50 ms | 6.0 ms |",
    # growth
    "| 1,000 | 2.0 | 500 | 250 MB | 180 MB | 100 MB | 12 MB |",
    "| phrase of 2 | 1.0 ms | 2.0 ms | 2.0x | 0.50 | 8 to 30 |",
    "| Python alone | 20.0 ms |",
    "30 queries of each kind.",
    "40 queries of each kind.",
    "tantivy is not installed here: it is left out.",
    "searchkit's analyzer alone, on one core: 400,000 tokens/s with stems cached.",
]


@pytest.mark.parametrize("row", ROWS)
def test_tables_have_what_was_measured(row: str) -> None:
    assert row in rendered(results()).splitlines()


def test_rows_have_as_many_cells_as_the_header() -> None:
    tables = re.findall(r"(?:^\|.*\n)+", rendered(results()), re.MULTILINE)
    assert len(tables) == 15
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_parts_that_were_not_measured_are_left_out() -> None:
    only = rendered({"start": results()["start"]})
    assert re.findall("^## .*", only, re.MULTILINE) == ["## The first query of a process"]
    assert rendered({}) == "\n"


def test_engines_that_were_not_measured_stand_beside_no_other() -> None:
    found = results()
    del found["opensearch"]
    assert "|  | Whoosh | tantivy |" in rendered(found).splitlines()
    del found["tantivy"]
    assert "searchkit on each engine" not in rendered(found)


def test_a_page_without_opensearch_says_so() -> None:
    told = "No server of OpenSearch was named: it is left out."
    assert told not in rendered(results())
    without = {name: part for name, part in results().items() if name != "opensearch"}
    assert told in rendered(without).splitlines()


def test_growth_to_one_size_has_no_exponent() -> None:
    growth = results()["growth"] | {"exponents": {}}
    growth["rows"] = growth["rows"][:1]
    assert "| phrase of 2 | 1.0 ms | 1.0x | - | 8 to 8 |" in rendered({"growth": growth})


def test_the_same_results_give_the_same_plots(tmp_path: Path) -> None:
    first, again = (write_plots(results(), tmp_path / name) for name in ("a", "b"))
    assert [path.name for path in first] == ["build.svg", "engines.svg", "growth.svg"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert "searchkit, stems cached" in first[0].read_text()
    assert "phrase of 2" in first[1].read_text()
    assert write_plots({"start": results()["start"]}, tmp_path / "c") == []


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> None:
    monkeypatch.setattr("sys.argv", ["speed", *map(str, arguments)])
    command.main()


def test_a_page_is_rendered_again_from_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, page = tmp_path / "results.json", tmp_path / "docs" / "page.md"
    kept.write_text(json.dumps(results()))
    page.parent.mkdir()
    page.write_text("# How fast\n\nWords.\n\n---\n\nold\n")
    plots = page.parent / "plots"
    run(monkeypatch, "--json", kept, "--page", page, "--plots", plots)
    text = page.read_text()
    assert text.startswith("# How fast\n\nWords.\n\n---\n\n2,000 articles")
    assert "old" not in text
    assert "![Growth](plots/growth.svg)" in text
    assert text.endswith(capsys.readouterr().out)
    run(monkeypatch, "--json", kept, "--page", page, "--plots", plots)
    assert page.read_text() == text


def test_without_matplotlib_there_are_tables_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "results.json"
    kept.write_text(json.dumps(results()))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    run(monkeypatch, "--json", kept, "--plots", tmp_path / "plots")
    shown = capsys.readouterr()
    assert "matplotlib is not installed: no plots are written" in shown.err
    assert "## Growth" in shown.out
    assert "![" not in shown.out


def test_a_page_without_a_rule_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# How fast\n")
    with pytest.raises(SystemExit, match="has no line --- that the tables would stand below"):
        command.write_page(page, "tables")
    assert page.read_text() == "# How fast\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name an archive to measure, or the --json of results to render"),
        (["no.jsonl"], "no.jsonl is not a file"),
        (["a.jsonl", "--queries", "1"], "--queries must be 2 or more"),
        (["a.jsonl", "--generated", "-1"], "--generated must be 0 or more"),
        (["a.jsonl", "--most", "999"], "--most must be 1000 or more"),
        (["a.jsonl", "--only", "build,speed"], "no such part: speed"),
    ],
)
def test_wrong_options_are_refused(
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, *arguments)
    assert message in capsys.readouterr().err


def test_parts_are_measured_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, kept = tmp_path / "a.jsonl", tmp_path / "results.json"
    archive.write_text('{"id": "1", "title": "Judul", "body": "Isi berita"}\n')
    before = results()
    kept.write_text(json.dumps(before))
    monkeypatch.setattr(
        command, "growth", lambda folder, most, count: before["growth"] | {"rows": []}
    )
    monkeypatch.setattr(command, "rendered", lambda results, plots: "tables\n")
    run(monkeypatch, archive, "--only", "growth", "--json", kept)
    after = json.loads(kept.read_text())
    assert after["growth"]["rows"] == []
    assert after["build"] == before["build"]
    assert after["environment"]["articles"] == 1
    assert capsys.readouterr().out == "tables\n"


def test_opensearch_is_measured_where_a_server_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, asked = tmp_path / "a.jsonl", list[tuple[int, str]]()
    archive.write_text('{"id": "1", "title": "Judul", "body": "Isi berita"}\n')

    def measure(work: object, count: int, hosts: str) -> Any:
        asked.append((count, hosts))
        return results()["opensearch"]

    monkeypatch.setattr(command, "opensearch_engine", measure)
    monkeypatch.delenv(command.SERVER_NAMED, raising=False)
    run(monkeypatch, archive, "--only", "opensearch")
    assert "no server of OpenSearch is named: that part is left out" in capsys.readouterr().err
    monkeypatch.setenv(command.SERVER_NAMED, "satu:9200")
    run(monkeypatch, archive, "--only", "opensearch", "--queries", "7")
    run(monkeypatch, archive, "--only", "opensearch", "--queries", "7", "--opensearch", "dua:9200")
    assert asked == [(7, "satu:9200"), (7, "dua:9200")]


def test_the_server_is_started_with_what_the_benchmark_needs_alone() -> None:
    # The page starts it from the group `benchmark`, which brings nothing for certificates.
    code = """
import sys
import tests.opensearch.cluster
print({"trustme", "cryptography", "pytest"} & set(sys.modules))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"


def test_an_archive_that_is_too_small_is_named_as_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(work: object, count: int) -> None:
        raise ValueError("no headline of the archive has the words that the queries need")

    archive = tmp_path / "a.jsonl"
    archive.write_text("")
    monkeypatch.setattr(command, "user_queries", refuse)
    with pytest.raises(SystemExit, match="queries cannot be measured: no headline of the archive"):
        run(monkeypatch, archive, "--only", "queries")
