"""Whether the outlet said that it changed something: evidence, not a verdict (docs/architecture.md §4)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from facts.fold import fingerprint
from facts.model import Change


def disclose(
    notices_before: Sequence[str],
    notices_after: Sequence[str],
    stamp_before: str | None,
    stamp_after: str | None,
    modified_before: datetime | str | None,
    modified_after: datetime | str | None,
    uninformative: bool,
) -> dict[str, str]:
    """The webhook's ``disclosure``. *stamp* is the visible "updated at" line, *modified* the page's own metadata;
    *uninformative* says that this site moves ``dateModified`` on equal text."""
    return {
        "notice": _notice(notices_before, notices_after),
        "visible_stamp": _movement(stamp_before, stamp_after),
        "modified": "uninformative" if uninformative else _movement(modified_before, modified_after),
    }


def is_stealth(changes: Iterable[Change], disclosure: Mapping[str, str], marker: str) -> bool:
    """Whether an existing claim was altered or taken out while nothing that a reader sees says so.

    An article marked ``developing`` or ``live`` is never stealthy: there, changing is announced.
    """
    altered = any(c.op != "added" and c.type != "correction" and c.severity != "info" for c in changes)
    announced = disclosure["notice"] == "new" or disclosure["visible_stamp"] == "moved"
    return altered and not announced and disclosure["notice"] == "none_seen" and marker not in ("developing", "live")


def _notice(before: Sequence[str], after: Sequence[str]) -> str:
    known = {fingerprint(notice) for notice in before}
    seen = {fingerprint(notice) for notice in after}
    if seen - known:
        return "new"
    return "existing" if seen else "none_seen"


def _movement(before: object, after: object) -> str:
    if not after:
        return "absent"
    return "moved" if before != after else "unmoved"  # one that appears has moved: it says that something was done
