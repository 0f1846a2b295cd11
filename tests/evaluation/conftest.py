"""A collection small enough to judge by eye: invented news, queries and their relevant articles."""

import json
from pathlib import Path

import pytest

NEWS = {
    "w1": ("Nelayan Pulau Seruni Perbaiki Dermaga", "Warga memperbaiki dermaga yang rusak."),
    "w2": ("Dermaga Lama Dibongkar", "Pembongkaran dermaga lama memakan waktu sebulan."),
    "w3": ("Panen Cengkih Melimpah", "Petani di lereng gunung memanen cengkih lebih awal."),
    "w4": ("Festival Layang-Layang Digelar", "Peserta menerbangkan layang-layang di pantai."),
    "w5": ("Perpustakaan Keliling Tiba di Lembah", "Anak-anak membaca buku cerita bersama."),
    "w6": ("Jembatan Gantung Diresmikan", "Bupati meresmikan jembatan di atas sungai kecil."),
}
QUERIES = {
    "q1": "perbaikan dermaga",
    "q2": "panen cengkih petani",
    "q3": "bacaan anak",
    "q4": "resmi jembatan",
}
QRELS = {"q1": {"w1": 2, "w2": 1}, "q2": {"w3": 1}, "q3": {"w5": 1}, "q4": {"w6": 1}}


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A directory with corpus.jsonl, queries.tsv and qrels.tsv."""
    folder = tmp_path / "collection"
    folder.mkdir()
    records = [
        {"id": name, "title": title, "body": body, "date": "2024-06-03"}
        for name, (title, body) in NEWS.items()
    ]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    lines = [f"{query_id}\t{text}\n" for query_id, text in QUERIES.items()]
    (folder / "queries.tsv").write_text("".join(lines))
    judgements = [f"{q}\t{d}\t{g}\n" for q, grades in QRELS.items() for d, g in grades.items()]
    (folder / "qrels.tsv").write_text("".join(judgements))
    return folder
