"""Blocks as they are stored with a version."""

import json
from collections.abc import Iterable

from ingest.model import Block, ParseError


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
