"""Receivers that others wrote for Node accept what we sign and refuse what was forged."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from store.events import body_bytes
from workers.signing import headers, new_secret

FOREIGN = Path(__file__).parent.parent / "foreign"


def missing(what: str) -> NoReturn:
    """Skips at home; fails where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def foreign() -> Path:
    """A folder with the foreign receivers installed from the lock, kept between runs until the lock changes."""
    if not (shutil.which("node") and shutil.which("npm")):
        missing("no Node with npm")
    names = ("package.json", "package-lock.json", "verify.mjs")
    digest = hashlib.sha256(b"".join((FOREIGN / name).read_bytes() for name in names)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"writethru-foreign-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    assert folder.stat().st_uid == os.getuid()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "installed").exists():
            for name in names:
                shutil.copy(FOREIGN / name, folder)
            install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300)
            if done.returncode:
                missing(f"npm could not install the foreign receivers: {done.stderr[-300:]}")
            (folder / "installed").touch()
    return folder


def judged(foreign: Path, deliveries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each foreign receiver says of each delivery."""
    lines = "".join(json.dumps(delivery) + "\n" for delivery in deliveries)
    command = ["node", "verify.mjs"]
    done = subprocess.run(command, cwd=foreign, input=lines, capture_output=True, text=True, check=True, timeout=120)
    return [json.loads(line) for line in done.stdout.split("\n") if line]


ODD = {"nan": float("nan"), "big": 10**30, "half": "a\ud800b", "line": "\u2028\0", "кириллица": "ж\U0001f600"}


def signed(secrets: Sequence[str], body: bytes, moment: datetime | None = None) -> dict[str, str]:
    """Headers signed at a moment, now by default."""
    return headers(secrets, "a1", moment or datetime.now(UTC), body)


def test_case_68_foreign_receivers_believe_valid_deliveries(foreign: Path) -> None:
    """npm's standardwebhooks and svix accept every delivery of ours, also during a rotation, and JavaScript reads it."""
    bodies = [body_bytes({"type": "endpoint.test", "data": {"n": n, **ODD}}) for n in range(20)]
    pairs = [(new_secret(), new_secret()) for _ in bodies]
    valid: list[dict[str, Any]] = [
        {"secret": secret, "headers": signed(secrets, body), "body": body.decode()}
        for body, pair in zip(bodies, pairs, strict=True)
        for secrets, secret in ((pair[:1], pair[0]), (pair, pair[0]), (pair, pair[1]))
    ]
    verdicts = judged(foreign, valid)
    assert [(each["standardwebhooks"], each["svix"]) for each in verdicts] == [(True, True)] * 60
    assert [each["parsed"] for each in verdicts] == [json.loads(each["body"]) for each in valid]


def test_case_69_foreign_receivers_refuse_forged_deliveries(foreign: Path) -> None:
    """One byte changed anywhere that is signed, another key, or an old or early timestamp: all refuse."""
    secret, body = new_secret(), body_bytes({"type": "endpoint.test", "data": {}})
    good, now = signed([secret], body), datetime.now(UTC)
    forged = [(secret, {**good, name: value}, body) for name, value in tampered(good)]
    forged += [(secret, good, body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]) for at in range(len(body))]
    forged += [(new_secret(), good, body)]
    forged += [(secret, signed([secret], body, now + timedelta(seconds=by)), body) for by in (-330, 330)]
    verdicts = judged(foreign, [{"secret": key, "headers": sent, "body": text.decode()} for key, sent, text in forged])
    assert len(verdicts) == len(forged)
    assert [each for each in verdicts if each["standardwebhooks"] or each["svix"]] == []


def tampered(good: dict[str, str]) -> list[tuple[str, str]]:
    """Headers with one thing changed."""
    signature = good["webhook-signature"]
    turned = [signature[:at] + ("A" if signature[at] != "A" else "B") + signature[at + 1 :] for at in range(3, 45)]
    later = str(int(good["webhook-timestamp"]) + 1)
    return [
        ("webhook-id", "a2"),
        ("webhook-timestamp", later),
        ("webhook-signature", signature.replace("v1,", "v1a,")),
        ("webhook-signature", ""),
        *(("webhook-signature", each) for each in turned),
    ]
