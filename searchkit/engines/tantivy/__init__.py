"""An engine for larger archives: tantivy, a search library in Rust, by the package `tantivy`."""

from searchkit.engines.tantivy.engine import TantivyEngine

__all__ = ["TantivyEngine"]
