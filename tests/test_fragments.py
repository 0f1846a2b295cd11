"""Fragments: where they are cut, which is best, and how they are shown."""

import html
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit import SearchIndex, Settings
from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer
from searchkit.analysis.finding import TokenFinder
from searchkit.analysis.located import Located, Occurrences
from searchkit.query import Leaf, Term, leaves, parse_query
from searchkit.results import Fragment
from searchkit.samples import sample_pages
from searchkit.snippets import FRAGMENT_CHARACTERS, Highlighter
from searchkit.snippets.sentences import sentence_ends

ANALYZER = IndonesianAnalyzer(IndonesianStemmer())


def highlighter(query: str) -> Highlighter:
    return Highlighter(ANALYZER, list(leaves(parse_query(query, ANALYZER).node)))


QUERIES = (
    *("pakta pertahanan", '"pakta pertahanan"', "=Korea rudal", "korut", "judul:uji kapal", "=uji"),
    *("presiden OR menteri", '"rusia utara"~3', '="Korea Utara" -satelit', "kerjasama", "per* uji"),
    *("pertahanna", "bekasi banjir", "3/6 2024", "isi:warga kapal", "nelayan~1", "AS", "di yang"),
)


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_words_looked_for_in_texts_are_where_the_engine_says(
    engine: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "tantivy":
        pytest.importorskip("tantivy")
    whole = Highlighter.whole
    settings = replace(settings, engine=engine)
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add_files([sample_pages()])
        told = {query: index.search(query, limit=100).hits for query in QUERIES}
        monkeypatch.setattr(
            Highlighter, "whole", lambda self, block, text, _located: whole(self, block, text)
        )
        for query, hits in told.items():
            assert index.search(query, limit=100).hits == hits
    assert sum(len(hit.title.marks) + len(hit.fragments) for h in told.values() for hit in h) > 100


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_texts_of_hits_are_not_looked_through(
    engine: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "tantivy":
        pytest.importorskip("tantivy")
    monkeypatch.setattr(TokenFinder, "find", lambda _self, _text: pytest.fail("looked through"))
    with SearchIndex.create(tmp_path / "index", replace(settings, engine=engine)) as index:
        index.add_files([sample_pages()])
        for query in ("pakta pertahanan", '"pakta pertahanan"', "=korea", "Korut", "judul:pakta"):
            assert any(hit.title.marks or hit.fragments for hit in index.search(query).hits), query


TEXT = "Isi berita, pakta dan pertahanan."


@pytest.mark.parametrize(
    ("position", "offsets"),
    [
        (999, ANALYZER.columns(TEXT).offsets),
        (2**32, ANALYZER.columns(TEXT).offsets),
        (2, ANALYZER.columns(TEXT[:-1]).offsets),
        (2, ""),
        (2, "\ud800"),
    ],
)
def test_what_an_index_tells_of_another_text_is_not_used(position: int, offsets: str) -> None:
    told = Located(lambda _field, _words: Occurrences({"pakta": [position]}, {}), {"body": offsets})
    fragment = highlighter("pakta pertahanan").whole("body", TEXT, told)
    assert fragment == highlighter("pakta pertahanan").whole("body", TEXT)
    assert fragment.plain() == "Isi berita, «pakta» dan «pertahanan»."


@pytest.mark.parametrize(
    "text",
    [
        "Kata dr. Kinanti di Jl. Thamrin No. 5 kepada H. M. Nuh.|Lalu pulang.",
        "Harga Rp5.000 naik 2.5 persen.|Pukul 11.34 selesai.",
        '"Kami siap." katanya lirih.|"Baik!"|Ia pergi.',
        "Lalu… Ia diam... Tak ada.|Benar?|Ya!",
        "Satu\n\n|dua tiga\n|Empat",
        "Dan lain-lain, dll.|Pemerintah diam.|3 orang datang.",
        'Pukul 02.29 WIB.|" Titik gempa di laut.',
        "1. Pasar Baru.|2. Pasar Lama.|Skor 2.|Pelatih diam.",
        "Di Kab. Malang, kata Sp. Rahmat.|Lalu pulang.",
    ],
)
def test_sentences(text: str) -> None:
    pieces = text.split("|")
    joined, ends = "", []
    for piece in pieces:
        joined += piece if piece.endswith("\n") else piece + " "
        ends.append(len(joined))
    assert list(sentence_ends(joined, 0, len(joined))) == ends


@pytest.mark.parametrize(
    "text",
    [
        "Ia tiba kemarin (8/3/2026).|Warga senang!|DPR pulang.|Siapa?|“Kami.”|Lalu sepi.",
        # A straight quotation mark that is between a stop and a letter opens.
        'Harga naik.|"Kami menunggu," katanya.|"Semoga turun."',
        "Ditulis KABAR.CO.ID dan Kabar.com.|Dibaca WIB.|Selesai.",
        "Oleh dr.Rina Sp.PD, M.Si, Ph.D, dan PT.Maju.|Rp5.000.",
    ],
)
def test_sentences_of_paragraphs_put_together(text: str) -> None:
    joined = text.replace("|", "")
    ends = list(accumulate(map(len, text.split("|"))))
    assert list(sentence_ends(joined, 0, len(joined))) == ends


def test_rare_word_decides_which_fragment_is_best() -> None:
    common, rare = Term("harga", "harga"), Term("beras", "beras")
    text = "Harga naik. Beritanya panjang sekali.\n\n" + "Isi lain. " * 30 + "\n\nBeras langka."
    shown: list[Leaf] = [common, rare]
    first, second = Highlighter(ANALYZER, shown, {common: 0.5, rare: 5.0}).best("body", text)
    assert first.score < second.score
    assert second.text == "Beras langka."


def test_words_near_each_other_come_before_words_apart() -> None:
    apart = "Pakta dibahas lama sekali oleh pertahanan."
    near = "Isinya pakta pertahanan baru."
    (fragment,) = highlighter("pakta pertahanan").best("body", f"{apart}\n\n{near}", most=1)
    assert fragment.text == near


pieces = st.sampled_from(
    ["pakta", "Pertahanan", "e\u0301" * 3, "\ud83d\ude00", "👩\u200d🚀", "x" * 300, "dr.", "\u0301"]
)
gaps = st.sampled_from([" ", ". ", "\n", "", "-", "  ", "… "])
texts = st.lists(st.tuples(pieces, gaps), max_size=150).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@given(texts, st.sampled_from(["pakta", '"pakta pertahanan"', "pakta pertahanan"]))
def test_no_mark_and_no_character_is_cut(text: str, query: str) -> None:
    shown = highlighter(query)
    all_marks = {(m.start, m.end) for m in shown._marks("body", text)}
    fragments = shown.best("body", text)
    assert bool(fragments) == bool(all_marks)
    end = 0
    for fragment in fragments:
        assert fragment.start >= end
        end = fragment.start + len(fragment.text)
        assert text[fragment.start : end] == fragment.text
        assert {(s + fragment.start, e + fragment.start) for s, e in fragment.marks} == {
            (s, e) for s, e in all_marks if s < end and e > fragment.start
        }
        for cut in (fragment.start, end):
            if 0 < cut < len(text) and not text[cut - 1].isspace():
                assert text[cut] != "\ude00" or text[cut - 1] != "\ud83d"
                assert "\u200d" not in text[cut - 1 : cut + 1]
                assert not unicodedata.combining(text[cut])
    for fragment in fragments:
        longest = max(e - s for s, e in fragment.marks)
        assert len(fragment.text) <= max(FRAGMENT_CHARACTERS, longest) + 60 + 3 * text.count(
            "\u0301"
        )


class Reader(HTMLParser):
    """Reads HTML back: its text and its tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[object] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *attrs))


@st.composite
def marked_fragments(draw: st.DrawFn) -> Fragment:
    text = draw(st.text() | st.text("<>&\"'/! a;#x-"))
    places = draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True).map(sorted))
    marks = tuple(zip(places[::2], places[1::2], strict=False))
    return Fragment("body", text, marks=marks)


@given(marked_fragments(), st.sampled_from(["mark", "em", "x-hit"]), st.text())
def test_html_reads_back(fragment: Fragment, tag: str, css_class: str) -> None:
    reader = Reader()
    reader.feed(fragment.html(tag, css_class))
    reader.close()
    assert reader.text == fragment.text
    attributes = [("class", css_class)] if css_class else []
    assert reader.tags == [(tag, *attributes)] * len(fragment.marks)
    assert html.unescape(fragment.marked("", "", html.escape)) == fragment.text


@given(marked_fragments())
def test_without_its_marks_the_text_is_as_it_was(fragment: Fragment) -> None:
    before, after = "\x00begin\x00", "\x00end\x00"
    marked = fragment.marked(before, after)
    assert marked.replace(before, "").replace(after, "") == fragment.text
    assert fragment.plain().count("«") == len(fragment.marks) + fragment.text.count("«")


def test_only_the_name_of_a_tag_is_a_tag() -> None:
    for tag in ("mark onclick=x", "", "b>", "1"):
        with pytest.raises(ValueError, match="is not the name of a tag"):
            Fragment("body", "a").html(tag)
