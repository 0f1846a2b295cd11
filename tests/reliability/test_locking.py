import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchkit import SearchIndex, Settings
from searchkit.engines.locking import FILE_NAME, WriterLock
from searchkit.engines.whoosh import WhooshEngine
from searchkit.errors import IndexLocked, IndexNotWritable
from searchkit.query import Everything
from searchkit.testing.making import document, ids, put

HOLD = """
import sys, time
from pathlib import Path
from searchkit.engines.locking import WriterLock
WriterLock(Path(sys.argv[1])).acquire(5)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[WriterLock]:
    lock = WriterLock(tmp_path)
    yield lock
    lock.release()


def test_who_waits_in_vain_is_told_who_writes(
    holder: "subprocess.Popen[str]", lock: WriterLock, tmp_path: Path
) -> None:
    with pytest.raises(IndexLocked) as caught:
        lock.acquire(0.1)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path} is being written by another process (pid {holder.pid} ")
    assert f" on {os.uname().nodename} since 20" in message
    assert "-c" in message
    assert message.endswith("waited 0.1 s: try again when it has finished")


def test_the_lock_of_a_killed_process_is_free(
    holder: "subprocess.Popen[str]", lock: WriterLock, tmp_path: Path
) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert json.loads((tmp_path / FILE_NAME).read_bytes())["pid"] == holder.pid
    lock.acquire(0)
    assert json.loads((tmp_path / FILE_NAME).read_bytes())["pid"] == os.getpid()
    lock.release()
    assert (tmp_path / FILE_NAME).read_bytes() == b""


def test_writers_of_one_process_exclude_one_another(lock: WriterLock, tmp_path: Path) -> None:
    lock.acquire(0)
    with pytest.raises(IndexLocked, match=rf"this process itself \(pid {os.getpid()} on"):
        WriterLock(tmp_path).acquire(0.1)


def test_a_second_writer_waits_for_the_first(lock: WriterLock, tmp_path: Path) -> None:
    lock.acquire(0)
    timer = threading.Timer(0.2, lock.release)
    timer.start()
    second = WriterLock(tmp_path)
    second.acquire(30)
    second.release()
    timer.join()


@pytest.mark.parametrize(
    "text", ["", " ", " {}", " []", ' {"pid": "x"}', " \udcff", " " + "[" * 4000]
)
def test_a_file_that_says_nothing_of_use(lock: WriterLock, tmp_path: Path, text: str) -> None:
    lock.acquire(0)
    (tmp_path / FILE_NAME).write_text(text, errors="surrogateescape")
    with pytest.raises(IndexLocked, match="written by another process; waited"):
        WriterLock(tmp_path).acquire(0)


def test_a_holder_is_shown_without_control_characters(lock: WriterLock, tmp_path: Path) -> None:
    lock.acquire(0)
    said = {"pid": 1, "host": "a\x1b[2Jb", "since": "now", "command": "x" * 10_000}
    (tmp_path / FILE_NAME).write_text(" " + json.dumps(said)[:1900] + '"}')
    with pytest.raises(IndexLocked, match=r"pid 1 on a \[2Jb since now: x{200}\)"):
        WriterLock(tmp_path).acquire(0)


def test_a_forked_child_holds_nothing(lock: WriterLock, tmp_path: Path) -> None:
    lock.acquire(0)
    go_on, end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(end)
        lock.release()
        os.read(go_on, 1)
        os._exit(0)
    try:
        time.sleep(0.1)
        with pytest.raises(IndexLocked):
            WriterLock(tmp_path).acquire(0)
        lock.release()
        second = WriterLock(tmp_path)
        second.acquire(0)
        second.release()
    finally:
        os.close(end)
        os.close(go_on)
        assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_file_system_without_locks(
    lock: WriterLock, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(IndexNotWritable, match=r"file system without file locks \(.*local disk"):
        lock.acquire(0)


def test_a_link_is_not_followed(
    engine: WhooshEngine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    precious = tmp_path_factory.mktemp("home") / "precious"
    precious.write_text("mine")
    (engine.folder / FILE_NAME).symlink_to(precious)
    with pytest.raises(IndexNotWritable, match="could not be written"):
        engine.writer()
    assert precious.read_text() == "mine"


def test_threads_write_one_after_another(engine: WhooshEngine) -> None:
    def write(thread: int) -> None:
        own = WhooshEngine(engine.folder, lock_timeout=60)
        for number in range(5):
            put(own, document(10 * thread + number, body="w1"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids(engine, Everything())) == 20


@pytest.mark.parametrize("error", [False, True])
def test_a_forked_child_leaves_the_writer_alone(engine: WhooshEngine, error: bool) -> None:
    class ChildDoneError(Exception):
        pass

    with engine.writer() as writer:
        writer.put(document(1, body="w1"))
        before = sorted(path.name for path in engine.folder.iterdir())
        child = os.fork()
        if child == 0:
            status = 0
            try:
                if error:
                    writer.__exit__(ChildDoneError, ChildDoneError(), None)
                else:
                    writer.__exit__(None, None, None)
                    status = 1
            except IndexLocked as locked:
                status = 0 if "process that this one was forked from" in str(locked) else 2
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert sorted(path.name for path in engine.folder.iterdir()) == before
        writer.put(document(2, body="w1"))
    assert ids(engine, Everything()) == ["d0001", "d0002"]


FORKING = """
import os, sys
from searchkit import Article, SearchIndex, Settings

def articles():
    for number in range(30):
        yield Article(id=str(number), headline=f"Judul {number}", body=("Isi pakta.",))
        if number == 20:
            child = os.fork()
            if child == 0:
                sys.exit(0)
            os.waitpid(child, 0)

with SearchIndex.open_or_create(sys.argv[1], Settings(workers=0)) as index:
    index.add(articles())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
def test_a_forked_child_that_ends_writes_nothing(tmp_path: Path, settings: Settings) -> None:
    """What its parent has still to write is in its memory, too."""
    path = tmp_path / "index"
    subprocess.run([sys.executable, "-c", FORKING, path], check=True, timeout=60)
    report = SearchIndex.check(path, settings)
    assert (report.documents, report.findings) == (30, ())
