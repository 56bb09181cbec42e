"""The desk at its full weight: every page and list of a store with 100,000 articles and 1,000,000 versions, its size in
bytes and the time until the answer stood there."""

import http.client
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.filling import LARGE, LONG, LONG_VERSIONS, REVIEWED_EVERY, Filling, Size
from config.clock import now
from config.environment import environment
from store.engine import engine_for
from store.migrate import migrate

FULL = Size(articles=100_000, versions_each=10)
_QUICK = Size(articles=2_000, versions_each=10)
_TIMES = 7
_FRONT_DOOR = Path(__file__).resolve().parent.parent / "writethru"
Row = dict[str, object]
PAGES = (
    "/",
    "/changes?type=casualty",
    "/changes?type=casualty&type=quote",
    "/changes?min_severity=critical",
    "/changes?verdict=none",
    "/changes?feed=7",
    "/changes?tag=world",
    "/changes?verdict=wrong",
    "/changes?saved=filter-1",
    "/?type=withdrawn",
    "/?type=withdrawn&tag=world&min_severity=high",
    "/changes.json",
    f"/changes/{REVIEWED_EVERY}",
    "/articles",
    "/articles.json",
    "/articles?feed=7",
    "/feeds",
    "/precision",
    "/works",
    "/deliveries",
    "/deliveries?state=failed",
    "/deliveries?endpoint=1",
    "/deliveries?endpoint=1&state=failed",
    "/deliveries/50",
    "/deliveries.json",
    "/endpoints",
    "/endpoints/1?try=true",
    "/endpoints/1?try=true&types=article.facts_changed&rises=10%25",
    f"/articles/{LONG}",
    f"/articles/{LONG}?from=1&to={LONG_VERSIONS}",
    f"/articles/{LONG}.json",
    f"/articles/{LONG}?view=side",
    f"/articles/{LONG}?explain=true",
    f"/articles/{LARGE}",
    f"/articles/{LARGE}?view=side",
    f"/articles/{LARGE}?view=final",
    f"/articles/{LARGE}?view=stripped",
    f"/articles/{LARGE}?explain=true",
    f"/articles/{LARGE}?from=1&to=3&all=true",
    "/articles/77",
    "/api/v1/changes",
    "/api/v1/changes?min_severity=critical&type=quote",
    "/api/v1/articles",
    "/api/v1/articles?changed_since=2020-01-01T00:00:00Z&limit=50",
    "/api/v1/versions",
    "/api/v1/deliveries",
    "/api/v1/feeds",
    f"/api/v1/articles/{LONG}/alerts",
    "/atom/changes",
    "/atom/changes?type=withdrawn",
    "/atom/filters/filter-1",
    "/atom/feeds/7",
    "/atom/tags/world",
    f"/atom/articles/{LONG}",
    "/api",
    "/api/v1/openapi.json",
    "/metrics",
)
"""What is asked for."""


def run(data: Path, quick: bool) -> list[Row]:  # noqa: ARG001 - it fills its own store
    """A row a page: the answer's status, bytes, and milliseconds of the median and the slowest of seven."""
    size = _QUICK if quick else FULL
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite+pysqlite:///{Path(folder) / 'writethru.db'}")
        migrate(engine)
        began = time.perf_counter()
        Filling(engine, size, now()).fill()
        engine.dispose()
        filled = {"measure": f"filled {size.articles} articles, {size.versions} versions", "ms": _ms(began)}
        with _web(Path(folder)) as port:
            return [filled, *(_asked(port, page) for page in PAGES)]


def _ms(began: float) -> int:
    return round(1000 * (time.perf_counter() - began))


@contextmanager
def _web(folder: Path) -> Iterator[int]:
    """The web role on that store, as the command starts it; yields its port."""
    environ = {name: value for name, value in environment().items() if not name.startswith("WRITETHRU_")}
    environ |= {"WRITETHRU_DATA_DIR": str(folder), "WRITETHRU_WEB__PORT": "0"}
    serving = subprocess.Popen(
        [sys.executable, str(_FRONT_DOOR), "web"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert serving.stdout is not None
        said = serving.stdout.readline().decode()
        found = re.search(r":(\d+)/?\s*$", said)
        assert found is not None, said
        yield int(found[1])
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait()


def _asked(port: int, page: str) -> Row:
    """One page, asked for again and again on one connection; the first answer counts like the others."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took, status, body = [], 0, b""
    for _ in range(_TIMES):
        began = time.perf_counter()
        wire.request("GET", page)
        answer = wire.getresponse()
        status, body = answer.status, answer.read()
        took.append(1000 * (time.perf_counter() - began))
    wire.close()
    return {
        "measure": page,
        "status": status,
        "kB": round(len(body) / 1000, 1),
        "ms": round(median(took)),
        "slowest": round(max(took)),
    }
