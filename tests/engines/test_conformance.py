"""The conformance suite, run by the engines that need no server."""

from typing import ClassVar

from searchkit.testing import EngineConformance


class TestWhoosh(EngineConformance):
    engine_name = "whoosh"


class TestTantivy(EngineConformance):
    engine_name = "tantivy"


class TestTantivyThatRescoresAll(EngineConformance):
    engine_name = "tantivy"
    options: ClassVar = {"rescored": 1000}
