import sys
from math import log2
from pathlib import Path

import pytest

from searchkit import Article, EvaluationError, ExtraMissing, SearchIndex, Settings
from searchkit.evaluation import (
    MEASURES,
    evaluate_index,
    evaluate_run,
    ranked_ids,
    read_judged_queries,
)
from searchkit.evaluation.measures import JudgedQueries, measure
from tests.evaluation.conftest import QUERIES


def values(qrels: dict[str, dict[str, int]], run: dict[str, list[str]]) -> dict[str, list[float]]:
    return {name: scores.tolist() for name, scores in measure(qrels, run).items()}


def test_values_computed_by_hand() -> None:
    qrels = {
        "graded": {"a": 1, "b": 2, "c": 0},
        "late": {"a": 1},
        "unanswered": {"a": 1},
        "half": {"a": 1, "b": 1},
    }
    eleven = [f"x{n}" for n in range(10)]
    run = {"graded": ["c", "b", "a"], "late": [*eleven, "a"], "half": ["a"]}
    found = values(qrels, run)
    assert found["MRR@10"] == [0.5, 0, 0, 1]
    assert found["success@1"] == [0, 0, 0, 1]
    assert found["success@10"] == [1, 0, 0, 1]
    assert found["recall@100"] == [1, 1, 0, 0.5]
    graded = (2 / log2(3) + 1 / log2(4)) / (2 / log2(2) + 1 / log2(3))
    half = 1 / (1 + 1 / log2(3))
    assert found["nDCG@10"] == pytest.approx([graded, 0, 0, half])


def test_the_order_is_ours_whatever_the_ids() -> None:
    # trec_eval breaks ties of the score by id, descending: neither name may win by that.
    assert values({"q": {"a": 1}}, {"q": ["a", "z"]})["MRR@10"] == [1]
    assert values({"q": {"z": 1}}, {"q": ["a", "z"]})["MRR@10"] == [0.5]


def test_recall_looks_at_a_hundred_and_no_further() -> None:
    ids = [f"d{n}" for n in range(150)]
    qrels = {"q": dict.fromkeys(ids, 1), "r": {"d99": 1}, "s": {"d100": 1}}
    found = values(qrels, {"q": ids, "r": ids, "s": ids})
    assert found["recall@100"] == pytest.approx([100 / 150, 1, 0])


def test_judged_queries_say_what_they_leave_out(tmp_path: Path) -> None:
    (tmp_path / "q.tsv").write_text("q1\tsatu\nq2\tdua\nq3\ttiga\n")
    (tmp_path / "r.tsv").write_text("q1\ta\t1\nq2\ta\t0\nq9\ta\t1\n")
    judged = read_judged_queries(tmp_path / "q.tsv", str(tmp_path / "r.tsv"))
    assert judged.texts == {"q1": "satu"}
    assert judged.relevant == {"a"}
    unjudged, unknown = judged.warnings
    assert "2 queries (such as 'q2') without a relevant document in r.tsv, left out" in unjudged
    assert "judgements of 1 query ('q9') not in q.tsv, left out" in unknown


def test_a_sample_and_a_measure_that_cannot_be(collection: Path) -> None:
    files = (collection / "queries.tsv", collection / "qrels.tsv")
    for limit in (-1, 0):
        with pytest.raises(EvaluationError, match=f"limit {limit} is out of bounds"):
            read_judged_queries(*files, limit=limit)
    with pytest.raises(EvaluationError, match=r"there is no measure 'MRR'; there are MRR@10"):
        evaluate_run({}, read_judged_queries(*files), "none").mean("MRR")


def test_files_of_different_collections(tmp_path: Path) -> None:
    (tmp_path / "q.tsv").write_text("q1\tsatu\n")
    (tmp_path / "r.tsv").write_text("q9\ta\t1\n")
    with pytest.raises(EvaluationError, match=r"no query of .*q.tsv has a relevant document in"):
        read_judged_queries(tmp_path / "q.tsv", tmp_path / "r.tsv")


def test_a_sample_of_the_queries_depends_on_the_seed_only(tmp_path: Path) -> None:
    (tmp_path / "q.tsv").write_text("".join(f"q{n}\tkata\n" for n in range(100)))
    (tmp_path / "r.tsv").write_text("".join(f"q{n}\ta\t1\n" for n in range(100)))

    def sample(limit: int, seed: int) -> list[str]:
        return list(read_judged_queries(tmp_path / "q.tsv", tmp_path / "r.tsv", limit, seed).texts)

    assert sample(10, 1) == sample(10, 1)
    assert sample(10, 1) != sample(10, 2)
    assert len(sample(10, 1)) == 10
    assert sample(10, 1) == sorted(sample(10, 1), key=lambda query_id: int(query_id[1:]))
    assert len(sample(1000, 1)) == 100


@pytest.fixture
def index_of_news(collection: Path, tmp_path: Path, settings: Settings) -> SearchIndex:
    index = SearchIndex.create(tmp_path / "news", settings)
    index.add_files([collection / "corpus.jsonl"])
    return index


def test_an_index_is_searched_in_the_ordinary_way(
    collection: Path, index_of_news: SearchIndex
) -> None:
    judged = read_judged_queries(collection / "queries.tsv", collection / "qrels.tsv")
    steps: list[tuple[str, float, float | None]] = []
    with index_of_news as index:
        found = evaluate_index(index, judged, "news", on_step=lambda *step: steps.append(step))
        for query_id, text in QUERIES.items():
            assert found.run[query_id] == ranked_ids(index.search(text, limit=100))
        assert found.analyzer == index.stats().analyzer
    assert found.run["q1"][0] == "w1"
    assert found.mean("success@1") == 1
    assert found.warnings == ()
    assert set(found.scores) == set(MEASURES)
    assert steps == [("Querying news", n, 4) for n in range(4)]


def test_fetch_depth(collection: Path, index_of_news: SearchIndex) -> None:
    judged = read_judged_queries(collection / "queries.tsv", collection / "qrels.tsv")
    with index_of_news as index:
        found = evaluate_index(index, judged, "news", depth=1)
    assert found.run["q1"] == ["w1"]
    assert found.scores["recall@100"].tolist() == [0.5, 1, 1, 1]


def test_what_an_index_cannot_answer_is_a_warning(
    collection: Path, index_of_news: SearchIndex
) -> None:
    judged = JudgedQueries(
        texts={"q1": "dermaga", "long": "kata " * 3000, "q3": "zzz"},
        qrels={"q1": {"w1": 1, "w99": 1}, "long": {"w2": 1}, "q3": {"w3": 1}},
    )
    with index_of_news as index:
        found = evaluate_index(index, judged, "news")
    refused, absent = found.warnings
    assert refused.startswith("query 'long' counts as without hits: the query has 15,000")
    assert "1 relevant document ('w99') not in the index" in absent
    assert found.run["long"] == []
    assert found.scores["recall@100"].tolist() == [0.5, 0, 0]


def test_a_run_with_gaps(collection: Path) -> None:
    judged = read_judged_queries(collection / "queries.tsv", collection / "qrels.tsv")
    found = evaluate_run({"q2": ["w3"], "other": ["w1"]}, judged, "old.run")
    assert found.scores["MRR@10"].tolist() == [0, 1, 0, 0]
    assert found.warnings == (
        "old.run: nothing for 3 queries (such as 'q1'), counted as without hits",
    )


def test_hits_without_fragments_are_the_same_hits(index: SearchIndex) -> None:
    for query in ("pakta pertahanan", '"babak kedua"', "dukungan surat menteri negara", "*", "zz"):
        whole, bare = index.search(query), index.search(query, fragments=False)
        assert [(h.rank, h.id, h.score, h.headline) for h in whole.hits] == [
            (h.rank, h.id, h.score, h.headline) for h in bare.hits
        ]
        assert (whole.total, whole.relaxed) == (bare.total, bare.relaxed)
        assert all(not hit.fragments and not hit.title.marks for hit in bare.hits)


def test_an_index_keeps_to_its_analyzer(tmp_path: Path, settings: Settings) -> None:
    from searchkit import IndexVersionMismatch
    from searchkit.analysis import IndonesianAnalyzer
    from searchkit.evaluation.configurations import SurfaceForms

    analyzer = IndonesianAnalyzer(SurfaceForms())
    with SearchIndex.create(tmp_path / "a", settings, analyzer=analyzer) as index:
        index.add([Article(headline="Mereka mendukung", body=())])
        assert index.search("dukungan").total == 0
    with SearchIndex.open(tmp_path / "a", settings, analyzer=analyzer) as index:
        assert index.search("mendukung").total == 1
    with pytest.raises(IndexVersionMismatch, match=r"analysed by indonesian-\S+\+surface"):
        SearchIndex.open(tmp_path / "a", settings)


@pytest.mark.parametrize("library", ["ir_measures", "pytrec_eval"])
def test_a_missing_library_names_the_command(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ExtraMissing) as raised:
        measure({"q": {"a": 1}}, {"q": ["a"]})
    assert str(raised.value) == (
        f"this needs {library}, which is not installed; install it with "
        "`pip install 'searchkit[eval]'`"
    )


def test_copies_come_right_after_the_hit_that_stands_for_them(
    tmp_path: Path, settings: Settings
) -> None:
    report = (
        "Gubernur meresmikan jembatan gantung yang menghubungkan dua desa di lereng gunung itu."
    )
    with SearchIndex.create(tmp_path / "copies", settings) as index:
        index.add(
            Article(id=f"n{day}", headline=f"Jembatan {day}", body=(report,)) for day in (1, 2)
        )
        index.add([Article(id="n3", headline="Jembatan lain", body=("Rusak lagi.",))])
        assert sorted(ranked_ids(index.search("jembatan"))[:2]) == ["n1", "n2"]
        assert len(index.search("jembatan").hits) == 2
