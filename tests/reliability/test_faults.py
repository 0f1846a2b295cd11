import errno
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from searchkit import SearchIndex, Settings
from tests.conftest import PACT, article
from tests.reliability.faults import cases, outcomes
from tests.reliability.injection import NAMELESS
from tests.reliability.workload import unknown_files


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("create", errno.EIO),
        ("add", errno.ENOSPC),
        ("delete", errno.EDQUOT),
        ("renew", errno.EIO),
    ],
)
def test_every_step_may_fail(tmp_path: Path, settings: Settings, name: str, error: int) -> None:
    case = cases(tmp_path, settings)[name]
    tried = list(outcomes(case, tmp_path / "index", settings, error))
    assert len(tried) > 30
    assert [each for each in tried if each.fault] == []
    assert {each.outcome for each in tried} == {"refused", "committed"}
    refused = {each.step for each in tried if each.outcome == "refused"}
    assert {"write toc.new", "fsync toc.new", "rename toc", "fsync index"} <= refused


def test_every_step_of_writing_tables_in_files_may_fail(tmp_path: Path, settings: Settings) -> None:
    case = cases(tmp_path, settings)["optimize, on disk"]
    tried = list(outcomes(case, tmp_path / "index", settings, errno.ENOSPC))
    assert [each for each in tried if each.fault] == []
    assert f"write {NAMELESS}" in {each.step for each in tried if each.outcome == "refused"}


def test_files_that_may_not_grow(index: SearchIndex) -> None:
    """A real limit of the operating system instead of an injected error."""
    lines = [
        article(f"Judul {n}", f"Isi berita nomor {n} tentang banjir. " * 50) for n in range(200)
    ]
    source = index.path.parent / "many.txt"
    source.write_text(
        "\n".join(f'{{"title": "{a.headline}", "content": "{a.text}"}}' for a in lines)
    )
    before = sorted(path.name for path in index.path.iterdir())
    done = subprocess.run(
        [sys.executable, "-m", "searchkit", "index", "--index-dir", index.path, source],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 6, done.stderr
    assert f"{index.path} could not be written (File too large); the index is as it" in done.stderr
    assert sorted(path.name for path in index.path.iterdir()) == before
    assert index.search("pakta").hits[0].id == PACT.id


def test_a_disk_that_is_full(tmp_path: Path, settings: Settings) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "none", str(tmp_path)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can mount a small file system")
    try:
        many = [article(f"Judul {n}", f"Berita nomor {n} {n * n} {n**3}.") for n in range(900)]
        with SearchIndex.create(tmp_path / "index", settings) as index:
            index.add([PACT])
            with pytest.raises(Exception, match=r"is full \(No space left on device, \d MB free\)"):
                index.add(many)
            assert index.search("pakta").total == 1
            index.add(many[:3])
            assert index.stats().size.documents["article"] == 4
        assert not unknown_files(tmp_path / "index")
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)
