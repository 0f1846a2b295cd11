import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.errors import EvaluationError, MalformedInput, UnreadableInput, WrongType
from searchkit.evaluation import read_floors, read_qrels, read_queries, read_run, write_run


def written(folder: Path, text: str) -> Path:
    path = folder / "file"
    path.write_text(text, encoding="utf-8")
    return path


def test_queries_by_tab(tmp_path: Path) -> None:
    text = "\ufeffq2\tharga beras naik\r\n\nq1\tapa itu\tsubak?\n"
    path = written(tmp_path, text)
    assert read_queries(path) == {"q2": "harga beras naik", "q1": "apa itu\tsubak?"}


def test_queries_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "queries.tsv"
    path.write_bytes(gzip.compress("q1\tkafé tua\n".encode()))
    assert read_queries(path) == {"q1": "kafé tua"}


def test_trec_topics(tmp_path: Path) -> None:
    old = """<top>
<num> Number: 301
<title> Topic: Nelayan &amp; dermaga
<desc> Description:
Berita tentang dermaga yang diperbaiki.
</top>

<top>
<num> 302 </num>
<title> panen
cengkih </title>
</top>
"""
    expected = {"301": "Nelayan & dermaga", "302": "panen cengkih"}
    assert read_queries(written(tmp_path, old)) == expected
    new = """<?xml version="1.0"?>
<topics task="berita">
  <topic number="301"><query>Nelayan &amp; dermaga</query><question>Apa?</question></topic>
  <topic id='302'><title>panen cengkih</title></topic>
</topics>
"""
    assert read_queries(written(tmp_path, new)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q1\tsatu\nq2 dua\n", "file:2: no tab between the query's id and its text"),
        ("q1\tsatu\nq1\tdua\n", "file:2: query 'q1' stands here a second time"),
        ("q1\t \n", "file:1: a query needs an id and a text"),
        ("\n", "file: there is no query in it"),
        ("<top>\n<num> 1\n</top>", "file:1: the topic has no number (<num>, number=) or no title"),
        ("<topics>\n</topics>", "file: there is no query in it"),
    ],
)
def test_malformed_queries(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MalformedInput) as raised:
        read_queries(written(tmp_path, text))
    assert message in str(raised.value)


def test_qrels_in_both_forms(tmp_path: Path) -> None:
    expected = {"q1": {"kota: 7": 2, "d2": 0}, "q2": {"d1": 1}}
    ours = "q1\tkota: 7\t2\nq1\td2\t0\nq2\td1\t1\nq2\td1\t1\n"
    assert read_qrels(written(tmp_path, ours)) == expected
    trec = "q1 0 d7  2\nq1 0 d2 0\nq2\t0\td1\t1\n"
    assert read_qrels(written(tmp_path, trec)) == {"q1": {"d7": 2, "d2": 0}, "q2": {"d1": 1}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q1\td1\t1\nq1\td2\n", "file:2: 2 columns; a judgement is `qid<TAB>docid<TAB>grade`"),
        (
            "query-id\tcorpus-id\tscore\n",
            "file:1: the grade 'score' is not a whole number; there is no header in qrels",
        ),
        ("q1\td1\t1\nq1\td1\t2\n", "file:2: 'd1' has another grade for 'q1' further up"),
        ("q1\td1\t4294967297\n", "file:1: the grade '4294967297' is beyond 1,000,000"),
        ("", "file: there is no judgement in it"),
    ],
)
def test_malformed_qrels(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MalformedInput) as raised:
        read_qrels(written(tmp_path, text))
    assert message in str(raised.value)


def test_run_is_ordered_as_trec_eval_orders_it(tmp_path: Path) -> None:
    text = "q1 Q0 a 1 2.5 x\nq1 Q0 b 2 2.5 x\nq1 Q0 c 3 9 x\nq2 Q0 a 1 -1e3 x\n"
    assert read_run(written(tmp_path, text)) == {"q1": ["c", "b", "a"], "q2": ["a"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q1 Q0 a 1 2.5\n", "file:1: 5 columns; a line of a run is `qid Q0 docid rank score tag`"),
        ("q1 Q0 a 1 high x\n", "file:1: the score 'high' is not a number"),
        ("q1 Q0 a 1 2 x\nq1 Q0 a 2 1 x\n", "file:2: 'a' stands a second time under 'q1'"),
        ("\n", "file: there is no result in it"),
    ],
)
def test_malformed_runs(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MalformedInput) as raised:
        read_run(written(tmp_path, text))
    assert message in str(raised.value)


_ids = st.text(st.characters(categories=("L", "N", "P"), codec="utf-8"), min_size=1, max_size=12)


@given(st.dictionaries(_ids, st.lists(_ids, unique=True, min_size=1, max_size=150), min_size=1))
def test_a_run_written_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, run: dict[str, list[str]]
) -> None:
    path = tmp_path_factory.mktemp("runs") / "a.run"
    write_run(path, run, "tag")
    assert read_run(path) == run


def test_a_path_may_be_a_str(tmp_path: Path) -> None:
    path = str(tmp_path / "a.run")
    write_run(path, {"q1": ["a"]}, "tag")
    assert read_run(path) == {"q1": ["a"]}
    assert list(read_queries(path)) == ["q1"]
    assert read_qrels(written(tmp_path, "q1\ta\t1\n").as_posix()) == {"q1": {"a": 1}}
    for reads in (read_queries, read_qrels, read_run, read_floors):
        with pytest.raises(WrongType, match="path is 5"):
            reads(5)  # type: ignore[arg-type] # it is refused


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="nothing: there is no such file"):
        read_queries(tmp_path / "nothing")
    with pytest.raises(UnreadableInput, match="cannot be read: Is a directory"):
        read_qrels(tmp_path)
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(b"q1\tsatu\n")[:-6])
    with pytest.raises(UnreadableInput, match="cut.gz: cannot be read: Compressed file ended"):
        read_queries(path)
    with pytest.raises(EvaluationError, match="cannot be written: Is a directory"):
        write_run(tmp_path, {"q1": ["a"]}, "tag")
