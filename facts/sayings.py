"""Quotations, who says something, and how sure they are."""

from collections.abc import Sequence
from typing import NamedTuple

from facts.context import Context
from facts.diff import Diff
from facts.draft import Draft, Ledger
from facts.figures import matched, paired
from facts.lexicon import Lexicon
from facts.passage import Claim, Passage

CLAUSE = frozenset(',;:.()"-')


class Saying(NamedTuple):
    """Somebody says something: tokens *start* to *end* ("police said"), the claimant's words, and the stance."""

    start: int
    end: int
    claimant: str
    stance: str
    head: int


def quote_changes(
    before: Sequence[Claim], after: Sequence[Claim], diff: Diff, context: Context, ledger: Ledger
) -> None:
    """Changes inside quotation marks, and quotations that came or went."""
    left, right = matched(before, after, diff, ledger, lambda b, a: b.key == a.key)
    for one, other, _ in paired(left, right, lambda b, a: _overlap(b, a, diff)):
        same = one.value["content"] == other.value["content"]
        ledger.add(
            Draft(
                "quote", "updated", (one.start, one.end), (other.start, other.end), "quote", "quote.words",
                0.8, "retranslated" if same else "", _words(one), _words(other),
            )
        )  # fmt: skip
    for claim in right:
        if not _said(claim, diff.before) and not context.before.having(str(claim.value["words"]).split()):
            ledger.add(
                Draft(
                    "quote",
                    "added",
                    None,
                    (claim.start, claim.end),
                    "quote",
                    "quote.added",
                    0.6,
                    "",
                    None,
                    _words(claim),
                )
            )
    for claim in left:
        if not _said(claim, diff.after) and not context.after.having(str(claim.value["words"]).split()):
            ledger.add(
                Draft(
                    "quote",
                    "removed",
                    (claim.start, claim.end),
                    None,
                    "quote",
                    "quote.removed",
                    0.6,
                    "withdrawn",
                    _words(claim),
                    None,
                )
            )


def _words(claim: Claim) -> dict[str, object]:
    return {"words": claim.value["words"]}


def _overlap(one: Claim, other: Claim, diff: Diff) -> float:
    mine, theirs = set(str(one.value["words"]).split()), set(str(other.value["words"]).split())
    shared = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
    return shared if shared >= 0.4 else 0.4 if diff.aligned(one, other) else 0.0


def _said(claim: Claim, p: Passage) -> bool:
    """Whether the other side says the same words, with or without marks."""
    words, norms = (
        str(claim.value["words"]).split(),
        [n for n, t in zip(p.norms, p.tokens, strict=True) if t.kind in "wn"],
    )
    return any(norms[at : at + len(words)] == words for at in range(len(norms) - len(words) + 1))


def sayings(p: Passage, lexicon: Lexicon) -> list[Saying]:
    """Every claimant with a verb of saying, in order."""
    found = []
    for mark in p.marks("speech"):
        if mark.value in ("anonymous", "again", "complementizers"):
            continue
        if mark.value == "sources":
            end = _phrase_end(p, mark.end)
            if end > mark.end:
                found.append(Saying(mark.start, end, p.text(mark.end, end), "say", mark.start))
            continue
        start = _subject_start(p, mark.start, lexicon)
        if start < mark.start:
            found.append(Saying(start, mark.end, p.text(start, mark.start), str(mark.value), mark.start))
        else:
            end = _phrase_end(p, mark.end)
            if end > mark.end and p.capital(mark.end) and _closes(p, mark.start):
                found.append(Saying(mark.start, end, p.text(mark.end, end), str(mark.value), mark.start))
    return found


def _closes(p: Passage, at: int) -> bool:
    return at > 0 and p.tokens[at - 1].text in CLAUSE


def _phrase_end(p: Passage, start: int) -> int:
    end = start
    while end < len(p.tokens) and end - start < 12 and p.tokens[end].text not in CLAUSE:
        if p.mark("speech", end) or p.has(end, "that", "who", "which", "as", "on", "at"):
            break
        end += 1
    return end


def _subject_start(p: Passage, verb: int, lexicon: Lexicon) -> int:
    """Where the subject before a verb of saying begins: back to the clause's edge, at most eight tokens."""
    at = verb
    while at > 0 and verb - at < 8:
        word = p.tokens[at - 1]
        if (
            word.text in CLAUSE
            or word.kind == "q"
            or p.mark("speech", at - 1)
            or word.norm in ("and", "but", "that", "while", "when", "to", "because", "after")
        ):
            break
        at -= 1
    while at < verb and p.norms[at] in ("has", "have", "had", "also", "later", "then", "now", "which", "who", "as"):
        at += 1
    has_head = any(
        p.tokens[k].kind == "w" and (p.norms[k] not in lexicon.stop or p.norms[k] in lexicon.sets["pronouns"])
        for k in range(at, verb)
    )
    return at if has_head else verb


def attribution_changes(diff: Diff, context: Context, ledger: Ledger) -> None:
    """Claimants that were replaced, added or removed, denials turned, hedges lost or gained."""
    lexicon = context.lexicon
    left, right = sayings(diff.before, lexicon), sayings(diff.after, lexicon)
    pairs = _paired_sayings(left, right, diff, lexicon)
    for one, other in pairs:
        _stance(one, other, diff, ledger)
    if diff.ratio < 0.3:
        return
    for saying in left:
        if _lost(saying, diff.forth, diff.after):
            ledger.add(
                Draft(
                    "attribution",
                    "removed",
                    (saying.start, saying.end),
                    None,
                    saying.claimant,
                    "attribution.removed",
                    0.7,
                    "silent",
                )
            )
    for saying in right:
        if _lost(saying, diff.back, diff.before):
            ledger.add(
                Draft(
                    "attribution",
                    "added",
                    None,
                    (saying.start, saying.end),
                    saying.claimant,
                    "attribution.added",
                    0.7,
                    "source",
                )
            )
    _hedges(diff, ledger)


def _paired_sayings(
    left: list[Saying], right: list[Saying], diff: Diff, lexicon: Lexicon
) -> list[tuple[Saying, Saying]]:
    pairs = []
    for one in list(left):
        mine = _content(one, lexicon)
        for other in right:
            theirs = _content(other, lexicon)
            if mine & theirs or (diff.forth.get(one.head) == other.head):
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)
                break
    return pairs


def _content(saying: Saying, lexicon: Lexicon) -> set[str]:
    return {
        lexicon.stem(word)
        for word in saying.claimant.casefold().split()
        if word not in lexicon.stop or word in lexicon.sets["pronouns"]
    }


_TURNS = {
    ("deny", "confirm"): "contradicts", ("confirm", "deny"): "contradicts", ("deny", "say"): "contradicts", ("say", "deny"): "contradicts",
    ("allege", "confirm"): "progresses", ("allege", "deny"): "contradicts", ("deny", "allege"): "contradicts", ("confirm", "allege"): "progresses",
}  # fmt: skip


def _stance(one: Saying, other: Saying, diff: Diff, ledger: Ledger) -> None:
    turn = _TURNS.get((one.stance, other.stance))
    if turn is None or diff.forth.get(one.head) == other.head:
        return
    end_b, end_a = diff.before.mark("speech", one.head), diff.after.mark("speech", other.head)
    if end_b is None or end_a is None:
        return
    ledger.add(
        Draft(
            "status",
            "updated",
            (one.head, end_b.end),
            (other.head, end_a.end),
            other.claimant,
            "status.stance",
            0.85,
            turn,
        )
    )


def _lost(saying: Saying, kept: object, p: Passage) -> bool:
    """Whether none of a saying's own words is on the other side."""
    mapping = kept if isinstance(kept, dict) else {}
    span = range(saying.start, saying.end)
    return not any(at in mapping for at in span)


def _hedges(diff: Diff, ledger: Ledger) -> None:
    kept_before = {m.value for m in diff.after.marks("hedge") if m.value == "strong"}
    kept_after = {m.value for m in diff.before.marks("hedge") if m.value == "strong"}
    for mark in diff.before.marks("hedge"):
        if mark.value == "strong" and mark.start not in diff.forth and not kept_before:
            ledger.add(
                Draft(
                    "attribution",
                    "removed",
                    (mark.start, mark.end),
                    None,
                    "hedge",
                    "attribution.hedge_lost",
                    0.75,
                    "hedge",
                    modality="alleged",
                )
            )
    for mark in diff.after.marks("hedge"):
        if mark.value == "strong" and mark.start not in diff.back and not kept_after:
            ledger.add(
                Draft(
                    "attribution",
                    "added",
                    None,
                    (mark.start, mark.end),
                    "hedge",
                    "attribution.hedge_gained",
                    0.7,
                    "hedge",
                    modality="alleged",
                )
            )
