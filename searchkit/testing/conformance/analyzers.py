"""What every analyzer must do."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest

from searchkit.analysis import Analyzer, Token, make_analyzer
from searchkit.analysis.tokens import LONGEST_TERM
from searchkit.documents import Article
from searchkit.query import to_text
from searchkit.query.syntax import Phrase
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings

TEXTS = (
    "Presiden Jokowi meresmikan 24 jembatan di Bekasi, Rabu (19/6/2024), senilai Rp5,6 triliun.",
    "Anak-anaknya dipulangkan; F-16 milik AS dan sayur-mayur ke-77. Covid-19, Jum'at, NATO-nya!",
    "Baca: https://warta.example/berita?id=7 atau surel redaksi@warta.example (A.S.).",
    "Ordnung über alles: Straße, Ångström, naïve café — «Œuvre» №5, SKU-12B_7, 10:30–11:45.",
    "Москва и Київ; Ελλάδα, Ἀθῆναι; القاهرة ١٢٣; ירושלים; हिन्दी; ภาษาไทย; 東京都とソウル; 한국어.",
    "\ufeffZero\u200bwidth soft\u00adhyphen e\u0301 I\u0307stanbul ﬁnal ﷺ",
    "½ x² 𝔘𝔫𝔦 👩‍👩‍👧 \U0010ffff",
    "\t\n\r\u2028\u00a0 … -- '' ’ _ - / \\ <b>&amp;</b>",
    "",
    "x" * 500 + " " + "ke-" * 200 + "9" * 300,
)
"""Texts in many scripts, and with what is odd in texts."""

SEED = 20240619
_PIECES = (
    "-",
    "'",
    "’",
    ".",
    "/",
    " ",
    "\n",
    "2",
    "²",
    "\u0301",
    "\u200b",
    "di",
    "nya",
    "Rp",
    "3/6",
)
_RANGES = ((0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x6FF), (0x2000, 0x30FF), (0xAC00, 0x10FFFF))
_PROGRAM = """
import json, sys
from pathlib import Path
from searchkit import Settings
from searchkit.analysis import make_analyzer
name, cache, texts = json.load(sys.stdin)
analyzer = make_analyzer(name, Settings(cache_dir=Path(cache)))
print(json.dumps([analyzer.fingerprint, [analyzer.analyze(text) for text in texts]]))
"""


def random_texts(count: int) -> list[str]:
    """Return texts of random characters, half surrogate pairs among them; each time the same."""
    source = random.Random(SEED)
    texts = []
    for _ in range(count):
        pieces = []
        for _ in range(source.randrange(40)):
            low, high = source.choice(_RANGES)
            piece = chr(source.randint(low, high))
            pieces.append(source.choice((piece, source.choice(_PIECES), source.choice("aiukmPT"))))
        texts.append("".join(pieces))
    return texts


class AnalyzerConformance:
    """The analyzer under test, by the name of its entry point; see `searchkit.testing`.

    `texts` are examined beside those of the suite: best some of the language that it is for.
    """

    analyzer_name: ClassVar[str]
    texts: ClassVar[Sequence[str]] = ()

    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        """Settings that keep stems out of the user's cache."""
        return Settings(cache_dir=tmp_path / "cache", workers=0, analyzer=self.analyzer_name)

    @pytest.fixture
    def analyzer(self, settings: Settings) -> Analyzer:
        """Return a new analyzer."""
        return make_analyzer(self.analyzer_name, settings)

    def examined(self) -> list[str]:
        """Return the texts to look at."""
        return [*self.texts, *TEXTS, *random_texts(300)]

    def test_a_token_is_where_it_says(self, analyzer: Analyzer) -> None:
        """Offsets are within the text, never go backward, and give the surface."""
        for text in self.examined():
            end = 0
            for token in analyzer.analyze(text):
                assert isinstance(token, Token)
                assert end <= token.start < token.end <= len(text), (text, token)
                assert text[token.start : token.end] == token.surface, (text, token)
                end = token.end

    def test_positions_count_from_0(self, analyzer: Analyzer) -> None:
        """A phrase is of words that follow on each other."""
        for text in self.examined():
            positions = [token.position for token in analyzer.analyze(text)]
            assert positions == list(range(len(positions))), text

    def test_terms_and_forms_are_words(self, analyzer: Analyzer) -> None:
        """Engines keep them in files, joined by blanks and line breaks, and encoded."""
        for text in self.examined():
            for token in analyzer.analyze(text):
                others = analyzer.alternatives(token.term, token.form)
                assert token.term not in others
                for word in (token.term, token.form, *others):
                    assert word.split() == [word], (text, token)
                    assert len(word) <= LONGEST_TERM, (text, token)
                    assert word.encode(), (text, token)

    def test_nothing_comes_of_nothing(self, analyzer: Analyzer) -> None:
        """A text without words has no tokens."""
        for text in ("", " ", "\n\t \u2003"):
            assert list(analyzer.analyze(text)) == []

    def test_stop_words_are_forms(self, analyzer: Analyzer) -> None:
        """A query that holds one is known by the form of its token."""
        assert isinstance(analyzer.stop_words, frozenset)
        for word in analyzer.stop_words:
            assert [token.form for token in analyzer.analyze(word)] == [word]

    def test_what_was_analysed_before_makes_no_difference(
        self, analyzer: Analyzer, settings: Settings
    ) -> None:
        """Tokens are those of the text alone, whatever is remembered of others."""
        examined = self.examined()
        expected = [analyzer.analyze(text) for text in examined]
        other = make_analyzer(self.analyzer_name, settings)
        assert [other.analyze(text) for text in reversed(examined)] == expected[::-1]
        assert [analyzer.analyze(text) for text in examined] == expected
        assert other.fingerprint == analyzer.fingerprint

    def test_several_threads_get_the_same(self, analyzer: Analyzer, settings: Settings) -> None:
        """One analyzer serves all threads."""
        examined = self.examined()
        other = make_analyzer(self.analyzer_name, settings)
        expected = [other.analyze(text) for text in examined]

        def read(shift: int) -> bool:
            order = [*range(shift, len(examined)), *range(shift)]
            return all(analyzer.analyze(examined[n]) == expected[n] for n in order)

        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(read, range(0, len(examined), len(examined) // 8)))

    def test_another_process_gets_the_same(self, analyzer: Analyzer, settings: Settings) -> None:
        """An index is read by other processes than the one that wrote it."""
        examined = [*self.texts, *TEXTS]
        paths = os.pathsep.join(filter(None, sys.path))
        answers = [
            subprocess.run(  # noqa: S603 - a program of our own
                [sys.executable, "-c", _PROGRAM],
                input=json.dumps([self.analyzer_name, str(settings.cache_dir), examined]),
                env=os.environ | {"PYTHONPATH": paths, "PYTHONHASHSEED": seed},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        ]
        tokens = [[list(token) for token in analyzer.analyze(text)] for text in examined]
        assert [json.loads(answer) for answer in answers] == [[analyzer.fingerprint, tokens]] * 2

    def test_the_fingerprint_is_a_name(self, analyzer: Analyzer) -> None:
        """It stands in manifests and messages."""
        assert analyzer.fingerprint
        assert analyzer.fingerprint.isprintable()
        assert len(analyzer.fingerprint) <= 200

    def test_a_document_is_found_by_its_own_words(self, settings: Settings, tmp_path: Path) -> None:
        """A phrase as it stands in a text finds the text, and is marked in it."""
        texts = [*self.texts, *TEXTS[:5]]
        with SearchIndex.create(tmp_path / "index", settings) as index:
            articles = [Article(headline=text, body=(text,)) for text in texts]
            index.add(articles)
            for article in articles:
                if not index.analyze(article.headline):
                    continue
                page = index.search(to_text(Phrase(article.headline)), limit=len(articles))
                hits = {hit.id: hit for hit in page.hits}
                assert article.id in hits, article.headline
                assert hits[article.id].title.marks, article.headline
