"""How an export is written: JSON lines, CSV, OPML, WARC. Contains no business logic."""

import csv as table
import importlib.util
import io
import json
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from cli import say
from config.clock import now
from config.plain import plain
from store.views import export

if TYPE_CHECKING:
    import sqlalchemy as sa


def jsonl(connection: "sa.Connection", to: IO[bytes], *, secrets: bool) -> None:
    """One object a line, ASCII."""
    for line in export.lines(connection, now(), secrets=secrets):
        to.write(json.dumps(line, default=say.jsonable, allow_nan=False).encode() + b"\n")


def csv(connection: "sa.Connection", to: IO[bytes]) -> None:
    """The fact changes, a row each, UTF-8 with a byte order mark, without which spreadsheets guess the encoding."""
    to.write(b"\xef\xbb\xbf")
    to.write(_row(export.TABLE))
    for each in export.table(connection):
        to.write(_row(each))


def _row(cells: "tuple[object, ...]") -> bytes:
    line = io.StringIO(newline="")
    table.writer(line).writerow([say.jsonable(each) if hasattr(each, "isoformat") else each for each in cells])
    return line.getvalue().encode()


def opml(connection: "sa.Connection", to: IO[bytes], *, secrets: bool) -> None:
    """The feeds, their tags as categories (OPML 2.0)."""
    to.write(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<head><title>Writethru</title></head>\n<body>\n'
    )
    for feed in export.subscribed(connection, secrets=secrets):
        title = quoteattr(plain(feed.title or feed.url))
        tags = ",".join(plain(tag).replace(",", " ") for tag in feed.tags)
        category = f" category={quoteattr(tags)}" if tags else ""
        line = f'<outline type="rss" text={title} title={title} xmlUrl={quoteattr(feed.url)}{category}/>\n'
        to.write(line.encode())
    to.write(b"</body>\n</opml>\n")


def require_warcio() -> None:
    """Ends the verb in one line where the extra is not installed."""
    if importlib.util.find_spec("warcio") is None:
        say.fail("WARC needs warcio; `./writethru install archive` brings it")


def warc(connection: "sa.Connection", to: IO[bytes]) -> None:
    """A gzipped WARC: a response record a snapshot, with the headers that were kept. The body is as it was decoded, so
    its length is said anew and its encoding is left out."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    writer = WARCWriter(to, gzip=True)
    writer.write_record(
        writer.create_warcinfo_record("writethru.warc.gz", {"software": "Writethru", "format": "WARC 1.0"})
    )
    for kept in export.snapshots(connection):
        known = [
            (name, value) for name, value in kept.headers.items() if name not in ("content-length", "content-encoding")
        ]
        headers = StatusAndHeaders(
            f"{kept.status} OK", [*known, ("content-length", str(len(kept.body)))], protocol="HTTP/1.1"
        )
        said = {"WARC-Date": kept.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        body = {"payload": io.BytesIO(kept.body), "length": len(kept.body)}  # without it each record is a file first
        record = writer.create_warc_record(kept.url, "response", http_headers=headers, warc_headers_dict=said, **body)
        writer.write_record(record)
