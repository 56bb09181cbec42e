"""The path from snapshot to alert on one core: how many pages a second one reader takes, into a SQLite of its own."""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from config.clock import now
from config.settings import Settings
from store import outbox, snapshots
from store.engine import engine_for, reading, writing
from store.migrate import migrate
from store.snapshots import Bytes
from store.tables import alert, version
from workers.feeds import watch
from workers.limits import Hand
from workers.reader import Reader

BATCH = 50
PARAGRAPHS = 24
ARTICLES = 200
_QUICK = 50
Row = dict[str, object]


def run(data: Path, quick: bool) -> list[Row]:  # noqa: ARG001 - its pages are invented
    """Rows: new articles, the same pages again, and pages with one changed toll."""
    articles = _QUICK if quick else ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite+pysqlite:///{Path(folder) / 'bench.db'}")
        migrate(engine)
        began = now()
        with writing(engine) as connection:
            ids = [watch(connection, f"https://site{n % 10}.example/news/{n}", "", began) for n in range(articles)]
        passes: list[tuple[str, Callable[[int], bytes]]] = [
            ("first look", lambda n: _page(n, 12, "a")),
            ("same text, another nonce", lambda n: _page(n, 12, "b")),
            ("the toll rose", lambda n: _page(n, 15, "c")),
        ]
        rows = [
            _measured(engine, name, ids, body, began + timedelta(minutes=n)) for n, (name, body) in enumerate(passes)
        ]
        with reading(engine) as connection:
            counts = [connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in (version, alert)]
        engine.dispose()
    return [*rows, {"measure": "versions written", "n": counts[0]}, {"measure": "alerts told", "n": counts[1]}]


def _measured(engine: sa.Engine, name: str, ids: list[int], body: Callable[[int], bytes], at: datetime) -> Row:
    owed = [_owe(engine, article, body(n), at) for n, article in enumerate(ids)]
    wall, cpu = time.perf_counter(), time.process_time()
    for batch in _batches(owed):
        Reader(engine, Settings(), "bench", Hand(), lambda: at).read(batch)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "measure": name,
        "n": len(ids),
        "pages/s": round(len(ids) / wall),
        "CPU ms a page": round(1000 * cpu / len(ids), 2),
    }


def _owe(engine: sa.Engine, article: int, body: bytes, at: datetime) -> int:
    came = Bytes(f"https://site.example/{article}", 200, {"content-type": "text/html"}, sha256(body).hexdigest(), body)
    with writing(engine) as connection:
        kept = snapshots.keep(connection, "article", article, came, at)
        return outbox.owe(connection, "page", subject=f"article:{article}", snapshot_id=kept, now=at)


def _batches(owed: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(owed), BATCH):
        yield owed[at : at + BATCH]


def _page(n: int, toll: int, nonce: str) -> bytes:
    told = f"At least {toll} people were killed when a ferry sank off Cape {n}, the coast guard said on Monday."
    more = [
        f"Witness {n}-{k} said that boat {k} left the pier at {k % 12 + 1} o'clock with {k * 7 + n} people aboard "
        "and that the sea was calm until the wind turned to the north in the early afternoon."
        for k in range(PARAGRAPHS)
    ]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (told, *more))
    menu = "".join(f"<li><a href='/{word}'>{word}</a></li>" for word in ("World", "Sport", "Weather", "Culture"))
    return (
        f"<!doctype html><html lang=en><head><title>Ferry {n}</title><meta name=nonce content={nonce}></head><body>"
        f"<nav><ul>{menu}</ul></nav><article><h1>Ferry sinks off Cape {n}</h1>{text}</article>"
        f"<footer><p>All rights reserved</p></footer></body></html>"
    ).encode()
