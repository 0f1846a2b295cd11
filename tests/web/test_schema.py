"""What the OpenAPI description promises, held against what the server answers, by schemathesis."""

from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from searchkit import SearchIndex, Settings
from searchkit.web.app import create_app
from searchkit.web.options import WebOptions
from tests.conftest import PACT, item

TOKEN = "t" * 32
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
# What a date or a cursor looks like is more than a schema says: such requests are answered 400.
NOT_DESCRIBED: list[Any] = [positive_data_acceptance]
_EXAMPLES = 15  # of each route


def test_every_route_answers_as_described(tmp_path: Path, user_cache: None) -> None:
    """No fault of the server's, and each answer is of a status and shape that is described."""
    with SearchIndex.create(tmp_path / "index", Settings(cache_dir=tmp_path)) as index:
        index.add([PACT, item("Harga beras turun", page=PACT.id)])
        options = WebOptions(token=TOKEN, rate="off", allowed_hosts=("testserver",))
        app = create_app(index, options)
        schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
        asked: dict[str, int] = {}
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()

            @settings(
                max_examples=_EXAMPLES,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def holds(case: Case[Any]) -> None:
                answer = case.call_and_validate(headers=HEADERS, excluded_checks=NOT_DESCRIBED)
                asked[case.operation.label] = asked.get(case.operation.label, 0) + 1
                assert answer.status_code < 500, answer.text

            holds()
        assert len(asked) >= 14, asked
        assert min(asked.values()) >= 1
