"""What a syntax tree means to an engine."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer
from searchkit.engines.base import ARTICLE, ITEM
from searchkit.engines.fields import KEYWORD_FIELDS
from searchkit.engines.fields import TEXT_FIELDS as FIELDS_OF_THE_INDEX
from searchkit.errors import QueryError, QuerySyntaxError
from searchkit.query import (
    AllOf,
    AnyOf,
    Boosted,
    DateRange,
    Everything,
    Fuzzy,
    HasValue,
    InFields,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Synonym,
    Synonyms,
    Term,
    Wildcard,
    Without,
    leaves,
    lower,
    lowering,
    parse,
    parse_query,
    walk,
)
from searchkit.query.lowering import (
    MOST_PATTERNS,
    MOST_PHRASE_WORDS,
    MOST_TERMS,
    REQUIRED_SHARE,
    Quoted,
    as_typed,
    ranked_list,
)
from searchkit.query.names import field_names, kind_names, news_fields
from searchkit.query.patterns import Pattern
from searchkit.query.spelled import MOST_BESIDE
from searchkit.query.syntax import Date

Given = Term | Phrase | Quoted | Pattern

ANALYZER = IndonesianAnalyzer(IndonesianStemmer())
THURSDAY = date(2024, 6, 20)
A, B, C, D, E = (Term(letter, letter) for letter in "abcde")
PACT, DEFENCE = Term("pakta", "pakta"), Term("tahan", "pertahanan")
SUPPORT = Term("dukung", "mendukung", exact=True)
TITLE = ("headline", "sidebar")


def exactly(*forms: str) -> Phrase:
    return Phrase(tuple(Term(form, form) for form in forms), exact=True)


def typed(node: Term | Phrase, weight: float = 1.0) -> tuple[Synonym, ...]:
    return (Synonym(node, "typed", weight),)


ANTARA, ITEMS = KeywordFilter("source", "antara"), KeywordFilter("kind", "item")


def jakarta(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())


YEAR = DateRange(jakarta(2024, 1, 1), jakarta(2025, 1, 1))


def meaning(text: str, *, relaxed: bool = False) -> Node:
    return lower(parse(text).node, ANALYZER, today=THURSDAY, relaxed=relaxed)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        # Plain words and phrases come to terms and nothing else.
        ("a b", AllOf((A, B))),
        ("a b c d", AnyOf((A, B, C, D), share=REQUIRED_SHARE)),
        ("kapan a", A),
        ("kapan a b", AnyOf((A, B), share=REQUIRED_SHARE)),
        ('"pakta pertahanan" a', AllOf((Phrase((PACT, DEFENCE)), A))),
        ("a-b", AllOf((A, B))),
        ("(a b) c", AllOf((AllOf((A, B)), C))),
        # Nothing to look up is nothing, among other things it is left out.
        ("?!", Nothing()),
        ("?! AND a", A),
        ("?! OR (- -)", Nothing()),
        ("NOT ?!", Nothing()),
        ("a NOT ?!", A),
        ("judul:?!^2", Nothing()),
        # Operators.
        ("a AND b", AllOf((A, B))),
        ("a OR b OR a", AnyOf((A, B))),
        ("a AND a", A),
        ("a AND b OR c", AnyOf((AllOf((A, B)), C))),
        # Negations: beside something, alone, several, within an alternative.
        ("a -b", Without(A, B)),
        ("a b -c -d", Without(AllOf((A, B)), AnyOf((C, D)))),
        ("-a", Without(Everything(), A)),
        ("a AND NOT b", Without(A, B)),
        ("NOT a AND NOT b", Without(Everything(), AnyOf((A, B)))),
        ("a OR NOT b", AnyOf((A, Without(Everything(), B)))),
        ("* -a", Without(Everything(), A)),
        ("-(a b)", Without(Everything(), AllOf((A, B)))),
        ('-"pakta pertahanan" a', Without(A, Phrase((PACT, DEFENCE)))),
        # Required words: of all together as many must match as without a +.
        ("+a b", AllOf((A, B))),
        ("+a b c d", AllOf((A, AnyOf((B, C, D), 0)))),
        ("+a +b c d", AllOf((A, B, AnyOf((C, D), 0)))),
        ("+a a b", AllOf((A, B))),
        # Stop words: passed over beside others, kept when alone, required, exact or joined.
        ("yang a", A),
        ("yang di", AllOf((Term("yang", "yang"), Term("di", "di")))),
        ("+yang a", AllOf((Term("yang", "yang"), A))),
        ("+a yang", A),
        ("=yang a", AllOf((Term("yang", "yang", exact=True), A))),
        ("yang AND a", AllOf((Term("yang", "yang"), A))),
        ("judul:(yang a)", InFields(A, TITLE)),
        # Spellings and distances.
        ("=mendukung", SUPPORT),
        ('="mendukung"', SUPPORT),
        ('="pakta pertahanan"', Phrase((PACT, DEFENCE), exact=True)),
        ('"pakta pertahanan"~3', Phrase((PACT, DEFENCE), slop=3)),
        ('"pakta"~3', PACT),
        # Patterns are folded, as the forms of an index are; marks at their ends fall off.
        ("Pér*", Prefix("per")),
        ("*ISI", Wildcard("*isi")),
        ("p?r*isi,", Wildcard("p?r*isi")),
        (r"a\*b*", Prefix("ab")),
        ("’*x", Wildcard("*x")),
        ("#sid*", Prefix("sid")),
        ("@*men$,", Wildcard("*men")),
        ("Zelenski~2", Fuzzy("zelenski", 2)),
        # Codes have no hyphen in an index, compounds are two words, some capitals are kept.
        ("Covid-1*", Prefix("covid1")),
        ("*vid-1?x", Wildcard("*vid1?x")),
        ("anak-anak*", Prefix("anak-anak")),
        # Numbers are spelled as the index has them; what a full stop follows is a word by itself.
        ("Rp5.6*", Prefix("rp5,6")),
        ("1.500.2*", Prefix("1500,2")),
        ("10:3*", Prefix("10,3")),
        ("warta6.ex*", Prefix("warta6.ex")),
        ("dr.*", Prefix("dr.", typed(Term("dr", "dr", exact=True)))),
        ("5,*", Prefix("5,", typed(Term("5", "5", exact=True)))),
        ("2023-*", Prefix("2023-", typed(Term("2023", "2023", exact=True)))),
        (
            "AS-*",
            Prefix(
                "as-",
                typed(Term("as", "as", exact=True)) + typed(Term("AS", "AS", exact=True)),
            ),
        ),
        ("bi?", Term("bi", "bi")),
        ("?jaa", Wildcard("?jaa")),
        ("AJ*", Prefix("aj", typed(Term("AJI", "AJI", exact=True)))),
        ("kilasb?lik", Wildcard("kilasb?lik", typed(exactly("kilas", "balik")))),
        ("kilasbalik~1", Fuzzy("kilasbalik", 1, typed(exactly("kilas", "balik")))),
        ("kilasbalek~", Fuzzy("kilasbalek", 1, typed(exactly("kilas", "balik"), weight=0.5))),
        ("kilas*", Prefix("kilas")),  # the first half is found by itself
        ("rusia-ukraina~", AllOf((Fuzzy("rusia", 1), Fuzzy("ukraina", 1)))),
        # Fields: leaves know them; the inner one of two counts.
        ("judul:a", InFields(A, TITLE)),
        (
            "isi:(a OR e*)",
            AnyOf((InFields(A, ("body", "teaser")), InFields(Prefix("e"), ("body", "teaser")))),
        ),
        ("judul:(a rubrik:b)", AllOf((InFields(A, TITLE), InFields(B, ("section",))))),
        ("judul:(a tanggal:2024)", AllOf((InFields(A, TITLE), YEAR))),
        ("a judul:*", AllOf((A, HasValue(TITLE)))),
        ("judul:*", HasValue(TITLE)),
        ("-label:*", Without(Everything(), HasValue(("tags",)))),
        # Boosts; a condition has nothing to boost.
        ("a^2 b", AllOf((Boosted(A, 2), B))),
        ("(a b)^0.5", Boosted(AllOf((A, B)), 0.5)),
        ("sumber:antara^2", ANTARA),
        # Conditions stand beside the words and are not counted among them.
        ("a sumber:antara", AllOf((A, ANTARA))),
        ("a b sumber:antara c d", AllOf((AnyOf((A, B, C, D), share=REQUIRED_SHARE), ANTARA))),
        ("yang sumber:antara", AllOf((Term("yang", "yang"), ANTARA))),
        ("?! sumber:Antara", ANTARA),
        ("* sumber:antara jenis:butir", AllOf((ANTARA, ITEMS))),
        ("a -sumber:antara", Without(A, ANTARA)),
        ("sumber:(antara OR lain)", AnyOf((ANTARA, KeywordFilter("source", "lain")))),
        ("sumber:(antara lain)", AnyOf((ANTARA, KeywordFilter("source", "lain")))),
        ("sumber:(antara AND lain)", AllOf((ANTARA, KeywordFilter("source", "lain")))),
        ("sumber:(NOT antara)", Without(Everything(), ANTARA)),
        (
            "sumber:(-antara lain -kabar)",
            AllOf(
                (
                    KeywordFilter("source", "lain"),
                    Without(Everything(), ANTARA),
                    Without(Everything(), KeywordFilter("source", "kabar")),
                )
            ),
        ),
        (
            "sumber:(-antara -lain)",
            AllOf(
                (
                    Without(Everything(), ANTARA),
                    Without(Everything(), KeywordFilter("source", "lain")),
                )
            ),
        ),
        ("sumber:(+antara^2 lain)", AnyOf((ANTARA, KeywordFilter("source", "lain")))),
        ('daftar:"Berita  Terkait"', KeywordFilter("list", "berita terkait")),
        ("sumber:*", HasValue(("source",))),
        ('sumber:""', Nothing()),
        ('sumber:(NOT "")', Nothing()),
        ('sumber:("" OR "")', Nothing()),
        ("jenis:Artikel", KeywordFilter("kind", ARTICLE)),
        # Dates: half-open in seconds; { } leave out all that the end means.
        ("tanggal:2024", YEAR),
        ("tanggal:kemarin", DateRange(jakarta(2024, 6, 19), jakarta(2024, 6, 20))),
        ("tanggal:[2024-01 TO 2024-02]", DateRange(jakarta(2024, 1, 1), jakarta(2024, 3, 1))),
        ("tanggal:{2024-01 TO 2024-03}", DateRange(jakarta(2024, 2, 1), jakarta(2024, 3, 1))),
        ("tanggal:>2024", DateRange(jakarta(2025, 1, 1), None)),
        ("tanggal:<=2024", DateRange(None, jakarta(2025, 1, 1))),
        ("tanggal:*", DateRange(None, None)),
        (
            "tanggal:2023 OR tanggal:2024",
            AnyOf((DateRange(jakarta(2023, 1, 1), jakarta(2024, 1, 1)), YEAR)),
        ),
    ],
)
def test_meaning(text: str, node: Node) -> None:
    assert meaning(text) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a b", AnyOf((A, B))),
        ("a b c d", AnyOf((A, B, C, D), 1)),
        ("a", A),
        # What was asked for in so many words stays.
        ("+a b", AllOf((A, AnyOf((B,), 0)))),
        ("a b -c", Without(AnyOf((A, B)), C)),
        ("a b sumber:antara", AllOf((AnyOf((A, B)), ANTARA))),
        ("a AND b", AllOf((A, B))),
        ("a b AND c", AllOf((AnyOf((A, B)), C))),
        ("a -(b c)", Without(A, AllOf((B, C)))),
    ],
)
def test_relaxed(text: str, node: Node) -> None:
    assert meaning(text, relaxed=True) == node
    query = parse_query(text, ANALYZER)
    assert query.relaxed().node == node
    assert query.relaxed().relaxed().node == node


def test_few_words_stand_beside_a_pattern() -> None:
    node = meaning("*a*b*")
    assert isinstance(node, Wildcard)
    assert len(node.also) == MOST_BESIDE


def test_days_are_those_of_the_zone() -> None:
    node = lower(parse("tanggal:2024-06-03").node, ANALYZER, today=THURSDAY, zone=UTC)
    assert node == DateRange(1717372800, 1717372800 + 86400)


def test_last_day_of_the_calendar() -> None:
    node = meaning("tanggal:9999-12-31")
    assert isinstance(node, DateRange)
    assert node.start is not None
    assert node.end == node.start + 86400


def test_today_is_the_present_day_in_the_zone() -> None:
    before = datetime.now(UTC).date()
    node = parse_query("tanggal:today", ANALYZER, zone=UTC).node
    days = {before, datetime.now(UTC).date()}
    starts = {int(datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()) for d in days}
    assert isinstance(node, DateRange)
    assert node.start in starts


def test_expansion_is_given_what_stands_side_by_side() -> None:
    given_: list[list[Given]] = []

    def expand(found: Sequence[Given]) -> Sequence[Leaf]:
        given_.append(list(found))
        both = Synonyms((Synonym(A, "typed"), Synonym(E, "test", 0.5)))
        return [both if leaf == A else leaf for leaf in as_typed(found)]

    def lowered(text: str) -> Node:
        given_.clear()
        return lower(parse(text).node, ANALYZER, today=THURSDAY, expand=expand)

    both = Synonyms((Synonym(A, "typed"), Synonym(E, "test", 0.5)))
    assert lowered('a "b" "pakta pertahanan" c* d') == AnyOf(
        (both, B, Phrase((PACT, DEFENCE)), Prefix("c"), D), share=REQUIRED_SHARE
    )
    assert given_ == [[A, Quoted(B), Quoted(Phrase((PACT, DEFENCE)))], [Prefix("c")], [D]]
    assert lowered("judul:a AND =a") == AllOf((InFields(both, TITLE), Term("a", "a", exact=True)))
    assert lowered("-a") == Without(Everything(), both)


def test_leaves_are_those_that_may_match() -> None:
    node = meaning("(a judul:b)^2 -c jenis:item AND (d* OR e~1)")
    assert list(leaves(node)) == [A, InFields(B, TITLE), Prefix("d"), Fuzzy("e", 1)]
    assert list(leaves(meaning("*"))) == list(leaves(meaning("?!"))) == []


@pytest.mark.parametrize(
    ("count", "text", "message"),
    [
        (MOST_TERMS, "-kata{}", "different words; the limit is 200: search for fewer of them"),
        (MOST_PATTERNS, "judul:kata{}*", r"21 words with \* \? or ~; the limit is 20"),
        (MOST_PHRASE_WORDS // 5, '"a{0} b c d e"~3', "205 words in phrases; the limit is 200"),
        (MOST_PHRASE_WORDS // 5, 'judul:="a{0} b c d e"', "205 words in phrases; the limit is 200"),
        (MOST_PATTERNS, "-kata{}~1", r"21 words with \* \? or ~; the limit is 20"),
    ],
)
def test_too_many(count: int, text: str, message: str) -> None:
    meaning(" ".join(text.format(n) for n in range(count)))
    with pytest.raises(QueryError, match=message):
        meaning(" ".join(text.format(n) for n in range(count + 1)))


def test_conditions_are_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    many = " ".join(f"sumber:s{n}" for n in range(MOST_TERMS + 50))
    assert len([each for each in walk(meaning(many)) if isinstance(each, KeywordFilter)]) == 250
    monkeypatch.setattr(lowering, "MOST_CONDITIONS", 249)
    with pytest.raises(QueryError, match="the query has 250 conditions; the limit is 249"):
        meaning(many)


def test_a_tree_with_a_date_that_is_none() -> None:
    with pytest.raises(QueryError, match="'x' is no date; write 2024, 2024-06 or 2024-06-03"):
        lower(Date("x"), ANALYZER, today=THURSDAY)


def test_strict_and_notes() -> None:
    with pytest.raises(QuerySyntaxError, match="not closed"):
        parse_query("(a", ANALYZER, strict=True)
    query = parse_query("(a", ANALYZER)
    assert [note.position for note in query.notes] == [0]
    assert query.syntax == parse("a").node


def test_how_many_of_a_list_must_match() -> None:
    assert ranked_list([], [A, B, C], frozenset(), relaxed=False) == AllOf((A, B, C))
    assert ranked_list([], [A, B, C, D, E], frozenset(), relaxed=False) == AnyOf(
        (A, B, C, D, E), share=REQUIRED_SHARE
    )
    assert ranked_list([A], [], frozenset(), relaxed=True) == A


def test_names_are_those_of_the_index() -> None:
    fields = news_fields()
    assert set(field_names().values()) == {*fields.texts, *fields.values, "date"}
    assert {name for names in fields.texts.values() for name in names} <= set(FIELDS_OF_THE_INDEX)
    assert set(KEYWORD_FIELDS) >= {values.field for values in fields.values.values()}
    assert set(kind_names().values()) == {ARTICLE, ITEM}


@given(st.text(max_size=100), st.booleans())
def test_any_text_has_a_meaning(text: str, relaxed: bool) -> None:
    hash(meaning(text, relaxed=relaxed))


@given(st.text('a +-"()*?~:', max_size=12))
def test_what_comes_to_one_word_or_phrase_has_one_reading(text: str) -> None:
    node = meaning(text)
    assert not isinstance(node, Leaf) or meaning(text, relaxed=True) == node


def test_words_are_expanded_once_for_both_readings() -> None:
    asked = []

    def expand(words: Sequence[Given]) -> Sequence[Leaf]:
        asked.append(list(words))
        return as_typed(words)

    query = parse_query("banjir jakarta", ANALYZER, expand=expand)
    assert query.relaxed().node != query.node
    assert [
        [word.form for word in words if isinstance(word, Term)] for words in asked if words
    ] == [["banjir", "jakarta"]]


def test_parts_of_one_typed_word_stay_together() -> None:
    for text, words in {
        "kerjasama": ["kerja", "sama"],
        "pertanggungjawaban": ["tanggung", "jawab"],
        "20/6/2024": ["20", "juni", "2024"],
        "Rp5,6": ["rp", "5,6"],
    }.items():
        node = parse_query(text, ANALYZER).node
        assert isinstance(node, Phrase)
        assert [term.term for term in node.terms] == words
    assert isinstance(parse_query("Rusia-Ukraina", ANALYZER).node, AllOf)
    assert isinstance(parse_query("kerja sama", ANALYZER).node, AllOf)
