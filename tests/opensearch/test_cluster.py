"""The cluster of the tests is what `tests/opensearch/cluster.py` says that it is."""

from tests.opensearch.conftest import OnCluster, server_of


def test_nodes_read_the_configuration_that_is_written_for_them(index: OnCluster) -> None:
    nodes = server_of(index.open()).request("GET", "/_nodes/settings", flat_settings=True)["nodes"]
    for node in nodes.values():
        found = node["settings"]
        assert found["cluster.routing.allocation.disk.threshold_enabled"] == "false"
        assert found["discovery.seed_hosts"]
        assert found["transport.port"] in str(found["discovery.seed_hosts"])
