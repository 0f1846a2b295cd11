"""What is typed, and how it is read: a golden table."""

import pytest

from searchkit.errors import QueryError, QuerySyntaxError
from searchkit.query import Note, Syntax, parse, to_text
from searchkit.query.parsing import DEEPEST_QUERY, LONGEST_QUERY
from searchkit.query.syntax import (
    All,
    And,
    Boosted,
    Date,
    DateSpan,
    Field,
    Fuzzy,
    Not,
    Or,
    Phrase,
    Required,
    Wildcard,
    Word,
    Words,
)

# text as typed, text as printed ("" for the same)
GOLDEN = [
    # Words stand side by side; blanks of any kind count as one.
    ("pakta pertahanan", ""),
    ("  pakta\t\n\u3000pertahanan ", "pakta pertahanan"),
    # Nothing, and * alone, is everything.
    ("", "*"),
    ("  ", "*"),
    ("*", ""),
    ("**", "*"),
    ("()", "*"),
    # What belongs to words: apostrophes, hyphens, marks, any script.
    ("Jum'at anak-anak Covid-19 NATO-nya", ""),
    ("Rp5,6 17/8 2-0 50% A.S. C++ S&P R|D #tagar @akun", ""),
    ("a@b.example 😀 東京 россия", ""),
    # Marks alone are words in which nothing will be found.
    ("?! - + ! = ~ ^ :", ""),
    # Typographic quotes are quotes, whichever way round; quotes end a word.
    ("“pakta pertahanan”", '"pakta pertahanan"'),
    ("„pakta“ «pertahanan» »x«", '"pakta" "pertahanan" "x"'),
    ('kata"frasa di sini"kata', 'kata "frasa di sini" kata'),
    ('""', ""),
    # In quotes only quotes and backslashes need a backslash; operators are words.
    (r'"a \"b\" \\ c:\d (x) AND *"', r'"a \"b\" \\ c:\\d (x) AND *"'),
    # A phrase with other words among its own.
    ('"pakta pertahanan"~3', ""),
    ('"pakta pertahanan"~0', '"pakta pertahanan"'),
    # Operators in capitals, in two languages or as marks.
    ("a AND b", ""),
    ("a DAN b && c&&d", "a AND b AND c AND d"),
    ("a ATAU b || c||d", "a OR b OR c OR d"),
    ("a BUKAN b !c", "a NOT b NOT c"),
    # A headline pasted in capitals has none; abbreviations, and few words, are no headline.
    ("MENTERI: INI BUKAN AKHIR DAN AWAL", r"MENTERI: INI \BUKAN AKHIR \DAN AWAL"),
    ("KPK ATAU DPR", "KPK OR DPR"),
    ("DPR BUKAN DPRD", "DPR NOT DPRD"),
    ("NATO ATAU ASEAN DAN BUMN BUKAN UMKM", "NATO OR (ASEAN AND (BUMN NOT UMKM))"),
    (
        '"KOREA UTARA" ATAU "KOREA SELATAN" DAN NUKLIR',
        '"KOREA UTARA" OR ("KOREA SELATAN" AND NUKLIR)',
    ),
    ("KORUT AND KORSEL", "KORUT AND KORSEL"),
    # In lower case, or with anything stuck to them, they are words.
    ("dan Atau or and not bukan AND, DAN-lain", ""),
    # AND binds tighter than OR, and words side by side tighter than both.
    ("a b AND c OR d e", "((a b) AND c) OR (d e)"),
    ("a OR b AND c", "a OR (b AND c)"),
    ("joko widodo ATAU prabowo subianto", "(joko widodo) OR (prabowo subianto)"),
    # NOT takes what comes next only; two of them cancel.
    ("NOT a b", ""),
    ("a AND NOT b", ""),
    ("NOT NOT a", "a"),
    ("NOT (NOT a)", "a"),
    ("-(a b) c", "NOT (a b) c"),
    # + and - count before a word, quotes, a group, a field, at the start of a word only.
    ("+a -b c", "+a NOT b c"),
    ('-"a b" -=c -judul:d -(e)', 'NOT "a b" NOT =c NOT title:d NOT e'),
    ("Rusia-Ukraina a+b a!b", ""),
    ('"Rusia"-Ukraina', r'"Rusia" \-Ukraina'),
    # Before a digit, a blank or a suffix they do not: +62, suhu -5, dash as a pause.
    ("+62 suhu -5 a - b", ""),
    ("rumah -nya", r"rumah \-nya"),
    ("-nyala", "NOT nyala"),
    ("-*isasi -#2019Ganti !@jokowi", "NOT *isasi NOT #2019Ganti NOT @jokowi"),
    ("-'perang' -[perang] -* -? -#", r"NOT 'perang' NOT [perang] \-\* \-? \-#"),
    # A shout is no negation.
    ("TOLONG!!! !!tolong", r"TOLONG!!! \!!tolong"),
    # + says nothing outside of a list.
    ("+a", "a"),
    ("+a AND (+b)", "a AND b"),
    ("+(a b) c", ""),
    # Parentheses that change nothing are left out.
    ("((a)) (b c)", "a (b c)"),
    ("kota(baru)", "kota baru"),
    # Fields by their Indonesian and English names, any case.
    ("judul:a JUDUL:b title:c headline:d", "title:a title:b title:c title:d"),
    ("isi:a rubrik:b wartawan:c label:d", "body:a section:b reporter:c tags:d"),
    ("sumber:a daftar:b jenis:artikel", "source:a list:b kind:artikel"),
    ('judul:"a b" judul:(a b) judul:(a OR b)', 'title:"a b" title:(a b) title:(a OR b)'),
    ("judul:a* judul:=a judul:a~2 judul:*", "title:a* title:=a title:a~2 title:*"),
    ("judul:(isi:a b)", "title:(body:a b)"),
    # In a field's value only the field is a mark.
    ("judul:-a judul:AND judul:isi:b", r"title:\-a title:\AND title:isi\:b"),
    # A colon after anything else is text, and so is a web address with all that is in it.
    ("Jakarta: 12:30 Menlu: a:", ""),
    ("https://x.example/y?z=*&&-q^2~1", ""),
    ("(https://x.example/y)", "https://x.example/y"),
    ("ftp://x.example", ""),
    ("kabar:~1 kabar:^2", ""),
    # Dates: a day, month or year; a stretch seen from today; written out.
    ("tanggal:2024 tgl:2024-06 date:2024-06-03", "date:2024 date:2024-06 date:2024-06-03"),
    ("tanggal:3/6/2024 tanggal:kemarin", "date:3/6/2024 date:kemarin"),
    ('tanggal:"minggu  ini" tanggal:(3 Juni 2024)', 'date:"minggu ini" date:"3 Juni 2024"'),
    ("tanggal:“7 hari terakhir”", 'date:"7 hari terakhir"'),
    ('tanggal:"Kamis, 20 Juni 2024"', 'date:"Kamis, 20 Juni 2024"'),
    # Without quotes the most words that are a date are one.
    ("tanggal:Juni 2024 banjir", 'date:"Juni 2024" banjir'),
    ("tanggal:1 Juni 2024 tgl:20 Juni", 'date:"1 Juni 2024" date:"20 Juni"'),
    ("banjir tanggal:minggu lalu", 'banjir date:"minggu lalu"'),
    ("tanggal:minggu lalu lintas", 'date:"minggu lalu" lintas'),
    # A number behind a month belongs to the word after it, but in English.
    ("tanggal:mei 20 orang", "date:mei 20 orang"),
    ("tanggal:>=Mei 20 orang tewas", "date:[Mei TO *] 20 orang tewas"),
    ("date:June 20 flood", 'date:"June 20" flood'),
    ("tanggal:mei 20 ATAU tanggal:mei 21", 'date:"mei 20" OR date:"mei 21"'),
    ("tanggal:mei 20 tgl:juni", 'date:"mei 20" date:juni'),
    ("tanggal:mei 20, orang", 'date:"mei 20" , orang'),
    ("tanggal:april 20 2024 banjir", 'date:"april 20 2024" banjir'),
    ("tanggal:2024 banjir tanggal:kemarin lusa", "date:2024 banjir date:kemarin lusa"),
    ("(tanggal:Kamis, 20 Juni 2024)^2 a", 'date:"Kamis, 20 Juni 2024"^2 a'),
    ("tanggal:2 minggu yang lalu^2", 'date:"2 minggu yang lalu"^2'),
    ("tanggal:>=1 Juni 2024, banjir", 'date:["1 Juni 2024" TO *] , banjir'),
    ("tanggal:Juni 2024 ATAU tanggal:mei", 'date:"Juni 2024" OR date:mei'),
    # Ranges: [ ] with the end, { } without, * open; TO, SAMPAI; comparisons are ranges.
    ("tanggal:[2024-01-01 TO 2024-06-30]", "date:[2024-01-01 TO 2024-06-30]"),
    ("tanggal:{2024-01 SAMPAI 2024-06}", "date:{2024-01 TO 2024-06}"),
    ("tanggal:[* TO kemarin}", "date:[* TO kemarin}"),
    ("tanggal:{* TO *}", "date:[* TO *]"),
    ("tanggal:*", "date:[* TO *]"),
    ('tanggal:["bulan lalu" TO hari ini]', 'date:["bulan lalu" TO "hari ini"]'),
    ("tanggal:>=2024 tanggal:>2024", "date:[2024 TO *] date:{2024 TO *]"),
    ('tanggal:<="3 Juni 2024" tanggal:<2024', 'date:[* TO "3 Juni 2024"] date:[* TO 2024}'),
    # Patterns: * anywhere; ? before a letter, digit or *, for at the end it asks a question.
    ("per* *an p?r*an ?ola a??b", ""),
    ("siapa presiden? apa??", ""),
    ("a***b", "a*b"),
    (r"a\*b a\?b", r"a\*b a\?b"),
    ("?* ***?", r"\?\* \*\*\*?"),
    # Fuzzy words: one letter unless told otherwise.
    ("kata~ kata~1 kata~2 kata~0", "kata~1 kata~1 kata~2 kata"),
    ("~5 a~b a~", r"~5 a\~b a~1"),
    # Boosts, after all else; by 1 they are nothing.
    ('a^2 "a b"^3 (a b)^0.5 judul:a^.25', 'a^2 "a b"^3 (a b)^0.5 title:a^0.25'),
    ('a~1^2 "a b"~2^2 a*^2 =a^2', ""),
    ("a^1 a^1.0004", "a a"),
    ("(a^2)^3 judul:(a^2) (judul:a)^2", "(a^2)^3 title:(a^2) title:a^2"),
    ("^_x x^y", r"^_x x\^y"),
    # The very spelling.
    ('=kata ="frasa persis"', ""),
    ("= a=b", ""),
    # A backslash makes a mark plain, and the first letter of a word.
    (r"\-a \+b \(c\) \"d\" judul\:e \AND a\~1", ""),
    (r"C:\\berkas", r"C\:\\berkas"),
    ("a\\", "a\\\\"),
]


@pytest.mark.parametrize(("text", "printed"), GOLDEN)
def test_golden(text: str, printed: str) -> None:
    parsed = parse(text)
    assert to_text(parsed.node) == (printed or text)
    assert parse(to_text(parsed.node), strict=True).node == parsed.node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("*", All()),
        ("a", Word("a")),
        (r"\AND", Word("AND")),
        ("=a", Word("a", exact=True)),
        ("a b", Words((Word("a"), Word("b")))),
        ("a AND b", And((Word("a"), Word("b")))),
        ("a OR NOT b", Or((Word("a"), Not(Word("b"))))),
        ("+a b", Words((Required(Word("a")), Word("b")))),
        ('"a b"~3', Phrase("a b", 3)),
        ('="a b"', Phrase("a b", exact=True)),
        (r"a*\*?b", Wildcard(r"a*\*?b")),
        ("a~2", Fuzzy("a", 2)),
        ("judul:a^2", Boosted(Field("title", Word("a")), 2)),
        ("tanggal:kemarin", Date("kemarin")),
        ("tanggal:{2024 TO *]", DateSpan("2024", "", with_low=False)),
        ("https://x.example/(a)?b", Word("https://x.example/(a)?b")),
    ],
)
def test_trees(text: str, node: Syntax) -> None:
    assert parse(text, strict=True).node == node


# text, printed, position and message of its first note; strictly, the message of the error
ODD = [
    ('rusia "pakta per', 'rusia "pakta per"', 6, "these quotes are not closed"),
    ("a (b c", "a (b c)", 2, "this parenthesis is not closed"),
    ("((a", "a", 0, "this parenthesis is not closed"),
    ("a) b", "a b", 1, "this parenthesis closes nothing"),
    ("a ()", "a", 2, "there is nothing in these parentheses"),
    ("judul:() a", "a", 6, "there is nothing in these parentheses"),
    ("a OR", "a", 2, "OR needs something to find on both sides"),
    ("DAN a", "a", 0, "DAN needs something to find on both sides"),
    ("a AND OR b", "a OR b", 2, "AND needs something to find on both sides"),
    ("&&", r"\&&", 0, "&& needs something to find on both sides"),
    ("ATAU", r"\ATAU", 0, "ATAU needs something to find on both sides"),
    ("BUKAN", r"\BUKAN", 0, "BUKAN needs something after it"),
    ("a NOT", "a", 2, "NOT needs something after it"),
    ("tidakada:x", r"tidakada\:x", 0, "there is no field 'tidakada'"),
    ("judul: x", r"judul\: x", 0, "judul: needs something directly after the colon"),
    ("(judul:)", r"judul\:", 1, "judul: needs something directly after the colon"),
    ("jenis:foto", "foto", 0, "there is no kind 'foto'; there are 'article' and 'item'"),
    ("sumber:a*", "a*", 0, "source: takes whole values"),
    ("x tanggal:2024-13", r"x tanggal\:2024-13", 2, "this is no date; write 2024"),
    ("tanggal:31/2/2024", r"tanggal\:31/2/2024", 0, "this is no date"),
    ('tanggal:"31 Februari 2024"', r'tanggal\: "31 Februari 2024"', 0, "this is no date"),
    ("tanggal:[2024 2025]", r"tanggal\:[2024 2025]", 0, "this is no date"),
    ("tanggal:>=x", r"tanggal\:>=x", 0, "this is no date"),
    ("kata~3", "kata~2", 4, "after a word, ~ takes 1 or 2"),
    ("kata~0.8", "kata~1", 4, "after a word, ~ takes 1 or 2"),
    ("kat*~1", "kat*", 4, "~ cannot be had together with * ? or ="),
    ("=kata~1", "=kata", 5, "~ cannot be had together with * ? or ="),
    ('"a b"~', '"a b"', 5, 'after quotes, ~ takes a whole number, as in "a b"~3'),
    ('"a b"~1.5', '"a b"', 5, "after quotes, ~ takes a whole number"),
    ('"a b"~999', '"a b"~100', 5, "the words of a phrase may be 100 apart at most"),
    ("a^ b", "a b", 1, "^ takes a factor from 0 to 100"),
    ("a^-1", "a", 1, "^ takes a factor from 0 to 100"),
    ('"a b"^2,5', '"a b"', 5, "^ takes a factor from 0 to 100"),
    ("(a b)^", "a b", 5, "^ takes a factor from 0 to 100"),
    ("a^x", r"a\^x", 1, "^ takes a factor from 0 to 100"),
    ("(a)^x", "a ^x", 3, "^ takes a factor from 0 to 100"),
    ("a^1000", "a^100", 1, "^ takes a factor of 100 at most"),
]


@pytest.mark.parametrize(("text", "printed", "position", "message"), ODD)
def test_odd_queries_are_read_with_a_note(
    text: str, printed: str, position: int, message: str
) -> None:
    parsed = parse(text)
    assert to_text(parsed.node) == printed
    first = min(parsed.notes, key=lambda note: note.position)
    assert (first.position, first.message[: len(message)]) == (position, message)


@pytest.mark.parametrize(("text", "printed", "position", "message"), ODD)
def test_strictly_they_are_errors(text: str, printed: str, position: int, message: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text, strict=True)
    assert caught.value.reason in {note.message for note in parse(text).notes}
    assert caught.value.position in {note.position for note in parse(text).notes}
    assert caught.value.text == text


def test_error_shows_the_place() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse("rusia\ttanggal:2024-13", strict=True)
    assert str(caught.value).splitlines() == [
        "this is no date; write 2024, 2024-06, 2024-06-03 or [2024-01 TO 2024-06]",
        "  rusia tanggal:2024-13",
        "        ^",
    ]
    with pytest.raises(QuerySyntaxError) as caught:
        parse("kata " * 100 + '"frasa', strict=True)
    shown, caret = str(caught.value).splitlines()[1:]
    assert shown[caret.index("^")] == '"'
    assert len(shown) < 100


def test_ordinary_text_has_no_notes() -> None:
    text = "Menlu: kami siap, kata dia (12:30 WIB) - https://x.example/a?b. Apa kabar? Rp5,6!"
    assert parse(text).notes == ()
    assert parse("a tanggal:2024-13").notes == (
        Note(2, "this is no date; write 2024, 2024-06, 2024-06-03 or [2024-01 TO 2024-06]"),
    )


def test_limits() -> None:
    with pytest.raises(QueryError, match=r"100,000 characters; the limit is 10,000"):
        parse("a" * 100_000)
    deepest = "(" * DEEPEST_QUERY + "a b" + ")" * DEEPEST_QUERY
    assert to_text(parse(deepest).node) == "a b"
    for text in (f"({deepest})", "(" * LONGEST_QUERY):
        with pytest.raises(QueryError, match=r"parentheses more than 30 deep: leave some out"):
            parse(text)


@pytest.mark.parametrize(
    "piece",
    [
        "NOT ",
        "!",
        "-",
        "+a ",
        '"',
        "\\",
        "?",
        "*",
        "judul:",
        "tanggal:[",
        "https://a)",
        "a&&",
        "a~",
    ],
)
def test_runs_of_marks_as_long_as_a_query_may_be(piece: str) -> None:
    parse((piece * LONGEST_QUERY)[:LONGEST_QUERY])
