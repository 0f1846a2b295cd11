import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer
from searchkit.query import Leaf, Phrase, Synonym, Synonyms, Term, leaves, parse_query
from searchkit.results import Fragment
from searchkit.snippets import FRAGMENT_CHARACTERS, Highlighter, find_marks
from searchkit.snippets.beside import stop_words_beside

ANALYZER = IndonesianAnalyzer(IndonesianStemmer())
TEXT = (
    "Cuaca di ibu kota cerah sepanjang hari. Pemerintah meneken pakta pertahanan dengan tetangga. "
    "Dukungan datang dari parlemen.\n\nHarga beras naik di pasar induk. Warga mengeluh. "
    "Pakta itu dinilai terlambat oleh pengamat pertahanan."
)


def highlighter(query: str) -> Highlighter:
    return Highlighter(ANALYZER, list(leaves(parse_query(query, ANALYZER).node)))


def marked(query: str, text: str = TEXT) -> list[str]:
    return [fragment.marked("[", "]") for fragment in highlighter(query).best("body", text)]


def test_stem_is_marked_in_its_own_spelling() -> None:
    assert "[Dukungan] datang dari parlemen." in marked("mendukung")[0]


def test_sentence_with_all_words_comes_first() -> None:
    (fragment,) = marked("pakta pertahanan")
    assert fragment.startswith("Pemerintah meneken [pakta] [pertahanan] dengan tetangga.")


def test_second_fragment_brings_the_missing_word() -> None:
    first, second = marked("cuaca beras")
    assert "[Cuaca]" in first
    assert "[beras]" in second


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("bangunan", "Pembangunan selesai.\n\nBangunan itu roboh.", "[Bangunan] itu roboh."),
        ("bangunan", "Bangunannya roboh.\n\nBangunan itu baru.", "[Bangunannya] roboh."),
        ("roboh bangunan", "Roboh pembangunan.\n\nRoboh bangunan.", "[Roboh] [bangunan]."),
        ("bangunan", "Isi. Pembangunan selesai.", "[Pembangunan] selesai."),
    ],
)
def test_word_as_it_was_typed_comes_before_others_of_its_stem(
    query: str, text: str, shown: str
) -> None:
    assert marked(query, text) == [shown]


def test_typed_word_comes_before_its_synonym() -> None:
    shown = Highlighter(ANALYZER, [synonyms("wafat", "tewas")])
    (fragment,) = shown.best("body", "Korban tewas.\n\nIa wafat.")
    assert fragment.text == "Ia wafat."


def test_phrase_is_one_mark_and_only_where_it_is_one() -> None:
    (fragment,) = marked('"pakta pertahanan"')
    assert "[pakta pertahanan]" in fragment
    assert "[Pakta] itu" not in fragment


@pytest.mark.parametrize(
    ("query", "shown"),
    {
        # A stop word that was typed beside a word, and is written beside it as part of a name.
        "via vallen": "[Via Vallen] tiba lewat jalur via darat. Kata [Vallen], ia dari Solo.",
        "konser Vallen": "Via [Vallen] tiba lewat jalur via darat. Kata [Vallen], ia dari Solo.",
        "via tur vallen": "Via [Vallen] tiba lewat jalur via darat. Kata [Vallen], ia dari Solo.",
        "-vallen jalur via": "Via Vallen tiba lewat [jalur] via darat. Kata Vallen, ia dari Solo.",
        "isi:(dari solo)": "Via Vallen tiba lewat jalur via darat. Kata Vallen, ia dari [Solo].",
        "kata vallen": "Via [Vallen] tiba lewat jalur via darat. [Kata] [Vallen], ia dari Solo.",
    }.items(),
)
def test_stop_word_of_a_name_is_marked_with_it(query: str, shown: str) -> None:
    text = shown.replace("[", "").replace("]", "")
    read = parse_query(query, ANALYZER)
    beside = stop_words_beside(read.syntax, ANALYZER)
    highlighter = Highlighter(ANALYZER, list(leaves(read.node)), beside=beside)
    assert highlighter.whole("body", text).marked("[", "]") == shown


def synonyms(*members: str) -> Synonyms:
    nodes = [parse_query(member, ANALYZER).node for member in members]
    assert all(isinstance(node, Term | Phrase) for node in nodes)
    return Synonyms(tuple(Synonym(n, "typed") for n in nodes if isinstance(n, Term | Phrase)))


def test_what_a_hyphen_makes_one_word_is_one_mark() -> None:
    text = "Blangko [e-KTP] habis, [KTP]-nya tertunda - [KTP] - [E]."
    found = highlighter("e-KTP").whole("body", text.replace("[", "").replace("]", ""))
    assert found.marked("[", "]") == text.replace("[KTP]-nya", "[KTP-nya]")


def test_phrase_among_synonyms_is_marked_as_one_place_of_their_leaf() -> None:
    text = "Utusan Korea Utara tiba. Delegasi Korut disambut. Utara kota ramai."
    leaves: list[Leaf] = [Term("utus", "utusan"), synonyms("korut", '"korea utara"')]
    marks = find_marks(text, ANALYZER.analyze(text), leaves)
    assert [(text[mark.start : mark.end], set(mark.leaves)) for mark in marks] == [
        ("Utusan", {0}),
        ("Korea Utara", {1}),
        ("Korut", {1}),
    ]


def test_typed_word_keeps_its_number_beside_a_synonym_of_another() -> None:
    text = "Pejabat mundur."
    leaves = [synonyms("pejabat", "mundur"), synonyms("mundur", '"mengundurkan diri"')]
    assert [set(mark.leaves) for mark in find_marks(text, ANALYZER.analyze(text), leaves)] == [
        {0},
        {1},
    ]
    leaves.reverse()
    assert [set(mark.leaves) for mark in find_marks(text, ANALYZER.analyze(text), leaves)] == [
        {1},
        {0},
    ]


def test_nothing_matches() -> None:
    assert marked("gempa") == []


def test_opening_of_a_text_without_match() -> None:
    assert highlighter("gempa").opening("body", TEXT).text.startswith("Cuaca di ibu kota")


def test_long_sentence_is_cut_between_words_around_the_match() -> None:
    text = "kata " * 200 + "pakta pertahanan " + "kata " * 200
    (fragment,) = highlighter("pakta").best("body", text)
    assert len(fragment.text) <= FRAGMENT_CHARACTERS
    assert fragment.cut_before
    assert fragment.cut_after
    assert re.fullmatch(r"(kata|pakta|pertahanan)( (kata|pakta|pertahanan))*", fragment.text)


def test_fragment_start_is_its_place_in_the_text() -> None:
    for fragment in highlighter("beras pengamat").best("body", TEXT):
        assert TEXT[fragment.start :].startswith(fragment.text)


def test_html_is_escaped_before_it_is_marked() -> None:
    text = "Pakta <script>alert('x')</script> & \"lain\""
    (fragment,) = highlighter("pakta script").best("body", text)
    assert fragment.html() == (
        "<mark>Pakta</mark> &lt;<mark>script</mark>&gt;alert(&#x27;x&#x27;)"
        "&lt;/<mark>script</mark>&gt; &amp; &quot;lain&quot;"
    )


words = st.sampled_from(["pakta", "Pertahanan", "dukungan", "beras", "di", "<b>", "&", "x" * 90])
gaps = st.sampled_from([" ", ". ", ", ", "\n\n", "-", '? "'])
texts = st.lists(st.tuples(words, gaps), max_size=120).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@given(texts, st.sampled_from(["pakta", '"pakta pertahanan"', "mendukung beras pakta", '"di di"']))
def test_removing_the_marks_gives_the_text_back(text: str, query: str) -> None:
    for fragment in highlighter(query).best("body", text):
        assert fragment.marks
        assert fragment.marked("\x01", "\x02").replace("\x01", "").replace("\x02", "") in text
        assert text[fragment.start : fragment.start + len(fragment.text)] == fragment.text
        without_tags = re.sub(r"</?mark>", "", fragment.html())
        assert html.unescape(without_tags) == fragment.text


@given(texts)
def test_whole_text_marks_every_match(text: str) -> None:
    fragment = highlighter("pakta").whole("body", text)
    marked = [text[start:end].casefold() for start, end in fragment.marks]
    assert all(re.fullmatch("pakta(-pakta)*", place) for place in marked)
    matches = [token for token in ANALYZER.analyze(text) if token.term == "pakta"]
    words = "-".join(text[token.start : token.end].casefold() for token in matches)
    assert "-".join(marked) == words


def test_fragment_without_marks() -> None:
    assert Fragment("body", "a & b").html() == "a &amp; b"
