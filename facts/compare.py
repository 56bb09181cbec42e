"""Two documents → the edits between them and the facts that changed.

The path of a comparison: sentences → align → (for each edited pair) tokens → diff → claims of both sides → the rules of
reading.py in turn, each of which may ask the two whole texts whether a claim is really new or really gone → drafts →
tolls joined across sentences → severity, position, offsets → changes, loudest first.
"""

from collections.abc import Sequence
from dataclasses import replace

from facts.across import Reading, join
from facts.align import Line, Pair, lines
from facts.context import Context, Whole
from facts.dates import today
from facts.judge import Side, correction, judge, read_pair
from facts.lexicon import Lexicon
from facts.model import SEVERITIES, Change, Comparison, Document, Edit
from facts.notices import aligned, appeared, is_notice
from facts.once import once
from facts.reasons import told
from facts.tokens import sentences
from facts.truncation import is_cut, marked

SHRUNK = 0.7
"""A text below this share of its former length was cut as a whole: what is gone then is no statement."""


def compare(before: Document, after: Document, lexicon: Lexicon, *, explain: bool = False) -> Comparison:
    """Says which facts changed between two versions. Never raises on any text; time grows linearly with length.
    *explain* fills ``explanations``: for each edit why it is a fact or style, what was read, what was suppressed."""
    known: dict[str, Line] = {}
    heads = [lines(sentences(document.headline, lexicon.language), lexicon, known) for document in (before, after)]
    bodies = [lines(sentences(document.text, lexicon.language), lexicon, known) for document in (before, after)]
    wholes = [
        Whole([*head, *body], today(document.published, document.zone))
        for head, body, document in zip(heads, bodies, (before, after), strict=True)
    ]
    context = Context(lexicon, wholes[0], wholes[1], len(after.text) < SHRUNK * len(before.text), explain)
    readings: list[tuple[Pair, tuple[Side, Side], Reading | None]] = []
    for pairs, sides in (
        (_headlines(heads), (Side(before.headline, heads[0], "headline"), Side(after.headline, heads[1], "headline"))),
        _bodies(before, after, bodies, lexicon),
    ):
        cuts = [is_cut(side.source) for side in sides]
        for pair in _gathered(marked(pairs, before=cuts[0], after=cuts[1]), sides[1], context):
            if pair.same and not pair.moved and _equal(pair, sides):
                continue
            readings.append((pair, sides, read_pair(pair, *sides, context)))
    join([reading for _, _, reading in readings if reading is not None])
    edits: list[Edit] = []
    changes: list[Change] = []
    notes: list[str] = []
    for pair, sides, reading in readings:
        edit, found, said = judge(pair, *sides, reading, context, len(edits))
        edits.append(edit)
        changes.extend(found)
        notes.extend(said if explain else ())
    for notice in appeared(before.notices, after.notices):
        changes.append(correction(notice, len(edits)))
        edits.append(Edit("addition", "fact", "", notice))
        notes.append(f"edit {len(edits)} (addition): fact: {told(changes[-1])}")
    loudest = sorted(changes, key=lambda c: (-SEVERITIES.index(c.severity), c.position != "headline", c.edit))
    first = once(loudest, [reading for _, _, reading in readings], context)
    return Comparison(tuple(edits), first, tuple(notes) if explain else ())


def _gathered(pairs: Sequence[Pair], side: Side, context: Context) -> list[Pair]:
    """A correction notice of several sentences is one addition: what follows it in its paragraph belongs to it."""
    result: list[Pair] = []
    for pair in pairs:
        last = result[-1] if result else None
        if last and _follows(last, pair, side) and is_notice(side.passage(last.after[:1], context.lexicon)):
            result[-1] = replace(last, after=(*last.after, *pair.after))
        else:
            result.append(pair)
    return result


def _follows(one: Pair, other: Pair, side: Side) -> bool:
    """Whether both are additions, and the second is the next sentence of the first one's paragraph."""
    if one.before or other.before or other.after[0] != one.after[-1] + 1:
        return False
    return side.lines[one.after[-1]].sentence.paragraph == side.lines[other.after[0]].sentence.paragraph


def _bodies(
    before: Document, after: Document, found: Sequence[Sequence[Line]], lexicon: Lexicon
) -> tuple[list[Pair], tuple[Side, Side]]:
    old, new = Side(before.text, found[0], "body"), Side(after.text, found[1], "body")
    passages = (lambda at: old.passage(at, lexicon)), (lambda at: new.passage(at, lexicon))
    return aligned((old.lines, new.lines), passages, lexicon), (old, new)


def _headlines(heads: Sequence[Sequence[Line]]) -> list[Pair]:
    before, after = heads
    if not before or not after or [line.key for line in before] == [line.key for line in after]:
        return []
    return [Pair(tuple(range(len(before))), tuple(range(len(after))))]


def _equal(pair: Pair, sides: tuple[Side, Side]) -> bool:
    one, other = (side.lines[at].sentence.text for side, at in zip(sides, (pair.before[0], pair.after[0]), strict=True))
    return one == other
