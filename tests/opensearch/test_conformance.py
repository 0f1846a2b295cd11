"""The conformance suite on a real cluster; `tests/opensearch/cluster.py` starts one."""

import os

import pytest

from searchkit.testing import EngineConformance
from tests.opensearch.cluster import ADDRESS


@pytest.mark.skipif(
    ADDRESS not in os.environ,
    reason="needs a cluster: python -m tests.opensearch.cluster -- pytest tests/opensearch",
)
class TestOpenSearch(EngineConformance):
    engine_name = "opensearch"
    server = f"opensearch://{os.environ.get(ADDRESS, '')}"
    # Two shards, so that figures of one shard do not pass for those of all.
    options = {"shards": 2, "replicas": 0, "patience": 10}  # noqa: RUF012
