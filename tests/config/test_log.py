"""Log records: one line each, nothing that steers a terminal, no secret."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
import structlog

from config.log import configure, masked
from config.settings import Log

HOSTILE = "title\x1b[31m\r\nfake \x9b \u202e \u2028 \ud800"


@contextmanager
def recorded(form: Literal["auto", "text", "json"], role: str = "") -> Iterator[io.StringIO]:
    """What this process logs meanwhile. Not a fixture: while a test runs, pytest's own capture stands aside for it."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure(Log(format=form), stream, role=role)
    try:
        yield stream
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.mark.parametrize("form", ["text", "json"])
def test_case_109_one_line_a_record(form: Literal["text", "json"]) -> None:
    """Text from outside cannot break a line, colour it or reorder it, in our records and in the libraries'."""
    with recorded(form) as records:
        structlog.get_logger("test").warning("page read", title=HOSTILE)
        logging.getLogger("library").warning("seen %s", HOSTILE)
        try:
            int(HOSTILE)
        except ValueError:
            structlog.get_logger("test").exception("page failed")
    written = records.getvalue()
    assert 3 == written.count("\n") == len(written.splitlines())
    assert all(character.isprintable() for character in written.replace("\n", ""))


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_are_taken_out(form: Literal["text", "json"]) -> None:
    """Keys that tell a secret are masked, and so are secrets inside any text, a library's record included."""
    with recorded(form) as records:
        structlog.get_logger("test").error("refused", token="canary1", headers={"Set-Cookie": "canary2", "Via": "seen"})
        logging.getLogger("library").error(
            "GET http://me:canary3@h.example/ with Bearer canary4 and whsec_canary5/x+y="
        )
    assert "canary" not in records.getvalue()
    assert "seen" in records.getvalue()
    assert "h.example" in records.getvalue()


def test_json_records_carry_their_context() -> None:
    """What is bound once a job stands in each of its records, beside time, level, event and who wrote it."""
    with recorded("json", "work read") as records, structlog.contextvars.bound_contextvars(outbox_id=7):
        structlog.get_logger("test").info("page read", blocks=3)
    record = json.loads(records.getvalue())
    assert {"outbox_id": 7, "blocks": 3, "level": "info", "event": "page read", "role": "work read"} == {
        key: value for key, value in record.items() if key != "timestamp"
    }
    assert record["timestamp"].endswith("Z")


def test_json_where_nobody_watches() -> None:
    """What is not a terminal gets JSON; nothing below the level is written."""
    with recorded("auto") as records:
        structlog.get_logger("test").debug("not said")
        structlog.get_logger("test").info("said")
    assert "said" == json.loads(records.getvalue())["event"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("whsec_ab/c+d== x", "whsec_*** x", id="webhook secret"),
        pytest.param("postgresql+psycopg://me:pw@db/x", "postgresql+psycopg://***@db/x", id="URL userinfo"),
        pytest.param("http://me:p@w@h.example/x", "http://***@h.example/x", id="a password with an at sign"),
        pytest.param("https://h.example/@name", "https://h.example/@name", id="an at sign in a path is no userinfo"),
        pytest.param(b"Bearer abc", "Bearer ***", id="bytes"),
        pytest.param(["x", {"password": "y"}], ["x", {"password": "***"}], id="nested"),
        pytest.param(7, 7, id="number"),
    ],
)
def test_masked(value: object, shown: object) -> None:
    """What is secret in a value is replaced, and nothing else."""
    assert shown == masked(value)
