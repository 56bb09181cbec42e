"""Lines that lead to the other pages of an article which comes in several."""

from collections.abc import Iterable

from ingest.model import Block
from ingest.phrases import bare, spoken, whole

_MOST = 40  # characters of such a line


def is_pager(said: str) -> bool:
    """Whether a spoken line leads to the other pages of an article."""
    said = bare(said) if len(said) <= _MOST else ""
    return bool(said) and bool(whole("pages").match(said) or whole("pagers").fullmatch(said))


def page_number(blocks: Iterable[Block]) -> str:
    """Which page of a paginated article this is, as the page says it; empty where it says nothing."""
    said = (bare(spoken(block.text)) for block in blocks if len(block.text) <= _MOST)
    return next((found[1] for text in said if (found := whole("pages").match(text))), "")
