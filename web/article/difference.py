"""Two versions of one article side by side: words, edits and fact changes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import sqlalchemy as sa

from facts.model import Edit
from facts.render import change_as_dict
from ingest.blocks import blocks_from_json
from ingest.model import Block
from store.views.changes import ChangeRow, changes_between, edits_of
from store.views.versions import Kept, VersionRow, kept, version_by
from web.article.marks import Mark, Pair, Paragraph, marked, paired, paragraphs

NO_LINE = -2
"""The line of a paragraph that stood on the older page as furniture."""


class NoSuchVersionError(LookupError):
    """A version that the article does not have. *number* says which."""

    def __init__(self, number: int) -> None:
        super().__init__(f"there is no version {number}")
        self.number = number


@dataclass(frozen=True, slots=True)
class Difference:
    """What took version *before* to version *after*. *edits* are known for neighbours only; *changes* are all fact
    changes on the way, in order."""

    before: VersionRow
    after: VersionRow
    headline: tuple[Mark, ...]
    text: tuple[Paragraph, ...]
    edits: tuple[Edit, ...]
    changes: tuple[ChangeRow, ...]

    @property
    def changed_paragraphs(self) -> int:
        """How many paragraphs are not the same in both."""
        return sum(paragraph.changed for paragraph in self.text)


def difference(connection: sa.Connection, article_id: int, first: int, last: int) -> Difference:
    """Raises NoSuchVersionError; *first* must come before *last*."""
    before, old = _version(connection, article_id, first)
    after, new = _version(connection, article_id, last)
    return Difference(
        before,
        after,
        marked(before.headline, after.headline),
        paragraphs(judged_alike(paired(old.text, new.text), old, new)),
        edits_of(connection, after.id) if last == first + 1 else (),
        changes_between(connection, article_id, first, last),
    )


def judged_alike(pairs: Sequence[Pair], old: Kept, new: Kept) -> tuple[Pair, ...]:
    """The pairs as the outlet changed them: a line that one version took for text and the other for furniture stood on
    both pages, so it neither went nor came. The comparison of facts judges both pages under one memory as well."""
    out_before, out_after = ({block.text for block in stripped_of(side)} for side in (old, new))
    kept_pairs = (pair for pair in pairs if pair.new is not None or pair.before not in out_after)
    return tuple(
        replace(pair, before=pair.after, old=NO_LINE) if pair.old is None and pair.after in out_before else pair
        for pair in kept_pairs
    )


def _version(connection: sa.Connection, article_id: int, number: int) -> tuple[VersionRow, Kept]:
    found = version_by(connection, article_id, number)
    if found is None:
        raise NoSuchVersionError(number)
    return found, kept(connection, found.id)


def stripped_of(kept_: Kept) -> tuple[Block, ...]:
    """The blocks of a version's page that are not part of its text, each with the rule that stripped it."""
    return tuple(block for block in blocks_from_json(kept_.blocks) if not block.kept)


def change_object(row: ChangeRow) -> dict[str, object]:
    """A fact change as the API and the command line give it: the webhook's object, where it was seen,
    and the last word about it."""
    reverts = str(row.reverts) if row.reverts is not None else None
    return {
        **change_as_dict(row.change, id=str(row.id), reverts=reverts),
        "article": {"id": row.article_id, "url": row.article_url, "title": row.article_title, "site": row.site},
        "version": row.version,
        "seen_old_at": row.seen_old_at,
        "seen_new_at": row.seen_at,
        "stealth": row.stealth,
        "review": asdict(row.review) if row.review else None,
    }


def difference_object(found: Difference) -> dict[str, object]:
    """A difference as the API and the command line give it: marks are ``[kind, text]`` pairs, a list a paragraph."""
    return {
        "article_id": found.after.article_id,
        "from": found.before.number,
        "to": found.after.number,
        "headline": [[mark.kind, mark.text] for mark in found.headline],
        "paragraphs": [[[mark.kind, mark.text] for mark in each.marks] for each in found.text],
        "edits": [
            {"action": e.action, "intention": e.intention, "before": e.before, "after": e.after, "label": e.label}
            for e in found.edits
        ],
        "changes": [change_object(row) for row in found.changes],
    }
