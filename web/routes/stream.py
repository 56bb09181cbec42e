"""Fact changes as they come, for pages and programs that stay."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import StreamingResponse

from web.answers import RefusalError, as_json
from web.article.difference import change_object
from web.desk import desk_of
from web.tail import Tail

router = APIRouter(prefix="/api/v1")

LISTENERS_MAX = 100
"""Streams open at once in one process."""


STREAMED: Any = {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}


@router.get("/changes/stream", response_class=StreamingResponse, responses=STREAMED)
async def stream(
    request: Request,
    last_event_id: Annotated[str, Header()] = "",
    after: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
) -> StreamingResponse:
    """Server-sent events `change`, each a fact change as in `/changes`; `Last-Event-ID` takes up where it broke off,
    `after` begins behind a change that is known already."""
    tail = desk_of(request).tail
    if tail.listeners >= LISTENERS_MAX:
        raise RefusalError(503, "Too many listen already.", headers={"retry-after": "10"})
    last = _last(last_event_id)
    # The answer begins when the tail listens: whoever has it misses nothing that is committed afterwards.
    body = _events(tail, after if last is None else last)
    first = await anext(body)
    return StreamingResponse(_after(first, body), media_type="text/event-stream")


def _last(written: str) -> int | None:
    """Raises RefusalError 400 for anything that is no change id."""
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise RefusalError(400, "Last-Event-ID is not the id of a change.")
    return int(written)


async def _events(tail: Tail, last: int | None) -> AsyncIterator[str]:
    async for row in tail.listen(last):
        yield f"event: change\nid: {row.id}\ndata: {as_json(change_object(row))}\n\n" if row else "retry: 2000\n\n"


async def _after(first: str, rest: AsyncIterator[str]) -> AsyncIterator[str]:
    yield first
    async for event in rest:
        yield event
