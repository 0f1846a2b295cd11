from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import Verdict, verdicts
from searchkit.analysis.verdicts import Verdicts

WORDS = st.text("abc\xe9", min_size=1, max_size=4)


@given(st.dictionaries(WORDS, st.tuples(WORDS, st.booleans())))
def test_verdicts_are_a_map(said: Mapping[str, tuple[str, bool]]) -> None:
    """However many share a slot, or find that the table is full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verdicts, "_FIRST_SLOTS", 2)
        kept = Verdicts()
        for word, (stem, doubtful) in said.items():
            assert kept.get(word) is None
            kept.put(word, Verdict(stem, doubtful))
    assert len(kept) == len(said)
    assert {word: kept.get(word) for word in said} == said
    assert kept.get("abcd") is None


def test_what_is_said_last_stays() -> None:
    kept = Verdicts()
    kept.put("makanan", Verdict("makanan", False))
    kept.put("makanan", Verdict("makan", True))
    assert (kept.get("makanan"), len(kept)) == (Verdict("makan", True), 1)


def test_words_of_any_hash_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 0, which marks an empty slot, of numbers below it, and at the end of the table."""
    hashes = {"a": 0, "b": -1, "c": -(2**63), "d": 2**63 - 1, "e": verdicts._FIRST_SLOTS - 1}
    monkeypatch.setattr(verdicts, "hash", hashes.__getitem__, raising=False)
    kept = Verdicts()
    for word in hashes:
        kept.put(word, Verdict(word * 2, False))
    assert [kept.get(word) for word in hashes] == [(word * 2, False) for word in hashes]
