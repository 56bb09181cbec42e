"""Reviews as labelled data: sentence pairs with the facts that people called right, as ``bench facts`` reads them."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from store.reviews import last_word, last_words
from store.tables import fact_change, review, version

Label = dict[str, Any]


def labels(connection: sa.Connection) -> Iterator[Label]:
    """One object a sentence pair, oldest first. A pair is given once every change found in it was called right or
    wrong; where one is open or unsure, nobody has said yet what the pair holds.

    People judge what was found, so the labels measure precision; what was missed is in none of them.
    """
    reviewed = sa.select(fact_change.c.version_id).join(review, review.c.change_id == fact_change.c.id)
    reviewed = reviewed.where(review.c.id.in_(last_words()))
    kept = ("id", "version_id", "type", "op", "before", "after", "sentence_before", "sentence_after")
    query = (
        sa.select(*(fact_change.c[name] for name in kept), version.c.language, review.c.verdict)
        .join(version, version.c.id == fact_change.c.version_id)
        .outerjoin(review, last_word())
        .where(fact_change.c.version_id.in_(reviewed))
        .order_by(*(fact_change.c[name] for name in ("version_id", "sentence_before", "sentence_after", "id")))
    )
    for (version_id, before, after), rows in groupby(connection.execute(query), key=_pair):
        found = list(rows)
        if (before or after) and all(row.verdict in ("right", "wrong") for row in found):
            yield _label(version_id, before, after, found)


def _pair(row: Any) -> tuple[int, str, str]:
    return row.version_id, row.sentence_before, row.sentence_after


def _label(version_id: int, before: str, after: str, found: list[Any]) -> Label:
    right = [row for row in found if row.verdict == "right"]
    return {
        "id": f"reviewed-{found[0].id}",
        "source": f"reviewed at this desk, version {version_id}, changes {', '.join(str(row.id) for row in found)}",
        "lang": found[0].language or "en",
        "before": before,
        "after": after,
        "is_factual": bool(right),
        "ambiguous": False,
        "facts": [{"type": row.type, "before": row.before, "after": row.after, "op": row.op} for row in right],
    }
