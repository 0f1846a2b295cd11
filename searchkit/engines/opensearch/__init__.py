"""An engine that keeps its indexes in an OpenSearch cluster; see docs/opensearch.md."""

from searchkit.engines.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]
