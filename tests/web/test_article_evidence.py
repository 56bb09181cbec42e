"""Why to believe it: chain, snapshot, alerts with their attempts, what was stripped; and the API of an article."""

from datetime import datetime, timedelta

import httpx
import sqlalchemy as sa

from store import snapshots, versions
from store.engine import writing
from store.snapshots import Bytes
from store.tables import attempt, delivery, pin, version
from tests.parts.desk import parsed, serving, text_of
from tests.parts.rows import Newsroom

BODY = b"<html><script>alert(1)</script></html>"


def chained(connection: sa.Connection, now: datetime, *texts: str) -> int:
    """An article whose versions were written as the workers write them, each with its snapshot and chain."""
    made = Newsroom(connection, now).article()
    for number, text in enumerate(texts, 1):
        came = Bytes("https://harbour.example/bridge", 200, {"etag": '"7"', "server": "x"}, "ab" * 32, BODY)
        kept = snapshots.keep(connection, "article", made, came, now)
        draft = versions.Draft(
            made, "https://harbour.example/bridge", number, f"f{number}", "Bridge collapse", text, None, None,
            now + timedelta(minutes=number), kept, came.sha256, b"[]", {"signals": {}, "seen_old_at": now},
        )  # fmt: skip
        versions.write(connection, draft, versions.latest(connection, made))
    return made


def test_evidence_is_checked(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """The hash of the text and the chain are checked on every view; a text that was touched is told."""
    with writing(engine) as connection:
        made = chained(connection, now, "It rained.", "It snowed.")
    seen = text_of(client.get(f"/articles/{made}"))
    assert "nobody changed it since" in seen
    assert "✓ matches the text" in seen
    assert {"holds": True, "next": None} == {
        key: value for key, value in client.get(f"/api/v1/articles/{made}/chain").json().items() if key != "links"
    }
    with writing(engine) as connection:
        touched = version.update().where(version.c.article_id == made, version.c.number == 2)
        connection.execute(touched.values(text=versions.pack_text("It hailed.")))
    assert "does not match its checksum" in text_of(client.get(f"/articles/{made}"))
    links = client.get(f"/api/v1/articles/{made}/chain").json()["links"]
    assert [(True, True), (False, False)] == [(each["text_holds"], each["chain_holds"]) for each in links]


def test_snapshot_is_a_file_and_never_a_page(client: httpx.Client, engine: sa.Engine, now: datetime) -> None:
    """The bytes come as they were, as an attachment without an origin; what is not kept is a 404."""
    with writing(engine) as connection:
        made = chained(connection, now, "It rained.")
    answer = client.get(f"/articles/{made}/versions/1/snapshot")
    assert (BODY, "application/octet-stream") == (answer.content, answer.headers["content-type"])
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "nosniff" == answer.headers["x-content-type-options"]
    for path in (f"/articles/{made}/versions/2/snapshot", "/articles/99/versions/1/snapshot"):
        assert 404 == client.get(path).status_code


def test_elsewhere_texts_need_a_token(engine: sa.Engine, now: datetime, told: int) -> None:
    """On any other address than loopback neither page, text, snapshot nor twin opens without a token."""
    paths = ("", ".json", "/versions/1/snapshot")
    with serving(engine, now, web={"host": "0.0.0.0"}, fetch={"contact": "desk@example.org"}) as outside:
        answers = [outside.get(f"/articles/{told}{path}") for path in paths]
        answers.append(outside.get(f"/api/v1/articles/{told}/versions/1"))
    assert {401} == {answer.status_code for answer in answers}


def test_alerts_with_attempts_and_replay(client: httpx.Client, engine: sa.Engine, now: datetime, story: int) -> None:
    """What was told of a version, to whom, how often it was tried, and a button that sends it again."""
    with writing(engine) as connection:
        newsroom = Newsroom(connection, now)
        made = newsroom.delivery("https://told.example/hook", state="failed")
        changed = connection.execute(
            sa.select(version.c.id).where(version.c.article_id == story, version.c.number == 2)
        )
        row = connection.execute(sa.select(delivery.c.alert_id).where(delivery.c.id == made)).scalar_one()
        cause = {"subject": f"article:{story}", "cause": f"version:{changed.scalar_one()}"}
        connection.execute(
            sa.text("UPDATE alert SET subject=:subject, cause=:cause WHERE id=:id"), {**cause, "id": row}
        )
        for status in (0, 503):
            tried = {"delivery_id": made, "at": now, "status": status, "reason": "timeout", "elapsed_ms": 12}
            connection.execute(attempt.insert().values(**tried, response_head=""))
    page = client.get(f"/articles/{story}")
    assert "https://told.example/hook failed HTTP 503 in 12 ms · 2 attempts" in text_of(page)
    (form,) = [form for form in parsed(page).forms if form.action == f"/deliveries/{made}/replay"]
    answer = client.post(form.action, data=dict(form.fields))
    assert (303, f"/articles/{story}") == (answer.status_code, answer.headers["location"])
    assert "owed" in text_of(client.get(f"/articles/{story}"))
    assert "owed" in [
        s["state"] for a in client.get(f"/api/v1/articles/{story}/alerts").json()["items"] for s in a["sent"]
    ]


def test_what_was_stripped_can_be_pinned(client: httpx.Client, engine: sa.Engine, story: int) -> None:
    """Each block that is no text stands with its rule in words; a person's word about it can be given and taken back."""
    path = f"/articles/{story}?view=stripped"
    assert "Read also: a fair teaser: a teaser of another article" in text_of(client.get(path))
    (form,) = [form for form in parsed(client.get(path)).forms if str(form.action).endswith("/pins")]
    fields = dict(form.fields) | {"verdict": "text"}
    assert 303 == client.post(form.action, data=fields).status_code
    with engine.connect() as connection:
        assert [("text", "desk")] == [(row.verdict, row.by) for row in connection.execute(sa.select(pin))]
    assert "pinned as text" in text_of(client.get(path))
    assert 303 == client.post(form.action, data=fields | {"verdict": "none"}).status_code
    assert "pinned as text" not in text_of(client.get(path))
    refused = [
        client.post(form.action, data=fields | wrong).status_code
        for wrong in ({"verdict": "x"}, {"block": "x"}, {"version": "x"})
    ]
    assert [400, 404, 400] == refused


def test_twin_and_api(client: httpx.Client, told: int) -> None:
    """The page's twin and the API tell the same facts; what is unknown is a 404 in JSON."""
    twin = client.get(f"/articles/{told}.json?from=1&to=4").json()
    assert [("12", "19", ["15"])] == [
        (f["before"], f["after"], f["by_way_of"]) for f in twin["facts"] if f["before"] == "12"
    ]
    facts = client.get(f"/api/v1/articles/{told}/ledger").json()["facts"]
    assert [("12", "19", 2), ("denied", "confirmed", 1)] == [(f["first"], f["last"], len(f["changes"])) for f in facts]
    assert [4, 3] == [v["number"] for v in client.get(f"/api/v1/articles/{told}/versions?limit=2").json()["items"]]
    for name in ("versions", "looks", "ledger", "alerts", "chain"):
        answer = client.get(f"/api/v1/articles/99/{name}")
        assert (404, "There is no such article.") == (answer.status_code, answer.json()["error"])
