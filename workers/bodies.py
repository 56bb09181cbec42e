"""What alerts say: the ``data`` of each webhook type, as in docs/architecture.md §5. Times are written by the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.urls import shown
from store.articles import Known
from store.states import state_of

ENGINE = "facts/1"


@dataclass(frozen=True, slots=True)
class Told:
    """The two versions an alert is about, as the webhook's ``version`` object needs them."""

    number_from: int | None
    number_to: int
    seen_old_at: datetime | None
    seen_new_at: datetime
    blind: Sequence[Mapping[str, Any]]
    modified: datetime | None
    sha256_before: str | None
    sha256: str
    chain: str


def article_object(article: Known, published: datetime | None, tags: Sequence[str], *, late: bool) -> dict[str, Any]:
    """The webhook's ``article``. *late*: its first version here was not the first that there was."""
    return {
        "id": article.id,
        "url": shown(article.url),
        "title": article.title,
        "site": article.site,
        "language": article.language,
        "state": state_of(article.marker, article.availability, article.watch, 0, article.versions),
        "published": published,
        "first_seen_at": article.created_at,
        "late": late,
        "tags": list(tags),
    }


def version_object(told: Told) -> dict[str, Any]:
    """The webhook's ``version``."""
    return {
        "from": told.number_from,
        "to": told.number_to,
        "seen_old_at": told.seen_old_at,
        "seen_new_at": told.seen_new_at,
        "blind": list(told.blind),
        "modified": told.modified,
        "sha256_before": told.sha256_before,
        "sha256": told.sha256,
        "chain": told.chain,
    }


def links(base: str, article_id: int, told: Told | None) -> dict[str, str]:
    """Where the receiver can read on; *base* is the service's own address without a trailing slash."""
    api = f"{base}/api/v1/articles/{article_id}"
    if told is None or told.number_from is None:
        return {"diff": f"{base}/articles/{article_id}", "api": api}
    span = f"?from={told.number_from}&to={told.number_to}"
    return {"diff": f"{base}/articles/{article_id}{span}", "api": f"{api}/diff{span}"}
