"""What programs that import the application are told without the extra `serve`."""

import importlib
import sys

import pytest

from searchkit import ExtraMissing


@pytest.mark.parametrize(
    ("module", "library"),
    [("app", "fastapi"), ("app", "limits"), ("page", "starlette.requests"), ("page", "jinja2")],
)
def test_without_a_library_the_extra_is_named(
    module: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("searchkit.web.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ExtraMissing, match=rf"needs {library}, .*searchkit\[serve\]"):
        importlib.import_module(f"searchkit.web.{module}")
