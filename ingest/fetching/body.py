"""A body as it comes in, bounded on the wire and decoded: gzip only, and only whole."""

import zlib

from ingest.model import FetchError

PIECE = 64 * 1024
"""Bytes decoded at a time: what a bomb costs before it is found out."""

MAX_MEMBERS = 100
"""gzip members in one body; servers send one, a few concatenate."""

_GZIP = zlib.MAX_WBITS | 16


class Body:
    """Collects one body. Trailing bytes after a gzip member are another member, or NUL padding (as gzip(1) accepts), or
    the body is refused."""

    def __init__(self, encoding: str, cap: int) -> None:
        """*encoding* is the Content-Encoding header; *cap* counts bytes, on the wire and decoded alike. Raises
        FetchError ``unexpected-encoding`` for anything but one gzip or none."""
        named = encoding.strip().lower()
        if named not in {"", "identity", "gzip", "x-gzip"}:
            raise FetchError("unexpected-encoding", detail=named[:40])
        self._cap = cap
        self._wire = 0
        self._pieces: list[bytes] = []
        self._size = 0
        self._gzip = named in {"gzip", "x-gzip"}
        self._member: zlib._Decompress | None = None
        self._members = 0
        self._padded = False

    def feed(self, chunk: bytes) -> None:
        """Takes what came. Raises FetchError ``too-large`` at the cap, ``bad-gzip`` for what is not gzip."""
        self._wire += len(chunk)
        if self._wire > self._cap:
            raise FetchError("too-large", detail=f"more than {self._cap} bytes on the wire")
        if self._gzip:
            self._inflate(chunk)
        else:
            self._keep(chunk)

    def whole(self) -> bytes:
        """The decoded body. Raises FetchError ``truncated`` when a gzip member has not ended, ``empty-body`` without a
        byte."""
        if self._member is not None and not self._member.eof:
            raise FetchError("truncated", detail="gzip member cut")
        if not self._size:
            raise FetchError("empty-body")
        return b"".join(self._pieces)

    def _inflate(self, chunk: bytes) -> None:
        rest = chunk
        while rest:
            if self._member is None or self._member.eof:
                rest = self._next_member(rest)
                if not rest:
                    return
            rest = self._decode(rest)

    def _next_member(self, rest: bytes) -> bytes:
        """Starts another member; NUL padding is swallowed, and nothing but padding may follow it."""
        if self._members and not rest.strip(b"\0"):
            self._padded = True
            return b""
        if self._padded or self._members >= MAX_MEMBERS:
            raise FetchError("bad-gzip", detail="trailing bytes")
        self._member = zlib.decompressobj(_GZIP)
        self._members += 1
        return rest

    def _decode(self, rest: bytes) -> bytes:
        member = self._member
        assert member is not None
        try:
            self._keep(member.decompress(rest, PIECE))
            while member.unconsumed_tail and not member.eof:
                self._keep(member.decompress(member.unconsumed_tail, PIECE))
        except zlib.error as error:
            raise FetchError("bad-gzip", detail="trailing bytes" if self._members > 1 else "not gzip") from error
        return member.unused_data

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._cap:
            raise FetchError("too-large", detail=f"more than {self._cap} bytes decoded")
        if piece:
            self._pieces.append(piece)
