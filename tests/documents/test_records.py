import json
from datetime import datetime
from pathlib import Path

import pytest

from searchkit import Article, Page, Skipped
from searchkit.documents.records import read_record
from tests.documents.test_reading import headlines, read, reasons


def article(**record: object) -> Article:
    page = read_record(record, "arsip.jsonl", 7)
    assert isinstance(page, Page)
    assert page.article
    return page.article


def test_names_of_many_sources() -> None:
    expected = Article(
        headline="Judul",
        body=("Satu.", "Dua."),
        section="Dunia",
        reporter="Rina",
        editor="Budi",
        published=datetime.fromisoformat("2024-06-20T11:34+07:00"),
        source="warta.example",
        url="https://warta.example/1",
        tags=("a", "b"),
    )
    english = article(
        Title="Judul",
        Content="Satu.\n\nDua.",
        category="Dunia",
        author="Rina",
        editor="Budi",
        date="20/06/2024, 11:34 WIB",
        source="warta.example",
        link="https://warta.example/1",
        tags=["a", "#b", "a"],
    )
    indonesian = article(
        JUDUL=" Judul ",
        isi=["Satu.", "Dua."],
        rubrik="Dunia",
        penulis={"name": "Rina"},
        penyunting="Budi",
        tanggal="Kamis, 20 Juni 2024 | 11:34 WIB",
        sumber="warta.example",
        tautan="https://warta.example/1",
        kata_kunci="a, b",
    )
    assert english == indonesian == expected


@pytest.mark.parametrize("name", ["published_at", "publishedAt", "Published At", "pubDate"])
def test_names_in_any_writing(name: str) -> None:
    found = article(**{"newsTitle": "A", name: "2024-06-20T11:34:00+07:00"})
    assert found.headline == "A"
    assert found.published == datetime.fromisoformat("2024-06-20T11:34+07:00")


def test_summary_stands_in_for_a_missing_body_only() -> None:
    assert article(title="A", summary="S").body == ("S",)
    assert article(title="A", summary="S", body="B").body == ("B",)


def test_markup_in_the_text_is_taken_out() -> None:
    found = article(
        title="A <b>&amp;</b> B", body="<p>Satu<br>dua &amp; tiga</p><script>x</script>"
    )
    assert found.headline == "A & B"
    assert found.body == ("Satu", "dua & tiga")
    assert article(title="A", body="5 < 6 & 7 > 3").body == ("5 < 6 & 7 > 3",)


def test_blocks_of_markup_are_paragraphs() -> None:
    body = "Satu.<p>Dua.</p><figure><figcaption>Tiga.</figcaption></figure><h5>Empat</h5>Lima."
    assert article(body=body).body == ("Satu.", "Dua.", "Tiga.", "Empat", "Lima.")


def test_entities_are_read_with_and_without_markup() -> None:
    found = article(
        title="A &amp; B&nbsp;&#8220;C&#x201d;", body="&lt;p&gt;Satu&lt;/p&gt;Dua &lt; 3"
    )
    assert found.headline == "A & B “C”"
    assert found.body == ("Satu", "Dua < 3")
    assert article(title="R&D; AT&T &copy2024").headline == "R&D; AT&T &copy2024"


def test_links_in_a_text_are_no_text() -> None:
    found = article(
        title="A",
        body="<p>Satu.</p><p>Baca Juga : <a>Harga Cabai Naik</a></p><p>Baca juga: itu. Dua.</p>"
        "<p>The post <a>A</a> appeared first on <a>Warta</a>.</p>",
    )
    assert found.body == ("Satu.", "Baca juga: itu. Dua.")
    assert found.related == ("Harga Cabai Naik",)
    long = "Kata dia. " * 200 + "Habis."
    assert article(title="A", body=f"{long} The post A APPEARED first on Warta").body == (long,)
    cut = article(title="A", summary="Awal teks […] Artikel A pertama kali tampil pada Warta.")
    assert cut.body == ("Awal teks […]",)
    told = (
        "The post office said the letter appeared first on its list, and nobody knew of it before."
    )
    assert article(title="A", body=f"Kata dia: {told}").body == (f"Kata dia: {told}",)


def test_wordpress() -> None:
    found = article(
        id=5,
        title={"rendered": "Pasar &#038; Panen"},
        content={"rendered": "<p>Satu.</p>\n<p>Dua.</p>", "protected": False},
    )
    assert (found.id, found.headline, found.body) == ("arsip:5", "Pasar & Panen", ("Satu.", "Dua."))


def test_identity() -> None:
    assert article(id="n01", title="A").id == "n01"
    assert article(id=12, title="A").id == "arsip:12"
    assert article(id="12", title="A", source="warta").id == "warta:12"
    assert article(id=12.0, title="A").id == article(id="12.0", title="A").id == "arsip:12"
    assert article(id="1.2", title="A").id == "1.2"
    assert article(title="A", url="https://x.example/1").id.startswith("a")


@pytest.mark.parametrize("value", [1718858040, 1718858040000])
def test_seconds_and_milliseconds(value: int) -> None:
    assert article(title="A", date=value).published == datetime.fromisoformat("2024-06-20T04:34Z")


def test_date_that_does_not_exist_is_left_out_and_told() -> None:
    page = read_record({"title": "A", "date": "31 Februari 2024"}, "a.jsonl", 3)
    assert isinstance(page, Page)
    assert page.article
    assert page.article.published is None
    assert page.origin == "a.jsonl:3"
    assert page.warnings == ("there is no date '31 Februari 2024'; it is left out",)


@pytest.mark.parametrize("record", [{}, {"title": None, "body": " "}, {"x": 1}, 5, [1], None])
def test_records_without_text(record: object) -> None:
    assert isinstance(read_record(record, "a.jsonl", 3), Skipped)


def test_values_of_odd_types() -> None:
    found = article(title=2024, body=None, author=["A", "B"], tags=None, date={}, section=True)
    assert found.headline == "2024"
    assert found.reporter == "A, B"
    assert found.published is None


def test_headline_alone_and_text_alone_are_kept() -> None:
    assert article(title="A").body == ()
    assert article(body="B").headline == ""


def test_broken_lines_are_told_by_number_and_the_rest_read() -> None:
    lines = [
        '{"title": "Satu", "body": "x"}',
        '{"title": "Dua", ',
        "",
        "42",
        "[" * 100_000,
        '{"title": "Tiga", "body": "y"}',
    ]
    pages = read("\n".join(lines).encode())
    assert headlines(pages) == ["Satu", "Tiga"]
    told = reasons(pages)
    assert told[0].startswith("in:2: broken JSON: ")
    assert "at column" in told[0]
    assert told[1].startswith("in:4: the record is int, not an object")
    assert told[2].startswith("in:5: broken JSON: ")


def test_line_beyond_the_limit_is_skipped_and_the_next_read() -> None:
    lines = [json.dumps({"title": "Panjang", "body": "x" * 5000}), '{"title": "Pendek"}']
    pages = read("\n".join(lines).encode(), record_bytes=1000)
    assert headlines(pages) == ["Pendek"]
    assert reasons(pages) == ["in:1: the record is larger than the limit of 0.000953674 MB"]


@pytest.mark.parametrize(
    "text",
    [
        '[{"title": "A"}, {"title": "B"}]',
        '{"articles": [{"title": "A"}, {"title": "B"}]}',
        '[\n{"title": "A"},\n{"title": "B"}\n]',
        '{\n"data": [{"title": "A"}, {"title": "B"}]\n}',
        '{"errors": [], "tags": ["x"], "results": [{"title": "A"}, {"title": "B"}]}',
    ],
)
def test_json_documents(text: str) -> None:
    # An object in one line is read as JSON lines: its list is found as well.
    assert headlines(read(text.encode())) == ["A", "B"]


@pytest.mark.parametrize("text", ["[]", "[\n]", '{"status": "ok", "articles": []}'])
def test_json_without_records_is_told(text: str) -> None:
    (reason,) = reasons(read(text.encode()))
    assert reason.endswith("there are no records in it")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv(mark: str) -> None:
    rows = [["judul", "isi", "lain"], ["A", '"Satu\ndua"', "x"], ["", "", ""], ["B", "b", "y", "z"]]
    pages = read("\r\n".join(mark.join(row) for row in rows).encode())
    assert headlines(pages) == ["A", "B"]
    assert pages[0].article.body == ("Satu", "dua")  # type: ignore[union-attr]
    assert [page.origin for page in pages] == ["in:2", "in:5"]


def test_blank_lines_above_the_header_of_a_table() -> None:
    pages = read(b"\n \n\njudul;isi\nA;a\n")
    assert headlines(pages) == ["A"]
    assert [page.origin for page in pages] == ["in:5"]


def test_table_without_rows_is_told() -> None:
    assert reasons(read(b"judul,isi\n\n")) == ["in: there are no records in it"]


def test_csv_in_cp1252() -> None:
    (page,) = read("judul,isi\nCafé,“kutipan”\n".encode("cp1252"))
    assert isinstance(page, Page)
    assert page.article
    assert (page.article.headline, page.article.body) == ("Café", ("“kutipan”",))


def test_csv_with_a_field_beyond_the_limit() -> None:
    pages = read(b"judul,isi\nA," + b"x" * 5000 + b"\nB,b\n", record_bytes=1000)
    assert headlines(pages) == ["B"]
    assert reasons(pages) == ["in:2: broken CSV: field larger than field limit (1000)"]


def test_numeric_ids_of_two_files_are_apart(tmp_path: Path) -> None:
    from searchkit.documents.reading import read_sources

    for name in ("satu", "dua"):
        (tmp_path / f"{name}.csv").write_text(f"id,judul\n1,{name}\n")
    pages = list(read_sources([tmp_path]))
    assert [page.article.id for page in pages] == ["dua:1", "satu:1"]  # type: ignore[union-attr]
