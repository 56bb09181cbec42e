"""What is kept out: forbidden addresses in every form, tricks, bombs, slow and cut bodies, deep pages, odd feeds.
Everything runs over real sockets on loopback through the fetcher that the poller uses."""

import gzip
import resource
import socket
import sys
import tarfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network
from multiprocessing import get_context
from pathlib import Path

from config.settings import Deliver, Fetch
from ingest.extraction.page import extract
from ingest.feeds import parse_feed
from ingest.fetching.fetch import Fetcher
from ingest.model import FetchError, ParseError

Row = dict[str, object]
Speak = Callable[[socket.socket], None]

LOOPBACK = (ip_network("127.0.0.1/32"),)
FORBIDDEN = (
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "169.254.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "100.64.0.1", "198.18.0.1", "192.0.2.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::127.0.0.1]",
    "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[2001:0:808:808::80ff:fffe]",
    "[2620:fe::5efe:7f00:1]", "[fd00:ec2::254]", "[fc00::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[100::1]",
    "[2001:db8::1]",
)  # fmt: skip
"""Addresses that are not public, written and embedded in all the ways that are known."""
NUMERIC = ("127.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.1", "0", "127。0。0。1", "１２７.0.0.1")
PAGE = b"<html><body><article><h1>Ferry</h1>" + b"<p>A ferry sank off the cape, the coast guard said.</p>" * 60
PAGE += b"</article></body></html>"
GIB = 1 << 30
DEADLINE = 2.0
_DEEP = 300


def run(data: Path, quick: bool) -> list[Row]:
    """One row a measure."""
    return [
        *_addresses(),
        *_bombs(GIB >> 4 if quick else GIB),
        _slow(),
        _truncated(),
        _deep(),
        *_feeds(data),
        _attempts(),
    ]


@contextmanager
def _serving(speak: Speak) -> Iterator[int]:
    """A server that answers each connection with *speak*, after the request's head; its port."""

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(line,), daemon=True).start()

    def answer(line: socket.socket) -> None:
        with line:
            try:
                line.recv(65_536)
                speak(line)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


def _says(answer: bytes) -> Speak:
    return lambda line: line.sendall(answer)


def _head(*headers: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", "Connection: close", *headers, "", "")).encode()


def _refused(url: str, **parts: object) -> str:
    """The reason; empty where it was fetched."""
    try:
        Fetcher(Fetch(), "bench/1", **parts).get_sync(url)  # type: ignore[arg-type]
    except FetchError as error:
        return error.reason
    return ""


def _addresses() -> Iterator[Row]:
    with _serving(_says(_head() + PAGE)) as port:
        kept_out = sum(_refused(f"http://{host}:{port}/") == "blocked-address" for host in FORBIDDEN)
        yield {"measure": "forbidden addresses refused", "n": len(FORBIDDEN), "held": kept_out}
        tricks = [_refused(f"http://{host}:{port}/") == "blocked-address" for host in NUMERIC]
    tricks += [_rebinding(("8.8.8.8", "127.0.0.1")), _turning()]
    for place in ("http://127.0.0.2:6379/", "http://0x7f000002/", "file:///etc/passwd", "gopher://127.0.0.1:70/"):
        redirect = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
        with _serving(_says(redirect)) as port:
            reason = _refused(f"http://127.0.0.1:{port}/", allow=LOOPBACK)
            tricks.append(reason in ("blocked-address", "unsupported-scheme"))
    yield {"measure": "numeric hosts, rebinding, redirects refused", "n": len(tricks), "held": sum(tricks)}


def _rebinding(addresses: Sequence[str]) -> bool:
    """Whether a name that has a public and an inside address at once is refused."""

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return _refused("http://both.example/", resolve=resolve) == "blocked-address"


def _turning() -> bool:
    """Whether a name that turns inside after its first look-up reaches nobody there."""
    reached = threading.Event()
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with _serving(lambda _line: reached.set()) as port:
        reason = _refused(f"http://turns.example:{port}/", resolve=resolve)
    return reason == "blocked-address" and len(asked) == 1 and not reached.is_set()


def _zeros(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


def _bombs(size: int) -> Iterator[Row]:
    whole, member = _zeros(size), _zeros(size >> 6)
    for name, encoding, body in (
        ("gzip", "gzip", whole),
        ("gzip of 64 members", "gzip", member * 64),
        ("gzip in gzip", "gzip, gzip", gzip.compress(whole)),
        ("br", "br", b"\x00" * 1600),
        ("zstd", "zstd", b"\x28\xb5\x2f\xfd" + bytes(1600)),
    ):
        answer = _head(f"Content-Encoding: {encoding}", f"Content-Length: {len(body)}") + body
        with _serving(_says(answer)) as port:
            reason, grown, seconds = _apart(f"http://127.0.0.1:{port}/")
        yield {"measure": f"bomb of {size >> 20} MiB, {name}", "held": reason, "MiB": grown, "s": seconds}


def _apart(url: str) -> tuple[str, float, float]:
    """A fetch in a process of its own: reason, MiB by which its memory grew, seconds."""
    here, there = get_context("fork").Pipe(duplex=False)
    child = get_context("fork").Process(target=_measured, args=(url, there))
    child.start()
    told: tuple[str, float, float] = here.recv()
    child.join()
    return told


def _measured(url: str, there: "object") -> None:
    unit = 1 if sys.platform == "darwin" else 1024
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    reason = _refused(url, allow=LOOPBACK)
    seconds = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit / (1 << 20)
    there.send((reason, round(grown, 1), round(seconds, 3)))  # type: ignore[attr-defined]


def _slow() -> Row:
    """A byte now and then, in the head and in the body: by how much the deadline is overrun."""
    over = []
    for start in (b"HTTP/1.1 200 OK\r\nX-Slow: ", _head()):

        def drip(line: socket.socket, start: bytes = start) -> None:
            line.sendall(start)
            while True:
                line.sendall(b"a")
                time.sleep(0.1)

        with _serving(drip) as port:
            began = time.perf_counter()
            settings = Fetch(total_timeout=timedelta(seconds=DEADLINE), allow_networks=LOOPBACK)
            try:
                Fetcher(settings, "bench/1").get_sync(f"http://127.0.0.1:{port}/")
            except FetchError:
                over.append(time.perf_counter() - began - DEADLINE)
    return {"measure": "slow-loris cut after its deadline", "n": 2, "held": len(over), "s": round(max(over), 3)}


def _truncated() -> Row:
    packed = gzip.compress(PAGE)
    bodies = [_head("Content-Encoding: gzip") + packed[: 1 + n * (len(packed) - 2) // 100] for n in range(100)]
    bodies += [_head(f"Content-Length: {len(PAGE)}") + PAGE[: n * len(PAGE) // 100] for n in range(100)]
    kept = 0
    for answer in bodies:
        with _serving(_says(answer)) as port:
            kept += _refused(f"http://127.0.0.1:{port}/", allow=LOOPBACK) == ""
    return {"measure": "truncated bodies refused", "n": len(bodies), "held": len(bodies) - kept}


def _deep() -> Row:
    words = [f"Sentence {n} of a story that goes on for quite a while, said the coast guard." for n in range(40)]
    text = "".join(f"<p>{each}</p>" for each in words)
    found = extract(
        f"<html><body>{'<div>' * _DEEP}<article>{text}</article></body></html>".encode(), "http://a.example/b"
    )
    return {
        "measure": f"sentences kept of a page {_DEEP} deep",
        "n": len(words),
        "held": sum(w in found.text for w in words),
    }


def _feeds(data: Path) -> Iterator[Row]:
    archive = data / "feeds.tar.gz"
    if not archive.exists():
        return
    read = refused = entries = broken = 0
    began = time.perf_counter()
    with tarfile.open(archive) as opened:
        for member in opened:
            stream = opened.extractfile(member) if member.name.endswith((".xml", ".json")) else None
            if stream is None:
                continue
            try:
                entries += len(parse_feed(stream.read(), "", "http://a.example/feed").entries)
                read += 1
            except ParseError:
                refused += 1
            except Exception:  # noqa: BLE001 - what is counted here is whether there is any
                broken += 1
    seconds = round(time.perf_counter() - began, 1)
    yield {
        "measure": "feeds parsed or refused with a reason",
        "n": read + refused + broken,
        "held": read + refused,
        "s": seconds,
    }
    yield {"measure": "feeds kept, and their entries", "n": read, "held": entries}


def _attempts() -> Row:
    """Attempts of a webhook, and hours from the first to the last without jitter."""
    waits = Deliver().schedule
    hours = sum(wait.total_seconds() for wait in waits) / 3600
    return {"measure": "attempts of a webhook, and hours", "n": len(waits) + 1, "held": round(hours, 1)}
