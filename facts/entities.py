"""Names and places of an edit: spelling and alias are style, another entity is a fact."""

from collections.abc import Sequence

from facts.context import Context, Whole
from facts.diff import Diff, Hunk
from facts.draft import Draft, Ledger
from facts.figures import matched, paired
from facts.names import misspelt, same_name
from facts.passage import Claim, Passage


def name_changes(before: Sequence[Claim], after: Sequence[Claim], diff: Diff, context: Context, ledger: Ledger) -> None:
    """Name and place changes of an edit."""
    lexicon = context.lexicon
    left, right = matched(before, after, diff, lambda b, a: same_name(str(b.key), str(a.key), lexicon))
    right = [c for c in right if not _somewhere(c, diff.before)]
    left = [c for c in left if not _somewhere(c, diff.after)]
    for one, other, score in paired(left, right, lambda b, a: _worth(b, a, diff, context)):
        ledger.add(
            Draft(
                other.type if one.type == other.type else "name", "updated", (one.start, one.end), (other.start, other.end),
                other.kind, f"{other.type}.replaced", 0.6 + 0.35 * score, "", one.value, other.value,
            )
        )  # fmt: skip
    for claim in right:
        if _telling(claim, diff.after) and not _known(claim, context.before) and not _was_role(claim, diff, context):
            ledger.add(
                Draft(
                    claim.type,
                    "added",
                    None,
                    (claim.start, claim.end),
                    claim.kind,
                    f"{claim.type}.added",
                    0.6,
                    "",
                    None,
                    claim.value,
                )
            )
    for claim in left:
        if (
            _telling(claim, diff.before)
            and not _known(claim, context.after)
            and not _became_pronoun(claim, diff, context)
        ):
            weight = "dropped person" if claim.kind == "person" else "dropped"
            ledger.add(
                Draft(
                    claim.type,
                    "removed",
                    (claim.start, claim.end),
                    None,
                    claim.kind,
                    f"{claim.type}.removed",
                    0.5,
                    weight,
                    claim.value,
                    None,
                )
            )


def _worth(one: Claim, other: Claim, diff: Diff, context: Context) -> float:
    """How surely a name was replaced by another; a typo in anything but a person's name is no replacement."""
    if not diff.aligned(one, other):
        return 0.0
    if one.kind == "demonym" or other.kind == "demonym":
        return 0.3 if one.kind == other.kind and diff.ratio > 0.7 else 0.0
    return 0.5 + 0.5 * (one.type == other.type) * diff.ratio


def _somewhere(claim: Claim, p: Passage) -> bool:
    """Whether the other side has all words of a name, capital or not."""
    return set(str(claim.key).split()) <= set(p.norms) or str(claim.key).split()[-1] in p.norms


def _known(claim: Claim, whole: Whole) -> bool:
    words = str(claim.key).split()
    return whole.having(words) or (len(words) > 1 and claim.kind == "person" and whole.having(words[-1:]))


def _telling(claim: Claim, p: Passage) -> bool:
    if claim.kind == "demonym" or p.titled:
        return False
    return claim.start not in p.firsts or claim.kind in ("person", "organisation", "place")


def _hunk_of(claim: Claim, hunks: Sequence[Hunk], after: bool) -> Hunk | None:
    for hunk in hunks:
        low, high = (hunk.a0, hunk.a1) if after else (hunk.b0, hunk.b1)
        if low < claim.end and claim.start < high:
            return hunk
    return None


def _was_role(claim: Claim, diff: Diff, context: Context) -> bool:
    """Whether a name stands where a pronoun stood: the reader is told no more than before."""
    hunk = _hunk_of(claim, diff.hunks, after=True)
    return (
        hunk is not None
        and hunk.b1 - hunk.b0 in (1, 2)
        and diff.before.norms[hunk.b0] in context.lexicon.sets["pronouns"]
    )


def _became_pronoun(claim: Claim, diff: Diff, context: Context) -> bool:
    hunk = _hunk_of(claim, diff.hunks, after=False)
    return (
        hunk is not None
        and hunk.a1 - hunk.a0 in (1, 2)
        and diff.after.norms[hunk.a0] in context.lexicon.sets["pronouns"]
    )


def is_typo(one: str, other: str) -> bool:
    """Whether one word corrects the other's spelling."""
    return misspelt(one, other)
