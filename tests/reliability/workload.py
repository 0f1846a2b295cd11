"""Changes of an index of which each can be foretold, and what the index must hold after each."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from searchkit import Article, SearchIndex, Settings
from searchkit.engines import locking, manifest
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.zones import WIB

WORDS = (  # noqa: SIM905
    "banjir gubernur menteri jembatan pertahanan pakta parlemen anggaran garuda pelatih stadion"
    " kereta pelabuhan nelayan petani harga beras listrik sekolah guru rumah sakit hakim jaksa"
    " pendukung mendukung dukungan menyerahkan penyerahan pengunduran peresmian meresmikan"
).split()
_FIRST_DAY = datetime(2024, 1, 1, tzinfo=WIB)
_SEGMENT_FILES = (".tables", ".keys", ".postings", ".stored")

State = dict[str, Article]
"""What an index holds, by id."""


@dataclass(frozen=True, slots=True)
class Change:
    """One commit: adding, deleting, joining segments, or building anew."""

    kind: str
    articles: tuple[Article, ...] = ()
    ids: tuple[str, ...] = ()

    def apply(self, path: Path, settings: Settings) -> None:
        """Make the change in the index at `path`."""
        opening = SearchIndex.rebuild if self.kind == "rebuild" else SearchIndex.open_or_create
        with opening(path, settings) as index:
            if self.kind == "delete":
                index.delete(*self.ids)
            elif self.kind == "optimize":
                index.optimize()
            else:
                index.add(self.articles)

    def after(self, state: State) -> State:
        """Return what the index holds after the change."""
        kept = {} if self.kind == "rebuild" else state
        kept = {name: each for name, each in kept.items() if name not in self.ids}
        return kept | {article.id: article for article in self.articles}


def change(seed: int, number: int, state: State) -> Change:
    """Return change `number` of an index that holds `state`: always the same one."""
    chance = random.Random(f"{seed} {number}")
    roll = chance.random()
    if state and roll < 0.2:
        most = min(len(state), 30)
        return Change("delete", ids=tuple(chance.sample(sorted(state), chance.randint(1, most))))
    if state and roll < 0.3:
        return Change("optimize")
    many = 400 if roll > 0.93 else 30
    numbers = chance.sample(range(600), chance.randint(1, many))
    articles = tuple(article(chance, number, each) for each in numbers)
    return Change("rebuild" if state and roll < 0.36 else "add", articles)


def article(chance: random.Random, commit: int, number: int) -> Article:
    """Return a version of an article that names the commit it comes with."""
    words = chance.choices(WORDS, k=chance.randint(5, 120))
    return Article(
        id=f"artikel-{number}",
        headline=f"Artikel {number} komit {commit}",
        body=(" ".join(words) + ".",),
        published=_FIRST_DAY + timedelta(hours=number),
        section=chance.choice(("Dunia", "Olahraga", "Politik")),
    )


def held(path: Path, settings: Settings) -> State:
    """Return what the index holds, by a search for all and the stored text of each."""
    with SearchIndex.open(path, settings) as index:
        page = index.search("*", limit=5000, fragments=False, collapse="off", sort="newest")
        found = {hit.id: index.get(hit.id) for hit in page.hits}
        assert page.total == len(found)
        for word in ("dukung", "garuda"):
            expected = {name for name, each in found.items() if _has(each, word)}
            # Without expansions: each index that is opened makes the tables of them anew.
            hits = index.search(word, limit=5000, fragments=False, collapse="off", expand=()).hits
            assert {hit.id for hit in hits} == expected, word
    return {name: each for name, each in found.items() if isinstance(each, Article)}


def _has(document: object, stem: str) -> bool:
    assert isinstance(document, Article)
    words = document.text.rstrip(".").split()
    return any(stem in word for word in words)


def unknown_files(path: Path) -> set[str]:
    """Return the files in the index directory that its newest commit does not account for."""
    newest = SafeIndex(path)._read_toc()
    known = {manifest.FILE_NAME, locking.FILE_NAME, SafeIndex.toc_name(newest.generation)}
    known |= {s.segment_id() + ending for s in newest.segments for ending in _SEGMENT_FILES}
    return {each.name for each in path.iterdir()} - known
