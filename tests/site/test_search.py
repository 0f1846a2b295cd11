"""A site finds what the index it was made of finds, in the same order, and shows the same."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import pytest

from searchkit import Article, ResultPage, SearchIndex
from searchkit.analysis.vocabulary import shipped_abbreviations, shipped_synonyms
from searchkit.engines.base import Sort
from searchkit.query import InFields, Node, Phrase, Synonyms, Term, leaves, parse_query
from tests.site.conftest import Scripts

QUERIES = [
    *("*", "pakta", "pakta pertahanan", "mendukung", "anak-anaknya", "kerjasama militer"),
    *('"pakta pertahanan"', '"rusia utara"~3', '="Pertahanan"', "=pertahanan", "pertah*"),
    *("pertahanan -pakta", "+pakta pertahanan harga beras", "pakta OR banjir", "beras AND harga"),
    *("(pakta OR banjir) -rusia", "BUKAN pertahanan", "pakta^3 beras", "gempa^0 sekolah"),
    *("judul:pertahanan", "isi:(pakta beras)", "rubrik:politik", "wartawan:bayu", 'label:"kapal"'),
    *("jenis:butir harga", "kind:article harga", "daftar:populer", 'sumber:"Kabar Khatulistiwa"'),
    *(
        "tanggal:2026",
        "tanggal:>=2025-06 pakta",
        "tanggal:[2022-01 TO 2023-07-27]",
        "tgl:2026-03-10",
    ),
    *("siapa menteri yang mundur", "apa itu", "zzxxqq", "pakta zzxxqq harga banjir gempa", "di"),
    *('"tidak ditutup', "((pakta", "judul:", ")", "AND", "-", '"', "a:b", "12.000 3/6 10.30"),
    *("korut", "KPK", '"korea utara"', "korea utara rudal", "mundur", "BI suku bunga", "as", "AS"),
    *("tewas -wafat", "harga -mundur", "KPK -DPR", 'korut -"korea utara"', "dukungan -mendukung"),
    *("DPR BUKAN KPK", "MENTERI DAN GUBERNUR BUKAN PRESIDEN ITU", "-#pakta pertahanan"),
    *("covid 19", '"varian covid 19"', "Covid-19", "u 20 pakta", "kapal 12"),
    *('sumber:(-"Kabar Khatulistiwa" -x) harga', "harga -'beras'", "UU", '"UU baru"', "Malut"),
    *("menunjukan kordinasi", "Menteri Perdagangan Mengundurkan Diri", "PEMERINTAH DAN BUKAN DPR"),
]


def made_up(samples: SearchIndex, count: int, seed: int) -> Iterator[str]:
    """Queries of words that stand in the samples, with all that the page's language has."""
    chance = random.Random(seed)
    documents = [samples.get(hit.id) for hit in samples.search("*", limit=200).hits]
    texts = [each.text if isinstance(each, Article) else each.title for each in documents]
    words = " ".join(texts).replace('"', " ").replace("~", " ").split()
    for _ in range(count):
        parts = []
        for _ in range(chance.choice([1, 1, 2, 2, 3, 4, 6])):
            start = chance.randrange(len(words) - 3)
            word = words[start]
            parts.append(
                chance.choice(
                    [word] * 8
                    + [f"-{word}", f"+{word}", f"={word}", f"{word[:4]}*", f"judul:{word}", "ATAU"]
                    + [f'"{" ".join(words[start : start + 3])}"', f'"{word} {words[start + 2]}"~2']
                )
            )
        yield " ".join(parts)


def compare(page: ResultPage, answer: Any) -> None:
    """Assert that an answer has the hits of a page: ids, order, scores, copies, what is shown."""
    assert answer["unknown"] == []
    assert [hit.id for hit in page.hits] == answer["ids"]
    assert page.relaxed == answer["relaxed"]
    assert [hit.score for hit in page.hits] == pytest.approx(answer["scores"], rel=1e-5)
    assert [list(hit.copies) for hit in page.hits] == answer["copies"]
    shown = page.hits[:10]
    assert [hit.title.plain() for hit in shown] == answer["titles"]
    assert [[f.plain() for f in hit.fragments] for hit in shown] == answer["fragments"]


def test_written_queries(samples: SearchIndex, scripts: Scripts) -> None:
    for query in QUERIES:
        page = samples.search(query, limit=500, tolerant=False)
        compare(page, scripts.ask("search", query))


def test_made_up_queries(samples: SearchIndex, scripts: Scripts) -> None:
    for query in made_up(samples, 200, seed=3):
        page = samples.search(query, limit=500, tolerant=False)
        compare(page, scripts.ask("search", query))


EXPANDED = [
    *("olah raga nasional", "sepakbola Covid-19", "pekan olahraga nasional 3/6", "kerjasama sar"),
    *('"mundur" mundur', '"korut" korut', '"DPR RI"', '"PDI Perjuangan"', "dari lalu lintas di"),
    *("universitas di indonesia", '"universitas di indonesia"', "kementerian hukum ham as AS"),
    *(
        "di yogyakarta",
        '"terawan pdip korut"',
        "judul:(wali kota) walikota",
        "unjukrasa unjuk rasa",
    ),
    *("kerja sama militer", "kerja bahan bakar", "direktorat jenderal pajak", "di-PHK KPK-nya"),
    *(f"{entry.short} | {entry.long[0]}" for entry in shipped_abbreviations()),
    *(f'"hari {entry.long[-1]}"' for entry in shipped_abbreviations()),
    *(" ".join(group) for group in shipped_synonyms()),
]


def as_json(leaf: Node) -> Any:
    """A leaf as the scripts have it."""
    match leaf:
        case Term(term, form, exact):
            return {"type": "term", "term": term, "form": form, "exact": exact}
        case Phrase(terms, slop, exact):
            inside = [as_json(term) for term in terms]
            return {"type": "phrase", "terms": inside, "slop": slop, "exact": exact}
        case Synonyms(members):
            ways = [
                {"node": as_json(m.node), "rule": m.rule, "weight": pytest.approx(m.weight)}
                for m in members
            ]
            return {"type": "synonyms", "members": ways}
        case InFields(inner, fields):
            return {"type": "in", "leaf": as_json(inner), "fields": list(fields)}
    raise AssertionError(leaf)


def test_queries_are_expanded_alike(samples: SearchIndex, scripts: Scripts) -> None:
    expander = samples._expander(None)
    for text in EXPANDED:
        node = parse_query(text, samples._analyzer, expand=expander.expand).node
        assert [as_json(leaf) for leaf in leaves(node)] == scripts.ask("leaves", text), text


def test_filters_orders_and_facets(samples: SearchIndex, scripts: Scripts) -> None:
    chosen = {"section": ["dunia", "Politik"], "month": ["2026-03"]}
    facets = ("section", "month", "source", "reporter")
    for sort in get_args(Sort):
        for values in ({}, chosen):
            page = samples.search(
                "pertahanan militer presiden dan yang",
                limit=500,
                tolerant=False,
                sort=sort,
                kind="article",
                since=date(2022, 1, 1),
                until=date(2026, 3, 10),
                facets=facets,
                facet_limit=1000,
                multi_select=True,
                **values,  # type: ignore[arg-type]  # filters by name
            )
            answer = scripts.ask(
                "search",
                "pertahanan militer presiden dan yang",
                sort=sort,
                kind="article",
                since="2022",
                until="2026-03-10",
                values=values,
                facets=facets,
            )
            compare(page, answer)
            for name in facets:
                counts = [{"value": c.value, "count": c.count} for c in page.facets[name]]
                assert answer["facets"][name] == counts, name


@pytest.mark.parametrize(
    ("asked", "since", "until", "wrong"),
    [
        ("since=2024&until=2024", "2024-01-01", "2024-12-31", ""),
        ("since=2024-02&until=2024-2", "2024-02-01", "2024-02-29", ""),
        ("since=2024-6-3", "2024-06-03", "", ""),
        ("until=0001-01-01", "", "0001-01-01", ""),
        ("since=2024-02-31", "2024-02-31", "", "error_date"),
        ("until=2024-13", "", "2024-13", "error_date"),
        ("until=0000-01", "", "0000-01", "error_date"),
        ("since=2024-00", "2024-00", "", "error_date"),
        ("since=kemarin", "kemarin", "", "error_date"),
        ("since=2026-03-10&until=2020", "2026-03-10", "2020-12-31", "error_dates"),
    ],
)
def test_days_of_an_address(
    scripts: Scripts, asked: str, since: str, until: str, wrong: str
) -> None:
    assert scripts.ask("days", asked) == [since, until, wrong]


def test_what_the_page_does_not_know_is_named(scripts: Scripts) -> None:
    assert scripts.ask("search", "pakta~1")["unknown"] == ["~1"]
    assert scripts.ask("search", "p?kta")["unknown"] == ["* ?"]
    assert scripts.ask("search", "tanggal:kemarin")["unknown"] == ["tanggal:"]
