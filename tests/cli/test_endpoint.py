"""`endpoint`, `deliveries` and `replay` as they are typed."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cli.main import run
from store import deliveries, endpoints
from store.engine import engine_for, writing
from tests.parts.delivering import deliverer, tell_many
from tests.parts.receiver import receiver, saying
from workers.signing import new_secret, verify

Typed = Callable[..., tuple[int, list[dict[str, Any]], str]]
HOLD = timedelta(seconds=45)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The database that the verbs use."""
    return f"sqlite+pysqlite:///{tmp_path / 'var' / 'writethru.db'}"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Runs a verb with ``--json`` in an empty folder: exit code, the objects on stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WRITETHRU_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("WRITETHRU_DELIVER__ALLOW_NETWORKS", "127.0.0.0/8")

    def verb(*argv: str) -> tuple[int, list[dict[str, Any]], str]:
        code = run([*argv, "--json"])
        told = capsys.readouterr()
        return code, [json.loads(line) for line in told.out.splitlines()], told.err

    return verb


@pytest.fixture
def engine(url: str, typed: Typed) -> Iterator[sa.Engine]:
    """The same database, made by the first verb that needs it."""
    typed("endpoint", "list")
    engine = engine_for(url)
    yield engine
    engine.dispose()


def test_a_secret_is_shown_once(typed: Typed) -> None:
    """Adding and rotating show a secret; listing never does, nor a password in the URL."""
    code, [added], _ = typed("endpoint", "add", "https://me:hush@a.example/hook", "--types", "article.settled")
    assert code == 0
    _, [rotated], _ = typed("endpoint", "rotate", "1")
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != added["secret"]
    _, [listed], _ = typed("endpoint", "list")
    assert (listed["secret"], listed["url"], listed["types"]) == (
        "whsec_***",
        "https://a.example/hook",
        ["article.settled"],
    )
    assert listed["old_secret_until"] is not None


def test_a_secret_may_come_from_standard_input(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no process list shows it."""
    secret = new_secret()
    monkeypatch.setattr("sys.stdin", io.StringIO(secret + "\n"))
    assert typed("endpoint", "add", "https://a.example/", "--secret", "-")[1][0]["secret"] == secret


@pytest.mark.parametrize(
    ("argv", "code", "says"),
    [
        pytest.param(["endpoint", "add", "ftp://a.example/"], 2, "unsupported-scheme", id="scheme"),
        pytest.param(["endpoint", "add", "http:///x"], 2, "bad-url", id="no host"),
        pytest.param(["endpoint", "add", "http://a.example/", "--secret", "x"], 2, "a secret is whsec_", id="secret"),
        pytest.param(["endpoint", "add", "http://a.example/", "--types", "x"], 2, "no event type 'x'", id="type"),
        pytest.param(["endpoint", "add", "http://a.example/", "--min-severity", "x"], 2, "no severity", id="severity"),
        pytest.param(["endpoint", "test", "7"], 1, "no endpoint 7", id="test unknown"),
        pytest.param(["endpoint", "remove", "7"], 1, "no endpoint 7", id="remove unknown"),
        pytest.param(["endpoint", "enable", "99999999999999999999"], 2, "9223372036854775807", id="no id at all"),
        pytest.param(["replay", "7"], 1, "no delivery 7", id="replay unknown"),
    ],
)
def test_mistakes_are_one_line(typed: Typed, argv: list[str], code: int, says: str) -> None:
    """What, why, what to do, and nothing on stdout."""
    told = typed(*argv)
    assert told[:2] == (code, [])
    [line] = [line for line in told[2].splitlines() if line.startswith("writethru:")]
    assert says in line


def test_a_test_arrives_signed(typed: Typed) -> None:
    """`endpoint test` goes the usual way and says what came, whether a deliverer runs or not."""
    with receiver() as hook:
        hook.replies.extend([saying(200, b"ok"), saying(500, b"not yet")])
        added = typed("endpoint", "add", hook.url, "--types", "article.settled")[1][0]
        code, [told], _ = typed("endpoint", "test", "1")
        assert (code, told["status"], told["reason"], told["head"]) == (0, 200, None, "ok")
        code, [told], _ = typed("endpoint", "test", "1")
        assert (code, told["status"], told["reason"]) == (1, 500, "http-500")
    verify(added["secret"], hook.got[0].headers, hook.got[0].body, datetime.now(UTC))
    sent = json.loads(hook.got[0].body)
    assert (sent["type"], sent["data"]["sequence"]) == ("endpoint.test", 1)
    assert [row["state"] for row in typed("deliveries")[1]] == ["failed", "delivered"]


def test_a_test_waits_for_its_turn(typed: Typed, engine: sa.Engine) -> None:
    """While a deliverer holds the endpoint the test waits; another's lease is never taken away."""
    with receiver() as hook:
        typed("endpoint", "add", hook.url)
        almost_over = datetime.now(UTC) - HOLD + timedelta(seconds=1)
        with writing(engine) as connection:
            assert deliveries.lease(connection, 1, "another", almost_over, HOLD)
        code, [told], _ = typed("endpoint", "test", "1")
    assert (code, told["status"], len(hook.got)) == (0, 200, 1)


def test_a_disabled_endpoint_is_not_tested(typed: Typed) -> None:
    """It says so, and how to enable it."""
    typed("endpoint", "add", "http://a.example/")
    assert typed("endpoint", "disable", "1")[1][0]["disabled_reason"] == "operator"
    code, rows, error = typed("endpoint", "test", "1")
    assert (code, rows) == (1, [])
    assert "disabled (operator)" in error
    assert typed("endpoint", "enable", "1")[1][0]["enabled"] is True


def test_deliveries_and_replay(typed: Typed, engine: sa.Engine) -> None:
    """What failed is listed with its attempts, and goes out again with the same bytes."""
    now = datetime.now(UTC)
    with receiver() as hook:
        hook.reply = saying(500)
        typed("endpoint", "add", hook.url)
        told = tell_many(engine, now, 3)
        sender = deliverer(engine, lambda: now, schedule=())
        while sender.due():
            now += timedelta(hours=1)
        assert typed("deliveries", "--failed", "--limit", "1")[1][0]["id"] == 3
        rows = typed("deliveries", "--failed")[1]
        assert [(row["alert_id"], row["state"], row["last"]) for row in rows] == [
            (each, "failed", "http-500") for each in reversed(told)
        ]
        assert [(each["status"], each["reason"]) for each in rows[0]["log"]] == [(500, "http-500")]
        hook.reply = saying(200)
        assert typed("replay", "1", "9")[0] == 1
        code, replayed, _ = typed("replay", "1", "3")
        assert (code, [(row["id"], row["before"]) for row in replayed]) == (0, [(1, "failed"), (3, "failed")])
        sender.due()
    assert hook.ids() == [*told, told[0], told[2]]
    assert [row["id"] for row in typed("deliveries", "--failed")[1]] == [2]
    replays = [typed("replay", "--failed", "--endpoint", each)[1] for each in "211"]
    assert [[{"replayed": 0}], [{"replayed": 1}], [{"replayed": 0}]] == replays
    assert [2, 2] == [typed("replay", *wrong)[0] for wrong in ((), ("1", "--failed"))]


def test_case_80_removal_is_logged(typed: Typed, engine: sa.Engine) -> None:
    """Removing says how much it cancelled, on stdout and in the log; nothing of it can be replayed."""
    typed("endpoint", "add", "http://a.example/")
    tell_many(engine, datetime.now(UTC), 3)
    code, [told], log = typed("endpoint", "remove", "1")
    assert (code, told) == (0, {"id": 1, "removed": True, "cancelled": 3})
    assert "endpoint removed" in log
    assert {row["state"] for row in typed("deliveries")[1]} == {"cancelled"}
    assert "was removed" in typed("replay", "1")[2]
    assert typed("endpoint", "list")[1] == []


def test_for_people(typed: Typed, engine: sa.Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """Without ``--json`` the same is said in lines and tables."""
    typed("endpoint", "add", "http://127.0.0.1:9/")
    with writing(engine) as connection:
        endpoints.disable(connection, 1, "failing: no success since 2026-03-02T09:00:00Z, the last was http-503")
    assert run(["endpoint", "list"]) == 0
    assert "disabled (failing: no success since 2026" in capsys.readouterr().out
    run(["endpoint", "enable", "1"])
    assert run(["endpoint", "test", "1"]) == 1
    assert "not delivered: unreachable after" in capsys.readouterr().out
    assert run(["deliveries"]) == 0
    assert "endpoint.test" in capsys.readouterr().out
    assert run(["replay", "1"]) == 0
    assert "delivery 1 is owed again (it was failed)" in capsys.readouterr().out


def test_a_rule_is_shown_changed_and_tried(typed: Typed, engine: sa.Engine) -> None:
    """What is given changes, the rest stays; a back-test changes nothing and counts what would have been told."""
    typed("endpoint", "add", "https://a.example/", "--words", "ferry, toll", "--quiet", "22:00-07:00 Europe/Kyiv")
    _, [changed], _ = typed("endpoint", "rule", "1", "--words", "", "--change-types", "casualty", "--stealth")
    assert {key: value for key, value in changed["rule"].items() if value} == {
        "change_types": ["casualty"], "stealth": True, "quiet": "22:00-07:00 Europe/Kyiv"
    }  # fmt: skip
    assert typed("endpoint", "list")[1][0]["rule"] == changed["rule"] == typed("endpoint", "rule", "1")[1][0]["rule"]
    tell_many(engine, datetime.now(UTC), 2)
    options = ("--change-types", "", "--no-stealth")
    assert [row["told"] for row in typed("endpoint", "backtest", "1", *options)[1]] == [True, True]
    assert [row["reason"] for row in typed("endpoint", "backtest", "1")[1]] == ["it was announced"] * 2


@pytest.mark.parametrize("verb", [("add", "https://a.example/"), ("rule", "1"), ("backtest", "1")], ids=lambda v: v[0])
def test_a_rule_with_a_mistake_is_refused(typed: Typed, engine: sa.Engine, verb: tuple[str, ...]) -> None:
    """In one line, and nothing is changed."""
    typed("endpoint", "add", "https://b.example/")
    code, rows, err = typed("endpoint", *verb, "--quiet", "at night")
    assert (code, rows) == (2, [])
    assert "'at night' are no quiet hours; write 22:00-07:00 Europe/Kyiv" in err
