"""The page of one article: which facts changed between two versions, where, how sure, and what it rests on."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ingest.memory import fingerprint
from ingest.model import Block
from store import pins
from store.engine import reading, writing
from store.merges import kept_for
from store.snapshots import load
from store.views.articles import ArticleRow, article_by
from store.views.evidence import outlet_of
from store.views.versions import kept, version_by
from web.answers import RefusalError
from web.article.difference import stripped_of
from web.article.dossier import NODES, Asked, View, shown, story
from web.article.evidence import blind_looks, disclosed, shown_headers, window
from web.article.stripping import RULES
from web.article.told import as_told
from web.desk import desk_of, visitor_of
from web.deskpage import Page, served
from web.forms import Posted, back

router = APIRouter(include_in_schema=False)

_NUMBER_MAX = 2**31 - 1
Number = Annotated[int, Query(ge=1, le=_NUMBER_MAX)]
NO_ARTICLE = "There is no such article. Perhaps it became part of another one."


@served(router, "/articles/{article_id}")
def article_page(
    request: Request,
    article_id: int,
    *,
    first: Annotated[Number | None, Query(alias="from")] = None,
    last: Annotated[Number | None, Query(alias="to")] = None,
    view: View = "inline",
    explain: bool = False,
    whole: Annotated[bool, Query(alias="all")] = False,
    at: Annotated[int, Query(ge=0, le=_NUMBER_MAX)] = 0,
    cursor: Annotated[str, Query(max_length=40)] = "",
) -> Page:
    """The last two versions, unless others are asked for; `all` leaves unchanged sentences in, `at` is the paragraph
    where this page of a long text begins, `explain` says why each edit is a fact or style."""
    with reading(desk_of(request).engine) as connection:
        article = _article(article_by(connection, article_id) if 0 < article_id < 2**63 else None)
        told: dict[str, Any] = {"article": article, "outlet": outlet_of(connection, article_id)}
        told["part_of"] = kept_for(connection, article_id)
        asked = _asked(article, first, last, "explain" if explain else view, whole=whole, at=at, cursor=cursor)
        if asked is None:
            return Page("article_unread.html", article.title or article.url, told)
        middle, stripped, why = shown(connection, article_id, asked)
        around = story(connection, article, middle.after, asked)
        pinned = pins.verdicts(connection, article.site) if asked.view == "stripped" else {}
    told |= as_told(asked, middle, stripped, why, around)
    told["disclosed"] = disclosed(middle.after)
    beside = {
        "asked": asked,
        "shown": middle,
        "stripped": stripped,
        "why": why,
        "story": around,
        "window": window(middle.after),
        "missed": blind_looks(middle.after),
        "headers": shown_headers(around.snapshot.headers) if around.snapshot else (),
        "rules": RULES,
        "blocks": [(block, key, pinned.get(key, "")) for block, key in _keyed(stripped.blocks)],
        "pickable": article.versions <= NODES and not cursor,
    }
    return Page("article.html", article.title or article.url, told, beside)


def _keyed(blocks: Sequence[Block]) -> list[tuple[Block, str]]:
    return [(block, fingerprint(block.text)) for block in blocks]


def _article(found: ArticleRow | None) -> ArticleRow:
    if found is None:
        raise RefusalError(404, NO_ARTICLE)
    return found


def _asked(
    article: ArticleRow, first: int | None, last: int | None, view: View, *, whole: bool, at: int, cursor: str
) -> Asked | None:
    """None before the first version. Raises RefusalError for versions turned round."""
    last = last or article.versions
    if last == 0:
        return None
    if first is None:
        first = last - 1
    if first >= last:
        raise RefusalError(400, "The first version must be an earlier one than the second.")
    return Asked(first, last, view, whole, at, cursor)


@router.get("/articles/{article_id}/versions/{number}/snapshot")
def snapshot(request: Request, article_id: int, number: int) -> Response:
    """The bytes of a version's page as they were fetched, to be saved: never shown as a page of ours."""
    with reading(desk_of(request).engine) as connection:
        known = 0 < article_id < 2**63 and 0 < number <= _NUMBER_MAX
        version = version_by(connection, article_id, number) if known else None
        if version is None:
            raise RefusalError(404, "This article has no such version.")
        found = load(connection, version.snapshot_id) if version.snapshot_id else None
    if found is None:
        raise RefusalError(404, "The bytes of this version are no longer kept.")
    named = f'attachment; filename="article-{article_id}-v{number}.html.bin"'
    headers = {"content-disposition": named, "x-snapshot-sha256": found.sha256}
    return Response(found.body, media_type="application/octet-stream", headers=headers)


@router.post("/articles/{article_id}/pins")
def pin_block(request: Request, article_id: int, form: Posted) -> Response:
    """Pins a block of a version's page as text or furniture for its site, or takes a pin back."""
    desk = desk_of(request)
    number, place, verdict = form.text("version", 10), form.text("block", 17), form.text("verdict", 20)
    if verdict not in ("text", "furniture", "none"):
        raise RefusalError(400, "A block is pinned as text or furniture, or not at all.")
    if not (number.isascii() and number.isdigit()):
        raise RefusalError(400, "That is not the number of a version.")
    with writing(desk.engine) as connection:
        article = _article(article_by(connection, article_id) if 0 < article_id < 2**63 else None)
        version = version_by(connection, article_id, int(number))
        blocks = stripped_of(kept(connection, version.id)) if version else ()
        text = next((block.text for block in blocks if fingerprint(block.text) == place), None)
        if text is None:
            raise RefusalError(404, "That version has no such block.")
        if verdict == "none":
            mine = (each for each in pins.listing(connection, article.site) if each.fingerprint == place)
            for each in mine:
                pins.remove(connection, each.id)
        else:
            by, now = visitor_of(request).name, desk.clock()
            pins.put(connection, article.site, place, "text" if verdict == "text" else "furniture", text, "", by, now)
    return back(form, f"/articles/{article_id}")
