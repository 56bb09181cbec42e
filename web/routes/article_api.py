"""What the API says of one article beside its texts: its ledger, its looks, its alerts, its chain."""

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from store.engine import reading
from store.views.articles import article_by
from store.views.changes import changes_between
from store.views.evidence import Link, LookRow, links, looks_of
from store.views.told import ABOUT_ARTICLES, AlertRow, alerts_about, with_deliveries
from store.views.versions import VersionRow, versions
from web.answers import Json, RefusalError
from web.article.difference import change_object
from web.article.ledger import Fact, facts_of
from web.desk import desk_of
from web.routes.api import Asked
from web.shapes import FactChange, Piece

router = APIRouter(prefix="/api/v1/articles/{article_id}")

CHANGES_MAX = 1_000
"""Fact changes that one ledger is made of, the last ones."""
CHAIN_TEXT = 4_000_000
"""Characters of text that one request checks."""
ALERTS_MAX = 200
"""Alerts in one answer, the last ones."""


class ToldFact(BaseModel):
    """One claim across the versions: what it is about, who says so, and each change of it, oldest first."""

    type: str
    subject: str
    claimant: str | None
    severity: str
    first: str | None
    last: str | None
    changes: list[FactChange]


class LedgerOf(BaseModel):
    """An article's facts. *since* is the version whose changes are the oldest here: 1 unless there are very many."""

    facts: list[ToldFact]
    since: int


class ChainOf(BaseModel):
    """The chain checked, version by version. *holds*: every record and text checked here is as it was written; *next*
    is the version to go on from, null at the end."""

    links: list[Link]
    holds: bool
    next: int | None


class AlertsOf(BaseModel):
    """What was told about an article, the last first, with every delivery and attempt."""

    items: list[AlertRow]


@router.get("/versions", response_model=Piece[VersionRow])
def article_versions(request: Request, article_id: int, asked: Asked) -> Any:
    """The versions of an article without their texts, the last one first."""
    with reading(desk_of(request).engine) as connection:
        found = versions(connection, asked, article=_known(connection, article_id))
    return Json({"items": found.rows, "next": found.next})


@router.get("/looks", response_model=Piece[LookRow])
def article_looks(request: Request, article_id: int, asked: Asked) -> Any:
    """Every look at the page, run by run, the last one first: what came, and when nothing could be seen."""
    with reading(desk_of(request).engine) as connection:
        found = looks_of(connection, _known(connection, article_id), asked)
    return Json({"items": found.rows, "next": found.next})


@router.get("/ledger", response_model=LedgerOf)
def article_ledger(request: Request, article_id: int) -> Any:
    """Each tracked fact across the versions."""
    with reading(desk_of(request).engine) as connection:
        rows = changes_between(connection, _known(connection, article_id), 0, 2**31 - 1, CHANGES_MAX)
    whole = len(rows) < CHANGES_MAX
    return Json({"facts": [_fact(fact) for fact in facts_of(rows)], "since": 1 if whole else rows[0].version})


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "type": fact.last.type,
        "subject": fact.last.subject,
        "claimant": fact.claimant,
        "severity": fact.severity,
        "first": fact.first.before,
        "last": fact.last.after,
        "changes": [change_object(row) for row in fact.rows],
    }


@router.get("/alerts", response_model=AlertsOf)
def article_alerts(request: Request, article_id: int) -> Any:
    """What was told about an article, to whom, and what came of each attempt."""
    with reading(desk_of(request).engine) as connection:
        found = alerts_about(connection, _known(connection, article_id), ABOUT_ARTICLES, ALERTS_MAX)
        return Json({"items": with_deliveries(connection, found)})


@router.get("/chain", response_model=ChainOf)
def article_chain(request: Request, article_id: int, since: Annotated[int, Query(ge=1, le=2**31 - 1)] = 1) -> Any:
    """Checks the chain of an article's versions from version `since` on, as far as one request goes."""
    checked: list[Link] = []
    left, following = CHAIN_TEXT, None
    with reading(desk_of(request).engine) as connection:
        for each in links(connection, _known(connection, article_id), since, 2**31 - 1):
            if left < 0:
                following = each.number
                break
            checked.append(each)
            left -= each.size + 1_000
    holds = all(each.text_holds and each.chain_holds for each in checked)
    return Json({"links": checked, "holds": holds, "next": following})


def _known(connection: sa.Connection, article_id: int) -> int:
    if not 0 < article_id < 2**63 or article_by(connection, article_id) is None:
        raise RefusalError(404, "There is no such article.")
    return article_id
