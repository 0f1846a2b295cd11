from hypothesis import example, given
from hypothesis import strategies as st

from searchkit.analysis import lexicon
from searchkit.analysis.morphology import Analysis, analyses, derivatives, nasalized, verbs
from searchkit.analysis.numbers import number_terms
from searchkit.analysis.reduplication import said_twice, varied_root
from searchkit.analysis.spelling import standard


def found(word: str) -> set[tuple[tuple[str, ...], str, str]]:
    return {(a.prefixes, a.root, a.suffix) for a in analyses(word)}


def test_every_reading_of_a_word_is_offered() -> None:
    assert {((), "gera", "kan"), ((), "gerak", "an")} <= found("gerakan")
    assert {(("per",), "awat", "an"), (("peN",), "rawat", "an")} <= found("perawatan")
    assert {(("meN",), "arang", ""), (("meN",), "karang", "")} <= found("mengarang")


def test_affixes_that_do_not_go_together_are_not_offered() -> None:
    assert not any(a.suffix == "kan" and a.prefixes[:1] == ("peN",) for a in analyses("penarikan"))
    assert not any(a.suffix == "an" and a.prefixes == ("di",) for a in analyses("dimakan"))
    assert list(analyses("minaya")) == []
    assert list(analyses("")) == []


def test_clitics_stand_outside_the_suffix() -> None:
    assert Analysis(("meN",), "beli", "kan", ("nya", "lah"), True) in set(
        analyses("membelikannyalah")
    )


def test_nasals() -> None:
    words = {
        "sapu": "menyapu",
        "tulis": "menulis",
        "pukul": "memukul",
        "karang": "mengarang",
        "ajar": "mengajar",
        "bom": "mengebom",
        "rawat": "merawat",
        "baca": "membaca",
        "produksi": "memproduksi",
        "kritik": "mengkritik",
        "transfer": "mentransfer",
        "gali": "menggali",
        "dukung": "mendukung",
        "cuci": "mencuci",
        "studi": "menstudi",
    }
    assert {root: nasalized("me", root) for root in words} == words


@given(
    st.sampled_from(sorted(lexicon.sastrawi_roots())).filter(lambda r: r.isalpha() and len(r) > 2)
)
@example("xenograf")
def test_what_a_root_forms_can_be_taken_apart_again(root: str) -> None:
    for word in (*verbs(root), *derivatives(root)):
        assert any(a.root == root for a in analyses(word)) or word.startswith(("be", "te", "pe"))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=30))
def test_analyses_keep_to_the_word(word: str) -> None:
    for analysis in analyses(word):
        assert 0 < len(analysis.root) <= len(word)
        assert word.endswith(analysis.suffix + "".join(analysis.clitics))


def test_spellings() -> None:
    for word, expected in {
        "nulis": "menulis",
        "ngejar": "mengejar",
        "cariin": "carikan",
        "soeharto": "suharto",
        "djalan": "jalan",
        "risiko": "risiko",
        "resiko": "risiko",
        "penjaringan": "penjaringan",
        "benjamin": "benjamin",
        "martin": "martin",
        "chelsea": "chelsea",
        "": "",
    }.items():
        assert standard(word).word == expected


def test_lists_are_folded_and_sound() -> None:
    assert all(word.isascii() and word.islower() for word in lexicon.names())
    assert all(len(pair) == 2 for pair in lexicon.compounds().values())
    assert not set(lexicon.spellings()) & set(lexicon.spellings().values())
    assert 30_000 < len(lexicon.frequencies()) < 40_000


def test_what_the_dictionary_has_wrong_is_put_right() -> None:
    derivations = lexicon.derivations()
    for line in lexicon.data_lines("corrections.tsv"):
        word, root = line.split("\t")
        assert derivations.get(word, "-") == root


def test_numbers() -> None:
    def terms(raw: str) -> list[str]:
        return [term for term, _, _ in number_terms(raw)]

    assert terms("31/12/1999") == ["31", "desember", "1999"]
    assert terms("32/13") == ["32", "13"]
    assert terms("1.000") == ["1000"]
    assert terms("1.000,50") == ["1000,5"]
    assert terms("0") == terms("00") == ["0"]
    assert terms("2-0") == ["2-0"]


def test_halves() -> None:
    assert said_twice("kehati", "hatian") == "hati"
    assert said_twice("jawa", "bali") == ""
    assert varied_root("sayur", "mayur") == "sayur"
    assert varied_root("gerak", "gerik") == "gerak"
    assert varied_root("iran", "irak") == ""
