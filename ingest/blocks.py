"""Blocks as they are stored with a version, and as they are told apart."""

import hashlib
import json
import re
from collections.abc import Iterable

from facts.fold import fold
from ingest.model import Block, ParseError

_DASHES = re.compile("-{2,}")  # typewriter's dashes
_TIMES = re.compile(r"(?<=\d) ?× ?(?=\d)")


def key_of(text: str) -> str:
    """What two blocks share exactly when only typography sets them apart, 16 hex digits."""
    folded = _TIMES.sub("x", _DASHES.sub("-", fold(text)))
    return hashlib.blake2b(folded.encode("utf-8", "replace"), digest_size=8).hexdigest()


def blocks_to_json(blocks: Iterable[Block]) -> bytes:
    """UTF-8 JSON: a list of [text, path, rule, evidence]. The caller compresses it."""
    rows = [[block.text, block.path, block.rule, block.evidence] for block in blocks]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def blocks_from_json(stored: bytes) -> tuple[Block, ...]:
    """Raises ParseError ``bad-blocks`` for anything that blocks_to_json did not write."""
    try:
        return tuple(Block(text, path, rule, evidence) for text, path, rule, evidence in json.loads(stored))
    except (ValueError, TypeError) as error:
        raise ParseError("bad-blocks", str(error)) from error
