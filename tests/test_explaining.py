import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchkit import DocumentNotFound, QueryError, SearchIndex, Settings, WordMatch
from searchkit.cli.commands import cli
from tests.conftest import PACT, RESIGNATION, article

KOREA = article(
    "Korea Utara Uji Rudal",
    "Korut menguji rudal pada Rabu. Peluncuran itu memicu protes, kata juru bicara di Bekasi.",
    section="Dunia",
)


@pytest.fixture
def index_with_korea(index: SearchIndex) -> SearchIndex:
    index.add([KOREA])
    return index


def test_every_rule_is_named_with_what_stands_on_the_page(index_with_korea: SearchIndex) -> None:
    found = index_with_korea.explain("korut menguji protes karanganku", KOREA.id)
    assert found is not None
    assert found.words == (
        WordMatch("korut", "exact", "body", (("Korut", 1),)),
        WordMatch("korut", "abbreviation", "headline", (("Korea Utara", 1),)),
        WordMatch("menguji", "affix", "headline", (("Uji", 1),)),
        WordMatch("menguji", "exact", "body", (("menguji", 1),)),
        WordMatch("protes", "exact", "body", (("protes", 1),)),
    )
    assert found.missing == ("karanganku",)
    assert not found.relaxed
    assert found.headline == KOREA.headline


def test_synonyms_and_phrases(index: SearchIndex) -> None:
    found = index.explain('mundur "pengunduran diri"', RESIGNATION.id)
    assert found is not None
    rules = {(match.typed, match.rule, match.block) for match in found.words}
    assert ("mundur", "exact", "headline") in rules
    assert ("mundur", "synonym", "body") in rules
    assert ("pengunduran diri", "exact", "body") in rules


@pytest.mark.parametrize("query", ["pakta", "pakta pertahanan dukungan parlemen", "*", '"pakta"'])
def test_score_is_that_of_the_search(index: SearchIndex, query: str) -> None:
    hit = next(h for h in index.search(query, collapse="off").hits if h.id == PACT.id)
    found = index.explain(query, PACT.id)
    assert found is not None
    assert found.score == pytest.approx(hit.score, abs=1e-4)
    assert found.tree.value == found.score


def test_score_of_boosts_within_boosts_is_that_of_the_search(index: SearchIndex) -> None:
    query = "(" * 20 + "pakta" + "^100)" * 20 + "^100 pertahanan"
    hit = next(h for h in index.search(query, collapse="off").hits if h.id == PACT.id)
    found = index.explain(query, PACT.id)
    assert found is not None
    assert found.score == pytest.approx(hit.score, rel=1e-4)


def test_relaxed_query(index: SearchIndex) -> None:
    found = index.explain("pakta karanganku", PACT.id)
    assert found is not None
    assert found.relaxed
    assert found.missing == ("karanganku",)


def test_what_is_no_hit_and_what_is_not_there(index: SearchIndex) -> None:
    assert index.explain("menteri", PACT.id) is None
    with pytest.raises(DocumentNotFound):
        index.explain("menteri", "a0")
    with pytest.raises(QueryError, match="not expanded by 'magic'"):
        index.explain("menteri", PACT.id, expand=["magic"])


def command(settings: Settings, index: SearchIndex, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "searchkit", "explain", *arguments, "--index-dir", str(index.path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    return ran.stdout


def test_command_in_both_languages(settings: Settings, index_with_korea: SearchIndex) -> None:
    indonesian = command(settings, index_with_korea, "korut rudal", KOREA.id, "--lang", "id")
    assert "Kata yang cocok" in indonesian
    assert "singkatan" in indonesian
    assert "Korea Utara (1x)" in indonesian
    english = command(settings, index_with_korea, "korut rudal", KOREA.id, "--lang", "en")
    assert "How the score came about" in english
    assert "rudal: rarity" in english
    assert "(in 1 document) x" in english
    assert "is no hit of 'menteri'" in command(
        settings, index_with_korea, "menteri", KOREA.id, "--lang", "en"
    )


def test_command_as_json(settings: Settings, index_with_korea: SearchIndex) -> None:
    found = json.loads(command(settings, index_with_korea, "korut", KOREA.id, "--json"))
    assert found["document_id"] == KOREA.id
    assert found["words"][0] == {
        "typed": "korut",
        "rule": "exact",
        "block": "body",
        "spellings": [["Korut", 1]],
    }
    assert found["tree"]["key"] == "score"
    assert json.loads(command(settings, index_with_korea, "menteri", KOREA.id, "--json")) is None


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ruda*", "ruda*: rarity"),
        ("r?dal", "r?dal: rarity"),
        ("rudak~1", "rudak~1: rarity"),
        ("rudal^2", "boost: x 2"),
        ("rudal -menteri", "without the words that are excluded"),
        ("rudal kind:article", "condition: kind is article"),
        ("rudal section:*", "condition: something in section"),
        ("rudal date:[* TO *]", "rudal: rarity"),
    ],
)
def test_command_says_every_kind_of_query(
    settings: Settings, index_with_korea: SearchIndex, query: str, said: str
) -> None:
    assert said in command(settings, index_with_korea, query, KOREA.id, "--lang", "en")


def test_command_says_a_condition_of_date(settings: Settings, index: SearchIndex) -> None:
    said = command(settings, index, "pakta date:>=2000", PACT.id, "--lang", "en")
    assert "condition: date of publication" in said


def test_what_is_missing_is_no_markup(
    index: SearchIndex,
) -> None:
    arguments = ["explain", "pakta [/b]*", PACT.id, "--index-dir", str(index.path)]
    outcome = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert outcome.exception is None
    assert "[/b]*" in outcome.output


def test_misspelled_query_is_explained_as_it_is_answered(index: SearchIndex) -> None:
    index.add(
        article(f"Pertahanan udara {n}", "Pertahanan udara diperkuat.", day=n) for n in (2, 3)
    )
    page = index.search("pertahanna udara")
    assert page.corrections
    found = index.explain("pertahanna udara", page.hits[0].id)
    assert found is not None
    assert found.query == page.suggestion == "pertahanan udara"
