"""`fetch`: one GET exactly as the poller would make it, with nothing kept."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import say

if TYPE_CHECKING:
    from config.settings import Settings
    from ingest.fetching.fetch import Fetcher
    from ingest.model import Fetched


def fetch(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="what to fetch", metavar="URL")],
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Fetches as the poller would, keeps nothing, and says what came or why it was refused (exit 1)."""
    # What the child needs is imported before the fork: its memory is for the page.
    import ingest.fetching.fetch
    import ingest.outcome
    import ingest.robots  # noqa: F401
    from cli.limited import Died, limited

    settings: Settings = context.obj
    try:
        told = limited(lambda: _told(settings, url), settings.work.page_cpu, settings.work.page_memory, dials=True)
    except Died as died:
        say.fail(f"the fetch ended its process: {died}")
    detail = told.pop("detail")
    if json:
        say.row(told)
    elif told["reason"] is None:
        say.line(f"{told['status']}  {told['bytes']} bytes  {told['final_url']}  ({told['elapsed_ms']} ms)")
        say.line(f"sha256 {told['sha256']}")
    else:
        say.fail(f"{told['url']}: {told['reason']}{f' ({detail})' if detail else ''}; see docs/reasons.md")
    if told["reason"] is not None:
        raise typer.Exit(1)


def _told(settings: "Settings", url: str) -> dict[str, Any]:
    import asyncio

    from ingest.fetching.fetch import Fetcher
    from ingest.model import FetchError
    from ingest.urls import shown

    began = time.monotonic()
    told: dict[str, Any] = {
        "url": shown(url),
        "final_url": None,
        "status": 0,
        "reason": None,
        "bytes": 0,
        "sha256": None,
    }
    told |= {"redirects": [], "elapsed_ms": 0, "detail": ""}
    try:
        came = asyncio.run(_came(Fetcher(settings.fetch, settings.user_agent), settings, url))
        told |= {"final_url": came.url, "status": came.status, "bytes": len(came.body), "sha256": came.sha256}
        told["redirects"] = list(came.redirects)
    except FetchError as error:
        told |= {"status": error.status, "reason": error.reason, "detail": error.detail}
    told["elapsed_ms"] = round((time.monotonic() - began) * 1000)
    return told


async def _came(fetcher: "Fetcher", settings: "Settings", url: str) -> "Fetched":
    """robots.txt first, then the page. Raises FetchError."""
    from ingest.model import FetchError
    from ingest.outcome import seen
    from ingest.robots import MAX_RULES, Rules, rules_of
    from ingest.urls import robots_url

    if settings.fetch.obey_robots:
        try:
            answer: Fetched | FetchError = await fetcher.get(robots_url(url), max_bytes=MAX_RULES * 2)
        except FetchError as error:
            answer = error
        refusal = Rules(rules_of(answer), settings.user_agent).refusal(url)
        if refusal is not None:
            raise FetchError(refusal)
    came = seen(url, await fetcher.get(url))
    if isinstance(came, FetchError):
        raise came
    return came
