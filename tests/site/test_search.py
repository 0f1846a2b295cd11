"""A site finds what the index it was made of finds, in the same order, and shows the same."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from searchkit import Article, ResultPage, SearchIndex
from searchkit.analysis.vocabulary import shipped_abbreviations, shipped_synonyms
from searchkit.engines.base import Sort
from searchkit.query import InFields, Node, Phrase, Synonyms, Term, leaves, parse, parse_query
from searchkit.query.conditions import date_range
from searchkit.query.expansion import EXPANSIONS
from searchkit.query.syntax import Date, DateSpan
from searchkit.snippets.sentences import sentence_ends
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
        "tanggal:Maret 2026 harga",
        "pakta tanggal:>10 Maret 2026",
        "tanggal:{2026-03-09 TO Kamis, 12 Maret 2026}",
        'tanggal:("5000 hari terakhir") -tanggal:kemarin',
        "tanggal:* -tanggal:tahun lalu",
        "tanggal:besok, harga",
        "tanggal:31 Februari 2024",
        "tanggal:maret 10 kapal",
        "tanggal:MARCH 10 kapal",
    ),
    *("siapa menteri yang mundur", "apa itu", "zzxxqq", "pakta zzxxqq harga banjir gempa", "di"),
    *('"tidak ditutup', "((pakta", "judul:", ")", "AND", "-", '"', "a:b", "12.000 3/6 10.30"),
    *("korut", "KPK", '"korea utara"', "korea utara rudal", "mundur", "BI suku bunga", "as", "AS"),
    *("tewas -wafat", "harga -mundur", "KPK -DPR", 'korut -"korea utara"', "dukungan -mendukung"),
    *("DPR BUKAN KPK", "MENTERI DAN GUBERNUR BUKAN PRESIDEN ITU", "-#pakta pertahanan"),
    *("covid 19", '"varian covid 19"', "Covid-19", "u 20 pakta", "kapal 12"),
    *("nonaktif", "non-aktif", '"mini market baru"', "e-KTP baru", "ektp", "al quran", "pro AS"),
    *("Rp5 miliar", "rp 12 triliun baru", '"12 triliun rupiah"', "US$ 5 juta", "5,5 dolar AS"),
    *('sumber:(-"Kabar Khatulistiwa" -x) harga', "harga -'beras'", "UU", '"UU baru"', "Malut"),
    *("wartawan:* harga", "-sumber:*", "daftar:*", "jenis:*", "label:* OR harga", "rubrik:*"),
    *("pakta^ beras", "pakta^-1 beras", "(pakta beras)^", '"korea utara"^2,5', "pakta^x"),
    *("olahrag*", "kerjasa* militer", "menandatang*", "AS*", "AS-*", "covid-1*", "G-2*", "2024-*"),
    *("kunang-*", "maros-bo*", "antarneg*", "antik*", "negara-neg*", "negara-b*"),
    *("dr.*", "Rp5*", "Rp1,*", "5.*", "1.2*", "12:3*", "10.000*", "us1*"),
    *("#pakt*", "@rus* pakta", "-#pakt* harga", "$5*"),
    *("Dari Natuna", "kapal dari natuna", "judul:(di makassar)", "banjir di Makassar ATAU x"),
    *("Ir. Bayu Pradana", "dr. rusia pakta", "Irjen Pol. (Purn) Bayu presiden", "-Ir. Bayu"),
    *("judul:(Ir. Bayu) harga", "Bayu H.", "H Bayu", "grup h Bayu", "Rina Sari, S.H., MM"),
    *("+Ir. Bayu", "Dr. H.", "harga E. coli air", "e. rusia utara pakta", "prof tiba ditemui"),
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
    *("UU 11/2020", "undang-undang nomor 11 tahun 2020", "Perppu No.2/2022 cabut", "UU 11 2020"),
    *(
        '"Perda Nomor 4 Tahun 2019"',
        '"di Permenkes 5/2021 ini"',
        "permendag 5 tahun 2021 no 6/2020",
    ),
    *(
        "putusan 5/2020-2021",
        "tahun 2020",
        "no 2020",
        "musim 2/2020",
        "no 7 tahun 2020/2021",
        "2020",
    ),
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


def test_sentences_end_alike(scripts: Scripts) -> None:
    for text in (
        'Tiba di Kab. Malang.Warga senang (8/3/2026).DPR diam. " Ya," katanya."Kami siap!"',
        "1. Baru.\n2. Lama!Situs KABAR.CO.ID, KBR.Ia, Sp.PD, dr.Rina. Skor 3.Usai?“Ya.”Lalu…Ya",
    ):
        ends = list(sentence_ends(text, 0, len(text)))
        assert scripts.ask("sentences", text) == ends[:-1], text


def test_queries_are_expanded_alike(samples: SearchIndex, scripts: Scripts) -> None:
    expander = samples._expander(EXPANSIONS)
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


def made_up_dates(count: int, seed: int) -> Iterator[str]:
    """What stands after the name of a field: some of it dates."""
    chance = random.Random(seed)
    units = ("hari", "minggu", "pekan", "bulan", "tahun", "days", "week", "months")
    ends = ("ini", "lalu", "terakhir", "yang lalu", "kemarin", "ago", "belakangan", "sebelumnya")
    months = ("Juni", "mei", "Feb.", "agt", "december", "Pebruari", "Juniii")

    def one() -> str:
        number, unit, month = chance.randint(0, 40), chance.choice(units), chance.choice(months)
        year = chance.choice([2023, 2024, 1999, 2026, 9999, 1, "0000"])
        shapes = (
            *(f"{year}", f"{year}-{number}", f"{year}-{number % 14}-{number}", f"{month} {year}"),
            *(f"{number}/{number % 13}/{year}", f"{number} {month}", f"{number} {month} {year}"),
            *(f"{month} {number}, {year}", f"Kamis, {number} {month} {year}", month, "hari ini"),
            *(f"{unit} {chance.choice(ends)}", f"{number} {unit} {chance.choice(ends)}", "besok"),
            *(f"se{unit} terakhir", f"last {number} {unit}", f"this {unit}", f"last {unit}", "*"),
        )
        return chance.choice(shapes)

    for _ in range(count):
        shapes = (
            *(one(), f'"{one()}"', f"({one()})", f"[{one()} TO {one()}]", f"{one()} banjir, kota"),
            *(f"{{{one()} sampai {one()}]", f"[* TO {one()}}}", f">={one()}", f"<{one()}^2"),
        )
        yield chance.choice(shapes)


def test_dates_are_read_alike(scripts: Scripts) -> None:
    jakarta = ZoneInfo("Asia/Jakarta")
    today = datetime.now(jakarta).date()
    dates = 0
    for said in made_up_dates(600, seed=1):
        text = f"harga tanggal:{said}"
        found, answer = parse(text), scripts.ask("parse", text)["node"]
        typed = [n for n in getattr(found.node, "children", ()) if isinstance(n, Date | DateSpan)]
        read = [n for n in answer["children"] if n["type"] == "dates"]
        assert len(typed) == len(read), text
        assert len(getattr(found.node, "children", ())) == len(answer["children"]), text
        for node, days in zip(typed, read, strict=True):
            expected = date_range(node, today, jakarta)
            dates += 1
            for day, second, after in (
                (days["low"], expected.start, 0),
                (days["high"], expected.end, 1),
            ):
                if day in ("", "10000-01-01", "0000-12-31"):
                    continue
                begins = datetime.combine(date.fromisoformat(day), time(), jakarta)
                assert second == begins.timestamp() + after * 86_400, text
            assert (expected.start is None, expected.end is None) == (
                not days["low"],
                not days["high"],
            ), text
    assert dates > 200


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
