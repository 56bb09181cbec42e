"""What a chaos run may change in the product: time that runs faster, and the mutants that the harness must find out.

Each patch maps a module's name to what is done to it once it is imported.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

Change = Callable[[Any], None]
SECOND = timedelta(seconds=1)


def changes(names: Sequence[str]) -> dict[str, list[Change]]:
    """The changes that these patches make, by module."""
    found: dict[str, list[Change]] = {}
    for name in names:
        for module, change in PATCHES[name].items():
            found.setdefault(module, []).append(change)
    return found


def _set(**values: object) -> Change:
    def change(module: Any) -> None:
        for name, value in values.items():
            assert hasattr(module, name), f"{module.__name__} has no {name}"
            setattr(module, name, value)

    return change


def _hosts_for_a_moment(visit: Any) -> None:
    visit.LEASE = 3 * SECOND
    visit.Desk.lease = property(lambda _desk: visit.LEASE)


HASTE: dict[str, Change] = {
    "store.outbox": _set(LEASE=3 * SECOND, RING_AGAIN=2 * SECOND),
    "store.deliveries": _set(RING_AGAIN=2 * SECOND),
    "store.engine": _set(BUSY_SECONDS=2),
    "ingest.visit": _hosts_for_a_moment,
    "ingest.poller": _set(AGAIN=SECOND / 2),
    "ingest.schedule": _set(HOST_BACKOFF=SECOND / 2, HOST_BACKOFF_MAX=SECOND),
    "workers.deliverer": _set(SLACK=2 * SECOND, QUIET_MOST=SECOND / 2),
    "workers.jobs": _set(REST=SECOND / 2),
    "workers.relay": _set(ROUND=0.3),
    "workers.supervise": _set(FIRST_WAIT=0.1, LONGEST_WAIT=1.0),
}
"""Leases of three or four seconds instead of 45, and all that waits for them in proportion."""


def _slow(pages: Any) -> None:
    prepare = pages.prepare

    def slowly(*given: Any) -> Any:
        prepared = prepare(*given)
        time.sleep(0.4 if prepared.outcome == "new" else 0.0)  # as long as another reader needs to come as far
        return prepared

    pages.prepare = slowly


# ── Mutants: bugs of the kinds that lose or double in practice ──

_later: list[tuple[str, dict[str, Any]]] = []


def _work_noted_aside(watching: Any) -> None:
    class Aside:
        @staticmethod
        def owe(_connection: Any, kind: str, **row: Any) -> int:
            _later.append((kind, row))
            return 0

    watching.outbox = Aside


def _owed_in_a_second_transaction(poller: Any) -> None:
    write = poller.Books.write

    async def twice(self: Any, work: Any, *args: Any, **named: Any) -> Any:
        from config.crash import crash_here
        from store import outbox

        came = await write(self, work, *args, **named)
        owed = _later[:]
        _later.clear()
        if owed:
            crash_here("poll-after-commit")
            await write(self, lambda connection: [outbox.owe(connection, kind, **row) for kind, row in owed])
        return came

    poller.Books.write = twice


def _trusts_the_queue(outbox: Any) -> None:
    outbox._takeable = lambda _now: outbox.outbox.c.state == "owed"
    outbox._held = lambda work: outbox.outbox.c.id == work.id


def _appends_without_asking(pages: Any) -> None:
    from dataclasses import replace

    from store import articles, versions

    write = pages.PageRead.write

    def blindly(self: Any, connection: Any, now: Any) -> bool:
        article = articles.known(connection, self.scene.article.id, lock=True)
        latest = versions.latest(connection, self.scene.article.id)
        scene = replace(self.scene, article=article, latest=latest)
        return bool(write(replace(self, scene=scene), connection, now))

    pages.PageRead.write = blindly


def _marks_before_it_posts(deliverer: Any) -> None:
    def send(self: Any, held: Any, outgoing: Any) -> bool:
        good = deliverer.Attempt(self.clock(), 200, "", 0.0, "")
        with deliverer.writing(self.engine) as connection:
            kept = deliverer.deliveries.record(connection, held, outgoing, good, deliverer.Decision("delivered"))
        signed = deliverer.headers(outgoing.secrets, outgoing.alert_id, self.clock(), outgoing.body)
        deliverer.crash_here("before-post")
        self._post(outgoing, signed)
        return bool(kept)

    deliverer.Deliverer._send = send


def _takes_half(body: Any) -> None:
    body.Body.whole = lambda self: b"".join(self._pieces)


def _no_fence(deliveries: Any) -> None:
    deliveries._held = lambda held: deliveries.endpoint.c.id == held.endpoint_id


def _stamps_anew(deliveries: Any) -> None:
    outgoing = deliveries._outgoing

    def stamped(row: Any, to: Any, now: Any) -> Any:
        from dataclasses import replace

        sent = outgoing(row, to, now)
        return replace(sent, body=sent.body[:-1] + f',"sent_at":"{now.isoformat()}"}}'.encode())

    deliveries._outgoing = stamped


PATCHES: dict[str, dict[str, Change]] = {
    "haste": HASTE,
    "slow": {"workers.pages": _slow},
    "second-transaction": {"store.watching": _work_noted_aside, "ingest.poller": _owed_in_a_second_transaction,
                           "ingest.visit": _set(crash_here=lambda _name: None)},
    "no-uniqueness": {"store.outbox": _trusts_the_queue, "workers.pages": _appends_without_asking},
    "marked-before-the-post": {"workers.deliverer": _marks_before_it_posts},
    "half-gzip": {"ingest.fetching.body": _takes_half},
    "lease-without-fence": {"store.deliveries": _no_fence},
    "forgetful-relay": {"store.outbox": _set(RING_AGAIN=timedelta(days=999)),
                        "store.deliveries": _set(RING_AGAIN=timedelta(days=999))},
    "body-made-anew": {"store.deliveries": _stamps_anew},
}  # fmt: skip
