import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis.vocabulary import (
    load_vocabulary,
    shipped_abbreviations,
)
from searchkit.query import (
    AllOf,
    AnyOf,
    Phrase,
    Synonyms,
    Term,
    leaves,
    parse_query,
)
from searchkit.query.expansion import MOST_VARIANTS, Expander
from searchkit.query.lowering import REQUIRED_SHARE
from searchkit.query.thesaurus import ABBREVIATION, RARER_MEANING, Thesaurus
from searchkit.snippets.marks import Mark, find_marks
from tests.query.expanding import ANALYZER, expand, index_of, shown


def test_short_form_gets_its_long_form_as_a_phrase() -> None:
    node = expand("korut")
    assert shown(node) == ['korut|"korea utara"']
    assert isinstance(node, Synonyms)
    assert [(m.rule, m.weight) for m in node.members] == [("typed", 1.0), ("abbreviation", 0.95)]


def test_doubtful_word_is_looked_up_as_a_name_too() -> None:
    node = expand("terawan", rules=())
    assert isinstance(node, Synonyms)
    assert [(m.node, m.rule) for m in node.members] == [
        (Term("awan", "terawan"), "typed"),
        (Term("terawan", "terawan"), "reading"),
    ]
    phrase = expand('"menteri terawan korut"')
    assert isinstance(phrase, Synonyms)
    terms = [[t.term for t in m.node.terms] for m in phrase.members if isinstance(m.node, Phrase)]
    assert terms == [
        ["menteri", "awan", "korut"],
        ["menteri", "awan", "korea", "utara"],
        ["menteri", "terawan", "korut"],
        ["menteri", "terawan", "korea", "utara"],
    ]


def test_words_of_a_long_form_stay_apart_and_each_gets_the_short_form() -> None:
    node = expand("korea utara rudal")
    assert isinstance(node, AllOf)
    assert shown(node) == ["korea|korut", "utara|korut", "rudal"]


def test_long_form_is_known_without_the_stop_words_that_a_query_loses() -> None:
    text = "komisi untuk orang hilang dan korban tindak kekerasan"
    assert set(shown(expand(text))) >= {"komisi|kontras", "kekerasan|kontras"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("komisi orang hilang korban tindak kekerasan", "komisi|kontras"),
        ("mahkamah di agung", "mahkamah|MA"),
        ('"mahkamah di agung"', '"mahkamah di agung"'),
        ("lalu lintas", "lintas|lalin"),
        ('"lalu lintas"', '"lalu lintas"|lalin'),
        ("lintas", "lintas"),
        ('"lintas"', "lintas"),
    ],
)
def test_stop_words_inside_may_be_left_out_and_those_at_the_ends_may_not(
    text: str, expected: str
) -> None:
    assert shown(expand(text))[0] == expected


def test_a_compound_is_one_word_in_a_long_form_however_it_is_spelled() -> None:
    assert shown(expand("pekan olahraga nasional")) == [
        "pekan|pon",
        '"olah raga"|pon',
        "nasional|pon",
    ]
    assert shown(expand("pekan olah raga nasional"))[:2] == ["pekan|pon", "olah|pon"]
    assert shown(expand('"juara pekan olahraga nasional"')) == [
        '"juara pekan olah raga nasional"|"juara pon"'
    ]
    assert shown(expand("pon")) == ['pon|"pekan olah raga nasional"']
    learned = index_of(("POT", "Pekan Olah Raga Teluk", 1), ("POT", "Pekan Olahraga Teluk", 1))
    assert shown(expand('"pekan olahraga teluk"', learned)) == ['"pekan olah raga teluk"|pot']
    assert shown(expand("pekan olah raga teluk", learned))[3] == "teluk|pot"
    first = index_of(("ORT", "Olahraga Rakyat Teluk", 2))
    assert shown(expand('"olah raga rakyat teluk"', first)) == ['"olah raga rakyat teluk"|ort']
    sender = index_of(("BPB", "Balai Pemberitahuan Bahari", 2))
    assert shown(expand("balai pemberitahuan bahari", sender))[0] == "balai|bpb"


@pytest.mark.parametrize("words", ["antarkota", "antar kota", "antar-kota"])
def test_a_bound_form_is_one_word_with_what_follows_however_it_is_spelled(words: str) -> None:
    for long in ("Angkutan Antarkota Teluk", "Angkutan Antar Kota Teluk"):
        learned = index_of(("AKT", long, 2))
        assert shown(expand(f"angkutan {words} teluk", learned))[0] == "angkutan|akt"
        phrase = expand(f'"angkutan {words} teluk"', learned)
        assert shown(phrase) == ['"angkutan antar kota teluk"|akt']
    assert shown(expand("pasca demonstrasi"))[1] == 'demonstrasi|"unjuk rasa"'


def test_a_name_within_a_longer_one_may_be_short_too() -> None:
    assert shown(expand("direktorat jenderal pajak")) == [
        "direktorat|djp|ditjen",
        "jenderal|djp|ditjen",
        "pajak|djp",
    ]
    assert shown(expand('"kata direktorat jenderal pajak kemarin"')) == [
        '"kata direktorat jenderal pajak kemarin"|"kata djp kemarin"|"kata ditjen pajak kemarin"'
    ]


@pytest.mark.parametrize("text", ["korut-nya", "di-Korut", "ke-Korut-an"])
def test_an_abbreviation_with_affixes_is_known(text: str) -> None:
    assert shown(expand(text)) == [f'{text.lower()}|"korea utara"']
    learned = index_of(("BUNN", "Badan Urusan Nelayan Nusantara", 2))
    typed = text.replace("korut", "bunn").replace("Korut", "BUNN")
    assert shown(expand(typed, learned))[0].endswith('|"badan urusan nelayan nusantara"')


def test_a_compound_typed_as_one_word_has_its_synonyms() -> None:
    assert shown(expand("unjukrasa")) == ['"unjuk rasa"|demonstrasi']
    assert shown(expand('"unjuk rasa"')) == ['"unjuk rasa"']
    assert shown(expand("demonstrasi")) == ['demonstrasi|"unjuk rasa"']


def test_half_of_a_compound_has_no_synonyms() -> None:
    assert shown(expand("pekerja asing")) == ["pekerja|buruh", "asing"]
    assert shown(expand("kerja sama militer")) == ["kerja", "sama", "militer"]
    assert shown(expand("kerjasama militer")) == ['"kerja sama"', "militer"]
    assert shown(expand("unjuk rasa buruh"))[2] == "buruh|pekerja"


def test_a_long_form_is_found_in_every_reading_of_its_words() -> None:
    node = expand("pdip")
    assert isinstance(node, Synonyms)
    phrases = [[t.term for t in m.node.terms] for m in node.members if isinstance(m.node, Phrase)]
    assert ["pdi", "juang"] in phrases
    assert ["pdi", "perjuangan"] in phrases
    typed = expand('"kader pdi perjuangan"')
    assert isinstance(typed, Synonyms)
    terms = [[t.term for t in m.node.terms] for m in typed.members if isinstance(m.node, Phrase)]
    assert ["kader", "pdi", "perjuangan"] in terms
    assert ["kader", "pdip"] in terms


@pytest.mark.parametrize("query", ["{}", '"{}"', '"kemarin {} hadir"'])
def test_short_and_long_forms_of_the_shipped_list_meet(query: str) -> None:
    expander = Expander(Thesaurus(load_vocabulary(), ANALYZER), ANALYZER, rules=[ABBREVIATION])
    for entry in shipped_abbreviations():
        for long in entry.long:
            for typed, said in ((entry.short, long), (long, entry.short)):
                node = parse_query(query.format(typed), ANALYZER, expand=expander.expand).node
                found = list(leaves(node))
                text = f"Kemarin {said} hadir."
                marks = find_marks(text, ANALYZER.analyze(text), found)
                place = text[:-1] if "hadir" in query else said
                # Each word that is asked for is there, by the other form.
                everything = frozenset(range(len(found)))
                assert Mark(text.find(place), text.find(place) + len(place), everything) in marks, (
                    typed,
                    said,
                )


def test_number_of_things_asked_for_stays() -> None:
    node = expand("korea utara uji rudal balistik")
    assert isinstance(node, AnyOf)
    assert (node.minimum, node.share, len(node.children)) == (1, REQUIRED_SHARE, 5)


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        ('"pemimpin korut"', '"pemimpin korut"|"pemimpin korea utara"'),
        ('"pemimpin korea utara"', '"pemimpin korea utara"|"pemimpin korut"'),
        ('"korea utara"', '"korea utara"|korut'),
        ('"korut"', 'korut|"korea utara"'),
        ('"kapal tni al"', '"kapal tni al"|"kapal tni angkatan laut"|"kapal tnial"'),
        ('"rudal balistik"', '"rudal balistik"'),
    ],
)
def test_abbreviation_inside_a_phrase(text: str, variants: str) -> None:
    assert shown(expand(text)) == [variants]


def test_variants_of_a_phrase_are_bounded_and_the_typed_one_is_first() -> None:
    node = expand('"' + "korut pdip " * 4 + '"')
    assert isinstance(node, Synonyms)
    assert 8 < len(node.members) <= MOST_VARIANTS
    assert node.members[0].rule == "typed"
    assert all(0 < member.weight <= 1 for member in node.members)


def test_capitals_only_counts_in_capitals() -> None:
    assert shown(expand("AS")) == ['AS|"amerika serikat"']
    assert shown(expand("as roda")) == ["as", "roda"]
    assert shown(expand('"sanksi AS"')) == ['"sanksi AS"|"sanksi amerika serikat"']
    assert shown(expand('"as roda"')) == ['"as roda"']
    assert shown(expand("amerika serikat")) == ["amerika|AS", "serikat|AS"]


def test_rarer_meaning_counts_little() -> None:
    node = expand("MA")
    assert isinstance(node, Synonyms)
    assert shown(node) == ['MA|"mahkamah agung"|"madrasah aliyah"']
    assert [member.weight for member in node.members] == [1.0, 0.95, RARER_MEANING]


def test_short_forms_of_the_same_know_each_other() -> None:
    assert shown(expand("pdip")) == [
        'pdip|"pdi perjuangan"|"partai demokrasi indonesia perjuangan"|"pdi p"'
    ]


def test_a_short_form_of_several_words_may_be_written_as_one() -> None:
    assert shown(expand("TNIAL")) == ['tnial|"tni angkatan laut"|"tni al"']
    assert shown(expand('"tni angkatan laut"')) == ['"tni angkatan laut"|"tni al"|tnial']
    assert shown(expand("tni al"))[0] == "tni|tnial"


def test_way_that_holds_the_word_itself_does_not_count_it_twice() -> None:
    pdi, perjuangan = shown(expand("pdi perjuangan"))
    assert pdi == "pdi|pdip"
    assert perjuangan == 'perjuangan|pdip|"pdi p"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mundur", ['mundur|"mengundurkan diri"']),
        ("mengundurkan diri", ["mengundurkan|mundur", "diri|mundur"]),
        ("pengunduran diri menteri", ["pengunduran|mundur", "diri|mundur", "menteri"]),
        ("menewaskan", ['menewaskan|"meninggal dunia"|wafat']),
        ('"mengundurkan diri"', ['"mengundurkan diri"']),
        ('"mundur" menteri', ["mundur", "menteri"]),
        ('"mundur" mundur', ['mundur|"mengundurkan diri"']),
    ],
)
def test_synonyms_go_by_stems_and_leave_quotes_alone(text: str, expected: list[str]) -> None:
    assert shown(expand(text)) == expected


def test_lists_are_switched_off_one_by_one() -> None:
    assert shown(expand("korut mundur", rules=["abbreviation"])) == [
        'korut|"korea utara"',
        "mundur",
    ]
    assert shown(expand("korut mundur", rules=["synonym"])) == [
        "korut",
        'mundur|"mengundurkan diri"',
    ]
    assert shown(expand('"pemimpin korut"', rules=["synonym"])) == ['"pemimpin korut"']
    assert expand("korut mundur", rules=[]) == parse_query("korut mundur", ANALYZER).node


def test_learned_definition_works_both_ways() -> None:
    learned = index_of(("BUNN", "Badan Urusan Nelayan Nusantara", 2))
    node = expand("bunn", learned)
    assert isinstance(node, Synonyms)
    assert shown(node) == ['bunn|"badan urusan nelayan nusantara"']
    assert [(m.rule, m.weight) for m in node.members][1] == ("learned", 0.8)
    assert shown(expand("badan urusan nelayan nusantara", learned))[0] == "badan|bunn"
    assert shown(expand('"kepala bunn"', learned)) == [
        '"kepala bunn"|"kepala badan urusan nelayan nusantara"'
    ]
    assert shown(expand("bunn", learned, rules=["synonym"])) == ["bunn"]


def test_definition_must_be_the_one_of_most_documents() -> None:
    long, other = "Badan Urusan Nelayan Nusantara", "Balai Usaha Niaga Nasional"
    assert shown(expand("bunn", index_of(("BUNN", long, 3), ("BUNN", other, 1)))) == [
        'bunn|"badan urusan nelayan nusantara"'
    ]
    assert shown(expand("bunn", index_of(("BUNN", long, 2), ("BUNN", other, 2)))) == ["bunn"]
    spellings = index_of(("BUNN", long.upper(), 1), ("BUNN", long, 1), ("BUNN", other, 1))
    assert shown(expand("bunn", spellings)) == ['bunn|"badan urusan nelayan nusantara"']
    both = index_of(("BUNN", long, 3), ("BUNN", other, 2))
    assert shown(expand(long.lower(), both))[0] == "badan|bunn"
    assert shown(expand(other.lower(), both))[0] == "balai"


def test_one_document_is_enough_only_where_the_lists_say_nothing() -> None:
    assert shown(expand("bunn", index_of(("BUNN", "Badan Urusan Nelayan Nusantara", 1)))) == [
        'bunn|"badan urusan nelayan nusantara"'
    ]
    assert shown(expand("bu", index_of(("BU", "Badan Urusan", 1)))) == ["bu"]
    assert shown(expand("badan urusan", index_of(("BU", "Badan Urusan", 1)))) == ["badan", "urusan"]
    assert shown(expand("korut", index_of(("Korut", "Koperasi Rukun Tani", 1)))) == [
        'korut|"korea utara"'
    ]
    assert shown(expand("korut", index_of(("Korut", "Koperasi Rukun Tani", 2)))) == [
        'korut|"korea utara"|"koperasi rukun tani"'
    ]


def test_learned_short_form_that_means_something_else_counts_little() -> None:
    node = expand("koperasi rukun tani", index_of(("Korut", "Koperasi Rukun Tani", 2)))
    assert shown(node) == ["koperasi|korut", "rukun|korut", "tani|korut"]
    assert isinstance(node, AllOf)
    first = node.children[0]
    assert isinstance(first, Synonyms)
    assert first.members[1].weight == RARER_MEANING


def test_learned_long_form_with_stop_words_inside_a_phrase() -> None:
    learned = index_of(("BUDS", "Balai Udang dan Samudra", 2))
    assert shown(expand('"kepala balai udang dan samudra"', learned)) == [
        '"kepala balai udang dan samudra"|"kepala buds"'
    ]
    assert shown(expand("balai udang dan samudra", learned)) == [
        "balai|buds",
        "udang|buds",
        "samudra|buds",
    ]


def test_damaged_keyword_value_is_passed_over() -> None:
    assert shown(expand("bunn", {"bunn\tBUNN": 3, "bunn\ta\tb\tc": 3})) == ["bunn"]


words = st.sampled_from(
    ["korut", "korea", "utara", "AS", "amerika", "serikat", "pdip", "dan", "mundur", "diri", '"']
)


@given(st.lists(words, max_size=12).map(" ".join))
def test_what_was_typed_stays_first_and_in_order(text: str) -> None:
    before = list(leaves(parse_query(text, ANALYZER).node))
    after = list(leaves(expand(text)))
    assert [
        leaf.members[0].node if isinstance(leaf, Synonyms) else leaf for leaf in after
    ] == before
    for leaf in after:
        if isinstance(leaf, Synonyms):
            assert len(leaf.members) > 1
            assert len({member.node for member in leaf.members}) == len(leaf.members)
