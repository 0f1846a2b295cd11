import re
import sys
from pathlib import Path

import numpy as np
import pytest

from searchkit import EvaluationError, ExtraMissing
from searchkit.evaluation import MEASURES, Evaluation, write_plot


def evaluation(name: str, seed: int) -> Evaluation:
    scores = np.random.default_rng(seed).random((len(MEASURES), 30))
    return Evaluation(
        name=name,
        run={f"q{number}": [] for number in range(30)},
        scores=dict(zip(MEASURES, scores, strict=True)),
    )


def words(path: Path) -> str:
    """The text of an SVG, which Matplotlib draws as paths and repeats in comments."""
    return " ".join(re.findall(r"<!-- (.*?) -->", path.read_text(encoding="utf-8")))


def test_one_configuration_has_one_panel(tmp_path: Path) -> None:
    write_plot(tmp_path / "a.svg", [evaluation("alone", 1)])
    shown = words(tmp_path / "a.svg")
    assert all(name in shown for name in MEASURES)
    assert f"{evaluation('alone', 1).mean('MRR@10'):.3f}" in shown
    assert "30 queries" in shown
    assert "difference" not in shown


def test_several_are_compared_with_the_last(tmp_path: Path) -> None:
    write_plot(tmp_path / "a.svg", [evaluation("a", 1), evaluation("b", 2), evaluation("c", 3)])
    shown = words(tmp_path / "a.svg")
    assert "against a" in shown
    assert "against b" in shown
    assert "against c" not in shown
    assert "c query by query" in shown


@pytest.mark.parametrize("name", ["a.svg", "a.png", "A.PDF"])
def test_same_numbers_same_file(tmp_path: Path, name: str) -> None:
    contents = []
    for _ in range(2):
        write_plot(tmp_path / name, [evaluation("a", 1), evaluation("b", 1)])
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_what_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EvaluationError, match=r"a.gif: a plot is named .png, .svg or .pdf"):
        write_plot(tmp_path / "a.gif", [evaluation("a", 1)])
    with pytest.raises(EvaluationError, match="a.svg cannot be written: No such file"):
        write_plot(tmp_path / "no" / "a.svg", [evaluation("a", 1)])
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ExtraMissing, match="this needs matplotlib"):
        write_plot(tmp_path / "a.svg", [evaluation("a", 1)])


def test_any_path_is_a_name(tmp_path: Path) -> None:
    names = ["a$x$_{", "berkas-\udce9"]
    write_plot(tmp_path / "a.svg", [evaluation(name, seed) for seed, name in enumerate(names)])
    assert "against a$x$_{" in words(tmp_path / "a.svg").replace("\\$", "$")
