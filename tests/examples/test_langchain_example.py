"""The example of LangChain, without a network."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from langchain_core.language_models import ParrotFakeChatModel
from langchain_core.runnables import Runnable

from searchkit import SearchIndex, Settings
from searchkit.integrations.langchain import SearchkitRetriever
from tests.conftest import PACT, RESIGNATION, item

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "langchain"


@pytest.fixture(autouse=True)
def _example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(FOLDER)


@pytest.fixture
def retriever(tmp_path: Path, settings: Settings) -> Iterator[SearchkitRetriever]:
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add([PACT, RESIGNATION, item("Pakta di sini")])
        yield SearchkitRetriever(index=index, content="fragments", search={"kind": "article"})


@pytest.fixture
def chain(retriever: SearchkitRetriever) -> Runnable[str, dict[str, Any]]:
    from answering import Quoting, answering

    return answering(retriever, Quoting())


def test_an_answer_quotes_its_sources(chain: Runnable[str, dict[str, Any]]) -> None:
    found = chain.invoke("Siapa yang meneken pakta pertahanan?")
    assert [document.id for document in found["documents"]] == [PACT.id]
    assert found["answer"].startswith("Kedua pemimpin meneken pakta pertahanan")
    assert found["answer"].endswith("[1]")


def test_nothing_found_is_said(chain: Runnable[str, dict[str, Any]]) -> None:
    found = chain.invoke("Berapa harga zebra?")
    assert (found["documents"], found["answer"]) == ([], "The archive says nothing about that.")


def test_it_streams_and_awaits(chain: Runnable[str, dict[str, Any]]) -> None:
    question = "Mengapa menteri mundur?"
    found = chain.invoke(question)
    streamed: dict[str, Any] = {}
    for part in chain.stream(question):
        for name, value in part.items():
            streamed[name] = streamed[name] + value if name in streamed else value
    assert streamed == found == anyio.run(chain.ainvoke, question)


def test_any_model_is_given_the_sources_and_the_question(retriever: SearchkitRetriever) -> None:
    from answering import answering

    found = answering(retriever, ParrotFakeChatModel()).invoke("Siapa meneken pakta?")
    assert found["answer"].startswith(f"[1] {PACT.headline}\n")
    assert found["answer"].endswith("\n\nQuestion: Siapa meneken pakta?")


def test_the_command_of_its_readme(tmp_path: Path) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert 'answering.py "Siapa yang memperluas pakta pertahanan?"' in readme
    answer = subprocess.run(
        [sys.executable, FOLDER / "answering.py", "Siapa yang memperluas pakta pertahanan?"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    assert "Rusia dan Korea Utara memperluas pakta pertahanan" in answer.stdout
    assert "\n  [1] Rusia dan Korea Utara" in answer.stdout
