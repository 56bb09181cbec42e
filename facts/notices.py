"""Correction notices: what the outlet itself says it got wrong."""

from collections.abc import Sequence

from facts.fold import fingerprint
from facts.passage import Passage


def is_notice(p: Passage) -> bool:
    """Whether a sentence is a correction notice: it begins like one, or says what an earlier version said."""
    marks = [mark for mark in p.marks("correction") if mark.value != "developing"]
    return any(mark.value == "phrases" for mark in marks) or any(
        mark.start in (0, 1) and (p.has(mark.end, ":", "-", ".") or mark.end == len(p.tokens))
        for mark in marks
        if mark.value == "starts"
    )


def appeared(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The notices that are new, in order."""
    known = {fingerprint(notice) for notice in before}
    return [notice for notice in after if fingerprint(notice) not in known]
