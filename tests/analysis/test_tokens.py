import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer
from searchkit.analysis.normalization import fold
from searchkit.analysis.tokens import LONGEST_TERM

ANALYZER = IndonesianAnalyzer(IndonesianStemmer(), capitals={"AS", "ADA"})

# text -> terms; each row is one rule of the analyzer.
CASES = {
    "Mendukung dukungan didukung": ["dukung", "dukung", "dukung"],
    "anak-anaknya": ["anak"],
    "langkah-langkah": ["langkah"],
    "HUT ke-77": ["hut", "77"],
    "Jum'at Jum’at Jumat": ["jumat", "jumat", "jumat"],
    "café cafe\u0301 CAFÉ": ["cafe", "cafe", "cafe"],
    "Ødegaard Łódź Kılıçdaroğlu Þór Ægir": ["odegaard", "lodz", "kilicdaroglu", "thor", "aegir"],
    "مُحَمَّدٌ محمد مـحـمد": ["محمد"] * 3,
    "שָׁלוֹם שלום": ["שלום"] * 2,
    "Rp5,6 triliun": ["rp", "5,6", "triliun"],
    "Rp 5,6 triliun": ["rp", "5,6", "triliun"],
    "3.016 orang, 3016 orang": ["3016", "orang", "3016", "orang"],
    "5.600.000,00 5,600,000.50": ["5600000", "5600000,5"],
    "5,50 5,5 5,0 10,05 10.30 5,000": ["5,5", "5,5", "5", "10,05", "10,30", "5,000"],
    "5,6 5.6 persen": ["5,6", "5,6", "persen"],
    "Selasa (3/6) pukul 11:34": ["selasa", "3", "juni", "pukul", "11,34"],
    "03 Juni 3 Juni": ["3", "juni", "3", "juni"],
    "20/6/2024 20-06-2024": ["20", "juni", "2024", "20", "juni", "2024"],
    "(25/2/23) 1/12/98 25/2/123": [
        *("25", "februari", "2023", "1", "desember", "1998", "25", "2", "123"),
    ],
    "tahun ajaran 2023/2024": ["tahun", "ajar", "2023", "2024"],
    "musim 2023-2024 2023–2024": ["musim", "2023", "2024", "2023", "2024"],
    "08.00-10.30 1.000-1.500 1980-1990": ["08,00", "10,30", "1000", "1500", "1980", "1990"],
    "32/13": ["32", "13"],
    "skor 2-0": ["skor", "2-0"],
    "Rp10.000-Rp20.000 Rp500-Rp600": ["rp", "10000", "rp", "20000", "rp", "500", "rp", "600"],
    "1.500-an, Rp2,5M 2,5kg 07.30WIB": ["1500", "rp", "2,5", "m", "2,5", "kg", "07,30", "wib"],
    "60km/jam 60 km/jam 64GB 5persen 10rb Rp2M": [
        *("60", "km", "jam", "60", "km", "jam", "64", "gb", "5", "persen", "10", "rb"),
        *("rp", "2", "m"),
    ],
    "M5,6 M 5,6 M5.6, PM2,5 V1.2": [
        *("m", "5,6", "m", "5,6", "m", "5,6", "pm", "2,5", "v", "1,2"),
    ],
    "50% 5,5 %, 50 persen 10%-nya": [
        *("50", "persen", "5,5", "persen", "50", "persen", "10", "persen", "nya"),
    ],
    "US$ 5 US$5juta USD5 kami $5": ["usd", "5", "usd", "5", "juta", "usd", "5", "kami", "5"],
    "1970an 1970-an ke2 ke-2 ke-2-nya": ["1970", "1970", "2", "2", "2"],
    "musim 2022/23 2022-23 1999/00 2023/11": [
        *("musim", "2022", "2023", "2022", "2023", "1999", "2000", "2023", "11"),
    ],
    "17Agustus 2024Menteri 76ers 24jam": ["17", "agustus", "2024", "menteri", "76ers", "24jam"],
    "F-16,5 U23. 5 Q1.2024 RT03,RT04": ["f16", "5", "u23", "5", "q1", "2024", "rt03", "rt04"],
    "5G 12A 4k 5m2 100 m² m2 km²": ["5g", "12a", "4k", "5m2", "100", "m2", "m2", "km2"],
    "S.H. S.H SH, a.n. a.n Amir": ["sh", "sh", "sh", "an", "an", "amir"],
    "antikorupsinya, anti-korupsi, anti korupsi": ["anti", "korupsi"] * 3,
    "antarnegara pascagempa antibodi nonton": [
        "antarnegara",
        "pasca",
        "gempa",
        "antibodi",
        "tonton",
    ],
    "2021-Juni 17-Noah 64-bit Cartenz-2024": [
        *("2021", "juni", "17", "noah", "64", "bit", "cartenz", "2024"),
    ],
    "12-B SKU-12-B F-16-nya": ["12b", "sku12b", "f16"],
    "Rusia-Ukraina": ["rusia", "ukraina"],
    "NATO-nya": ["nato"],
    "di-PHK": ["phk"],
    "mem-PHK-kan": ["phk"],
    "se-Indonesia": ["indonesia"],
    "tahun 1990-an": ["tahun", "1990"],
    "F-16 F16": ["f16", "f16"],
    "Covid-19": ["covid19"],
    "pasca-Covid-19, non-COVID-19, Covid-19-Rusia": [
        *("pasca", "covid19", "non", "covid19", "covid19", "rusia"),
    ],
    "Rusia-Ukraina-2022 KTT-G-20": ["rusia", "ukraina", "2022", "ktt", "g20"],
    "4G 2x60": ["4g", "2x60"],
    "anak² sekolah": ["anak", "sekolah"],
    "anak2 anak2nya anak²nya": ["anak", "anak", "anak"],
    "G20 H2O mp3": ["g20", "h2o", "mp3"],
    "sayur-mayur bolak-balik": ["sayur", "balik"],
    "kehati-hatian buah-buahan": ["hati", "buah"],
    "meniru-nirukan tukar-menukar": ["tiru", "tukar"],
    "rumah-rumah-nya": ["rumah"],
    "perlahan-lahan pertama-tama seolah-olah": ["perlahan", "pertama", "seolah"],
    "NasDem-Demokrat sela-selanya": ["nasdem", "demokrat", "sela"],
    "Jawa-Bali": ["jawa", "bali"],
    "kerja sama, kerjasama, bekerja sama": ["kerja", "sama"] * 3,
    "bertanggung jawab, pertanggungjawaban": ["tanggung", "jawab"] * 2,
    "menandatangani tanda tangan": ["tanda", "tangan"] * 2,
    "A.S. dan AS, bukan as roda": ["AS", "dan", "AS", "bukan'", "as", "roda"],
    "AS-China, pro-AS, AS-nya, se-AS": ["AS", "cina", "pro", "AS", "AS", "AS"],
    "Program ADA sudah ada": ["program", "ADA", "sudah'", "ada'"],
    "ADA APA DI SINI": ["ada'", "apa'", "di", "sini'"],
    "DPR D.P.R.": ["dpr", "dpr"],
    "guna menggunakan penggunaan": ["guna'", "guna", "guna"],
    "Jabar se-Jabar menjabarkan penjabaran": ["jabar'", "jabar'", "jabar", "jabar"],
    "dapat pendapatan, untuk": ["dapat'", "dapat", "untuk'"],
    "nggak gak ga tidaklah tidak": ["tidak'"] * 5,
    "hal lainnya, yg lain, apakah dan apapun": [
        *("hal", "lain'", "yang", "lain'", "apa'", "dan", "apa'"),
    ],
    "Jogja Yogya Yogyakarta, Türkiye Turki": ["yogyakarta"] * 3 + ["turki"] * 2,
    "Brazil Brasil, Kiev Kyiv, München Munich": ["brasil"] * 2 + ["kyiv"] * 2 + ["muenchen"] * 2,
    "Hongkong, Hong Kong, cabe hoax bawang bombay": [
        *("hong", "kong", "hong", "kong", "cabai", "hoaks", "bawang", "bombay"),
    ],
    "https://www.warta.example.com/berita/1?a=b.": ["warta.example.com"],
    "redaksi@warta.co.id": ["redaksi@warta.co.id"],
    "Jakarta.Dia pergi": ["jakarta", "dia'", "pergi"],
    "Putin's": ["putin"],
    "so\u00adal per\u200bang": ["soal", "perang"],
    "â€œSiapâ€\x9d kata CafÃ© JumÃ¢t, TofÃ»": ["siap", "kata", "cafe", "jumat", "tofu"],
    "Jumâ€™at Putinâ€™s kata-kataâ€™ â€“keÂ\xa0kota": [
        *("jumat", "putin", "kata", "ke", "kota"),
    ],
    "Â©2024 ÂNGSTROM Zoë": ["2024", "angstrom", "zoe"],
    "北京": ["北京"],
    "": [],
    "— … !!! ' - ²": [],
}


@pytest.mark.parametrize("text", CASES)
def test_terms(text: str) -> None:
    assert [token.term for token in ANALYZER.analyze(text)] == CASES[text]


def test_token_keeps_spelling_form_and_place() -> None:
    token = ANALYZER.analyze("Beri “Dukungan” penuh")[1]
    assert token == ("dukung", "dukungan", "Dukungan", 6, 14, 1)


# A doubtful word is a name where it is written like one.
NAMES = {
    "Menteri Terawan datang, kata juru bicara": "terawan",
    "Terawan datang. Lalu Terawan pergi": "terawan",
    "Terawan datang ke kantor": "awan",
    "udara terawan sekali": "awan",
    "Menteri Terawan Datang": "awan",
    "MENTERI TERAWAN datang": "awan",
}


@pytest.mark.parametrize("text", NAMES)
def test_doubtful_word_is_a_name_by_its_capital(text: str) -> None:
    (first, *others) = [t for t in ANALYZER.analyze(text) if t.form == "terawan"]
    assert first.term == NAMES[text]
    assert all(other.term == first.term for other in others)
    assert ANALYZER.alternatives(first.term, first.form) == tuple(
        {"terawan", "awan"} - {first.term}
    )


def test_a_word_without_doubt_has_no_alternatives() -> None:
    for token in ANALYZER.analyze("dukungan Bekasi 5,6 anak-anaknya kehati-hatian AS"):
        assert ANALYZER.alternatives(token.term, token.form) == ()


def test_halves_of_a_compound_have_their_own_offsets() -> None:
    first, second = ANALYZER.analyze("ikut menandatangani")[1:]
    assert (first.surface, first.start, first.end) == ("menanda", 5, 12)
    assert (second.surface, second.start, second.end) == ("tangani", 12, 19)


def test_positions_count_words() -> None:
    tokens = ANALYZER.analyze("Perang Rusia-Ukraina, ke-77")
    assert [token.position for token in tokens] == [0, 1, 2, 3]


def test_parts_of_a_compound_have_their_own_offsets() -> None:
    text = "perang Rusia‑Ukraina"
    assert [text[t.start : t.end] for t in ANALYZER.analyze(text)] == ["perang", "Rusia", "Ukraina"]


def test_offsets_of_garbled_text_are_those_of_the_text_as_it_is() -> None:
    text = "(â€œCafÃ©â€\x9d) Jumâ€™at"
    found = [text[token.start : token.end] for token in ANALYZER.analyze(text)]
    assert found == ["CafÃ©", "Jumâ€™at"]


def test_endless_word_is_cut() -> None:
    (token,) = ANALYZER.analyze("x" * 100_000)
    assert len(token.term) == LONGEST_TERM
    assert token.end == 100_000


@given(st.text(alphabet=st.characters(), max_size=200))
def test_offsets_give_the_surface_and_never_go_back(text: str) -> None:
    end = 0
    for number, token in enumerate(ANALYZER.analyze(text)):
        assert text[token.start : token.end] == token.surface
        assert end <= token.start < token.end
        assert token.position == number
        assert token.term
        assert token.form
        end = token.end


@given(st.from_regex(r"[A-Za-z0-9'’.,:/@&²éÉ\-  ]{0,60}", fullmatch=True))
def test_offsets_of_text_full_of_marks(text: str) -> None:
    for token in ANALYZER.analyze(text):
        assert text[token.start : token.end] == token.surface


@given(st.text(max_size=40))
def test_folding_is_stable(text: str) -> None:
    for word in text.split():
        assert fold(fold(word)) == fold(word)


def test_same_text_from_several_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    text = "Presiden mendukung penyelidikan anak-anak korban banjir di Sulawesi. " * 20
    expected = ANALYZER.analyze(text)
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(ANALYZER.analyze, [text] * 32))


def test_what_was_read_before_makes_no_difference() -> None:
    texts = ["Berangkat 07:30Kereta", "Peron 07", "Rp2.500Harga", "Rp Rp5", "SD 2 Kota"]
    alone = [[t.term for t in IndonesianAnalyzer(IndonesianStemmer()).analyze(x)] for x in texts]
    for order in (range(len(texts)), reversed(range(len(texts)))):
        used = IndonesianAnalyzer(IndonesianStemmer())
        for number in order:
            assert [token.term for token in used.analyze(texts[number])] == alone[number]
            assert used.columns(texts[number]).terms == alone[number]
