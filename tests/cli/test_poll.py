"""`poll`: the role as a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from config.clock import now as clock
from config.settings import ROOT
from store import feeds, roles
from store.engine import engine_for, reading, writing
from store.tables import feed, host, outbox
from tests.cli.test_fetch import OPEN, RUN
from tests.ingest.hostile import answer, serving
from tests.ingest.polling import counted, until


def test_case_85_the_role_polls_without_a_queue_and_ends_on_sigterm(database_url: str, tmp_path: Path) -> None:
    """Without anybody to hear the bell it polls on; SIGTERM ends it cleanly, with nothing held."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("WRITETHRU_")}
    environ |= {"WRITETHRU_DATA_DIR": str(tmp_path / "var"), "WRITETHRU_DATABASE__URL": database_url} | OPEN
    engine = engine_for(database_url)
    with serving({"/feed": answer(body=b"feed")}) as server:
        process = subprocess.Popen([sys.executable, "-c", RUN, "poll"], cwd=ROOT, env=environ, stderr=subprocess.PIPE)
        try:
            until(engine, lambda connection: roles.alive(connection, roles.POLLER, clock()))
            with writing(engine) as connection:
                port = f"127.0.0.1:{server.port}"
                feeds.add(connection, url=server.url("/feed"), host_name=port, site="127.0.0.1", now=clock())
            until(engine, counted(outbox))
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=60)
    assert (process.returncode, b"Traceback" in said) == (0, False)
    with reading(engine) as connection:
        assert roles.alive(connection, roles.POLLER, clock()) == 0
        assert counted(host, host.c.lease_until.is_not(None))(connection) == 0
        assert connection.execute(sa.select(feed.c.last_status)).scalar_one() == 200
    engine.dispose()
