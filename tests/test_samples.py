"""The samples are what a first run indexes: enough of them, readable, and of many shapes."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import feedparser
import pytest

from searchkit.samples import sample_pages

FILES = sorted(sample_pages().iterdir())
TEXTS = [path for path in FILES if path.suffix == ".txt"]
LAYOUTS = {
    "reporter after LAPORAN": r"\| LAPORAN: [A-Z ]+$",
    "reporter after OLEH": r"\| OLEH: [A-Z ]+$",
    "reporter on a line of its own": r"^Oleh:? [A-Z]",
    "editor": r"^EDITOR: ",
    "mixed-case date": r"^(Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu), \d",
    "central time": r"\d WITA\b",
    "eastern time": r"\d WIT\b",
    "caption with a credit": r"/Net$",
    "link inside the body": r"^Baca juga: ",
    "tags": r"^(Tag|Tags|TAGS): ",
    "breadcrumbs": r"^(Home|Beranda) [›/>] ",
    "sidebar first": r"\A(Populer|Terpopuler)$",
    "sidebar last": r"^Selengkapnya\Z",
}


def test_there_are_enough_samples() -> None:
    assert len(FILES) >= 25
    assert {path.suffix for path in FILES} == {".txt", ".html", ".jsonl", ".csv", ".xml"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sample_is_clean_utf_8(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="strict")
    assert len(text) > 500
    assert "\ufffd" not in text


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_present(layout: str) -> None:
    pattern = re.compile(LAYOUTS[layout], re.MULTILINE)
    assert any(pattern.search(path.read_text(encoding="utf-8").strip()) for path in TEXTS)


def test_one_page_is_the_best_for_pakta_pertahanan() -> None:
    counts = Counter(
        {
            path.name: path.read_text(encoding="utf-8").lower().count("pakta pertahanan")
            for path in TEXTS
        }
    )
    (best, most), (_, next_most) = counts.most_common(2)
    assert "pakta-pertahanan" in best
    assert most >= 2 * next_most


def test_pages_share_sidebar_items() -> None:
    dated = re.compile(r"^(.+)\n\n\w+, \d{2} \w+ \d{4} \| \d{2}:\d{2}$", re.MULTILINE)
    pages_by_item = Counter(
        title for path in TEXTS for title in set(dated.findall(path.read_text(encoding="utf-8")))
    )
    assert sum(pages > 1 for pages in pages_by_item.values()) >= 10


def test_records_and_feeds_are_well_formed() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            assert all(json.loads(line)["body"] for line in text.splitlines())
        elif path.suffix == ".csv":
            assert all(row["isi"] for row in csv.DictReader(text.splitlines(keepends=True)))
        elif path.suffix == ".xml":
            feed = feedparser.parse(text.encode())
            assert not feed.bozo
            assert len(feed.entries) >= 2
