from pathlib import Path

import pytest

from searchkit import SearchIndex, Settings
from searchkit.engines.whoosh import WhooshEngine
from searchkit.testing.making import document, put
from tests.reliability.injection import Step, watched


def steps_of(engine: WhooshEngine) -> list[Step]:
    """What a commit does to its files, from the first write on."""
    steps: list[Step] = []

    def note(step: Step) -> bool:
        steps.append(step)
        return False

    with watched(engine.folder, note):
        put(engine, *(document(number, body="w1 w2") for number in range(50)))
    return steps


def places(steps: list[Step], action: str, name: str) -> list[int]:
    return [place for place, step in enumerate(steps) if step == (action, name)]


def test_a_commit_is_on_the_disk_before_it_is_published(engine: WhooshEngine) -> None:
    steps = steps_of(engine)
    folder = engine.folder.name
    (published,) = places(steps, "rename", "_MAIN_1.toc")
    data = {step.name for step in steps if step.action == "write" and "WRITELOCK" not in step.name}
    assert {Path(name).suffix for name in data} == {
        ".stored",
        ".postings",
        ".keys",
        ".tables",
        ".new",
    }
    flushed = []
    for name in data:
        (place,) = places(steps, "fsync", name)
        assert max(places(steps, "write", name)) < place < published
        flushed.append((place, name))
    # The names of the data files, then the table of contents, then its name; then the old one goes.
    before, after = places(steps, "fsync", folder)
    (removed,) = places(steps, "unlink", "_MAIN_0.toc")
    assert max(flushed)[1] == "_MAIN_1.toc.new"
    assert max(place for place, name in flushed if name != "_MAIN_1.toc.new") < before
    assert before < max(flushed)[0] < published < after < removed


@pytest.mark.parametrize("kind", ["create", "watches"])
def test_other_files_too(tmp_path: Path, settings: Settings, kind: str) -> None:
    steps: list[Step] = []

    def note(step: Step) -> bool:
        steps.append(step)
        return False

    with watched(tmp_path, note), SearchIndex.create(tmp_path / "index", settings) as index:
        if kind == "watches":
            from searchkit.watching import Watches

            Watches(index).add("pakta", "pakta")
    name = "searchkit.json" if kind == "create" else "index.watches.json"
    folder = "index" if kind == "create" else tmp_path.name
    (written,) = places(steps, "write", f"{name}.new")
    (flushed,) = places(steps, "fsync", f"{name}.new")
    (renamed,) = places(steps, "rename", name)
    assert written < flushed < renamed < max(places(steps, "fsync", folder))
    if kind == "create":  # with the manifest alone, there is no index yet
        assert renamed < places(steps, "rename", "_MAIN_0.toc")[0]
