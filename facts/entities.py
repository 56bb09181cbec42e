"""Names and places of an edit: spelling and alias are style, another entity is a fact."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from facts.context import Context, Whole
from facts.diff import Diff, Hunk
from facts.draft import Draft, Ledger
from facts.figures import dropped, paired
from facts.lexicon import Lexicon
from facts.names import misspelt, same_name, skeleton
from facts.passage import Claim, Passage
from facts.reasons import cited

ALIKE = 0.6
"""Share of equal words from which a name that went was left out on purpose, not written around."""


def name_changes(before: Sequence[Claim], after: Sequence[Claim], diff: Diff, context: Context, ledger: Ledger) -> None:
    """Name and place changes of an edit, leaving out the names that attribution has told."""
    lexicon = context.lexicon
    left = [c for c in before if not _met(c, after, diff.after, lexicon) and _fresh(c, ledger, "before")]
    right = [c for c in after if not _met(c, before, diff.before, lexicon) and _fresh(c, ledger, "after")]
    for one, other, score in paired(left, right, lambda b, a: _worth(b, a, diff)):
        if _respelt(one, other):
            old, new = (cited(str(claim.value["name"])) for claim in (one, other))
            ledger.note(f"only the spelling of a name: {old} became {new}")
            ledger.tell((one.start, one.end), (other.start, other.end))
            continue
        kind = other.type if one.type == other.type else "name"
        ledger.add(
            Draft(
                kind, "updated", (one.start, one.end), (other.start, other.end), _kind(one, other), f"{kind}.replaced",
                0.45 + 0.4 * score, "", one.value, other.value,
            )
        )  # fmt: skip
    if not left and not right:
        _swapped(before, after, diff, ledger)
    for claim in right:
        _came(claim, diff, context, ledger)
    for claim in left:
        _went(claim, diff, context, ledger)


def _swapped(before: Sequence[Claim], after: Sequence[Claim], diff: Diff, ledger: Ledger) -> None:
    """Two names that changed places around the same words: "Harwick beat Dunmore" → "Dunmore beat Harwick"."""
    for one, other in pairwise(before):
        between = diff.before.norms[one.end : other.start]
        if len(between) == 0 or between in (["and"], [","], ["or"]):
            continue
        for first, second in pairwise(after):
            same = diff.after.norms[first.end : second.start] == between
            if same and (first.key, second.key) == (other.key, one.key) != (one.key, other.key):
                b, a = (one.start, one.end), (first.start, first.end)
                ledger.add(Draft("name", "updated", b, a, one.kind, "name.swapped", 0.7, "", one.value, first.value))
                return


def _is_actor(claim: Claim, p: Passage) -> bool:
    """Whether a nationality or a name says who did an act of force: "a Russian strike", "killed by Hamas"."""
    near = range(claim.end, min(claim.end + 3, len(p.tokens)))
    acts = any(p.mark("actors.acts", at) for at in near)
    return acts if claim.kind == "demonym" else p.has(claim.start - 1, "by") and bool(p.marks("toll"))


def _came(claim: Claim, diff: Diff, context: Context, ledger: Ledger) -> None:
    actor = _is_actor(claim, diff.after)
    if not (_telling(claim, diff.after) or actor) or _known(claim, context.before, context.lexicon.rivals):
        return
    if _stands_for_pronoun(claim, diff, context):
        return
    if any(_abbreviates(str(claim.key), p, context) for p in (diff.before, diff.after)):
        ledger.note(f"{cited(str(claim.value['name']))} only abbreviates words of the text")
        return
    if _corrects(claim, diff.after, diff.before):
        ledger.tell(None, (claim.start, claim.end))
        return
    generic = _generic(claim, diff)
    if generic is not None:
        span = (claim.start, claim.end)
        ledger.add(
            Draft(claim.type, "updated", generic, span, claim.kind, f"{claim.type}.named", 0.7, "", None, claim.value)
        )
        return
    sure = {"place": 0.8, "person": 0.65}.get(claim.kind, 0.5)
    span = (claim.start, claim.end)
    ledger.add(Draft(claim.type, "added", None, span, claim.kind, f"{claim.type}.added", sure, "", None, claim.value))


def _generic(claim: Claim, diff: Diff) -> tuple[int, int] | None:
    """The words that a name now fills: "a hospital" → "Saint Orsola hospital"."""
    noun = diff.back.get(claim.end - 1)
    if noun is None or claim.end - claim.start < 2 or not diff.before.has(noun - 1, "a", "an", "the"):
        return None
    return noun - 1, noun + 1


def _went(claim: Claim, diff: Diff, context: Context, ledger: Ledger) -> None:
    actor = _is_actor(claim, diff.before)
    if not (_telling(claim, diff.before) or actor):
        return
    if actor and claim.kind == "demonym":  # "Russian" elsewhere does not say whose strike this was
        said = context.after.having([*str(claim.key).split(), diff.before.norms[claim.end]])
    else:
        said = _known(claim, context.after, context.lexicon.rivals)
    if said:
        return
    if _became_pronoun(claim, diff, context):
        return
    if _corrects(claim, diff.before, diff.after):
        return
    aside = diff.before.has(claim.start - 1, "(")
    alike = diff.ratio >= ALIKE or not diff.after.tokens
    person = (actor and (alike or claim.end in diff.forth)) or (claim.kind == "person" and not aside and alike)
    dropped(claim, claim.type, diff, ledger, "dropped person" if person else "dropped")


def _fresh(claim: Claim, ledger: Ledger, side: str) -> bool:
    return ledger.fresh(range(claim.start, claim.end), side)


def _met(claim: Claim, others: Sequence[Claim], p: Passage, lexicon: Lexicon) -> bool:
    """Whether the other side names the same entity, in capitals or not, in full or in part."""
    if any(_one(claim, other, lexicon) for other in others):
        return True
    words = str(claim.key).split()
    return all(word in p.norms for word in words)


def _one(claim: Claim, other: Claim, lexicon: Lexicon) -> bool:
    if not same_name(str(claim.key), str(other.key), lexicon):
        return False
    kinds = {claim.kind, other.kind}
    return not ("organisation" in kinds and kinds & {"place", "demonym"} and claim.key != other.key)


def _worth(one: Claim, other: Claim, diff: Diff) -> float:
    """How surely a name was replaced by another: only at the same place."""
    if not diff.aligned(one, other):
        return 0.0
    if "demonym" in (one.kind, other.kind):
        return 0.3 if {one.kind, other.kind} <= {"demonym", "name"} and diff.ratio > 0.7 else 0.0
    if _namesakes(one, other):
        return 0.5 + 0.5 * diff.ratio
    both = one.kind == other.kind and one.kind in ("person", "place")
    vague = one.kind == other.kind == "name"
    return 0.2 + (0.1 if vague else 0.5) * (one.type == other.type) * diff.ratio + 0.3 * both


def _namesakes(one: Claim, other: Claim) -> bool:
    """Whether a person kept the first name and got another surname, if one of the two reads as a place: Peter Hall."""
    mine, theirs = str(one.key).split(), str(other.key).split()
    return "person" in (one.kind, other.kind) and len(mine) == len(theirs) > 1 and mine[:-1] == theirs[:-1]


def _kind(one: Claim, other: Claim) -> str:
    return "person" if _namesakes(one, other) else other.kind


def _respelt(one: Claim, other: Claim) -> bool:
    """Whether the second name only corrects letters of the first. In a person's name a letter is a fact, where
    romanisation does not explain it; in any other name it is a typo."""
    mine, theirs = str(one.key), str(other.key)
    if skeleton(mine) == skeleton(theirs):
        return True
    return not ({one.kind, other.kind} & {"person"}) and misspelt(mine, theirs)


def _corrects(claim: Claim, mine: Passage, theirs: Passage) -> bool:
    """Whether the other side has the same words with a typo: "General Seceratry"."""
    words = [word for word in mine.norms[claim.start : claim.end] if word.isalpha()]
    others, size = [norm for norm in theirs.norms if norm.isalpha()], len(words)
    return any(
        all(word == other or misspelt(word, other) for word, other in zip(words, others[at : at + size], strict=True))
        for at in range(len(others) - size + 1)
    )


def _known(claim: Claim, whole: Whole, common: Collection[str]) -> bool:
    words = str(claim.key).split()
    if whole.says(words):
        return True
    surname = words[-1]
    return len(words) > 1 and claim.kind == "person" and surname not in common and whole.having([surname])


def _telling(claim: Claim, p: Passage) -> bool:
    if claim.kind == "demonym" or p.titled or (claim.kind == "name" and p.mark("people.nouns", claim.start)):
        return False
    return claim.start not in p.firsts or claim.kind in ("person", "organisation", "place")


def _abbreviates(name: str, p: Passage, context: Context) -> bool:
    """Whether a passage spells the initials out: "natural language processing (NLP)"."""
    short = name.removesuffix("s")
    if " " in short or not 3 <= len(short) <= 6:
        return False
    words = [t.norm for t in p.tokens if t.kind == "w" and t.norm not in context.lexicon.stop]
    return short in "".join(word[0] for word in words if word != name)


def _hunk_of(claim: Claim, hunks: Sequence[Hunk], *, after: bool) -> Hunk | None:
    for hunk in hunks:
        low, high = (hunk.a0, hunk.a1) if after else (hunk.b0, hunk.b1)
        if low < claim.end and claim.start < high:
            return hunk
    return None


def _stands_for_pronoun(claim: Claim, diff: Diff, context: Context) -> bool:
    """Whether a name stands where a pronoun stood: the reader is told no more than before."""
    hunk = _hunk_of(claim, diff.hunks, after=True)
    return hunk is not None and 1 <= hunk.b1 - hunk.b0 <= 2 and _is_pronoun(diff.before, hunk.b0, context)


def _became_pronoun(claim: Claim, diff: Diff, context: Context) -> bool:
    hunk = _hunk_of(claim, diff.hunks, after=False)
    return hunk is not None and 1 <= hunk.a1 - hunk.a0 <= 2 and _is_pronoun(diff.after, hunk.a0, context)


def _is_pronoun(p: Passage, at: int, context: Context) -> bool:
    return p.norms[at] in context.lexicon.sets["personal"]
