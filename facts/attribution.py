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

CONTAINED = 0.65
"""The same for a short sentence that only lost its claimant: share of the shorter side."""

_TURNS = {
    ("deny", "confirm"): "contradicts", ("confirm", "deny"): "contradicts", ("deny", "say"): "contradicts",
    ("say", "deny"): "contradicts", ("allege", "deny"): "contradicts", ("deny", "allege"): "contradicts",
    ("allege", "confirm"): "progresses", ("confirm", "allege"): "contradicts",
}  # fmt: skip


def stance_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """The same claimant takes another stance: denied → confirmed."""
    left, right = sayings(diff.before, context.lexicon), sayings(diff.after, context.lexicon)
    for one, other in _same_claimants(left, right, diff, context.lexicon):
        _stance(one, other, diff, ledger)


def attribution_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """Claimants that were replaced, came or went, then hedges."""
    lexicon = context.lexicon
    left, right = sayings(diff.before, lexicon), sayings(diff.after, lexicon)
    _same_claimants(left, right, diff, lexicon)
    if diff.ratio >= RELATED or diff.contained >= CONTAINED:
        left = [saying for saying in left if ledger.fresh([saying.head], "before")]
        right = [saying for saying in right if ledger.fresh([saying.head], "after")]
        _replaced(left, right, diff, context, ledger)
        for saying in left:
            _single(saying, diff, context, ledger, removed=True)
        for saying in right:
            _single(saying, diff, context, ledger, removed=False)
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
    if turn is None or old is None or new is None:
        return
    if diff.before.norms[one.head : old.end] == diff.after.norms[other.head : new.end]:
        return
    if diff.ratio < 0.3 or not ledger.fresh([one.head], "before"):
        return
    b, a = (one.head, old.end), (other.head, new.end)
    stances = {"stance": one.stance}, {"stance": other.stance}
    ledger.add(Draft("status", "updated", b, a, other.claimant, "status.stance", 0.85, turn, *stances))


def _replaced(left: list[Saying], right: list[Saying], diff: Diff, context: Context, ledger: Ledger) -> None:
    """The same claim by another claimant; a pronoun for a name is the same one."""
    if len(left) == len(right) == 1 and (_is_pronoun(left[0], context) or _is_pronoun(right[0], context)):
        left.clear()
        right.clear()
    for one in list(left):
        other = next((o for o in right if diff.forth.get(one.head) == o.head or _one_hunk(one, o, diff)), None)
        if (
            other is None
            or not _lost(one, diff.before, diff.forth, context)
            or not _lost(other, diff.after, diff.back, context)
        ):
            continue
        left.remove(one)
        right.remove(other)
        if misspelt(one.claimant.casefold(), other.claimant.casefold()):
            continue
        if _is_pronoun(one, context) or _is_pronoun(other, context):
            continue
        b, a = (one.start, one.end), (other.start, other.end)
        ledger.add(Draft("attribution", "updated", b, a, other.claimant, "attribution.replaced", 0.75))


def _is_pronoun(saying: Saying, context: Context) -> bool:
    return saying.claimant.casefold() in context.lexicon.sets["personal"]


def _one_hunk(one: Saying, other: Saying, diff: Diff) -> bool:
    labels = diff.before.has(one.head, ":") and diff.after.has(other.head, ":")
    return labels or any(h.b0 <= one.head < h.b1 and h.a0 <= other.head < h.a1 for h in diff.hunks)


def _single(saying: Saying, diff: Diff, context: Context, ledger: Ledger, *, removed: bool) -> None:
    mapping = diff.forth if removed else diff.back
    p = diff.before if removed else diff.after
    if not _lost(saying, p, mapping, context) or saying.head in mapping:
        return
    theirs = diff.after if removed else diff.before
    telling = [p.norms[at] for at in range(saying.start, saying.end) if p.norms[at] not in context.lexicon.stop]
    strange = [word for word in telling if word not in theirs.norms]
    if strange and all(any(misspelt(word, norm) for norm in theirs.norms) for word in strange):
        return
    said = [token.norm for token in p.tokens[saying.start : saying.end] if token.kind in "wn"]
    if context.before.times(said) == context.after.times(said) > 0:
        return  # it only moved
    span = (saying.start, saying.end)
    if removed:
        sure = 0.6 if _is_pronoun(saying, context) else 0.7  # "she said" goes more easily than "police said"
        ledger.add(Draft("attribution", "removed", span, None, saying.claimant, "attribution.removed", sure, "silent"))
    else:
        ledger.add(Draft("attribution", "added", None, span, saying.claimant, "attribution.added", 0.6, "source"))


def _lost(saying: Saying, p: Passage, kept: Mapping[int, int], context: Context) -> bool:
    """Whether no telling word of the claimant stands at the same place on the other side."""
    span = [at for at in range(saying.start, saying.end) if at != saying.head]
    telling = [at for at in span if p.norms[at] not in context.lexicon.stop] or span
    return not any(at in kept for at in telling)


def differ(diff: Diff, context: Context) -> bool:
    """Whether both sides name a claimant, and not the same: then a figure of the one is no update of the other's."""
    left, right = sayings(diff.before, context.lexicon), sayings(diff.after, context.lexicon)
    if len(left) != 1 or len(right) != 1 or _is_pronoun(left[0], context) or _is_pronoun(right[0], context):
        return False
    lost = _lost(left[0], diff.before, diff.forth, context) and _lost(right[0], diff.after, diff.back, context)
    return lost and not _content(left[0], context.lexicon) & _content(right[0], context.lexicon)


def _hedges(diff: Diff, ledger: Ledger) -> None:
    """A hedge that only one side has: "allegedly" lost is a claim made firm, gained it is a walk-back."""
    if diff.ratio < RELATED:
        return
    before, after = _strong(diff.before), _strong(diff.after)
    if before and not after and before[0].start not in diff.forth and before[0].start not in ledger.told_before:
        span = (before[0].start, before[0].end)
        ledger.add(Draft("attribution", "removed", span, None, "hedge", "attribution.firmer", 0.75, modality="alleged"))
    if after and not before and after[0].start not in diff.back and after[0].start not in ledger.told_after:
        typo = any(misspelt(norm, diff.after.norms[after[0].start]) for norm in diff.before.norms)
        span = (after[0].start, after[0].end)
        if not typo:
            ledger.add(
                Draft("attribution", "added", None, span, "hedge", "attribution.hedged", 0.7, modality="alleged")
            )


def _strong(p: Passage) -> list[Mark]:
    return [mark for mark in p.marks("hedge") if mark.value == "strong" or mark.end - mark.start > 1]
