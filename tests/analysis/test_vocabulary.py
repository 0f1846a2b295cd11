from importlib.resources import files
from pathlib import Path

import pytest

from searchkit import SettingsError
from searchkit.analysis import IndonesianAnalyzer, SastrawiStemmer, stop_words
from searchkit.analysis.normalization import fold
from searchkit.analysis.vocabulary import (
    Abbreviation,
    Vocabulary,
    capitals_only,
    load_vocabulary,
    shipped_abbreviations,
    shipped_synonyms,
    short_words,
)

ABBREVIATIONS, SYNONYMS = shipped_abbreviations(), shipped_synonyms()
ROOTS = frozenset(
    files("Sastrawi").joinpath("Stemmer/data/kata-dasar.txt").read_text("utf-8").split()
)
DATA = files("searchkit.analysis").joinpath("data")


def rows(name: str) -> list[list[str]]:
    lines = DATA.joinpath(name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def longs(short: str) -> list[str]:
    return [long for a in ABBREVIATIONS if a.short == short for long in a.long]


def file_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_list_is_long_and_knows_public_life() -> None:
    assert len({a.short for a in ABBREVIATIONS}) >= 1200
    assert longs("Korut") == ["Korea Utara"]
    assert longs("AS") == ["Amerika Serikat"]
    assert longs("DPR") == ["Dewan Perwakilan Rakyat"]
    assert longs("Seskab") == ["Sekretaris Kabinet"]
    assert longs("Wamenkeu") == ["Wakil Menteri Keuangan"]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Kab", "Kabupaten"),
        ("Jl", "Jalan"),
        ("AKBP", "Ajun Komisaris Besar Polisi"),
        ("Mayjen", "Mayor Jenderal"),
        ("Setda", "Sekretariat Daerah"),
        ("Menkum", "Menteri Hukum"),
        ("TKN", "Tim Kampanye Nasional"),
        ("e-KTP", "KTP Elektronik"),
    ],
)
def test_ranks_addresses_and_offices_are_known(short: str, long: str) -> None:
    assert longs(short)[0] == long


def test_every_row_is_whole() -> None:
    known = {"KBBI", "self", "press"}
    for row in rows("abbreviations.tsv"):
        assert len(row) == 5, row
        short, long, kind, _, source = row
        assert all(cell == cell.strip() for cell in row)
        assert short
        assert long
        assert kind
        assert source in known or source.startswith("UU "), row


def test_short_forms_are_shorter_and_no_meaning_stands_twice() -> None:
    meanings = [(fold(a.short), fold(long)) for a in ABBREVIATIONS for long in a.long]
    assert len(set(meanings)) == len(meanings)
    for abbreviation in ABBREVIATIONS:
        for long in abbreviation.long:
            assert len(abbreviation.short) < len(long)


def test_spelling_is_judged_wherever_small_letters_make_another_word() -> None:
    for short, _, _, written, _ in rows("abbreviations.tsv"):
        ordinary = fold(short) in ROOTS or fold(short) in stop_words()
        assert written or not ordinary, f"{short} is a word in small letters: judge it"


def test_capitals_only_are_written_in_capitals() -> None:
    assert {"AS", "BIN", "BOS"} <= capitals_only()
    assert all(short.isupper() for short in capitals_only())
    assert not capitals_only() & {"KPK", "DPR", "HAM"}


def test_short_words_are_folded_single_words() -> None:
    assert {"korut", "kpk", "as"} <= short_words()
    assert all(word == fold(word) and " " not in word for word in short_words())


def test_second_line_of_a_short_form_is_its_rarer_meaning() -> None:
    meanings = [(a.long[0], a.rarer) for a in ABBREVIATIONS if a.short == "MA"]
    assert meanings == [("Mahkamah Agung", False), ("Madrasah Aliyah", True)]


def test_groups_of_synonyms_are_many_and_say_each_thing_once() -> None:
    assert len(SYNONYMS) >= 60
    assert all(len(group) > 1 for group in SYNONYMS)
    members = [member for group in SYNONYMS for member in group]
    assert len({member.casefold() for member in members}) == len(members)


def test_members_of_a_group_are_told_apart_by_their_stems() -> None:
    analyzer = IndonesianAnalyzer(SastrawiStemmer())
    seen: dict[tuple[str, ...], str] = {}
    for group in SYNONYMS:
        for stems in {tuple(t.term for t in analyzer.analyze(member)) for member in group}:
            assert stems not in seen, f"{stems} stands for {seen[stems]} and {group[0]}"
            seen[stems] = group[0]


@pytest.mark.parametrize(
    "names",
    [
        ("Surakarta", "Solo"),
        ("Makassar", "Ujung Pandang"),
        ("Timor Leste", "Timtim"),
        ("Arab Saudi", "Saudi"),
        ("miras", "minuman keras"),
        ("wifi", "wi-fi"),
    ],
)
def test_two_names_of_one_thing_are_in_a_group(names: tuple[str, str]) -> None:
    assert any(set(names) <= set(group) for group in SYNONYMS)


def test_own_entries_are_laid_over_the_shipped_ones(tmp_path: Path) -> None:
    own = file_of(
        tmp_path, "# ours\n\nKNT\tKoperasi Nelayan Tirta\nMA\tMajelis Adat\nkpk\t\nAS\tAspal\n"
    )
    loaded = load_vocabulary(abbreviations=own).abbreviations or ()
    assert loaded[0] == Abbreviation("KNT", ("Koperasi Nelayan Tirta",))
    assert [a.long for a in loaded if a.short == "MA"] == [("Majelis Adat",)]
    assert not [a for a in loaded if a.short == "KPK"]
    assert [a.capitals_only for a in loaded if a.short == "AS"] == [True]
    assert [a for a in loaded if a.short == "DPR"]


def test_own_synonyms(tmp_path: Path) -> None:
    own = file_of(tmp_path, "perahu\tsampan\nmundur\nPonsel\ttelepon pintar\n")
    loaded = load_vocabulary(synonyms=own).synonyms
    assert loaded[:2] == (("perahu", "sampan"), ("Ponsel", "telepon pintar"))
    assert not [group for group in loaded if group[0] in ("mundur", "ponsel")]


def test_without_files_the_shipped_lists_are_taken() -> None:
    assert load_vocabulary() == Vocabulary(None, SYNONYMS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("KNT\n", r"own.tsv:1: an abbreviation is SHORT<tab>LONG"),
        ("# x\n\tKoperasi\n", r"own.tsv:2: an abbreviation is SHORT<tab>LONG"),
        ("KNT\ta\tb\tc\td\te\n", r"own.tsv:1: an abbreviation is SHORT<tab>LONG"),
        ("KNT\tKoperasi\nknt\tkoperasi\n", r"own.tsv:2: 'knt' stands for the same in line 1"),
        ("KNT\tKoperasi\t\tsmall\n", r"own.tsv:1: 'small' must be 'capitals', 'any' or empty"),
        ("BISA\tBiro Sastra\t\tcapitals\n", r"own.tsv:1: 'BISA' cannot be kept to capitals"),
    ],
)
def test_wrong_abbreviation_is_named_by_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_vocabulary(abbreviations=file_of(tmp_path, text))


def test_wrong_synonyms_are_named_by_line(tmp_path: Path) -> None:
    own = file_of(tmp_path, "# ours\nperahu\tsampan\tPerahu\n")
    with pytest.raises(SettingsError, match=r"own.tsv:2: a group of synonyms has each member once"):
        load_vocabulary(synonyms=own)


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent.tsv: cannot be read: No such file"):
        load_vocabulary(abbreviations=tmp_path / "absent.tsv")
    path = tmp_path / "latin.tsv"
    path.write_bytes(b"KNT\tCaf\xe9\n")
    with pytest.raises(SettingsError, match="latin.tsv: cannot be read: line 1 is not in UTF-8"):
        load_vocabulary(synonyms=path)
    path.write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    with pytest.raises(SettingsError, match="latin.tsv: is larger than 4 MB"):
        load_vocabulary(synonyms=path)
