"""What the tests share: settings that keep stems out of the user's cache, and a small index."""

import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import hypothesis
import pytest

from searchkit import Article, Page, SearchIndex, Settings, SidebarItem, Sighting
from searchkit.zones import WIB

# A test that is slow is not wrong: the machine may have other things to do.
hypothesis.settings.register_profile("searchkit", deadline=None)
hypothesis.settings.load_profile("searchkit")


@pytest.fixture(scope="session", autouse=True)
def signals_reach_commands() -> None:
    """Let commands that tests start be interrupted, also below `nohup` and `&` of a script.

    They inherit what is ignored there; what is caught here, if only to do nothing, they do not.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(cache_dir=tmp_path_factory.mktemp("cache"), lock_timeout=0.2)


@pytest.fixture(autouse=True)
def user_cache(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Commands take cache directory and language from the environment of the user: fix them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(settings.cache_dir))
    monkeypatch.setenv("SEARCHKIT_LANG", "en")
    monkeypatch.delenv("SEARCHKIT_INDEX_DIR", raising=False)
    monkeypatch.delenv("SEARCHKIT_DEBUG", raising=False)


def article(
    headline: str,
    *body: str,
    day: int = 1,
    section: str = "",
    reporter: str = "",
    source: str = "",
) -> Article:
    """An article published on a day of June 2024."""
    return Article(
        headline=headline,
        body=body,
        published=datetime(2024, 6, day, 9, 30, tzinfo=WIB),
        section=section,
        reporter=reporter,
        source=source,
    )


def item(title: str, page: str = "p1", list_name: str = "Populer", day: int = 1) -> SidebarItem:
    """A sidebar item seen on one page."""
    return SidebarItem(
        title=title,
        published=datetime(2024, 6, day, 18, 1, tzinfo=WIB),
        seen=(Sighting(page, list_name),),
    )


PACT = article(
    "Dua Negara Teken Pakta Pertahanan",
    "Kedua pemimpin meneken pakta pertahanan di ibu kota pada Rabu (19/6).",
    "Pengamat mendukung langkah itu. Dukungan juga datang dari parlemen.",
    section="Dunia",
    reporter="RINA WULANDARI",
    source="warta.example",
    day=20,
)
FOOTBALL = article(
    "Garuda Muda Perkuat Lini Belakang",
    "Pelatih menilai pertahanan timnya mudah ditembus pada babak kedua.",
    section="Olahraga",
    day=21,
)
RESIGNATION = article(
    "Menteri Mundur Setelah Anggaran Ditolak",
    "Ia menyerahkan surat pengunduran diri kepada presiden.",
    "Rp5,6 triliun sudah terpakai, kata Jum'at itu juru bicaranya di sebuah café.",
    section="Politik",
    day=22,
)
PACT_ITEM = item("Pakta Pertahanan Dua Negara Mulai Berlaku", PACT.id, "Populer", day=23)
FOOTBALL_ITEM = item(FOOTBALL.headline, PACT.id, "UPDATE", day=21)


@pytest.fixture
def index(tmp_path: Path, settings: Settings) -> Iterator[SearchIndex]:
    """An index of three articles and two sidebar items."""
    with SearchIndex.create(tmp_path / "index", settings) as opened:
        page = Page(origin="page", article=PACT, items=(PACT_ITEM, FOOTBALL_ITEM))
        opened.add([page, FOOTBALL, RESIGNATION])
        yield opened
