from pathlib import Path

import pytest

from searchkit import SearchIndex, Settings
from tests.reliability.soak import brought_by, faults_of, soak, whole_commit


def test_readers_see_whole_commits(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "index"
    commit, told = soak(path, settings, readers=4, seconds=3)
    assert faults_of(path, settings, commit, told) == []
    assert len(told) == 6  # the fourth is three threads
    assert all(each.last == commit and each.searches for each in told)


def test_half_a_commit_would_be_noticed(tmp_path: Path, settings: Settings) -> None:
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add(brought_by(0))
        assert whole_commit(index) == 0
        index.add(list(brought_by(1))[:9])
        with pytest.raises(ValueError, match="commit 1 says"):
            whole_commit(index)
