import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from searchkit import SearchIndex, Settings, WatchError, Watches, saved_queries
from tests.cli.test_commands import run
from tests.conftest import PACT, PACT_ITEM, article

LATE = article("Pakta Lama", "Naskah pakta dari arsip.", day=1)


def ids(watches: Watches) -> dict[str, list[str]]:
    return {name: [hit.id for hit in hits] for name, hits in watches.new().items()}


def test_what_is_new_is_told_once(index: SearchIndex) -> None:
    watches = Watches(index)
    watches.add("pakta", "pakta")
    assert ids(watches) == {"pakta": []}
    index.add([LATE])
    assert ids(watches) == ids(Watches(index)) == {"pakta": [LATE.id]}
    watches.tell(watches.new())
    assert ids(watches) == ids(Watches(index)) == {"pakta": []}
    index.delete(PACT.id)
    index.add([PACT])
    assert ids(watches) == {"pakta": []}


def test_words_are_neither_corrected_nor_left_out(index: SearchIndex) -> None:
    watches = Watches(index)
    watches.add("dua", "pakta xyzzy")
    index.add([LATE])
    assert ids(watches) == {"dua": []}
    index.add([article("Pakta Xyzzy", "Isi.")])
    assert len(ids(watches)["dua"]) == 1


def test_names(index: SearchIndex) -> None:
    watches = Watches(index)
    assert watches.queries == {}
    watches.add("a", "pakta")
    with pytest.raises(WatchError, match="there is a saved query 'a' already, for 'pakta'"):
        watches.add("a", "lain")
    with pytest.raises(WatchError, match=r"there is no saved query 'b' in .*; there are: a"):
        watches.remove("b")
    assert Watches(index).queries == {"a": "pakta"}
    watches.remove("a")
    assert Watches(index).queries == {}


def test_what_others_change_meanwhile_stays(index: SearchIndex) -> None:
    one, other = Watches(index), Watches(index)
    one.add("a", "pakta")
    other.add("b", "garuda")
    assert list(Watches(index).queries) == list(other.queries) == ["a", "b"]
    with pytest.raises(WatchError, match="there is a saved query 'b' already"):
        one.add("b", "lain")
    index.add([LATE])
    new = other.new()
    one.remove("b")
    one.add("b", "pakta")
    one.add("c", "menteri")
    other.tell(new)
    assert ids(Watches(index)) == {"a": [], "b": [], "c": []}
    assert list(other.queries) == ["a", "b", "c"]


def test_the_name_of_what_was_told_may_be_another_query(index: SearchIndex) -> None:
    watches, other = Watches(index), Watches(index)
    watches.add("a", "pakta")
    index.add([LATE])
    new = watches.new()
    index.delete(LATE.id)
    other.remove("a")
    other.add("a", "arsip")
    index.add([LATE])
    watches.tell(new)
    assert ids(watches) == {"a": [LATE.id]}


def test_several_processes_add(tmp_path: Path, index: SearchIndex) -> None:
    names = [f"nama{number}" for number in range(4)]
    with ThreadPoolExecutor(4) as processes:
        ended = list(processes.map(lambda n: run("watch", "add", n, "pakta", cwd=tmp_path), names))
    assert [status for status, _, _ in ended] == [0] * 4
    assert set(Watches(index).queries) == set(names)
    assert not list(tmp_path.glob("*.new"))


def test_another_process_that_does_not_end(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_queries, "_LOCK_SECONDS", 0.1)
    watches = Watches(index)
    with (
        saved_queries.changed_saved_queries(watches.path),
        pytest.raises(WatchError, match="is being changed by another process; try again"),
    ):
        watches.add("a", "pakta")


def test_an_index_that_a_link_leads_to(
    index: SearchIndex, tmp_path: Path, settings: Settings
) -> None:
    Watches(index).add("a", "pakta")
    link = tmp_path / "links" / "link"
    link.parent.mkdir()
    link.symlink_to(index.path)
    with SearchIndex.open(link, settings) as linked:
        assert Watches(linked).queries == {"a": "pakta"}
        # Beside the link, where they were kept before: they stay there.
        beside = link.with_name("link.watches.json")
        Watches(index).path.rename(beside)
        assert Watches(linked).queries == {"a": "pakta"}
        Watches(linked).add("b", "garuda")
        assert Watches(linked).path == beside
        assert Watches(index).queries == {}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"version": 2}', '{"version": 1, "watches": {"a": {"query": 3}}}']
)
def test_damaged_file(index: SearchIndex, text: str) -> None:
    path = Watches(index).path
    path.write_text(text)
    with pytest.raises(WatchError, match="is damaged or of another version"):
        Watches(index)
    assert path.read_text() == text


def test_file_that_cannot_be_used(index: SearchIndex) -> None:
    watches = Watches(index)
    watches.path.with_name(watches.path.name + ".new").mkdir()
    with pytest.raises(WatchError, match="cannot be written"):
        watches.add("a", "pakta")
    watches.path.mkdir()
    with pytest.raises(WatchError, match="cannot be read"):
        Watches(index)


def test_commands(tmp_path: Path, index: SearchIndex) -> None:
    assert run("watch", "add", "pakta", "pakta", cwd=tmp_path)[:2] == (0, "Saved 'pakta'.\n")
    assert run("watch", "list", cwd=tmp_path)[1] == "pakta: pakta\n"
    record = json.dumps({"title": "Pakta Baru", "body": "Isi pakta baru."}).encode()
    _, output, _ = run("index", "-", cwd=tmp_path, stdin=record)
    assert "New hits for saved queries: pakta; see them with `searchkit watch run`." in output
    _, output, _ = run("watch", "run", cwd=tmp_path)
    assert output.startswith("pakta: 1 new\n")
    assert "Pakta Baru" in output
    _, output, _ = run("watch", "run", "--json", cwd=tmp_path)
    assert json.loads(output) == {"pakta": []}
    assert PACT_ITEM.id not in output
    assert run("watch", "remove", "pakta", cwd=tmp_path)[0] == 0
    file = tmp_path / "index.watches.json"
    file.write_text("[]")
    status, _, errors = run("index", "-", cwd=tmp_path, stdin=record)
    assert (status, "Warning: " in errors, "is damaged" in errors) == (0, True, True)
    beyond = {"a": {"query": "a" * 20_000, "told": []}}
    file.write_text(json.dumps({"version": 1, "watches": beyond}))
    status, output, errors = run("index", "-", cwd=tmp_path, stdin=record)
    assert (status, "Index: index." in output) == (0, True)
    assert "Warning: the query has 20,000 characters" in errors
    file.unlink()
    status, _, errors = run("watch", "remove", "pakta", cwd=tmp_path)
    assert (status, "there are: none" in errors) == (1, True)
