"""Sites that cannot be read: where half of the articles fail for one reason, it is the site's, and not an article's."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from store.tables import article

_SHARE, _LEAST = 0.5, 2


@dataclass(frozen=True, slots=True)
class Unread:
    """A site of so many watched *articles* of which *unread* failed at the last look for one *reason*, a code."""

    site: str
    articles: int
    unread: int
    reason: str


def unread_sites(connection: sa.Connection, site: str | None = None) -> tuple[Unread, ...]:
    """The sites of which at least half of the articles, and two, fail for the same reason, the most articles first;
    of *site* alone if it is given."""
    failed = sa.case((article.c.failures > 0, article.c.last_reason), else_="").label("reason")
    counted = sa.select(article.c.site, failed, sa.func.count().label("n")).where(article.c.watch != "ended")
    if site is not None:
        counted = counted.where(article.c.site == site)
    reasons: dict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(counted.group_by(article.c.site, failed)):
        reasons[row.site][row.reason] = row.n
    found = [_worst(name, counts) for name, counts in reasons.items()]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: (-each.unread, each.site)))


def _worst(site: str, counts: dict[str, int]) -> Unread | None:
    total = sum(counts.values())
    reason, n = max(((why, n) for why, n in counts.items() if why), key=lambda each: each[1], default=("", 0))
    return Unread(site, total, n, reason) if n >= max(_LEAST, _SHARE * total) else None
