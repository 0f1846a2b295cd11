import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchkit.cli.commands import cli
from searchkit.errors import ExtraMissing
from searchkit.evaluation import MEASURES, read_run
from searchkit.evaluation.floors import digest
from tests.cli.terminals import run_on_terminal
from tests.cli.test_commands import run

FILES = ("corpus.jsonl", "queries.tsv", "qrels.tsv")


@pytest.fixture
def folder(collection: Path) -> Path:
    """The directory of the collection, with an index of it in ./index."""
    assert run("index", "corpus.jsonl", cwd=collection)[0] == 0
    return collection


def test_measures_of_the_index(folder: Path) -> None:
    status, output, errors = run("eval", "queries.tsv", "qrels.tsv", cwd=folder)
    assert (status, errors) == (0, "")
    head, _, *rows, _, foot = output.splitlines()
    assert head == "4 queries, 5 relevant documents"
    assert rows[0].split() == ["measure", "mean", "95", "%", "interval"]
    assert rows[1].split() == ["MRR@10", "1.0000", "1.0000", "to", "1.0000"]
    assert [row.split()[0] for row in rows[1:]] == list(MEASURES)
    assert foot.startswith("index, ")


def test_numbers_are_whole_in_a_narrow_terminal(folder: Path) -> None:
    files = ("queries.tsv", "qrels.tsv", "--baseline-index", "index")
    status, shown = run_on_terminal("eval", *files, cwd=folder, columns=40)
    assert status == 0
    (row,) = [line for line in shown.splitlines() if line.startswith("MRR@10")]
    assert row.split()[1:5] == ["+0.0000", "+0.0000", "to", "+0.0000"]


def test_json(folder: Path) -> None:
    arguments = ("queries.tsv", "qrels.tsv", "--json", "--per-query", "--fetch-depth", "5")
    status, output, _ = run("eval", *arguments, cwd=folder)
    assert status == 0
    found = json.loads(output)
    assert (found["queries"], found["relevant_documents"], found["fetch_depth"]) == (4, 5, 5)
    assert found["comparisons"] == found["warnings"] == []
    (configuration,) = found["configurations"]
    assert configuration["measures"]["MRR@10"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
    assert [each["id"] for each in found["per_query"]] == ["q1", "q2", "q3", "q4"]
    assert found["per_query"][0]["text"] == "perbaikan dermaga"
    assert set(found["per_query"][0]["measures"]["index"]) == set(MEASURES)


def test_a_run_is_the_baseline_of_the_next(folder: Path) -> None:
    status, _, _ = run("eval", "queries.tsv", "qrels.tsv", "--run", "a.run", cwd=folder)
    assert status == 0
    assert read_run(folder / "a.run")["q2"] == ["w3"]
    (folder / "worse.run").write_text("q1 Q0 w3 1 9 x\nq1 Q0 w1 2 8 x\nq9 Q0 w1 1 1 x\n")
    compared = ("queries.tsv", "qrels.tsv", "--baseline", "worse.run")
    status, output, errors = run("eval", *compared, cwd=folder)
    assert status == 0
    assert errors == (
        "Warning: worse.run: nothing for 3 queries (such as 'q2'), counted as without hits\n"
    )
    table = output.partition("\nindex against worse.run:\n\n")[2].splitlines()
    # MRR is 1 for four queries, before that 1/2, 0, 0, 0; of 16 ways to set signs 2 are as extreme.
    assert table[1].split()[:2] == ["MRR@10", "+0.8750"]
    assert (table[1].split()[5], table[1].split()[-1]) == ("0.125", "4/0/0")


def test_two_indexes(folder: Path) -> None:
    assert run("index", "corpus.jsonl", "--index-dir", "other", cwd=folder)[0] == 0
    compared = ("queries.tsv", "qrels.tsv", "--baseline-index", "other", "--json")
    _, output, _ = run("eval", *compared, cwd=folder)
    found = json.loads(output)
    assert [each["name"] for each in found["configurations"]] == ["other", "index"]
    assert {each["p_randomization"] for each in found["comparisons"]} == {1.0}
    assert {(each["wins"], each["losses"]) for each in found["comparisons"]} == {(0, 0)}


def test_stemmers_side_by_side(folder: Path) -> None:
    for name, line in (("queries", "q5\tterbang\n"), ("qrels", "q5\tw4\t1\n")):
        with (folder / f"{name}.tsv").open("a") as file:
            file.write(line)
    arguments = ("corpus.jsonl", "queries.tsv", "qrels.tsv")
    status, output, errors = run(
        "eval", "--compare", "stemmers", *arguments, "--plot", "a.svg", cwd=folder
    )
    assert (status, errors) == (0, "")
    assert "surface: surface forms, no stemmer" in output
    rows = {line.split()[0]: line.split() for line in output.splitlines()[3:7]}
    assert list(rows) == ["surface", "snowball", "sastrawi", "searchkit"]
    # Only the text's `menerbangkan` has to do with `terbang`: one query of five is lost.
    assert (rows["surface"][1], rows["searchkit"][1]) == ("0.8000", "1.0000")
    ET.parse(folder / "a.svg")


def test_markdown(folder: Path) -> None:
    arguments = ("corpus.jsonl", "queries.tsv", "qrels.tsv", "--markdown")
    _, output, _ = run("eval", "--compare", "surface,searchkit", *arguments, cwd=folder)
    lines = output.splitlines()
    assert lines[2].startswith("| configuration | MRR@10 |")
    assert lines[3] == "| --- | --: | --: | --: | --: | --: |"
    assert all(line.count("|") == 7 for line in lines[2:6])


def test_plot_of_one(folder: Path) -> None:
    status, _, _ = run("eval", "queries.tsv", "qrels.tsv", "--plot", "a.png", cwd=folder)
    assert status == 0
    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")
    status, _, errors = run("eval", "queries.tsv", "qrels.tsv", "--plot", "a.jpeg", cwd=folder)
    assert (status, errors) == (1, "searchkit: a.jpeg: a plot is named .png, .svg or .pdf\n")
    status, _, errors = run("eval", "queries.tsv", "qrels.tsv", "--plot", "no/a.svg", cwd=folder)
    assert status == 2
    assert "no/a.svg: there is no directory no" in errors
    (folder / "b.svg").mkdir()
    status, _, errors = run("eval", "queries.tsv", "qrels.tsv", "--plot", "b.svg", cwd=folder)
    assert (status, "File 'b.svg' is a directory" in errors) == (2, True)


def test_warnings_go_to_standard_error(folder: Path) -> None:
    with (folder / "qrels.tsv").open("a") as file:
        file.write("q2\tgone\t1\n")
    status, output, errors = run("eval", "queries.tsv", "qrels.tsv", "--json", cwd=folder)
    assert (status, errors) == (0, "")
    (warning,) = json.loads(output)["warnings"]
    assert "1 relevant document ('gone') not in the index" in warning
    _, _, errors = run("eval", "queries.tsv", "qrels.tsv", cwd=folder)
    assert errors == f"Warning: {warning}\n"


def test_files_that_cannot_be_used(folder: Path) -> None:
    (folder / "bad.tsv").write_text("q1\tdermaga\nq2 panen\n")
    status, _, errors = run("eval", "bad.tsv", "qrels.tsv", cwd=folder)
    assert status == 3
    assert errors.startswith("searchkit: bad.tsv:2: no tab between")
    status, _, errors = run("eval", "queries.tsv", "nothing.tsv", cwd=folder)
    assert (status, errors) == (3, "searchkit: nothing.tsv: there is no such file\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["queries.tsv"], "name a file of queries and one of qrels"),
        (["--compare", "stemmers", "queries.tsv", "qrels.tsv"], "name the corpus before QUERIES"),
        (["--floors", "f.toml"], "--floors needs --data"),
        (["--floors", "f.toml", "--data", ".", "queries.tsv"], "not as arguments"),
        (["queries.tsv", "qrels.tsv", "--only", "a"], "--only goes with --floors"),
        (["queries.tsv", "qrels.tsv", "--without-headlines"], "go with a corpus"),
        (["queries.tsv", "qrels.tsv", "--per-query"], "--per-query goes with --json"),
        (["c.jsonl", "q", "r", "--index-dir", "index"], "leave out --index-dir"),
        (["queries.tsv", "qrels.tsv", "--seed", "-1"], "-1 is not in the range x>=0"),
    ],
)
def test_options_that_do_not_go_together(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    status, _, errors = run("eval", *arguments, cwd=tmp_path)
    assert status == 2
    assert message in errors


def test_a_corpus_is_for_everyone(collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHKIT_INDEX_DIR", "elsewhere")
    status, output, errors = run("eval", *FILES, cwd=collection)
    assert (status, "MRR@10" in output) == (0, True), errors


def floors_file(folder: Path, floor: float, sha256: str = "") -> None:
    (folder / "floors.toml").write_text(
        f"""[news]
corpus = ["corpus.jsonl"]
queries = "queries.tsv"
qrels = "qrels.tsv"
sha256 = "{sha256 or digest(folder, FILES)}"
floors = {{ "MRR@10" = {floor}, "recall@100" = 0.5 }}

[elsewhere]
corpus = ["not-here.jsonl"]
queries = "queries.tsv"
qrels = "qrels.tsv"
sha256 = ""
floors = {{ "MRR@10" = 0.5 }}
"""
    )


def test_floors_met(collection: Path) -> None:
    floors_file(collection, 0.9)
    asked = ("--floors", "floors.toml", "--data", ".")
    status, output, errors = run("eval", *asked, cwd=collection)
    assert (status, errors) == (0, "")
    assert "news  MRR@10        1.0000  0.9000  met" in output
    assert "Skipped: elsewhere: there is no not-here.jsonl; not measured" in output
    status, output, _ = run("eval", *asked, "--only", "news", "--json", cwd=collection)
    (found,) = json.loads(output)
    assert (found["set"], found["status"]) == ("news", "met")
    assert found["measures"]["MRR@10"] == {"floor": 0.9, "measured": 1.0}
    status, _, errors = run("eval", *asked, "--only", "old", cwd=collection)
    assert (status, "has no set 'old'; it has news, elsewhere" in errors) == (2, True)


def test_floors_not_met(collection: Path) -> None:
    (collection / "qrels.tsv").write_text("q1\tw6\t1\nq4\tw6\t1\n")
    floors_file(collection, 0.9)
    asked = ("--floors", "floors.toml", "--data", ".")
    status, output, errors = run("eval", *asked, cwd=collection)
    assert status == 1
    assert "BELOW" in output
    assert errors == "searchkit: floors.toml: news: MRR@10 below the floor\n"


def test_floors_of_other_data(collection: Path) -> None:
    floors_file(collection, 0.9, sha256="0" * 64)
    status, output, errors = run("eval", "--floors", "floors.toml", "--data", ".", cwd=collection)
    assert status == 1
    assert "Not comparable: news: the files have the digest" in output
    assert "the floors were measured on 000" in errors


def test_floors_of_data_that_is_nowhere(collection: Path) -> None:
    floors_file(collection, 0.9)
    for asked in (("--data", "nowhere"), ("--data", ".", "--only", "elsewhere")):
        status, output, errors = run("eval", "--floors", "floors.toml", *asked, cwd=collection)
        assert (status, "Skipped: elsewhere: there is no" in output) == (1, True)
        assert "floors.toml: nothing was measured: no collection asked for is whole in" in errors


@pytest.mark.parametrize("library", ["pytrec_eval", "scipy", "matplotlib", "snowballstemmer"])
def test_a_missing_extra_is_told_at_once(
    collection: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    files = [str(collection / name) for name in FILES]
    outcome = CliRunner().invoke(cli, ["eval", *files])
    assert isinstance(outcome.exception, ExtraMissing)
    assert str(outcome.exception) == (
        f"this needs {library}, which is not installed; install it with "
        "`pip install 'searchkit[eval]'`"
    )


def test_other_commands_do_not_wait_for_the_evaluation() -> None:
    code = (
        "import sys, searchkit.cli; "
        "print([m for m in ('scipy', 'ir_measures', 'matplotlib', 'searchkit.evaluation') "
        "if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert shown.stdout.decode().strip() == "[]"
