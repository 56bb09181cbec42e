"""What a running service holds: memory and descriptors of each role, the size of the WAL, the keys in Valkey."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.chaos.house import House
from workers.valkey import url_of

ROLES = ("poll", "work read", "work deliver", "web", "valkey-server")
Census = dict[str, int]
ROOM = {"MiB": 12, "descriptors": 8, "WAL kB": 4096, "keys": 25}
"""By so much may what is held at the end exceed what was held half-way: of a process that is at work, and whose worker
renews its registration, no two moments are alike. SQLite restarts its WAL at 4 MB."""


def census(house: House) -> Census:
    """One count of everything; roles with several processes are summed up."""
    found: Census = {}
    for role in ROLES:
        pids = house.pids(role)
        found[f"{role}: MiB"] = sum(_rss(pid) for pid in pids)
        found[f"{role}: descriptors"] = sum(_descriptors(pid) for pid in pids)
    wal = house.folder / "d" / "writethru.db-wal"
    found["sqlite: WAL kB"] = wal.stat().st_size // 1024 if wal.exists() else 0
    with suppress(RedisError), Redis.from_url(url_of(house.folder / "d" / "valkey")) as client:
        found["valkey: keys"] = int(client.dbsize())
    return found


def grown(counts: Sequence[Census]) -> list[str]:
    """What grows: the most of the last quarter against the most of the second one, which is after the start."""
    quarter = max(len(counts) // 4, 1)
    early, late = counts[quarter : 2 * quarter], counts[-quarter:]
    found = []
    for name in counts[0]:
        before, after = (max(each.get(name, 0) for each in span) for span in (early, late))
        if after > before + ROOM[name.partition(": ")[2]]:
            found.append(f"{name} grew from {before} to {after}")
    return found


def _rss(pid: int) -> int:
    """MiB that are this process's own or shared, as the kernel counts them."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def _descriptors(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0
