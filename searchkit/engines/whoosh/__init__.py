"""The default engine: Whoosh, with segments and a table of contents that hold no pickle."""

from searchkit.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
