"""The conformance suite, run by the engines that need no server."""

from searchkit.testing import EngineConformance


class TestWhoosh(EngineConformance):
    engine_name = "whoosh"
