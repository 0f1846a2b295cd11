import gc
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from searchkit import (
    Article,
    DocumentNotFound,
    ForeignIndex,
    IndexLocked,
    IndexMissing,
    IndexNotWritable,
    IndexVersionMismatch,
    Page,
    QueryError,
    SearchIndex,
    Settings,
    SettingsError,
    SidebarItem,
    Sighting,
    Skipped,
)
from searchkit.engines.whoosh.commit import WhooshWriter
from tests.conftest import FOOTBALL, FOOTBALL_ITEM, PACT, PACT_ITEM, RESIGNATION, article, item


def found(index: SearchIndex, query: str, **options: object) -> list[str]:
    return [hit.id for hit in index.search(query, limit=100, **options).hits]  # type: ignore[arg-type]


def test_best_article_first_then_items(index: SearchIndex) -> None:
    assert found(index, "pakta pertahanan") == [PACT.id, PACT_ITEM.id]


def test_hit_shows_where_and_what(index: SearchIndex) -> None:
    hit = index.search("pakta pertahanan").hits[0]
    assert hit.rank == 1
    assert hit.kind == "article"
    assert hit.headline == PACT.headline
    assert hit.title.marked("[", "]") == "Dua Negara Teken [Pakta] [Pertahanan]"
    assert hit.blocks == ("headline", "body")
    assert (hit.section, hit.source, hit.reporter) == ("Dunia", "warta.example", "RINA WULANDARI")
    assert hit.published == PACT.published
    assert "meneken [pakta] [pertahanan]" in hit.fragments[0].marked("[", "]")


def test_words_asked_of_a_part_are_marked_in_that_part(index: SearchIndex) -> None:
    shown = index.mark("judul:pakta", "Pakta", "headline")
    assert (shown.block, shown.marks) == ("headline", ((0, 5),))
    assert index.mark("judul:pakta", "Pakta", "sidebar").marks
    assert index.mark("isi:pakta", "Pakta", "body").marks
    for field in ("", "body", "caption"):
        assert not index.mark("judul:pakta", "Pakta", field).marks


def test_stem_finds_other_forms_marked_in_their_spelling(index: SearchIndex) -> None:
    hit = index.search("didukung").hits[0]
    assert hit.id == PACT.id
    shown = " ".join(fragment.marked("[", "]") for fragment in hit.fragments)
    assert "[mendukung]" in shown
    assert "[Dukungan]" in shown


def test_phrase(index: SearchIndex) -> None:
    assert found(index, '"pengunduran diri"') == [RESIGNATION.id]
    assert found(index, '"diri pengunduran"') == []


@pytest.mark.parametrize("query", ["Rp5,6 triliun", "rp 5,6", "jumat", "CAFE", "café"])
def test_numbers_and_spellings(index: SearchIndex, query: str) -> None:
    assert found(index, query) == [RESIGNATION.id]


def test_section_and_reporter_are_searched(index: SearchIndex) -> None:
    assert found(index, "olahraga") == [FOOTBALL.id]
    assert index.search("wulandari").hits[0].blocks == ("reporter",)


def test_all_words_are_wanted_while_some_document_has_them(index: SearchIndex) -> None:
    page = index.search("pakta presiden")
    assert page.relaxed
    assert {hit.id for hit in page.hits} == {PACT.id, PACT_ITEM.id, RESIGNATION.id}
    assert not index.search("pakta pertahanan").relaxed


def test_no_hits(index: SearchIndex) -> None:
    page = index.search("gempa")
    assert (page.total, page.hits, page.relaxed) == (0, (), False)


def test_everything_and_filters(index: SearchIndex) -> None:
    assert len(found(index, "*")) == 5
    assert set(found(index, "*", kind="item")) == {PACT_ITEM.id, FOOTBALL_ITEM.id}
    assert found(index, "*", list_name="populer") == [PACT_ITEM.id]


def test_item_is_linked_to_the_article_of_its_title(index: SearchIndex) -> None:
    hits = {hit.id: hit for hit in index.search("*").hits}
    assert hits[FOOTBALL_ITEM.id].article_id == FOOTBALL.id
    assert hits[PACT_ITEM.id].article_id == ""
    assert hits[FOOTBALL_ITEM.id].lists == ("UPDATE",)
    index.delete(FOOTBALL.id)
    assert {hit.id: hit.article_id for hit in index.search("*").hits}[FOOTBALL_ITEM.id] == ""


def test_item_is_linked_to_the_nearest_article_in_time(index: SearchIndex) -> None:
    earlier, later = (article("Kurs Rupiah Hari Ini", f"teks {day}", day=day) for day in (3, 25))
    index.add([earlier, later, item("Kurs Rupiah Hari Ini", day=24)])
    (hit,) = index.search("kurs", kind="item").hits
    assert hit.article_id == later.id


REPORT = (
    "Gubernur meresmikan jembatan gantung baru yang menghubungkan dua desa di lereng gunung itu"
)


def copies(index: SearchIndex) -> tuple[str, str, str]:
    """Add a report that three papers carry; return their ids, the oldest first."""
    first = article("Jembatan Gantung Diresmikan", f"{REPORT} pada Senin pagi.", day=3)
    second = article("Gubernur Resmikan Jembatan", f"{REPORT} pada Senin pagi. Tamat.", day=4)
    third = article("Dua Desa Kini Terhubung", f"{REPORT} pada Senin pagi.", day=5)
    index.add([first, second])
    index.add([third])
    return first.id, second.id, third.id


def test_copies_are_shown_as_one(index: SearchIndex) -> None:
    first, second, third = copies(index)
    page = index.search("jembatan gantung")
    assert [(hit.id, hit.copies) for hit in page.hits] == [(third, (second, first))]
    assert page.total == 1
    (hit,) = index.search("jembatan gantung", collapse="fullest").hits
    assert (hit.id, hit.copies) == (second, (third, first))
    assert set(found(index, "jembatan gantung", collapse="off")) == {first, second, third}


def test_settings_choose_what_is_shown_of_copies(index: SearchIndex, settings: Settings) -> None:
    copies(index)
    with SearchIndex.open(index.path, replace(settings, collapse="off")) as opened:
        assert opened.search("jembatan gantung").total == 3


def test_recency_prefers_the_newest(index: SearchIndex, settings: Settings) -> None:
    old = article("Kurs Rupiah", "Rupiah menguat, kata bank. Rupiah naik.", day=1)
    new = article("Kurs Rupiah", "Rupiah melemah, kata bank. Dolar naik.", day=28)
    index.add([old, new])
    assert found(index, "rupiah", recency=0) == [old.id, new.id]
    assert found(index, "rupiah", recency=5) == [new.id, old.id]
    strong = replace(settings, recency=5.0, recency_half_life=1.0)
    with SearchIndex.open(index.path, strong) as opened:
        assert found(opened, "rupiah") == [new.id, old.id]


def test_without_fragments(index: SearchIndex) -> None:
    with_all, without = (index.search("pakta", fragments=wanted) for wanted in (True, False))
    assert [hit.id for hit in without.hits] == [hit.id for hit in with_all.hits]
    assert [hit.headline for hit in without.hits] == [hit.headline for hit in with_all.hits]
    assert all(not hit.fragments and not hit.title.marks for hit in without.hits)


def test_recency_and_collapse_out_of_bounds(index: SearchIndex) -> None:
    with pytest.raises(QueryError, match="recency -1 is out of bounds: 0 .off. to 10"):
        index.search("pakta", recency=-1)
    with pytest.raises(QueryError, match="there is no collapse 'best'; there are newest, fullest"):
        index.search("pakta", collapse="best")  # type: ignore[arg-type]


def test_what_is_there_is_looked_up_many_at_a_time(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a server each look-up would be a request; what comes twice is looked up once."""
    asked: list[list[str]] = []
    before = WhooshWriter.before

    def noted(writer: WhooshWriter, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        asked.append(list(ids))
        return before(writer, asked[-1])

    monkeypatch.setattr(WhooshWriter, "before", noted)
    articles = [article(f"Berita {number}") for number in range(70)]
    report = index.add([*articles, PACT, PACT_ITEM, articles[0]])
    assert [len(each) for each in asked] == [64, 7, 1]
    assert (report.added.total(), report.unchanged.total()) == (70, 2)


def test_indexing_again_changes_nothing(index: SearchIndex) -> None:
    page = Page(origin="page", article=PACT, items=(PACT_ITEM, FOOTBALL_ITEM))
    generation = index.stats().size.generation
    report = index.add([page, FOOTBALL, RESIGNATION])
    assert report.unchanged == {"article": 3, "item": 2}
    assert not report.added
    assert not report.updated
    assert index.stats().size.generation == generation


def test_changed_article_takes_the_place_of_the_old(index: SearchIndex) -> None:
    report = index.add([replace(PACT, body=("Naskah baru tentang perdamaian.",))])
    assert report.updated == {"article": 1}
    assert found(index, "perdamaian") == [PACT.id]
    assert found(index, "parlemen") == []
    assert index.stats().size.documents == {"article": 3, "item": 2}


def test_same_article_twice_in_a_run_is_one(tmp_path: Path, settings: Settings) -> None:
    with SearchIndex.create(tmp_path / "index", settings) as index:
        changed = replace(PACT, section="Politik")
        report = index.add([PACT, PACT, changed])
        assert report.added == {"article": 1}
        assert report.total == 1
        assert index.get(PACT.id) == changed


def test_articles_of_one_id_in_a_run_are_told(tmp_path: Path, settings: Settings) -> None:
    def page(origin: str, body: str) -> Page:
        return Page(origin=origin, article=Article(id="a:0", headline=body, body=(body,)))

    with SearchIndex.create(tmp_path / "index", settings) as index:
        report = index.add([page("x/a.csv:2", "Satu."), page("y/a.csv:2", "Satu.")])
        assert (report.replaced, report.replaced_count) == ([], 0)
        two = [page("y/a.csv:2", "Dua."), page("z/a.csv:2", "Tiga.")]
        assert index.add(two).replaced == [("z/a.csv:2", "a:0")]
        assert found(index, "dua") == []
        assert found(index, "tiga") == ["a:0"]
        # What takes the place of an earlier run's is an update, and is counted as one.
        report = index.add([page("x/a.csv:2", "Satu.")])
        assert (report.replaced_count, report.updated) == (0, {"article": 1})
        many = index.add(article("Judul", f"Isi {n}.") for n in range(1002))
        assert (len(many.replaced), many.replaced_count) == (1000, 1001)
        assert many.replaced[0] == ("", article("Judul", "").id)


def test_item_remembers_all_pages_and_lists(tmp_path: Path, settings: Settings) -> None:
    title = "Harga Beras Turun"
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add([item(title, "p1", "Populer"), item(title, "p2", "UPDATE"), item(title, "p1")])
        report = index.add([item(title.upper() + "!", "p3", "Populer")])
        assert report.updated == {"item": 1}
        (hit,) = index.search("beras").hits
        assert hit.seen == (
            Sighting("p1", "Populer"),
            Sighting("p2", "UPDATE"),
            Sighting("p3", "Populer"),
        )
        assert hit.lists == ("Populer", "UPDATE")
        assert [seen.id for seen in index.items_seen_on("p2")] == [hit.id]


def test_items_of_another_date_are_other_items(tmp_path: Path, settings: Settings) -> None:
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add([item("Kurs Rupiah", day=1), item("Kurs Rupiah", day=2)])
        assert index.search("kurs").total == 2


def test_what_has_too_long_an_id_is_skipped(tmp_path: Path, settings: Settings) -> None:
    long = replace(PACT, id="p" * 1025)
    page = Page(origin="a.html", article=long, items=(SidebarItem(title="Lain", id="i" * 2000),))
    with SearchIndex.create(tmp_path / "index", settings) as index:
        report = index.add([replace(PACT, id="p" * 1024), long, page])
        assert (report.added, report.skipped_count) == ({"article": 1}, 3)
        assert [skipped.origin for skipped in report.skipped][1:] == ["a.html", "a.html"]
        assert report.skipped[2].reason == f"the id {'i' * 60}... is longer than 1,024 characters"
        assert [hit.id for hit in index.search("*").hits] == ["p" * 1024]


def test_skipped_and_warnings_are_reported_and_the_rest_is_indexed(index: SearchIndex) -> None:
    odd = Page(origin="b.txt", article=article("Baru", "Isi."), warnings=("odd date",))
    skipped = Skipped(origin="a.jsonl", line=3, reason="broken JSON")
    report = index.add([skipped, odd])
    assert report.added == {"article": 1}
    assert [str(each) for each in report.skipped] == ["a.jsonl:3: broken JSON"]
    assert report.warnings == ["b.txt: odd date"]


def test_get_gives_back_what_was_added(index: SearchIndex) -> None:
    assert index.get(PACT.id) == PACT
    assert index.get(PACT_ITEM.id) == PACT_ITEM


def test_get_and_delete_of_what_is_not_there(index: SearchIndex) -> None:
    with pytest.raises(DocumentNotFound, match="no document 'nix' in"):
        index.get("nix")
    with pytest.raises(DocumentNotFound, match="no document 'nix', 'nox' in"):
        index.delete(PACT.id, "nix", "nox")
    assert index.get(PACT.id) == PACT


def test_delete(index: SearchIndex) -> None:
    assert index.delete(PACT.id, PACT_ITEM.id, PACT.id) == 2
    assert found(index, "pakta") == []
    assert index.delete(PACT.id, FOOTBALL.id, missing_ok=True) == 1
    assert index.delete(PACT.id, missing_ok=True) == index.delete() == 0


def test_a_hit_has_its_document(index: SearchIndex) -> None:
    hits = index.search("pakta", collapse="off").hits
    assert {hit.document for hit in hits} == {PACT, PACT_ITEM}
    assert all(hit.document.id == hit.id for hit in hits)


def test_offset_and_limit(index: SearchIndex) -> None:
    whole = found(index, "*")
    page = index.search("*", offset=2, limit=2)
    assert [hit.id for hit in page.hits] == whole[2:4]
    assert [hit.rank for hit in page.hits] == [3, 4]
    assert index.search("*", offset=99).hits == ()
    assert index.search("*", limit=0).total == 5


@pytest.mark.parametrize("options", [{"limit": -1}, {"offset": -1}, {"offset": 10**9}])
def test_rank_out_of_bounds(index: SearchIndex, options: dict[str, int]) -> None:
    with pytest.raises(QueryError, match="is out of bounds"):
        index.search("pakta", **options)  # type: ignore[arg-type]


def test_unknown_kind(index: SearchIndex) -> None:
    with pytest.raises(QueryError, match="there is no kind 'berita'; there are"):
        index.search("pakta", kind="berita")


def test_open_what_is_not_there(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(IndexMissing, match="build one with `searchkit index SOURCE...`"):
        SearchIndex.open(tmp_path / "index", settings)


def test_foreign_directory_is_neither_opened_nor_written(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    for opening in (SearchIndex.open, SearchIndex.create, SearchIndex.rebuild):
        with pytest.raises(ForeignIndex, match="not empty"):
            opening(tmp_path, settings)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_create_beside_a_readme(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "README.md").write_text("The index lives here.")
    with SearchIndex.open_or_create(tmp_path, settings) as index:
        index.add([PACT])
    with SearchIndex.open_or_create(tmp_path, settings) as index:
        assert found(index, "pakta") == [PACT.id]


def test_directory_cannot_be_made(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexNotWritable, match="no index can be made in"):
        SearchIndex.create(tmp_path / "file" / "index", settings)


def test_empty_index_is_searched(tmp_path: Path, settings: Settings) -> None:
    with SearchIndex.create(tmp_path / "index", settings) as index:
        assert index.search("pakta").total == 0
        assert index.search("*").total == 0


def test_searching_from_several_threads_while_one_writes(index: SearchIndex) -> None:
    def search(_: int) -> str:
        return index.search("pakta pertahanan").hits[0].id

    with ThreadPoolExecutor(6) as pool:
        answers = pool.map(search, range(60))
        for number in range(5):
            index.add([article(f"Berita {number}", "Tentang cuaca.")])
        assert set(answers) == {PACT.id}


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_an_index_rebuilt_by_another_analyzer_must_be_opened_again(
    tmp_path: Path, settings: Settings, engine: str
) -> None:
    settings = replace(settings, engine=engine)
    other = replace(settings, analyzer="plain")
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add([PACT])
        with SearchIndex.rebuild(index.location, settings) as again:
            again.add([PACT])
        assert found(index, "pakta") == [PACT.id]
        with SearchIndex.rebuild(index.location, other) as again:
            again.add([PACT])
        for _ in range(2):
            with pytest.raises(IndexVersionMismatch, match="another analyzer since it was opened"):
                index.search("pakta")
            with pytest.raises(IndexVersionMismatch, match="another analyzer since it was opened"):
                index.add([FOOTBALL])
    with SearchIndex.open(tmp_path / "index", other) as index:
        assert found(index, "*") == [PACT.id]


def test_threads_that_add_at_once_leave_the_collector_as_it_was(index: SearchIndex) -> None:
    usual, together = gc.get_threshold(), Barrier(4)

    def add(number: int) -> None:
        together.wait()
        with suppress(IndexLocked):
            index.add([article(f"Berita {number}", "Tentang cuaca.")])

    for _ in range(3):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(add, range(4)))
        assert gc.get_threshold() == usual


@pytest.mark.parametrize(
    "document",
    [
        Article(headline="", body=()),
        Article(headline="\ud800 rusak", body=("teks \ud800",)),
        Article(headline="x" * 100_000, body=("\x00", "a\u0301" * 1000)),
        Article(headline="<b>&\"'", body=("</script>",)),
        SidebarItem(title=""),
    ],
)
def test_odd_documents_are_kept(index: SearchIndex, document: Article | SidebarItem) -> None:
    index.add([document])
    assert index.get(document.id).id == document.id


def test_own_stems_are_part_of_the_index(tmp_path: Path, settings: Settings) -> None:
    stems = tmp_path / "stems.tsv"
    stems.write_text("# kata\tdasar\nMeikarta\tkarta\n", encoding="utf-8")
    own = replace(settings, stems=stems)
    with SearchIndex.create(tmp_path / "own", own) as index:
        index.add([article("Pembangunan Meikarta", "Warga menunggu.")])
        assert index.search("karta").total == 1
    with pytest.raises(IndexVersionMismatch, match="exceptions-"):
        SearchIndex.open(tmp_path / "own", settings)


@pytest.mark.parametrize("line", ["satu", "satu\tdua\ttiga", "\tdua", "satu\t"])
def test_stems_that_make_no_sense_are_named(tmp_path: Path, settings: Settings, line: str) -> None:
    stems = tmp_path / "stems.tsv"
    stems.write_text(f"baik\tbaik\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"stems\.tsv:2: an exception is WORD<tab>STEM"):
        SearchIndex.create(tmp_path / "own", replace(settings, stems=stems))
