"""The web process of the tests: a real server in a thread, on a free port of loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx
import lxml.html
import sqlalchemy as sa
import uvicorn

from config.settings import Settings
from tests.parts.waiting import until
from web.app import app


@contextmanager
def serving(engine: sa.Engine, now: datetime, **settings: object) -> Iterator[httpx.Client]:
    """A client of a server on *engine* whose clock stands at *now*; *settings* are sections of the Settings."""
    application = app(engine, Settings.model_validate(settings), lambda: now)
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, ws="none", timeout_graceful_shutdown=2))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            until(lambda: server.started)
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as client:
                yield client
        finally:
            application.state.desk.tail.close()
            server.should_exit = True
            thread.join()


def parsed(answer: httpx.Response) -> Any:
    """The page as a browser would read it."""
    assert 200 == answer.status_code
    return lxml.html.fromstring(answer.text)


def text_of(answer: httpx.Response) -> str:
    """What a person reads on a page, on one line."""
    return " ".join(parsed(answer).xpath("//main")[0].text_content().split())
