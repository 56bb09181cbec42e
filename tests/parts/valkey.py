"""A Valkey of our own for the tests: the embedded server itself, on a unix socket in a fresh folder.

WRITETHRU_TEST_REDIS (a URL whose database may be emptied) takes its place.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from workers.valkey import start


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """The URL of a running server."""
    given = os.environ.get("WRITETHRU_TEST_REDIS")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="wtvk-", dir="/tmp"))
    with start(folder / "valkey") as server:
        yield server.url
    shutil.rmtree(folder)


@pytest.fixture
def valkey(valkey_server: str) -> str:
    """The URL of a running, empty server."""
    with Redis.from_url(valkey_server) as client:
        client.flushall()
    return valkey_server
