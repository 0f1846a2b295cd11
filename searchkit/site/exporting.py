"""Writes an archive as a static site that searches in the browser."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from searchkit.analysis import Analyzer, IndonesianAnalyzer, IndonesianStemmer
from searchkit.analysis.vocabulary import load_stems
from searchkit.canonical import as_given
from searchkit.documents import SidebarItem
from searchkit.documents.dates import DAY_NAMES, MONTHS
from searchkit.engines.base import ARTICLE, Engine
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.ranking import Ranking
from searchkit.errors import OutputNotWritable
from searchkit.own_files import SITE_MARKER, SITE_NAME
from searchkit.preparing import prepare
from searchkit.query.names import field_names, kind_names
from searchkit.query.thesaurus import Thesaurus
from searchkit.query.titles import listed_titles
from searchkit.searching import linked_article, read_document
from searchkit.settings import Settings
from searchkit.site import SiteReport
from searchkit.site.documents import Listed, copy_groups, facet_columns, in_order, texts_of
from searchkit.site.html import articles_page, index_page
from searchkit.site.lexicon import lexicon_data
from searchkit.site.packing import shards, to_json, write_pack
from searchkit.site.placing import FORMAT, placed
from searchkit.site.postings import Postings
from searchkit.site.thesaurus import thesaurus_data
from searchkit.snippets.sentences import abbreviations
from searchkit.wording import LANGUAGES, Catalogue

MOST_DOCUMENTS = 20_000
"""Documents of a site: of each, a browser keeps what it is ranked and counted by in memory."""

MOST_CHARACTERS = 100_000_000
"""Characters of all texts of a site together."""

_LICENSES = "LICENSES.txt"
"""The notices of the word lists."""

_SHARED = ("page.css", "icon.svg", "announce.js", "keys.js")
_TEXTS = (Catalogue("searchkit.web", "page"), Catalogue("searchkit.site", "site"))


def export_site(
    engine: Engine,
    analyzer: Analyzer,
    thesaurus: Thesaurus,
    settings: Settings,
    folder: Path,
    title: str,
    on_document: Callable[[], None] | None,
) -> SiteReport:
    """Write the documents of an index as a site; see `SearchIndex.export_site`."""
    _check(engine, analyzer, settings)
    title = title or str(settings.serve.get("title", "")) or _TEXTS[0].say("title", LANGUAGES[0])
    with placed(folder) as made:
        listed = in_order(list(_listed(engine, analyzer, on_document)))
        numbers = {each.document.id: number for number, each in enumerate(listed)}
        articles = {
            each.document.id: linked_article(engine, each.document)
            for each in listed
            if isinstance(each.document, SidebarItem)
        }
        work = made / "work"
        texts = texts_of(listed, articles, numbers)
        _write_data(work, listed, texts, settings, title)
        defines = (each.prepared.keywords["defines"] for each in listed)
        said = thesaurus_data(thesaurus, defines, settings.expand)
        write_pack(work / "thesaurus", to_json(said))
        _write_app(work)
        version = _version(work)
        work.rename(made / version)
        scripts = sorted(str(path.relative_to(made)) for path in (made / version).rglob("*.js"))
        (made / "index.html").write_text(index_page(title, version, scripts, texts), "utf-8")
        (made / "articles.html").write_text(articles_page(title, version, texts), "utf-8")
        kinds = Counter(each.prepared.kind for each in listed)
        marker = {SITE_NAME: FORMAT, "version": version, "documents": len(listed)}
        (made / SITE_MARKER).write_bytes(to_json(marker))
        sizes = [path.stat().st_size for path in made.rglob("*") if path.is_file()]
    return SiteReport(folder=folder, documents=kinds, files=len(sizes), size=sum(sizes))


def _check(engine: Engine, analyzer: Analyzer, settings: Settings) -> None:
    exceptions = load_stems(settings.stems) if settings.stems else None
    own = IndonesianAnalyzer(IndonesianStemmer(exceptions))
    if analyzer.fingerprint != own.fingerprint:
        raise OutputNotWritable(
            f"the index is of the analyzer {analyzer.fingerprint!r}; a site that searches in the "
            "browser knows the analyzer 'indonesian' only: use `searchkit serve`"
        )
    count = sum(engine.stats().documents.values())
    if count > MOST_DOCUMENTS:
        raise OutputNotWritable(
            f"the index has {count:,} documents; a site that searches in the browser has "
            f"{MOST_DOCUMENTS:,} at most: use `searchkit serve`"
        )


def _listed(
    engine: Engine, analyzer: Analyzer, on_document: Callable[[], None] | None
) -> Iterator[Listed]:
    characters = 0
    for stored in engine.documents():
        document = read_document(stored)
        characters += sum(len(text) for text in _strings(as_given(stored)))
        if characters > MOST_CHARACTERS:
            raise OutputNotWritable(
                f"the index has more than {MOST_CHARACTERS:,} characters; that is too much for a "
                "site that searches in the browser: use `searchkit serve`"
            )
        yield Listed(document, prepare(analyzer, document, {}))
        if on_document:
            on_document()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _names_in_queries() -> dict[str, Any]:
    titles = {place: sorted(words) for place, words in listed_titles().items()}
    return {
        "fields": field_names(),
        "kinds": kind_names(),
        "months": MONTHS,
        "dayNames": DAY_NAMES,
        "titles": titles,
    }


def _write_data(
    work: Path, listed: list[Listed], texts: list[dict[str, Any]], settings: Settings, title: str
) -> None:
    postings = Postings()
    for number, each in enumerate(listed):
        postings.add(number, each.prepared.tokens)
    written = [to_json(text) for text in texts]
    runs = shards(map(len, written))
    for number, run in enumerate(runs):
        write_pack(work / "texts" / str(number), b"[" + b",".join(written[i] for i in run) + b"]")
    moments = [each.prepared.moment for each in listed]
    core = {
        "title": title,
        "fields": TEXT_FIELDS,
        "ids": [each.document.id for each in listed],
        "articles": [int(each.prepared.kind == ARTICLE) for each in listed],
        "moments": moments,
        "newest": max((moment for moment in moments if moment is not None), default=None),
        "lengths": postings.lengths,
        "averages": postings.averages,
        "copies": copy_groups(listed, settings.collapse),
        "facets": facet_columns(listed),
        "ranking": asdict(Ranking()),
        "recency": {"strength": settings.recency, "halfLife": settings.recency_half_life},
        "query": _names_in_queries(),
        "sentences": abbreviations(),
        "starts": postings.write(work) | {"texts": [run[0] for run in runs]},
    }
    write_pack(work / "core", to_json(core))
    write_pack(work / "lexicon", to_json(lexicon_data(settings)))
    says = {key: text for catalogue in _TEXTS for key, text in catalogue.texts.items()}
    write_pack(work / "wording", to_json({"languages": LANGUAGES, "texts": says}))


def _write_app(work: Path) -> None:
    """Copy the scripts, the style and the licences."""
    app = files("searchkit.site").joinpath("app")
    for name, data in _files(app):
        path = work / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name in _SHARED:
        data = files("searchkit.web").joinpath("static", name).read_bytes()
        (work / "app" / name).write_bytes(data)
    notices = files("searchkit.analysis").joinpath("data", _LICENSES).read_bytes()
    (work / "app" / "analysis" / _LICENSES).write_bytes(notices)


def _files(folder: Any, before: str = "") -> Iterator[tuple[str, bytes]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _files(each, f"{before}{each.name}/")
        elif each.name.endswith((".js", ".css", ".txt")):
            yield before + each.name, each.read_bytes()


def _version(work: Path) -> str:
    """Return a digest of all files, by which browsers may keep them for ever."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(work.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            digest.update(f"{path.relative_to(work).as_posix()}\n{len(data)}\n".encode())
            digest.update(data)
    return digest.hexdigest()
