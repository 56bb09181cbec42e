"""docs/webhooks.md says what is so: its code runs against real deliveries, its tables are complete."""

import json
import re
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.settings import Deliver
from store.events import body_bytes
from store.rules import OPT_IN, TYPES
from tests.parts.receiver import receiver
from workers import signing
from workers.signing import new_secret

DOCS = (Path(__file__).parent.parent.parent / "docs" / "webhooks.md").read_text()
BODY = body_bytes({"type": "endpoint.test", "data": {"text": "ж"}})


def block(language: str) -> str:
    """The first block of code in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", DOCS, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def samples() -> list[tuple[str, dict[str, str], bytes, bool]]:
    """Deliveries, good and bad, with the receiver's secret and whether it should believe them."""
    secret, now = new_secret(), datetime.now(UTC)
    good = signing.headers([secret], "a1", now, BODY)
    return [
        (secret, good, BODY, True),
        (secret, signing.headers([new_secret(), secret], "a1", now, BODY), BODY, True),
        (secret, good, BODY + b" ", False),
        (secret, good | {"webhook-id": "a2"}, BODY, False),
        (secret, signing.headers([secret], "a1", now - timedelta(seconds=330), BODY), BODY, False),
        (new_secret(), good, BODY, False),
    ]


def test_the_python_verifies() -> None:
    """The Python in the documentation believes what is signed, and nothing else."""
    names: dict[str, Any] = {}
    exec(block("python"), names)
    for secret, headers, body, believed in samples():
        assert names["verified"](secret, headers, body) is believed


@pytest.mark.skipif(not shutil.which("node"), reason="no Node")
def test_the_javascript_verifies(tmp_path: Path) -> None:
    """The JavaScript in the documentation does the same."""
    given = [{"secret": s, "headers": h, "body": b.decode()} for s, h, b, _ in samples()]
    rest = f"\nconsole.log(JSON.stringify({json.dumps(given)}.map((d) => verified(d.secret, d.headers, Buffer.from(d.body)))));"
    (tmp_path / "verify.mjs").write_text(block("js") + rest)
    done = subprocess.run(["node", "verify.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == [believed for *_, believed in samples()]


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="no curl with openssl")
def test_the_shell_signs() -> None:
    """What the shell function posts verifies."""
    secret = new_secret()
    with receiver() as hook:
        call = f"{block('sh')}\nsign_and_post '{secret}' '{hook.url}' '{BODY.decode()}'"
        done = subprocess.run(["sh", "-c", call], capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout == "200\n"
    signing.verify(secret, hook.got[0].headers, hook.got[0].body, datetime.fromtimestamp(time.time(), UTC))


@pytest.mark.parametrize("name", [*TYPES, "alerts.digest", "endpoint.test"])
def test_every_type_is_documented(name: str) -> None:
    """Each event type has its line in the table."""
    assert re.search(rf"^\|[^|]*`{re.escape(name)}`[^|]*\|", DOCS, re.MULTILINE)


def test_figures_are_the_defaults() -> None:
    """The schedule and the timeout are told as they are."""
    units = ((3600, "h"), (60, "min"), (1, "s"))
    waits = [
        next((w // n, u) for n, u in units if w >= n) for w in (int(x.total_seconds()) for x in Deliver().schedule)
    ]
    told = re.search(r"at once, then after (.*?) \(", DOCS)
    assert told is not None
    assert re.split(r", | and ", told[1]) == [f"{number} {unit}" for number, unit in waits]
    assert Deliver().timeout == timedelta(seconds=15)
    assert {"article.version_created"} == OPT_IN
