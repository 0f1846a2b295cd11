"""An empty engine."""

from pathlib import Path

import pytest

from searchkit.engines.whoosh import WhooshEngine


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    WhooshEngine.publish_empty(tmp_path)
    return WhooshEngine(tmp_path, lock_timeout=0.1)
