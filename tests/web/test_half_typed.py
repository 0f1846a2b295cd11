from pathlib import Path

import pytest
from starlette.testclient import TestClient

from searchkit.query import parse, to_text
from searchkit.web.half_typed import finished
from tests.conftest import PACT, article
from tests.web.test_page import MATCHES, client, page, serving, text_of

__all__ = ["client"]  # a fixture


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pert", "pert OR pert*"),
        ("pakta pert", "pakta (pert OR pert*)"),
        ("rusia AND ukr", "rusia AND (ukr OR ukr*)"),
        ("judul:(uji ban", "title:(uji (ban OR ban*))"),
        ("+nuk iran isr", "+nuk iran (isr OR isr*)"),
        ("uji +nuk", "uji +(nuk OR nuk*)"),
        ("Rusia-Ukr", "Rusia-Ukr OR (Rusia- Ukr*)"),
        ('"suku bunga ban', '"suku bunga" (ban OR ban*)'),
        ('"suk', "suk OR suk*"),
        ("lagi", "lagi OR lagi*"),
    ],
)
def test_the_last_word_may_go_on(typed: str, meant: str) -> None:
    assert finished(typed) == meant
    assert to_text(parse(meant).node) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *('"suku bunga"', "pert*", "pert~1", "(a b)", "=pert", "a -sel", "sumber:war", "", "?!"),
        *('"', "tanggal:2024", "a ATAU", "a" * 10_001),
        *("kenaikan harga lagi", "judul:(uji Di)"),
    ],
)
def test_what_is_whole_stays(typed: str) -> None:
    assert finished(typed) == ""


def test_results_while_typing_and_once_submitted(client: TestClient) -> None:
    typing = page(client, "/?q=pakta+pertah&prefix=1&lang=en")
    assert text_of(typing, "//li[@class='hit']//h2") == PACT.headline
    assert "“pakta pertah”" in text_of(typing, "//h1")
    assert typing.xpath("//li[@class='hit']//h2//mark/text()")
    read = page(client, typing.xpath("string(//li[@class='hit']//h2/a/@href)"))
    assert read.xpath("//article//mark/text()")
    assert not typing.xpath("//form[@id='search']//input[@name='prefix']"), "a form is submitted"
    sent = page(client, "/?q=banj&lang=en")
    assert not sent.xpath("//li[@class='hit']")
    assert len(page(client, "/?q=banj&prefix=1").xpath("//li[@class='hit']")) == 10


def test_paging_goes_on_while_a_word_is_half_typed(client: TestClient) -> None:
    seen: set[str] = set()
    address = "/?q=banj&prefix=1"
    while address:
        tree = page(client, address)
        seen |= set(tree.xpath("//li[@class='hit']//h2/a/@href"))
        address = tree.xpath("string(//a[contains(@rel, 'next')]/@href)")
    assert len(seen) == 25


def test_what_begins_no_word_is_answered_as_it_stands(tmp_path: Path) -> None:
    with serving(tmp_path, MATCHES) as client:
        tree = page(client, "/?q=pertandinggan&prefix=1&lang=en")
        assert len(tree.xpath("//li[@class='hit']")) == 9
        assert "Nothing matches “pertandinggan” as written" in text_of(tree, "//p[@class='notice']")


def test_nothing_else_is_offered_while_words_that_begin_so_are_found(tmp_path: Path) -> None:
    with serving(tmp_path, MATCHES) as client:
        tree = page(client, "/?q=pertandinga&prefix=1&lang=en")
        assert len(tree.xpath("//li[@class='hit']")) == 9
        assert not tree.xpath("//p[@class='notice']")


def test_a_stop_word_loses_no_hits_while_it_is_typed(tmp_path: Path) -> None:
    again = article("Pertandingan besar lagi", "Pertandingan seru.")
    with serving(tmp_path, [*MATCHES, again]) as client:
        for typed in ("besar", "besar+la", "besar+lagi"):
            tree = page(client, f"/?q=pertandingan+{typed}&prefix=1")
            assert len(tree.xpath("//li[@class='hit']")) == (1 if typed == "besar+la" else 10)
