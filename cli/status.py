"""`status`: how the works are, in one screen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import say

if TYPE_CHECKING:
    from store.views.changes import ChangeRow
    from store.views.unread import Unread
    from store.views.works import Works

LATEST = 5


def status(
    context: typer.Context, json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False
) -> None:
    """Says what is watched, what fails and why, what waits, who is alive, and what changed last."""
    from dataclasses import asdict

    from cli.clocks import skew_now
    from cli.opened import opened
    from config.clock import now
    from store.engine import reading
    from store.views.changes import changes
    from store.views.listing import Cut
    from store.views.unread import unread_sites
    from store.views.works import works
    from web.workers import workers_alive

    moment = now()
    with opened(context.obj) as engine, reading(engine) as connection:
        seen = works(connection, moment)
        latest = changes(connection, Cut(limit=LATEST)).rows
        unread = unread_sites(connection)
        skew = skew_now(connection, moment)
    listening = workers_alive(context.obj)
    if json:
        say.row(
            status_object(seen, latest, moment)
            | {
                "workers": listening,
                "unread_sites": [asdict(site) for site in unread],
                "clock_skew_seconds": skew,
            }
        )
        return
    for line in (*_lines(seen, listening, latest, moment), *_unread(unread), *_clock(skew)):
        say.line(line)


def status_object(seen: "Works", latest: "Iterable[ChangeRow]", now: datetime) -> dict[str, object]:
    """What `status --json` prints. Ages are in seconds, 0 when nothing waits."""
    from web.article.difference import change_object

    return {
        "at": now,
        "feeds": dict(seen.feeds),
        "articles": seen.articles,
        "versions": seen.versions,
        "failing": dict(seen.failing),
        "queue": {"owed": seen.owed, "oldest_seconds": _age(seen.oldest_owed, now), "parked": seen.parked},
        "deliveries": dict(seen.deliveries),
        "roles": [{"name": role.name, "owner": role.owner, "seen_at": role.seen_at} for role in seen.roles],
        "looks_due": {
            "feeds": seen.lateness.feeds,
            "articles": seen.lateness.articles,
            "oldest_seconds": _age(seen.lateness.oldest_due, now),
        },
        "changes": [change_object(row) for row in latest],
    }


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, round((now - moment).total_seconds(), 1)) if moment else 0.0


def _lines(
    seen: "Works", listening: Mapping[str, int] | None, latest: "Iterable[ChangeRow]", now: datetime
) -> Iterable[str]:
    from web.chips import chip_of
    from web.moments import ago

    alive = {name: sum(role.name == name for role in seen.roles) for name in sorted({r.name for r in seen.roles})}
    due = seen.lateness
    yield f"roles       {_counted(alive) or 'nobody is alive; start `./writethru up`'}"
    yield f"workers     {'the queue cannot be reached' if listening is None else _counted(listening) or 'none'}"
    yield f"feeds       {_counted(seen.feeds) or 'none yet; add one with `./writethru add URL`'}"
    yield f"articles    {seen.articles}, with {seen.versions} versions"
    yield f"failing     {_counted(seen.failing) or 'nothing'}"
    yield f"queue       {seen.owed} owed{_since(seen.oldest_owed, now)}, {seen.parked} parked"
    yield f"looks due   {due.feeds} feeds, {due.articles} articles{_since(due.oldest_due, now)}"
    yield f"deliveries  {_counted(seen.deliveries) or 'none yet'}"
    rows = list(latest)
    yield "changes     " + ("the last ones:" if rows else "none yet")
    for row in rows:
        chip = chip_of(row.change, reverts=row.reverts is not None, stealth=row.stealth)
        where = row.article_title or row.article_url
        yield f"  {ago(row.seen_at, now):>12}  {chip.severity:8}  {chip.words}  – {where}"


def _unread(sites: "Sequence[Unread]") -> Iterable[str]:
    from cli.unread import words

    if sites:
        yield "unread      half of these sites' articles and more, see docs/reasons.md:"
    for site in sites[:LATEST]:
        yield f"  {site.site}: {words(site)}"


def _clock(skew: float | None) -> Iterable[str]:
    from cli.clocks import words
    from ingest.skew import is_off

    if skew is not None and is_off(skew):
        yield f"clock       {words(skew)}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items() if n)


def _since(moment: datetime | None, now: datetime) -> str:
    from web.moments import ago

    return f", the oldest {ago(moment, now)}" if moment else ""
