"""`endpoint …`: where webhooks go. A secret is shown once, when it is made."""

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from cli import ruling, say
from cli.opened import opened

if TYPE_CHECKING:
    import sqlalchemy as sa

    from config.settings import Settings
    from store.deliveries import Attempt
    from store.endpoints import Endpoint

MASKED = "whsec_***"
WAIT_MORE = 45.0
"""Seconds beyond an attempt that a test waits for its turn: a deliverer may hold the endpoint."""
T = TypeVar("T")

endpoint = typer.Typer(rich_markup_mode=None)
endpoint.command()(ruling.rule)
endpoint.command()(ruling.backtest)

Id = Annotated[
    int, typer.Argument(help="the endpoint's id, as `endpoint list` shows it", metavar="ID", min=1, max=2**63 - 1)
]
Json = Annotated[bool, typer.Option("--json", help="one JSON object a line")]
Secret = Annotated[
    str | None,
    typer.Option(help="the secret to sign with, or - to read it from standard input [a new one]", metavar="whsec_…"),
]


@endpoint.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="http(s) URL that takes the POSTs", metavar="URL")],
    secret: Secret = None,
    types: ruling.Types = None,
    min_severity: ruling.MinSeverity = None,
    change_types: ruling.ChangeTypes = None,
    feeds: ruling.Feeds = None,
    tags: ruling.Tags = None,
    words: ruling.Words = None,
    rises: ruling.Rises = None,
    falls: ruling.Falls = None,
    stealth: ruling.Stealth = None,
    quiet: ruling.Quiet = None,
    digest: ruling.Digest = None,
    urgent: ruling.Urgent = None,
    json: Json = False,
) -> None:
    """Adds an endpoint and shows its secret, this once."""
    given = {name: value for name, value in locals().items() if name in ruling.OPTIONS and value is not None}
    from config.clock import now
    from store import endpoints
    from store.engine import writing
    from store.rules import EVERYTHING

    _check_url(url)
    signing = _secret(secret)
    wanted = ruling.merged(EVERYTHING, given)
    with opened(context.obj) as engine, writing(engine) as connection:
        added = endpoints.add(connection, url=url, secret=signing, rule=wanted, now=now())
    _show_secret(added, f"endpoint {added.id} added", as_json=json)


@endpoint.command(name="list")
def list_(context: typer.Context, json: Json = False) -> None:
    """Lists endpoints, secrets masked."""
    from store import endpoints
    from store.engine import reading

    with opened(context.obj) as engine, reading(engine) as connection:
        rows = [_row(each) for each in endpoints.listing(connection)]
    if not rows and not json:
        say.line("No endpoint yet. Add one with `./writethru endpoint add URL`.")
        return
    if not json:
        rows = [row | {"types": ", ".join(row["types"]) or "default", "state": _state(row)} for row in rows]
        rows = [row | {"rule": _more(row["rule"])} for row in rows]
    columns = ["id", "url", "state", "types", "min_severity", "rule", "sequence", "failing_since"]
    say.listing(rows, columns, as_json=json)


@endpoint.command()
def test(context: typer.Context, number: Id, json: Json = False) -> None:
    """Sends an `endpoint.test` event and says what came. Exit 1 unless it was taken."""
    settings: Settings = context.obj
    with opened(settings) as engine:
        delivery_id, alert_id = _owe_test(engine, number)
        came = _attempt(engine, settings, number, delivery_id)
    if came is None:
        say.fail(f"endpoint {number} is busy; the test is owed, see `./writethru deliveries`")
    told = {"id": number, "delivery": delivery_id, "alert_id": alert_id, "status": came.status}
    told |= {"reason": came.reason or None, "elapsed_ms": round(came.elapsed * 1000), "head": came.head}
    if json:
        say.row(told)
    else:
        say.line(_told(came))
    if came.reason:
        raise typer.Exit(1)


@endpoint.command()
def rotate(context: typer.Context, number: Id, secret: Secret = None, json: Json = False) -> None:
    """Signs with a new secret, shown this once. The old one signs beside it for 24 hours."""
    from config.clock import now
    from store import endpoints
    from store.engine import writing

    signing = _secret(secret)
    with opened(context.obj) as engine, writing(engine) as connection:
        rotated = _known(endpoints.rotate(connection, number, signing, now()), number)
    until = rotated.old_secret_until.isoformat(timespec="seconds") if rotated.old_secret_until else ""
    _show_secret(rotated, f"endpoint {number} has a new secret; the old one signs as well until {until}", as_json=json)


@endpoint.command()
def enable(context: typer.Context, number: Id, json: Json = False) -> None:
    """Sends to it again. What is still owed goes out at once, oldest first."""
    from config.clock import now
    from store import endpoints
    from store.engine import writing

    with opened(context.obj) as engine, writing(engine) as connection:
        enabled = _known(endpoints.enable(connection, number, now()), number)
    _say(_row(enabled), f"endpoint {number} is enabled", as_json=json)


@endpoint.command()
def disable(context: typer.Context, number: Id, json: Json = False) -> None:
    """Sends nothing more to it. What is owed waits; alerts that come meanwhile are not owed to it."""
    from store import endpoints
    from store.engine import writing

    with opened(context.obj) as engine, writing(engine) as connection:
        disabled = _known(endpoints.disable(connection, number, "operator"), number)
    _say(_row(disabled), f"endpoint {number} is disabled", as_json=json)


@endpoint.command()
def remove(context: typer.Context, number: Id, json: Json = False) -> None:
    """Forgets it and its secrets, cancels what is owed. Its deliveries stay in the list."""
    import structlog

    from config.clock import now
    from store import endpoints
    from store.engine import writing

    with opened(context.obj) as engine, writing(engine) as connection:
        cancelled = _known(endpoints.remove(connection, number, now()), number)
    structlog.get_logger().info("endpoint removed", endpoint=number, cancelled=cancelled)
    line = f"endpoint {number} is removed; deliveries cancelled: {cancelled}"
    _say({"id": number, "removed": True, "cancelled": cancelled}, line, as_json=json)


def _known(found: T | None, number: int) -> T:
    if found is None:
        say.fail(f"no endpoint {number}; see `./writethru endpoint list`")
    return found


def _check_url(url: str) -> None:
    """Whether the URL can be reached, and may be, shows when something is sent."""
    from ingest.fetching.target import target
    from ingest.model import FetchError
    from store.views.listing import shown_url

    try:
        target(url)
    except FetchError as error:
        say.fail(f"cannot send to {shown_url(url)!r}: {error}; give an http(s) URL", code=2)


def _secret(given: str | None) -> str:
    from workers.signing import key_of, new_secret

    if given is None:
        return new_secret()
    secret = sys.stdin.readline().strip() if given == "-" else given
    try:
        key_of(secret)
    except ValueError as error:
        say.fail(str(error), code=2)
    return secret


def _owe_test(engine: "sa.Engine", number: int) -> tuple[int, str]:
    """The ids of the delivery and the alert."""
    from config.clock import now
    from store import endpoints
    from store.engine import writing
    from workers.trial import owe_test

    with writing(engine) as connection:
        known = _known(endpoints.get(connection, number), number)
        owed = owe_test(connection, number, now()) if known.enabled else None
    if owed is None:
        say.fail(f"endpoint {number} is disabled ({known.disabled_reason}); `./writethru endpoint enable {number}`")
    return owed


def _attempt(engine: "sa.Engine", settings: "Settings", number: int, delivery_id: int) -> "Attempt | None":
    """What came of it, sent by us or by the deliverer that holds the endpoint; None when nobody got to it."""
    from uuid import uuid4

    from config.clock import now
    from store import deliveries
    from store.engine import reading
    from workers.deliverer import Deliverer, client_for

    sender = Deliverer(engine, settings.deliver, client_for(settings), f"test:{uuid4().hex}", now)
    until = time.monotonic() + settings.deliver.timeout.total_seconds() + WAIT_MORE
    while time.monotonic() < until:
        sender.turn(number, only=delivery_id)
        with reading(engine) as connection:
            made = deliveries.attempts(connection, [delivery_id])[delivery_id]
        if made:
            return made[0]
        time.sleep(0.2)
    return None


def _told(came: "Attempt") -> str:
    took = f"{came.elapsed * 1000:.0f} ms"
    if not came.reason:
        return f"delivered: {came.status} in {took}"
    answer = f": {came.head[:200]}" if came.head else ""
    hint = "; name its network in deliver.allow_networks" if came.reason == "blocked-address" else ""
    return f"not delivered: {came.reason} after {took}{answer}{hint}"


def _state(row: dict[str, Any]) -> str:
    if not row["enabled"]:
        return f"disabled ({row['disabled_reason']})"
    return "failing" if row["failing_since"] else "enabled"


def _more(rule: dict[str, Any]) -> str:
    """What a rule asks beside types and least severity, in a line for people."""
    from store.ruling import in_words, rule_of

    return in_words(rule_of(rule | {"types": [], "min_severity": ""})) or "–"


def _row(known: "Endpoint") -> dict[str, Any]:
    """An endpoint as it may be shown."""
    from store.ruling import spelt
    from store.views.listing import shown_url

    shown = ("id", "enabled", "disabled_reason", "sequence", "failures", "failing_since")
    rule = spelt(known.rule)
    row: dict[str, Any] = {name: getattr(known, name) for name in shown}
    row |= {"url": shown_url(known.url), "types": rule["types"], "min_severity": rule["min_severity"]}
    row |= {"rule": rule, "secret": MASKED}
    return row | {"old_secret_until": known.old_secret_until, "created_at": known.created_at}


def _show_secret(known: "Endpoint", line: str, *, as_json: bool) -> None:
    _say(_row(known) | {"secret": known.secret}, f"{line}\nsecret: {known.secret}", as_json=as_json)


def _say(row: dict[str, Any], lines: str, *, as_json: bool) -> None:
    if as_json:
        say.row(row)
        return
    for line in lines.split("\n"):
        say.line(line)
