import threading
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from searchkit import SearchIndex, SettingsError
from searchkit.documents.stored import to_stored
from searchkit.web.app import create_app
from searchkit.web.options import WebOptions
from tests.conftest import FOOTBALL, PACT, RESIGNATION, article

TOKEN = "t" * 32
AUTH = {"Authorization": f"Bearer {TOKEN}"}


def client_of(index: SearchIndex, **options: object) -> TestClient:
    chosen = WebOptions(**({"token": TOKEN} | options))  # type: ignore[arg-type]  # given by tests
    return TestClient(create_app(index, chosen), base_url="http://127.0.0.1")


@pytest.fixture
def client(index: SearchIndex) -> Iterator[TestClient]:
    with client_of(index) as opened:
        yield opened


def test_search(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "mendukung", "facet": ["section", "month"]})
    assert answer.status_code == 200
    page = answer.json()
    assert [hit["id"] for hit in page["hits"]] == [PACT.id]
    fragment = page["hits"][0]["fragments"][0]
    assert fragment["text"][slice(*fragment["marks"][0])] == "mendukung"
    assert "<mark>mendukung</mark>" in fragment["html"]
    assert page["facets"]["section"] == [{"value": "Dunia", "count": 1}]


def test_search_passes_all_arguments_on(client: TestClient) -> None:
    asked = "q=*&section=dunia&section=politik&since=2024-06-21&until=2024-06&sort=oldest"
    asked += "&kind=article&limit=1&fragments=false&expand=none&recency=0&collapse=off"
    page = client.get(f"/api/v1/search?{asked}").json()
    assert [hit["id"] for hit in page["hits"]] == [RESIGNATION.id]
    first = client.get("/api/v1/search?limit=2&kind=article").json()
    rest = client.get(f"/api/v1/search?kind=article&cursor={first['next_cursor']}").json()
    assert len({hit["id"] for hit in first["hits"] + rest["hits"]}) == 3


def test_hostile_text_is_escaped(client: TestClient, index: SearchIndex) -> None:
    index.add([article("<script>alert(1)</script> waspada", "isi")])
    hit = client.get("/api/v1/search", params={"q": "waspada"}).json()["hits"][0]
    assert hit["title"]["html"] == "&lt;script&gt;alert(1)&lt;/script&gt; <mark>waspada</mark>"


def test_other_reading_routes(client: TestClient) -> None:
    assert client.get("/api/v1/suggest", params={"q": "dua neg"}).json() == {
        "suggestions": [PACT.headline]
    }
    assert client.get(f"/api/v1/documents/{PACT.id}").json() == to_stored(PACT)
    assert client.get("/api/v1/similar", params={"id": PACT.id}).status_code == 200
    found = client.get("/api/v1/explain", params={"q": "mendukung", "id": PACT.id}).json()
    assert found["words"][0]["spellings"][0][0].lower() in ("mendukung", "dukungan")
    missed = client.get("/api/v1/explain", params={"q": "mendukung", "id": FOOTBALL.id})
    assert missed.json() is None
    counted = client.get("/api/v1/facets", params={"q": "*", "facet": "kind"}).json()
    assert counted["facets"]["kind"] == [
        {"value": "article", "count": 3},
        {"value": "item", "count": 2},
    ]
    assert client.get("/api/v1/stats").json()["documents"] == {"article": 3, "item": 2}


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/api/v1/documents/nix", 404, "document-not-found"),
        ("/api/v1/similar?id=nix", 404, "document-not-found"),
        ("/api/v1/search?q=" + "a" * 20_000, 400, "query-error"),
        ("/api/v1/search?since=besok+kapan", 400, "query-error"),
        ("/api/v1/search?limit=-1", 422, "invalid-request"),
        ("/api/v1/search?sorted=no", 422, "invalid-request"),
        ("/api/v1/nix", 404, "not-found"),
    ],
)
def test_problems(client: TestClient, path: str, status: int, name: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:searchkit:problem:{name}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_index_and_delete(client: TestClient) -> None:
    records = [{"id": "n1", "headline": "Banjir Surut", "body": "Air surut."}, {"nothing": 1}]
    done = client.post("/api/v1/documents", json={"documents": records}, headers=AUTH)
    assert done.json()["added"] == {"article": 1}
    assert done.json()["skipped"][0]["origin"] == "#2"
    assert client.get("/api/v1/search?q=banjir").json()["hits"][0]["id"] == "n1"
    again = {"headline": "Banjir Datang Lagi"}
    assert client.put("/api/v1/documents/n1", json=again, headers=AUTH).json()["updated"] == {
        "article": 1
    }
    exported = to_stored(PACT)
    put = client.put(f"/api/v1/documents/{PACT.id}", json=exported, headers=AUTH)
    assert put.json()["unchanged"] == {"article": 1}
    assert client.put("/api/v1/documents/n2", json={"x": 1}, headers=AUTH).status_code == 422
    assert client.delete("/api/v1/documents/n1", headers=AUTH).json() == {"deleted": 1}
    gone = client.delete("/api/v1/documents", params={"id": ["n1", PACT.id]}, headers=AUTH)
    assert gone.status_code == 404
    assert client.get(f"/api/v1/documents/{PACT.id}").status_code == 200


@pytest.mark.parametrize("own", ["42", " y ", "a<b>b", "antara:42", "a/b c"])
def test_a_document_is_kept_under_the_id_of_its_address(client: TestClient, own: str) -> None:
    address = f"/api/v1/documents/{quote(own, safe='')}"
    record = {"headline": "Banjir Surut", "source": "antara"}
    put = client.put(address, json=record, headers=AUTH)
    assert put.json()["added"] == {"article": 1}
    assert client.get(address).json()["id"] == own
    post = {"documents": [{"nothing": 1}, {"id": own, **record}]}
    again = client.post("/api/v1/documents", json=post, headers=AUTH)
    assert again.json()["unchanged"] == {"article": 1}
    assert client.delete(address, headers=AUTH).json() == {"deleted": 1}


def test_an_id_may_be_a_number_wherever_it_stands_in_a_batch(client: TestClient) -> None:
    one, two = ({"id": n, "headline": f"Nomor {n}"} for n in (77, 78))
    unnamed = {"guid": 9, "headline": "Nomor lain"}
    for batch, done in (([one, two, unnamed], "added"), ([unnamed, two, one], "unchanged")):
        answer = client.post("/api/v1/documents", json={"documents": batch}, headers=AUTH)
        assert answer.json()[done] == {"article": 3}
    assert client.put("/api/v1/documents/77", json=one, headers=AUTH).status_code == 200
    assert client.put("/api/v1/documents/77", json=two, headers=AUTH).status_code == 422


def test_a_document_that_cannot_be_kept_is_no_success(client: TestClient) -> None:
    record = {"headline": "Pakta", "body": "Isi."}
    answer = client.put(f"/api/v1/documents/{'a' * 1025}", json=record, headers=AUTH)
    assert answer.status_code == 422
    assert "longer than 1,024 characters" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/v1/search", "GET, HEAD"),
        ("/api/v1/documents", "DELETE, POST"),
        (f"/api/v1/documents/{PACT.id}", "DELETE, GET, HEAD, PUT"),
        ("/static/page.css", "GET, HEAD"),
        ("/", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_all_that_there_are(
    client: TestClient, path: str, methods: str
) -> None:
    for method in ("PATCH", "OPTIONS"):
        answer = client.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, methods)


@pytest.mark.parametrize("route", ["search", "facets", "suggest", "similar", "explain"])
def test_a_parameter_that_there_is_not_is_refused(client: TestClient, route: str) -> None:
    answer = client.get(f"/api/v1/{route}?q=pakta&id={PACT.id}&limits=5")
    assert answer.status_code == 422
    assert "query.limits: Extra inputs are not permitted" in answer.json()["errors"]


def test_writing_needs_the_token(client: TestClient, index: SearchIndex) -> None:
    for headers in (None, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
        answer = client.delete(f"/api/v1/documents/{PACT.id}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    with client_of(index, token=None) as tokenless:
        answer = tokenless.delete(f"/api/v1/documents/{PACT.id}", headers=AUTH)
        assert answer.status_code == 403
        assert "SEARCHKIT_TOKEN" in answer.json()["detail"]
    assert index.get(PACT.id) == PACT


def test_body_limit_also_without_a_length(index: SearchIndex) -> None:
    with client_of(index, max_body_mb=0.001) as client:
        for body in (b"x" * 2000, iter([b"x" * 600] * 4)):
            headers = AUTH | {"Content-Type": "application/json"}
            answer = client.post("/api/v1/documents", content=body, headers=headers)
            assert answer.status_code == 413
            assert answer.headers["content-type"] == "application/problem+json"


def test_rate(index: SearchIndex) -> None:
    with client_of(index, rate="2/hour") as client:
        statuses = [client.get("/api/v1/suggest?q=p").status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert int(client.get("/api/v1/suggest?q=p").headers["retry-after"]) > 1
        assert client.get("/health/live").status_code == 200


def test_time_and_concurrency(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    with client_of(index, timeout=0.05, concurrency=1, threads=1) as client:

        def slow(*_: object) -> list[str]:
            go_on.wait(60)
            return []

        monkeypatch.setattr(index, "suggest", slow)
        assert client.get("/api/v1/suggest?q=p").status_code == 504
        answer = client.get("/api/v1/search?q=p")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        go_on.set()
        deadline = time.monotonic() + 60
        while client.get("/health/ready").status_code != 200:
            assert time.monotonic() < deadline


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(("127.0.0.1:8000", 200), ("[::1]", 200), ("localhost", 200), ("cari.example", 200)),
        *(("evil.example", 421), ("", 421)),
    ],
)
def test_hosts(index: SearchIndex, host: str, status: int) -> None:
    with client_of(index, allowed_hosts=("cari.example",)) as client:
        assert client.get("/health/live", headers={"Host": host}).status_code == status


def test_cors_is_off_unless_asked_for(client: TestClient, index: SearchIndex) -> None:
    origin = {"Origin": "https://warta.example"}
    answer = client.get("/api/v1/search", headers=origin)
    assert "access-control-allow-origin" not in answer.headers
    with client_of(index, cors_origins=("https://warta.example",)) as opened:
        answer = opened.get("/api/v1/search", headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://warta.example"


def test_tag_lasts_until_the_answer_changes(client: TestClient, index: SearchIndex) -> None:
    first = client.get("/api/v1/search?q=pakta")
    tag = {"If-None-Match": first.headers["etag"]}
    assert client.get("/api/v1/search?q=pakta", headers=tag).status_code == 304
    index.add([article("Pakta Baru", "isi")])
    assert client.get("/api/v1/search?q=pakta", headers=tag).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/search?q=pakta", 200),
        (f"/api/v1/documents/{PACT.id}", 200),
        ("/api/v1/documents/nix", 404),
        ("/api/v1/stats", 200),
        ("/health/live", 200),
        ("/health/ready", 200),
        ("/metrics", 200),
    ],
)
def test_head_is_answered_as_get_without_the_body(
    client: TestClient, path: str, status: int
) -> None:
    answer = client.head(path)
    assert answer.status_code == status
    assert answer.content == b""
    assert answer.headers["content-type"] == client.get(path).headers["content-type"]


def test_metrics(client: TestClient) -> None:
    client.get(f"/api/v1/documents/{PACT.id}")
    client.get("/nix")
    client.get("/static/page.css")
    text = client.get("/metrics").text
    route = 'method="GET",route="/api/v1/documents/{id:path}",status="200"'
    assert f"searchkit_http_requests_total{{{route}}} 1.0" in text
    assert 'route="unmatched",status="404"' in text
    assert 'route="/static",status="200"' in text
    assert 'searchkit_documents{kind="article"} 3.0' in text
    assert 'searchkit_documents{kind="item"} 2.0' in text
    assert "searchkit_http_requests_in_flight 1.0" in text


def test_metrics_do_not_count_the_terms_of_the_index(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = client.app.state.service.index  # type: ignore[attr-defined]  # it is a FastAPI
    monkeypatch.setattr(index, "stats", lambda: pytest.fail("that takes seconds"))
    assert client.get("/metrics").status_code == 200


def test_fault_of_our_own(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    index = client.app.state.service.index  # type: ignore[attr-defined]  # it is a FastAPI
    monkeypatch.setattr(index, "suggest", lambda *_: 1 / 0)
    answer = client.get("/api/v1/suggest?q=p")
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:searchkit:problem:internal"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_openapi(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/search" in described["paths"]
    problem = described["paths"]["/api/v1/search"]["get"]["responses"]["422"]["content"]
    assert list(problem) == ["application/problem+json"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"port": 70_000}, r"port = 70000 must be a whole number from 0 to 65,535"),
        ({"timeout": 0}, "timeout = 0 must be a number above 0"),
        ({"allowed_hosts": "x"}, "allowed_hosts = 'x' must be a list of texts"),
        ({"rate": 5}, "rate = 5 must be a text"),
        ({"plain_writes": 1}, "plain_writes = 1 must be true or false"),
        ({"hots": "x"}, "no setting 'hots'; there are allowed_hosts"),
        ({"token_file": "absent"}, "absent: the token cannot be read: No such file or directory$"),
    ],
)
def test_impossible_options(options: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        WebOptions.of(options, {})


def test_a_token_is_text_and_is_not_shown() -> None:
    with pytest.raises(SettingsError, match=r"^\[serve\] token = \.\.\. must be a text$"):
        WebOptions(token=b"0123456789abcdef")  # type: ignore[arg-type] # it is refused


def test_token(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("token") / "token"
    file.write_text(TOKEN + "\n")
    assert WebOptions.of({"token_file": file}, {}).token == TOKEN
    assert WebOptions.of({}, {"SEARCHKIT_TOKEN": "e" * 20}).token == "e" * 20
    assert TOKEN not in repr(WebOptions(token=TOKEN))
    with pytest.raises(SettingsError, match="the token has 3 characters"):
        WebOptions.of({}, {"SEARCHKIT_TOKEN": "abc"})
    with pytest.raises(SettingsError, match="in the clear"):
        WebOptions.of({"host": "0.0.0.0"}, {"SEARCHKIT_TOKEN": TOKEN})
    assert WebOptions.of({"host": "0.0.0.0", "plain_writes": True}, {}).is_loopback is False
    file.write_text(TOKEN, encoding="utf-8-sig")
    assert WebOptions.of({"token_file": file}, {}).token == TOKEN
    file.write_text("")
    with pytest.raises(SettingsError, match="there is no token in it"):
        WebOptions.of({"token_file": file}, {})


def test_impossible_rate(index: SearchIndex) -> None:
    with (
        pytest.raises(SettingsError, match="the rate 'often' must be as"),
        client_of(index, rate="often"),
    ):
        pass
