"""Attribution of an edit: claimants replaced, added or removed, denials turned, hedges lost or gained."""

from collections.abc import Mapping

from facts.context import Context
from facts.diff import Diff
from facts.draft import Draft, Ledger
from facts.lexicon import Lexicon, Mark
from facts.names import misspelt
from facts.passage import Passage
from facts.sayings import Saying, sayings

RELATED = 0.5
"""Share of equal words below which a missing claimant says little: the sentence was written anew."""

_TURNS = {
    ("deny", "confirm"): "contradicts", ("confirm", "deny"): "contradicts", ("deny", "say"): "contradicts",
    ("say", "deny"): "contradicts", ("allege", "deny"): "contradicts", ("deny", "allege"): "contradicts",
    ("allege", "confirm"): "progresses", ("confirm", "allege"): "contradicts",
}  # fmt: skip


def attribution_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """Claimants and stances first, then hedges."""
    lexicon = context.lexicon
    left, right = sayings(diff.before, lexicon), sayings(diff.after, lexicon)
    for one, other in _same_claimants(left, right, diff, lexicon):
        _stance(one, other, diff, ledger)
    if diff.ratio >= RELATED:
        _replaced(left, right, diff, context, ledger)
        for saying in left:
            _single(saying, diff, ledger, removed=True)
        for saying in right:
            _single(saying, diff, ledger, removed=False)
    _hedges(diff, ledger)


def _same_claimants(
    left: list[Saying], right: list[Saying], diff: Diff, lexicon: Lexicon
) -> list[tuple[Saying, Saying]]:
    """Sayings of one claimant on both sides, taken out of the two lists."""
    pairs = []
    for one in list(left):
        mine = _content(one, lexicon)
        other = next((o for o in right if mine & _content(o, lexicon)), None)
        if other is None and _content(one, lexicon) <= lexicon.sets["personal"]:
            other = next((o for o in right if diff.forth.get(one.head) == o.head), None)
        if other is not None:
            pairs.append((one, other))
            left.remove(one)
            right.remove(other)
    return pairs


def _content(saying: Saying, lexicon: Lexicon) -> set[str]:
    words = saying.claimant.casefold().replace("'s", "").split()
    return {lexicon.stem(w) for w in words if w not in lexicon.stop or w in lexicon.sets["personal"]}


def _stance(one: Saying, other: Saying, diff: Diff, ledger: Ledger) -> None:
    turn = _TURNS.get((one.stance, other.stance))
    old, new = diff.before.mark("speech", one.head), diff.after.mark("speech", other.head)
    if turn is None or diff.forth.get(one.head) == other.head or old is None or new is None:
        return
    if diff.ratio < 0.3 or not ledger.fresh([one.head], "before"):
        return
    b, a = (one.head, old.end), (other.head, new.end)
    ledger.add(Draft("status", "updated", b, a, other.claimant, "status.stance", 0.85, turn))


def _replaced(left: list[Saying], right: list[Saying], diff: Diff, context: Context, ledger: Ledger) -> None:
    """The same claim by another claimant."""
    for one in list(left):
        other = next((o for o in right if diff.forth.get(one.head) == o.head or _one_hunk(one, o, diff)), None)
        if other is None or not _lost(one, diff.forth) or not _lost(other, diff.back):
            continue
        left.remove(one)
        right.remove(other)
        if _is_pronoun(one, context) or _is_pronoun(other, context):
            continue
        b, a = (one.start, one.end), (other.start, other.end)
        ledger.add(Draft("attribution", "updated", b, a, other.claimant, "attribution.replaced", 0.75))


def _is_pronoun(saying: Saying, context: Context) -> bool:
    return saying.claimant.casefold() in context.lexicon.sets["personal"]


def _one_hunk(one: Saying, other: Saying, diff: Diff) -> bool:
    labels = diff.before.has(one.head, ":") and diff.after.has(other.head, ":")
    return labels or any(h.b0 <= one.head < h.b1 and h.a0 <= other.head < h.a1 for h in diff.hunks)


def _single(saying: Saying, diff: Diff, ledger: Ledger, *, removed: bool) -> None:
    mapping = diff.forth if removed else diff.back
    if not _lost(saying, mapping) or saying.head in mapping:
        return
    span = (saying.start, saying.end)
    if removed:
        ledger.add(Draft("attribution", "removed", span, None, saying.claimant, "attribution.removed", 0.7, "silent"))
    else:
        ledger.add(Draft("attribution", "added", None, span, saying.claimant, "attribution.added", 0.7, "source"))


def _lost(saying: Saying, kept: Mapping[int, int]) -> bool:
    """Whether no word of the claimant stands at the same place on the other side."""
    verb = saying.head
    return not any(at in kept for at in range(saying.start, saying.end) if at != verb)


def _hedges(diff: Diff, ledger: Ledger) -> None:
    """A strong hedge that only one side has: "allegedly" lost is a claim made firm, gained it is a walk-back."""
    before, after = _strong(diff.before), _strong(diff.after)
    if before and not after:
        mark = before[0]
        if mark.start not in diff.forth and diff.ratio >= RELATED and mark.start not in ledger.told_before:
            span = (mark.start, mark.end)
            ledger.add(
                Draft("attribution", "removed", span, None, "hedge", "attribution.firmer", 0.75, modality="alleged")
            )
    elif after and not before:
        mark = after[0]
        typo = any(misspelt(norm, diff.after.norms[mark.start]) for norm in diff.before.norms)
        if not typo and mark.start not in diff.back and diff.ratio >= RELATED and mark.start not in ledger.told_after:
            span = (mark.start, mark.end)
            ledger.add(
                Draft("attribution", "added", None, span, "hedge", "attribution.hedged", 0.7, modality="alleged")
            )


def _strong(p: Passage) -> list[Mark]:
    return [mark for mark in p.marks("hedge") if mark.value == "strong"]
