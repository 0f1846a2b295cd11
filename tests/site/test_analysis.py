"""The analyzer in JavaScript gives the tokens of the one in Python."""

import json
import random
from collections.abc import Iterator

from searchkit import SearchIndex
from searchkit.analysis.lexicon import (
    compounds,
    derivations,
    frequencies,
    names,
    sastrawi_roots,
    spellings,
)
from searchkit.analysis.stopwords import stop_words
from searchkit.analysis.vocabulary import capitals_only
from tests.site.conftest import Scripts

PREFIXES = ["", "di", "me", "mem", "meng", "meny", "ber", "ter", "pe", "per", "memper", "ke", "se"]
SUFFIXES = ["", "kan", "i", "an", "nya", "lah", "kannya", "annya", "ku", "isasi"]
SIGNS = [
    "",
    " ",
    "-",
    "‑",
    "'",
    "’",
    ".",
    "/",
    ",",
    "²",
    "2",
    "2nya",
    "\u00ad",
    "\u200b",
    "é",
    "İ",
    "ß",
]
WHOLE = [
    *("2023-2024", "1.500-an", "Rp10.000-Rp20.000", "Rp2,5M", "2021-Juni", "5-1Kata"),
    *(
        "Rp5,6 triliun",
        "(3/6)",
        "3-6-2024",
        "1.234.567,80",
        "07.30",
        "5,50",
        "5,000",
        "25/2/23",
        "1/12/98",
        "7:30Kereta",
        "ke-77",
    ),
    *("https://www.warta.example/a?b=1", "redaksi@warta.example", "WARTA.co.id", "http://[::1]/"),
    *(
        "P.T.",
        "A.S.",
        "U.S",
        "di-PHK",
        "NATO-nya",
        "AS-nya",
        "Iran-AS",
        "yg",
        "ʼs-nya",
        "F-16",
        "pasca-Covid-19",
        "1990-an",
        "anak²",
        "①②",
        "٣/٦",
        "x\u0345",
    ),
    *("Ødegaard", "Łódź", "Kılıçdaroğlu", "Þór", "مُحَمَّدٌ", "مـحـمد", "שָׁלוֹם", "آب"),
    *(
        "â€œSiapâ€\x9d",
        "(CafÃ©)",
        "TofÃ»",
        "Jumâ€™at",
        "Putinâ€™s",
        "kataâ€™",
        "keÂ",
        "Â©2024",
        "ðŸ˜€kata",
        "Ã\xa0la",
    ),
    *("M5,6", "PM2.5", "V1.2.3", "ab12,345", "٣M5,6", "²M5,6"),
    *("60km/jam", "64GB", "5persen", "Rp2M", "5m2", "km²", "m²", "S.H", "a.n", "anti-korupsi"),
    *("Jabar", "se-Jabar", "menjabarkan", "antikorupsi", "pascagempa", "antibodi", "nonsubsidi"),
    *(
        "perlahan-lahan",
        "NasDem-Demokrat",
        "50%",
        "７％",
        "US$5",
        "us$",
        "1970an",
        "ke2",
        "ke-2-nya",
        "2022/23",
        "17Agustus",
        "2Ｍenteri",
    ),
    "nujuh kepengulukannya",  # of derivations.tsv "menujuh hari" and the like are words apart
    *("\ufdfa", "ﬁnal", "Ωmega", "Straße", "ＡＢＣ", "İSTANBUL", "ıssız", "😀kata", "\U0001d7d8"),
]


def generated(count: int, seed: int) -> Iterator[str]:
    """Texts of words with affixes and signs, some of capitals, numbers and odd characters."""
    chance = random.Random(seed)
    pools = [
        sorted(sastrawi_roots()),
        sorted(frequencies()),
        sorted(derivations()),
        sorted(names()),
        sorted(spellings()),
        sorted(compounds()),
        sorted(stop_words()),
        sorted(capitals_only()),
    ]

    def word() -> str:
        if chance.random() < 0.1:
            return chance.choice(WHOLE)
        made = chance.choice(PREFIXES) + chance.choice(chance.choice(pools))
        made += chance.choice(SUFFIXES)
        if chance.random() < 0.2:
            made += chance.choice(SIGNS) + chance.choice(chance.choice(pools))
        shape = chance.random()
        return made.capitalize() if shape < 0.2 else made.upper() if shape < 0.25 else made

    for _ in range(count):
        yield "".join(word() + chance.choice([" ", " ", " ", ", ", ". ", "\n"]) for _ in range(6))


def wanted(index: SearchIndex, text: str) -> list[list[object]]:
    return [[t.term, t.form, t.surface, t.position] for t in index.analyze(text)]


def test_tokens_of_the_samples_are_the_same(samples: SearchIndex, scripts: Scripts) -> None:
    for line in samples.export_lines():
        for value in json.loads(line).values():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str):
                    assert scripts.ask("analyze", text) == wanted(samples, text), text


def test_tokens_of_made_up_texts_are_the_same(samples: SearchIndex, scripts: Scripts) -> None:
    for text in [*WHOLE, *generated(600, seed=8)]:
        assert scripts.ask("analyze", text) == wanted(samples, text), text
