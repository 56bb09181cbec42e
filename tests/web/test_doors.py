"""Who may come in, and what every answer carries."""

import contextlib
import itertools
from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute
from structlog.testing import capture_logs

from config.settings import Settings
from store.engine import writing
from store.tokens import Opened, add_token
from tests.parts.desk import serving
from web.answers import RefusalError
from web.app import ROUTERS, app
from web.doors import CARRIED, OPEN, Asked, check_host, check_origin, check_token, is_loopback


def token_of(engine: sa.Engine, now: datetime, *scopes: str) -> str:
    """A new token with these scopes."""
    with writing(engine) as connection:
        return add_token(connection, "desk", scopes, now)


def bearer(token: str) -> dict[str, str]:
    """The header that brings it."""
    return {"authorization": f"Bearer {token}"}


def routes(engine: sa.Engine, now: datetime) -> Iterator[tuple[str, str]]:
    """Every method and path of the route table, with something in place of the parameters."""
    assert len(ROUTERS) + 2 == len(app(engine, Settings(), lambda: now).routes), "a route that is in no router"
    found = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    assert len(found) > 15
    for route in found:
        path = route.path
        for name in route.param_convertors:
            path = path.replace(f"{{{name}}}", "1")
        yield from ((method, path) for method in sorted(route.methods or ()))
    yield from (("GET", path) for path in ("/api/v1/openapi.json", "/nowhere", "/api/v1/nowhere", "//livez"))


def test_case_101_every_route_needs_a_token(engine: sa.Engine, now: datetime) -> None:
    """Once there is a token, no route but the open ones answers without one."""
    token_of(engine, now, "read")
    with serving(engine, now) as client:
        answered = {(method, path): client.request(method, path).status_code for method, path in routes(engine, now)}
        assert {OPEN[0]: 200, OPEN[2]: 200} == {path: answered["GET", path] for path in (OPEN[0], OPEN[2])}
        assert [key for key, status in answered.items() if key[1] not in OPEN and status != 401] == []
        assert 200 == client.get("/static/desk.css").status_code


@pytest.mark.parametrize(
    ("scopes", "method", "status"),
    [
        pytest.param(("read",), "GET", 200, id="read reads"),
        pytest.param(("read",), "POST", 403, id="read does not write"),
        pytest.param(("read",), "DELETE", 403, id="read does not delete"),
        pytest.param(("write",), "GET", 403, id="write alone does not read"),
        pytest.param(("read", "write"), "POST", 405, id="write writes where there is something to write"),
    ],
)
def test_case_101_scopes(engine: sa.Engine, now: datetime, scopes: tuple[str, ...], method: str, status: int) -> None:
    """A token opens what its scopes say and nothing else."""
    with serving(engine, now) as client:
        headers = bearer(token_of(engine, now, *scopes))
        assert status == client.request(method, "/api/v1/versions", headers=headers).status_code


def test_no_token_is_needed_on_loopback_until_one_was_made(
    client: httpx.Client, engine: sa.Engine, now: datetime
) -> None:
    """A fresh service on this machine is open to this machine."""
    assert 200 == client.get("/").status_code
    token_of(engine, now, "read")
    assert 401 == client.get("/").status_code


def test_elsewhere_a_token_is_always_needed(engine: sa.Engine, now: datetime) -> None:
    """Bound to another address, a store whose last token went is closed, not open."""
    with serving(engine, now, web={"host": "0.0.0.0"}, fetch={"contact": "desk@example.org"}) as client:
        assert 401 == client.get("/api/v1/feeds").status_code


@pytest.mark.parametrize(
    "brought",
    [
        pytest.param({"authorization": "Bearer wt_wrong"}, id="wrong bearer"),
        pytest.param({"authorization": "Basic d3Q6d3Q="}, id="basic"),
        pytest.param({"authorization": "Bearer"}, id="empty bearer"),
        pytest.param({"cookie": "writethru=wt_wrong"}, id="wrong cookie"),
        pytest.param({"cookie": 'writethru="a\\'}, id="broken cookie"),
        pytest.param({"cookie": "writethru=" + "x" * 9000}, id="long cookie"),
    ],
)
def test_wrong_tokens_open_nothing(engine: sa.Engine, now: datetime, brought: dict[str, str]) -> None:
    """What is not a token of ours is no token."""
    token_of(engine, now, "read")
    with serving(engine, now) as client:
        answer = client.get("/api/v1/feeds", headers=brought)
        assert (401, "Bearer") == (answer.status_code, answer.headers["www-authenticate"])


def test_login_trades_a_token_for_a_cookie(engine: sa.Engine, now: datetime) -> None:
    """The cookie is out of reach for scripts and other sites, and opens until the log-out."""
    token = token_of(engine, now, "read")
    with serving(engine, now) as client:
        refused = client.post("/login", data={"token": "wt_wrong"})
        assert (401, False) == (refused.status_code, "set-cookie" in refused.headers)
        answer = client.post("/login", data={"token": f" {token} "})
        assert (303, "/") == (answer.status_code, answer.headers["location"])
        assert {"httponly", "samesite=strict", "path=/"} <= {
            part.strip().lower() for part in answer.headers["set-cookie"].split(";")
        }
        behind_tls = {"origin": f"https://{client.base_url.netloc.decode()}"}
        assert (
            "secure" in client.post("/login", data={"token": token}, headers=behind_tls).headers["set-cookie"].lower()
        )
        client.post("/login", data={"token": token})
        assert 200 == client.get("/").status_code
        client.cookies.set("another_service", '{"theme": "[dark]"}')
        assert 200 == client.get("/").status_code
        client.post("/logout")
        assert 401 == client.get("/").status_code


def test_a_browser_without_a_token_is_led_to_the_login(engine: sa.Engine, now: datetime) -> None:
    """A person gets a page, a program JSON."""
    token_of(engine, now, "read")
    with serving(engine, now) as client:
        seen = client.get("/", headers={"accept": "text/html"})
        assert (401, True) == (seen.status_code, 'href="/login"' in seen.text)
        assert {"error": "A token is needed here."} == client.get(
            "/api/v1/feeds", headers={"accept": "text/html"}
        ).json()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        pytest.param("127.0.0.1:8700", 200, id="address"),
        pytest.param("localhost:8700", 200, id="name"),
        pytest.param("[::1]:8700", 200, id="IPv6"),
        pytest.param("evil.example", 400, id="another name"),
        pytest.param("127.0.0.1.evil.example", 400, id="a name that looks like the address"),
        pytest.param("localhost.evil.example:8700", 400, id="a name that starts like ours"),
        pytest.param("192.0.2.1", 400, id="another address"),
        pytest.param("[", 400, id="broken"),
        pytest.param("", 400, id="empty"),
    ],
)
def test_case_103_host(one_client: httpx.Client, host: str, status: int) -> None:
    """On loopback the service answers to loopback names only, so that no page can rebind its own name to it."""
    assert status == one_client.get("/livez", headers={"host": host}).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="no browser"),
        pytest.param({"origin": "http://127.0.0.1:1"}, 403, id="another port"),
        pytest.param({"origin": "https://evil.example"}, 403, id="another site"),
        pytest.param({"origin": "null"}, 403, id="a sandboxed page"),
        pytest.param({"origin": "http://["}, 403, id="no address"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="says the browser"),
        pytest.param({"sec-fetch-site": "same-site"}, 403, id="a sister site"),
        pytest.param({"sec-fetch-site": "same-origin"}, 401, id="our own page"),
    ],
)
def test_case_103_origin(one_client: httpx.Client, headers: dict[str, str], status: int) -> None:
    """What changes something is taken from our own pages or from no browser at all."""
    assert status == one_client.post("/login", data={"token": "x"}, headers=headers).status_code


def test_own_origin_may_write(one_client: httpx.Client) -> None:
    """The browser names our own address on our own form."""
    origin = str(one_client.base_url).rstrip("/")
    assert 401 == one_client.post("/login", data={"token": "x"}, headers={"origin": origin}).status_code


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        pytest.param("GET", "/", {}, 200, id="page"),
        pytest.param("GET", "/api/v1/feeds", {}, 200, id="API"),
        pytest.param("GET", "/static/desk.css", {}, 200, id="static"),
        pytest.param("GET", "/nowhere", {}, 404, id="unknown"),
        pytest.param("GET", "/static/nowhere", {}, 404, id="unknown static"),
        pytest.param("GET", "/changes?cursor=x", {}, 400, id="bad cursor"),
        pytest.param("GET", "/livez", {"host": "evil.example"}, 400, id="bad host"),
        pytest.param("POST", "/login", {"origin": "https://evil.example"}, 403, id="bad origin"),
        pytest.param("DELETE", "/login", {}, 405, id="wrong method"),
        pytest.param("GET", "/readyz", {}, 503, id="not ready"),
        pytest.param("GET", "/metrics", {}, 200, id="metrics"),
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_case_107_headers(
    one_client: httpx.Client, method: str, path: str, headers: dict[str, str], status: int, accept: str
) -> None:
    """Every answer, errors included, forbids inline script, sniffing, framing, referring and storing."""
    answer = one_client.request(method, path, headers={**headers, "accept": accept})
    assert status == answer.status_code
    assert CARRIED == {name: answer.headers[name] for name in CARRIED}
    assert "unsafe" not in CARRIED["content-security-policy"]


def test_case_106_a_fault_shows_nothing(engine: sa.Engine, now: datetime) -> None:
    """An error nobody foresaw is a plain page with all headers; what broke stays in the log."""
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE edit")
        connection.exec_driver_sql("ALTER TABLE feed RENAME TO gone")
    with capture_logs() as logged, serving(engine, now) as client:
        for accept in ("text/html", "application/json"):
            answer = client.get("/feeds", headers={"accept": accept})
            assert 500 == answer.status_code
            assert CARRIED["content-security-policy"] == answer.headers["content-security-policy"]
            assert not any(word in answer.text for word in ("Traceback", "sqlalchemy", "SELECT", "no such table"))
    assert ["/feeds", "/feeds"] == [each["path"] for each in logged if each["event"] == "a request failed"]


def test_case_106_what_was_asked_is_not_repeated(one_client: httpx.Client) -> None:
    """A refusal never shows the address or parameter that brought it."""
    for path in ("/<script>alert(1)</script>", "/changes?type=<svg onload=alert(1)>", "/articles/<u>"):
        answer = one_client.get(path, headers={"accept": "text/html"})
        assert answer.status_code in (400, 404)
        assert not any(part in answer.text for part in ("alert(1)", "<u>"))


def test_case_115_large_requests_are_refused(one_client: httpx.Client) -> None:
    """A body or head beyond the limits is refused, whether it says its length or not, and the next request is served;
    the refusal looks like any other."""
    for body in (b'{"what": "' + b"x" * 70_000 + b'"}', (b"x" * 10_000 for _ in range(7))):
        refused = one_client.post("/api/v1/previews", content=body, headers={"content-type": "application/json"})
        assert (413, {"error": "A request may bring 64 kB."}) == (refused.status_code, refused.json())
        assert "default-src 'none'" in refused.headers["content-security-policy"]
    assert 413 == one_client.post("/login", content=b"token=" + b"x" * 70_000).status_code
    with contextlib.suppress(httpx.TransportError):  # it may be closed while the head is still being sent
        assert one_client.get("/livez", headers={"x-long": "x" * 1_000_000}).status_code in (400, 431)
    assert 200 == one_client.get("/livez").status_code


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *((host, True) for host in ("127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.0.2.1", "localhost.evil.example", "")),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    """Only this machine's own addresses are loopback; all addresses are not."""
    assert loopback == is_loopback(host)


def test_elsewhere_any_host_is_served() -> None:
    """Bound to another address, the name is the operator's business: a token is needed anyway."""
    check_host(Asked("GET", "/", ("desk.example",), "", ""), "0.0.0.0")
    with pytest.raises(RefusalError):
        check_host(Asked("GET", "/", ("a.example", "b.example"), "", ""), "0.0.0.0")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_from_elsewhere_is_no_origin_fault(method: str) -> None:
    """Reading is kept from other sites by the browser; links to our pages work."""
    check_origin(Asked(method, "/", ("127.0.0.1",), "https://evil.example", "cross-site"))


def test_open_doors_need_nothing() -> None:
    """The open paths are exact: nothing below or beside them is open."""
    for path, open_ in itertools.chain(
        ((path, True) for path in (*OPEN, "/static/desk.css")),
        ((path, False) for path in ("/livez/", "/login/x", "/static", "/LIVEZ", "/api/v1/feeds")),
    ):
        asked = Asked("GET", path, ("127.0.0.1",), "", "")
        if open_:
            check_token(asked, None, needed=True)
        else:
            with pytest.raises(RefusalError):
                check_token(asked, None, needed=True)
        check_token(asked, Opened(1, frozenset({"read"}), stale=False), needed=True)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/articles?site=%00",
        "/atom/filters/%00",
        "/changes?saved=%00",
        "/api/v1/versions?article=1&cursor=9999999999",
    ],
)
def test_what_a_database_cannot_hold_is_no_fault(client: httpx.Client, path: str) -> None:
    """A NUL in a text and a number beyond a column's are refused or find nothing, on either database."""
    assert client.get(path).status_code in (200, 400, 404)
    said = client.post("/filters", data={"name": "a\0b", "query": "type=quote"}, follow_redirects=False)
    assert said.status_code in (303, 400)
