"""`endpoint rule` and `endpoint backtest`: what an endpoint wants to be told, tried on what was told before."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import say
from cli.opened import opened

if TYPE_CHECKING:
    import sqlalchemy as sa

    from store.backtest import Tried
    from store.endpoints import Endpoint
    from store.rules import Rule

Text = str | None
Id = Annotated[
    int, typer.Argument(help="the endpoint's id, as `endpoint list` shows it", metavar="ID", min=1, max=2**63 - 1)
]
Types = Annotated[Text, typer.Option(help="event types, separated by commas [all but the opt-in ones]")]
MinSeverity = Annotated[Text, typer.Option(help="info, low, medium, high or critical [all]")]
ChangeTypes = Annotated[Text, typer.Option(help="types of fact changes: casualty, status, number, …")]
Feeds = Annotated[Text, typer.Option(help="ids of feeds, separated by commas")]
Tags = Annotated[Text, typer.Option(help="tags of feeds, one of which the article has")]
Words = Annotated[Text, typer.Option(help="words or phrases, one of which stands in subject, text or headline")]
Rises = Annotated[Text, typer.Option(help="a number rises by at least so much: 10% or 5")]
Falls = Annotated[Text, typer.Option(help="a number falls by at least so much")]
Stealth = Annotated[
    bool | None, typer.Option(help="only unannounced changes: neither a notice nor a visible stamp says so")
]
Quiet = Annotated[Text, typer.Option(help="hours in which nothing is sent: '22:00-07:00 Europe/Kyiv'")]
Digest = Annotated[Text, typer.Option(help="one message for all of a while: 30m, 2h or '08:00 Europe/Kyiv'")]
Urgent = Annotated[Text, typer.Option(help="from this severity on neither quiet hours nor digest hold it up")]


OPTIONS = frozenset({
    "types", "min_severity", "change_types", "feeds", "tags", "words", "rises", "falls", "stealth", "quiet", "digest",
    "urgent",
})  # fmt: skip
"""The options of a rule, named as in its JSON."""


def rule(
    context: typer.Context,
    number: Id,
    types: Types = None,
    min_severity: MinSeverity = None,
    change_types: ChangeTypes = None,
    feeds: Feeds = None,
    tags: Tags = None,
    words: Words = None,
    rises: Rises = None,
    falls: Falls = None,
    stealth: Stealth = None,
    quiet: Quiet = None,
    digest: Digest = None,
    urgent: Urgent = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Shows an endpoint's rule, or changes what is given of it. '' asks for nothing any more."""
    given = _given(locals())
    from config.clock import now
    from store import endpoints
    from store.engine import writing
    from store.ruling import in_words, spelt

    with opened(context.obj) as engine, writing(engine) as connection:
        known = _known(connection, number)
        wanted = merged(known.rule, given)
        if given:
            endpoints.set_rule(connection, number, wanted, now())
    if json:
        say.row({"id": number, "rule": spelt(wanted)})
    else:
        say.line(f"endpoint {number}: {in_words(wanted) or 'everything that is not opt-in'}")


def backtest(
    context: typer.Context,
    number: Id,
    types: Types = None,
    min_severity: MinSeverity = None,
    change_types: ChangeTypes = None,
    feeds: Feeds = None,
    tags: Tags = None,
    words: Words = None,
    rises: Rises = None,
    falls: Falls = None,
    stealth: Stealth = None,
    quiet: Quiet = None,
    digest: Digest = None,
    urgent: Urgent = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Tries a rule on the last 30 days. What is given is changed for the trial, and nothing is saved."""
    given = _given(locals())
    from config.clock import now
    from store.backtest import backtest as tried
    from store.engine import reading

    with opened(context.obj) as engine, reading(engine) as connection:
        found = tried(connection, merged(_known(connection, number).rule, given), now())
    rows = [_row(each) for each in found.rows]
    if not json:
        more = ", the newest 1,000" if found.cut else ""
        say.line(f"would have told {found.told} of the last {len(rows)} alerts of its types, in 30 days{more}")
    say.listing(rows, ["at", "told", "reason", "severity", "type", "title"], as_json=json)


def merged(before: "Rule", given: dict[str, Any]) -> "Rule":
    """The rule with what was given on the command line; ends the verb where that cannot be."""
    from store.ruling import rule_of, spelt

    try:
        return rule_of(spelt(before) | given)
    except ValueError as error:
        say.fail(str(error), code=2)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, out of a command's own names."""
    return {name: value for name, value in options.items() if name in OPTIONS and value is not None}


def _known(connection: "sa.Connection", number: int) -> "Endpoint":
    from store import endpoints

    found = endpoints.get(connection, number)
    if found is None:
        say.fail(f"no endpoint {number}; see `./writethru endpoint list`")
    return found


def _row(tried: "Tried") -> dict[str, Any]:
    shown = ("alert_id", "at", "told", "reason", "type", "severity", "title", "article_id", "version", "sent_at")
    return {name: getattr(tried, name) for name in shown}
