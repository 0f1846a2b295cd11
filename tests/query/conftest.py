"""What tests of queries share: the engines that need no server."""

from dataclasses import replace

import pytest

from searchkit import Settings


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def embedded(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings with each of the engines that need no server; skips where one is missing."""
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    return replace(settings, engine=request.param)
