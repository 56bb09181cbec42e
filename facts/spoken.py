"""Quotations of an edit: words changed inside the marks, quotations withdrawn, added, or put in another mouth."""

from collections.abc import Sequence

from facts.context import Context
from facts.diff import Diff
from facts.draft import Draft, Ledger, Span
from facts.figures import paired
from facts.names import misspelt
from facts.passage import Claim, Passage
from facts.reasons import cited
from facts.sayings import Saying, speaker, strangers

PARAPHRASED = 0.7
"""Share of a quotation's content words from which the other side says it without marks."""
KEPT = 0.4
"""Share of the shorter quotation's words from which two quotations are one, reworded."""


def quote_changes(
    before: Sequence[Claim], after: Sequence[Claim], diff: Diff, context: Context, ledger: Ledger
) -> None:
    """Changes inside quotation marks, and quotations that came or went."""
    left, right = list(before), list(after)
    for one, other, _ in paired(left, right, lambda b, a: float(b.key == a.key)):
        if _other_speaker(one, other, diff, context, ledger):
            continue
        ledger.note(f"the same quotation: {cited(diff.after.text(other.start, other.end))}")
    for one, other, shared in paired(left, right, lambda b, a: _overlap(b, a, diff)):
        _reworded(one, other, shared, diff, context, ledger)
    for claim in right:
        if not _said(claim, diff.before) and not context.before.having(_list(claim)):
            span = (claim.start, claim.end)
            ledger.add(Draft("quote", "added", None, span, "quote", "quote.added", 0.65, "", None, _words(claim)))
    for claim in left:
        if _paraphrased(claim, diff.after, context):
            ledger.note(f"said in other words without marks: {cited(diff.before.text(claim.start, claim.end))}")
        elif claim.kind == "quote" and not _said(claim, diff.after) and not context.after.having(_list(claim)):
            span = (claim.start, claim.end)
            ledger.add(
                Draft("quote", "removed", span, None, "quote", "quote.removed", 0.6, "withdrawn", _words(claim), None)
            )


def _other_speaker(one: Claim, other: Claim, diff: Diff, context: Context, ledger: Ledger) -> bool:
    """Tells a quotation that stayed and is put in another mouth, with its speakers."""
    mine, theirs = speaker(diff.before, one, context.lexicon), speaker(diff.after, other, context.lexicon)
    if mine is None or theirs is None or not strangers(mine, theirs, context.lexicon):
        return False
    b, a = _with_speaker(one, mine), _with_speaker(other, theirs)
    was, now = {**_words(one), "speaker": mine.claimant}, {**_words(other), "speaker": theirs.claimant}
    ledger.add(Draft("quote", "updated", b, a, "quote", "quote.speaker", 0.8, "", was, now))
    return True


def _with_speaker(claim: Claim, saying: Saying) -> Span:
    return min(claim.start, saying.start), max(claim.end, saying.end)


def _reworded(one: Claim, other: Claim, shared: float, diff: Diff, context: Context, ledger: Ledger) -> None:
    b, a = (one.start, one.end), (other.start, other.end)
    if _only_typos(_list(one), _list(other)) or _cut_off(one, other) or _shortened(one, other, context):
        ledger.note(f"the same quotation, but for typing errors or length: {cited(diff.after.text(*a))}")
        return
    same = one.value["content"] == other.value["content"] and _negated(one, context) == _negated(other, context)
    weight = "retranslated" if same else ""
    draft = Draft("quote", "updated", b, a, "quote", "quote.words", 0.8, weight, _words(one), _words(other))
    ledger.add(draft)
    if shared < KEPT:
        ledger.closed_before.update(range(*b))
        ledger.closed_after.update(range(*a))


def _only_typos(mine: list[str], theirs: list[str]) -> bool:
    return len(mine) == len(theirs) and all(
        a == b or misspelt(a, b) or _spelling(a, b) for a, b in zip(mine, theirs, strict=True)
    )


def _spelling(one: str, other: str) -> bool:
    """Whether one word is the other with an ending silent letters long: dialog, dialogue."""
    short, long = sorted((one, other), key=len)
    return len(short) > 4 and long.startswith(short) and long[len(short) :] in ("ue", "me", "e")


def _cut_off(one: Claim, other: Claim) -> bool:
    """Whether a quotation lacks its closing mark: nobody knows where it ends."""
    return not (one.value["closed"] and other.value["closed"])


def _shortened(one: Claim, other: Claim, context: Context) -> bool:
    """Whether words were only left out of a quotation, and no negation among them."""
    left = iter(_list(one))
    kept = all(any(word == mine for mine in left) for word in _list(other))
    return kept and _negated(one, context) == _negated(other, context)


def _negated(claim: Claim, context: Context) -> int:
    """How many words of a quotation negate."""
    return sum(
        any(kind == "status.negations" for _, kind, _ in context.lexicon.phrases.get(word, ())) for word in _list(claim)
    )


def _words(claim: Claim) -> dict[str, object]:
    return {"words": claim.value["words"]}


def _list(claim: Claim) -> list[str]:
    return str(claim.value["words"]).split()


def _overlap(one: Claim, other: Claim, diff: Diff) -> float:
    mine, theirs = set(_list(one)), set(_list(other))
    shared = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
    if shared >= KEPT:
        return shared
    return 0.2 if diff.aligned(one, other) else 0.0


def _paraphrased(claim: Claim, p: Passage, context: Context) -> bool:
    """Whether the other side has most of a quotation's content words, if not its marks."""
    content = claim.value["content"]
    if not isinstance(content, tuple) or not content:
        return False
    stems = {context.lexicon.stem(norm) for norm in p.norms}
    return sum(word in stems for word in content) >= PARAPHRASED * len(content)


def _said(claim: Claim, p: Passage) -> bool:
    """Whether the other side says the same words, with or without marks."""
    words = _list(claim)
    norms = [norm for norm, token in zip(p.norms, p.tokens, strict=True) if token.kind in "wn"]
    return any(norms[at : at + len(words)] == words for at in range(len(norms) - len(words) + 1))
