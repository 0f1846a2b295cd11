import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from searchkit import SearchIndex
from searchkit.cli.terminal import console, marked
from searchkit.results import Fragment
from tests.conftest import FOOTBALL, FOOTBALL_ITEM, PACT, PACT_ITEM


def run(*arguments: str | Path, cwd: Path, stdin: bytes | None = None) -> tuple[int, str, str]:
    """Run the command as a person does; return (exit status, output, errors)."""
    command = [sys.executable, "-m", "searchkit", *map(str, arguments)]
    piped = subprocess.DEVNULL if stdin is None else subprocess.PIPE
    with subprocess.Popen(
        command, cwd=cwd, stdin=piped, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        output, complaints = process.communicate(stdin, timeout=120)
    errors = complaints.decode()
    assert "Traceback" not in errors
    return process.returncode, output.decode(), errors


PAGE = """Dunia

Dua Negara Bahas Pakta Pertahanan

KAMIS, 20 JUNI 2024 | 11:34 WIB | LAPORAN: RINA WULANDARI

Kedua menteri membahas pakta pertahanan di ibu kota pada hari Rabu, kata seorang pejabat tinggi.

Pengamat menyatakan dukungan, sedangkan parlemen belum memutuskan sikapnya tentang naskah itu.
"""


@pytest.fixture
def folder(tmp_path: Path, index: SearchIndex) -> Path:
    """A working directory with an index in ./index."""
    return tmp_path


def test_samples_are_indexed_when_nothing_is_named(tmp_path: Path) -> None:
    status, output, errors = run("index", cwd=tmp_path)
    assert status == 0, errors
    assert "sample pages" in errors
    assert "articles" in output
    status, output, _ = run("query", "pakta pertahanan", "--no-color", cwd=tmp_path)
    assert status == 0
    assert "«Pakta» «Pertahanan»" in output


def test_empty_pipe_means_the_samples(tmp_path: Path) -> None:
    status, _, errors = run("index", cwd=tmp_path, stdin=b"")
    assert (status, "sample pages" in errors) == (0, True)


def test_standard_input(tmp_path: Path) -> None:
    record = {"title": "Harga beras turun", "body": "Harga beras turun di pasar induk."}
    for arguments in (["index"], ["index", "-"]):
        status, _, errors = run(*arguments, cwd=tmp_path, stdin=json.dumps(record).encode())
        assert status == 0, errors
    _, output, _ = run("query", "beras", "--json", cwd=tmp_path)
    assert json.loads(output)["total"] == 1


def test_sources_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text(PAGE)
    (tmp_path / "searchkit.toml").write_text('[index]\nsources = ["pages"]\ndir = "there"\n')
    assert run("index", cwd=tmp_path)[0] == 0
    assert (tmp_path / "there" / "searchkit.json").exists()
    _, output, _ = run("query", "pakta", "--jsonl", cwd=tmp_path)
    (hit,) = map(json.loads, output.splitlines())
    assert hit["headline"] == "Dua Negara Bahas Pakta Pertahanan"
    assert hit["published"] == "2024-06-20T11:34+07:00"


def test_index_says_what_it_did(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(PAGE)
    (tmp_path / "bad.jsonl").write_text('{"title": "Satu", "body": "Isi satu."}\n{"title": \n')
    (tmp_path / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    sources = ["good.txt", "bad.jsonl", "image.png", "absent.txt"]
    status, output, errors = run("index", *sources, cwd=tmp_path)
    assert status == 3
    assert output.split("articles")[1].split()[:3] == ["2", "0", "0"]
    assert "bad.jsonl:2: " in errors
    assert "image.png: " in errors
    assert "absent.txt: " in errors
    assert "3 skipped" in output
    status, output, _ = run("index", "good.txt", "--json", cwd=tmp_path)
    assert status == 0
    assert json.loads(output)["unchanged"] == {"article": 1}


def test_index_says_which_articles_took_the_place_of_others(tmp_path: Path) -> None:
    for paper in ("detik", "kompas"):
        (tmp_path / paper).mkdir()
        rows = "".join(f"{number},{paper} {number}\n" for number in range(7))
        (tmp_path / paper / "berita.csv").write_text(f"id,judul\n{rows}")
    status, output, errors = run("index", "detik", "kompas", cwd=tmp_path)
    assert status == 0
    assert output.endswith("7 replaced.\n")
    lines = errors.splitlines()
    assert lines[0] == "Replaced: kompas/berita.csv:2 (berita:0)"
    assert lines[5].startswith("Replaced: and 2 more; --json lists")
    assert lines[6].startswith(
        "7 articles took the place of others in this input that have the same id"
    )
    assert "else by the name of the file" in lines[6]
    assert len(lines) == 7
    report = json.loads(run("index", "detik", "kompas", "--json", cwd=tmp_path)[1])
    assert report["replaced_count"] == 7
    assert report["replaced"][0] == {"origin": "kompas/berita.csv:2", "id": "berita:0"}


def test_no_progress_bar_in_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(PAGE)
    _, output, errors = run("index", "good.txt", cwd=tmp_path)
    assert "Indexing" not in output + errors
    assert "\x1b" not in output + errors


def test_query_for_people(folder: Path) -> None:
    status, output, _ = run("query", "didukung", cwd=folder)
    assert status == 0
    assert "1 hit for 'didukung' (" in output
    assert "20 June 2024, 09:30 WIB · Dunia · warta.example · matched in body" in output
    assert "«mendukung»" in output
    assert "«Dukungan»" in output
    assert f"id {PACT.id}" in output


def test_query_json(folder: Path) -> None:
    status, output, _ = run("query", "pakta pertahanan", "--json", cwd=folder)
    page = json.loads(output)
    assert status == 0
    assert (page["query"], page["total"], page["relaxed"]) == ("pakta pertahanan", 2, False)
    article, item = page["hits"]
    assert (article["kind"], article["id"], article["list"]) == ("article", PACT.id, None)
    assert (item["kind"], item["id"], item["list"]) == ("item", PACT_ITEM.id, "Populer")
    assert item["seen"] == [{"page": PACT.id, "list": "Populer"}]
    assert article["snippet"].count("<mark>") >= 2
    for fragment in article["fragments"]:
        for start, end in fragment["marks"]:
            assert fragment["text"][start:end].lower() in ("pakta", "pertahanan")


def test_items_are_listed(folder: Path) -> None:
    _, output, _ = run("query", "*", "--kind", "item", "--json", cwd=folder)
    assert {(hit["id"], hit["list"]) for hit in json.loads(output)["hits"]} == {
        (PACT_ITEM.id, "Populer"),
        (FOOTBALL_ITEM.id, "UPDATE"),
    }
    _, output, _ = run("query", "*", "--list", "update", "--jsonl", cwd=folder)
    (hit,) = map(json.loads, output.splitlines())
    assert hit["article_id"] == FOOTBALL.id


def test_limit_and_offset(folder: Path) -> None:
    _, output, _ = run("query", "*", "--limit", "2", "--offset", "4", "--jsonl", cwd=folder)
    (hit,) = map(json.loads, output.splitlines())
    assert hit["rank"] == 5
    _, output, _ = run("query", "*", "--offset", "50", cwd=folder)
    assert "none after the first 50" in output
    _, output, _ = run("query", "*", "--limit", "0", cwd=folder)
    assert re.fullmatch(r"5 hits for '\*' \(\d+ ms\)\n", output)


def test_expansion_is_switched_off(folder: Path) -> None:
    def total(*arguments: str) -> int:
        status, printed, _ = run("query", "--json", *arguments, cwd=folder)
        assert status == 0
        return int(json.loads(printed)["total"])

    # The page says "pengunduran diri", and no page is about a resignation in other words.
    page = folder / "page.txt"
    page.write_text(PAGE.replace("Dua Negara", "Korea Utara"), encoding="utf-8")
    assert run("index", page, cwd=folder)[0] == 0
    assert total("korut") == 1
    assert total("korut", "--no-synonyms") == 1
    assert total("korut", "--no-abbreviations") == 0
    assert total("mengundurkan diri", "--no-abbreviations") == 1
    (folder / "searchkit.toml").write_text("[analysis]\nexpand = []\n", encoding="utf-8")
    assert total("korut") == 0


def test_own_list_with_a_fault(folder: Path) -> None:
    (folder / "searchkit.toml").write_text('[analysis]\nabbreviations = "own.tsv"\n')
    (folder / "own.tsv").write_text("KNT\tKoperasi Nelayan Tirta\nKNT\n")
    status, _, errors = run("query", "knt", cwd=folder)
    assert status == 4
    assert "own.tsv:2: an abbreviation is SHORT<tab>LONG" in errors


def test_no_hits(folder: Path) -> None:
    status, output, _ = run("query", "gempa", cwd=folder)
    assert status == 0
    assert output.startswith("No hits for 'gempa'. Try fewer or other words, fewer filters")


def test_relaxed_query_says_so(folder: Path) -> None:
    _, output, _ = run("query", "pakta", "presiden", cwd=folder)
    assert "No document has all of 'pakta presiden'; these have some of it." in output


def test_show(folder: Path) -> None:
    status, output, _ = run("show", PACT.id, cwd=folder)
    assert status == 0
    assert PACT.body[0] in output
    assert f"\nPopuler\n  {PACT_ITEM.title}" in output
    _, output, _ = run("show", FOOTBALL_ITEM.id, "--json", cwd=folder)
    assert json.loads(output)["article_id"] == FOOTBALL.id


def test_delete(folder: Path) -> None:
    status, output, _ = run("delete", PACT.id, PACT_ITEM.id, cwd=folder)
    assert (status, output) == (0, "Deleted 2 documents.\n")
    status, _, errors = run("delete", PACT.id, cwd=folder)
    assert status == 7
    assert f"searchkit: no document '{PACT.id}' in index" in errors


def test_optimize(folder: Path) -> None:
    assert run("optimize", cwd=folder)[1] == "There is nothing to make smaller.\n"
    run("delete", PACT.id, cwd=folder)
    status, output, _ = run("optimize", cwd=folder)
    assert status == 0
    assert re.fullmatch(r"1 segment was written anew; 0\.\d MB became 0\.\d MB\.\n", output), output


def test_stats(folder: Path) -> None:
    _, output, _ = run("stats", cwd=folder)
    assert "articles" in output
    _, output, _ = run("stats", "--json", cwd=folder)
    assert json.loads(output)["documents"] == {"article": 3, "item": 2}


def test_analyze(tmp_path: Path) -> None:
    status, output, _ = run("analyze", "Mendukung anak-anak", "--json", cwd=tmp_path)
    assert status == 0
    tokens = json.loads(output)
    assert [(t["surface"], t["term"], t["start"], t["end"]) for t in tokens] == [
        ("Mendukung", "dukung", 0, 9),
        ("anak-anak", "anak", 10, 19),
    ]
    assert "dukung" in run("analyze", "Mendukung", cwd=tmp_path)[1]


def test_rebuild_starts_anew(folder: Path) -> None:
    (folder / "good.txt").write_text(PAGE)
    assert run("index", "--rebuild", "good.txt", cwd=folder)[0] == 0
    _, output, _ = run("stats", "--json", cwd=folder)
    assert json.loads(output)["documents"] == {"article": 1, "item": 0}


@pytest.mark.parametrize(
    ("arguments", "stdin", "status", "said"),
    [
        (["typo.jsonl"], None, 3, "typo.jsonl: there is no such file or directory; as nothing"),
        (["-"], b"", 3, "<stdin>: is empty; as nothing else could be read, index is left as it is"),
        ([], b"", 2, "Name what to index"),
        ([], None, 2, "Name what to index"),
    ],
)
def test_rebuild_with_nothing_leaves_the_index(
    folder: Path, arguments: list[str], stdin: bytes | None, status: int, said: str
) -> None:
    before = run("stats", "--json", cwd=folder)
    ended, _, errors = run("index", "--rebuild", *arguments, cwd=folder, stdin=stdin)
    assert (ended, said in errors) == (status, True)
    assert run("stats", "--json", cwd=folder) == before


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["query", "pakta", "--index-dir", "absent"], 6, "there is no index in absent; build one"),
        (["query", "pakta", "--index-dir", "foreign"], 6, "foreign is not a searchkit index"),
        (["index", "good.txt", "--index-dir", "foreign"], 6, "foreign is not a searchkit index"),
        (["migrate", "a;b", "new"], 6, "there is no index in a;b; name another as FROM\n"),
        (["migrate", "index", "foreign"], 6, "and is not empty; name another as TO\n"),
        (["show", "nix"], 7, "no document 'nix' in index"),
        (["query", "a" * 20_000], 5, "the query has 20,000 characters; the limit is 10,000"),
        (["query", "pakta", "--limit", "-3"], 5, "is out of bounds"),
        (["--config", "absent.toml", "stats"], 4, "absent.toml: there is no such settings file"),
        (["--config", "bad.toml", "stats"], 4, "'sorces' in [index]; did you mean 'sources'?"),
    ],
)
def test_errors(folder: Path, arguments: list[str], status: int, message: str) -> None:
    (folder / "foreign").mkdir()
    (folder / "foreign" / "letter.txt").write_text("dear")
    (folder / "good.txt").write_text(PAGE)
    (folder / "bad.toml").write_text('[index]\nsorces = ["a"]\n')
    found, _, errors = run(*arguments, cwd=folder)
    assert message in errors
    assert found == status


def test_help_has_examples(tmp_path: Path) -> None:
    _, output, _ = run("--help", cwd=tmp_path)
    assert "Exit status:" in output
    for command in ("index", "query"):
        _, output, _ = run(command, "--help", cwd=tmp_path)
        assert f"searchkit {command} " in output


def test_reader_that_closes_the_pipe(folder: Path) -> None:
    command = f"{sys.executable} -m searchkit query '*' | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, check=True)
    assert done.stdout.decode().startswith("5 hits for '*'")
    assert done.stderr == b""


def test_terminal_that_cannot_show_a_letter(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "searchkit", "query", "cafe"],
        cwd=folder,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "HOME": str(folder)},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"[cafe]" in done.stdout
    assert b"?" not in done.stdout


def test_letters_that_a_terminal_cannot_show_leave_json_whole(folder: Path) -> None:
    for query in ("cafe “＂＼日", "«a»"):
        done = subprocess.run(
            [sys.executable, "-m", "searchkit", "query", query, "--json"],
            cwd=folder,
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"},
        )
        assert done.stderr == b""
        assert json.loads(done.stdout)["query"]


def test_reporter_and_tags_are_shown_where_they_match(tmp_path: Path) -> None:
    article = {
        "headline": "Kapal Tiba",
        "body": "Isi.",
        "reporter": "RINA",
        "tags": ["Laut", "Kota"],
    }
    (tmp_path / "berita.jsonl").write_text(json.dumps(article))
    run("index", "berita.jsonl", cwd=tmp_path)
    assert "RINA · matched in reporter" in run("query", "wartawan:rina", cwd=tmp_path)[1]
    assert "Laut, Kota · matched in tags" in run("query", "laut", cwd=tmp_path)[1]
    output = run("query", "kapal", cwd=tmp_path)[1]
    assert "matched in headline" in output
    assert "RINA" not in output
    assert "Laut" not in output


def test_colour_on_a_terminal(monkeypatch: pytest.MonkeyPatch, index: SearchIndex) -> None:
    from searchkit.cli import hits

    stream = io.StringIO()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stdout", stream)
    hits.print_page(index.search("pakta"))
    assert "\x1b[1;31mPakta\x1b[0m" in stream.getvalue()
    stream.truncate(0)
    hits.print_page(index.search("pakta"), color=False)
    assert "\x1b" not in stream.getvalue()
    assert "«Pakta»" in stream.getvalue()


def test_copies_are_counted_or_shown(folder: Path) -> None:
    report = (
        "Gubernur meresmikan jembatan gantung baru yang menghubungkan dua desa di lereng gunung."
    )
    for number in (1, 2, 3):
        record = {"id": f"n{number}", "title": f"Jembatan {number}", "body": f"{report} Tamat."}
        (folder / f"{number}.json").write_text(json.dumps(record | {"date": f"2024-06-0{number}"}))
        run("index", f"{number}.json", cwd=folder)
    _, output, _ = run("query", "jembatan", "--no-color", cwd=folder)
    assert "1 hit for" in output
    assert "+2 copies" in output
    _, output, _ = run("query", "jembatan", "--json", "--recency", "0", cwd=folder)
    assert [hit["copies"] for hit in json.loads(output)["hits"]] == [["n2", "n1"]]
    _, output, _ = run("query", "jembatan", "--json", "--collapse", "off", cwd=folder)
    assert [hit["copies"] for hit in json.loads(output)["hits"]] == [[], [], []]
    status, _, errors = run("query", "jembatan", "--recency", "11", cwd=folder)
    assert (status, "0<=x<=10" in errors) == (2, True)


def test_did_you_mean(folder: Path) -> None:
    record = {"title": "Pemilihan Umum", "body": "Pertandingan sepak bola di Surabaya."}
    lines = "\n".join(json.dumps(record | {"title": f"Laga {n}"}) for n in range(30))
    assert run("index", "-", cwd=folder, stdin=lines.encode())[0] == 0
    spelled = "pertandinagn"
    _, output, _ = run("query", spelled, "--no-color", "--collapse", "off", cwd=folder)
    assert output.startswith("No document has 'pertandinagn' as spelled; read as: pertandinagn → ")
    assert "30 hits for 'pertandingan'" in output
    _, output, _ = run("query", spelled, "--exact-spelling", cwd=folder)
    assert output.startswith("Did you mean: pertandingan\nNo hits for 'pertandinagn'")
    _, output, _ = run("query", spelled, "--json", cwd=folder)
    page = json.loads(output)
    assert page["suggestion"] == "pertandingan"
    assert page["corrections"] == [{"typed": "pertandinagn", "taken": "pertandingan"}]


def test_suggest(folder: Path) -> None:
    _, output, _ = run("suggest", "dua", "neg", cwd=folder)
    assert output == "Dua Negara Teken Pakta Pertahanan\n"
    _, output, _ = run("suggest", "pakta", "--json", "--limit", "1", cwd=folder)
    assert json.loads(output) == ["Pakta Pertahanan Dua Negara Mulai Berlaku"]
    assert run("suggest", "pakta", "--limit", "101", cwd=folder)[0] == 5


def test_text_gives_a_terminal_no_commands(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\x1b[2J\x07\u202ePakta\x9b"
    for color in (False, True):
        screen = console(color)
        shown = marked(screen, Fragment("body", text, marks=((6, 11),)))
        screen.print(shown)
        printed = capsys.readouterr().out
        assert "Pakta" in printed
        assert not {"\x1b", "\x07", "\u202e", "\x9b"}.intersection(shown.plain + printed)
        assert shown.plain.replace("«", "").replace("»", "")[6:11] == "Pakta"
