"""Which sentences of two texts say the same thing: equal, moved, edited, split and merged ones."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from facts.lexicon import Lexicon
from facts.tokens import Sentence, Token, tokens

RELATED = 0.34
"""Share of weighted content words from which two sentences are one edited (swept .2-.5 on IteraTeR and documents)."""
NEIGHBOURS = 0.12
"""The same between two neighbours that stand alone in their gap: position is evidence too."""
PART = 0.5
"""Share of a leftover sentence's words inside a pair's other side from which the pair was split or merged."""
OWN_WORDS = 3
"""Words of a quotation from which two sentences that have it are one sentence, whoever says it."""
SPOKEN = 0.6
"""What an equal quotation adds to the likeness of two sentences."""
COMMON = 40
"""A word in more leftover sentences than this finds no candidates; it bounds the work on long rewritten texts."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it is matched: its key, its normed words, its content stems, its tokens where it was first seen,
    and the words of its quotation."""

    sentence: Sentence
    key: str
    norms: tuple[str, ...]
    words: frozenset[str]
    tokens: Sequence[Token]
    quoted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Indices of the sentences on either side that belong together; an empty side is an addition or a deletion.
    *isolated*: the pairs around are unchanged; *cut*: one text was cut off here."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    same: bool = False
    moved: bool = False
    isolated: bool = False
    cut: bool = False


def lines(found: Sequence[Sentence], lexicon: Lexicon, known: dict[str, Line]) -> list[Line]:
    """Reads sentences; *known* holds what was read before, by text, so that an unchanged sentence is read once."""
    read = []
    for sentence in found:
        seen = known.get(sentence.text)
        if seen is None:
            seen = known[sentence.text] = _line(sentence, lexicon)
        if not seen.tokens:  # nothing but invisible characters
            continue
        read.append(seen if seen.sentence is sentence else replace(seen, sentence=sentence))
    return read


def _line(sentence: Sentence, lexicon: Lexicon) -> Line:
    found = tokens(sentence.text, sentence.start)
    norms = tuple(t.norm for t in found if t.kind in "wns")
    words = frozenset(lexicon.stem(word) for word in norms if word not in lexicon.stop)
    return Line(sentence, " ".join(norms), norms, words, found, _quoted(found))


def _quoted(found: Sequence[Token]) -> tuple[str, ...]:
    """The words between a sentence's first two quotation marks, where they are enough to be somebody's own."""
    marks = [at for at, token in enumerate(found) if token.kind == "q"][:2]
    inside = tuple(t.norm for t in found[marks[0] : marks[-1]] if t.kind in "wn") if marks else ()
    return inside if len(inside) >= OWN_WORDS else ()


def align(before: Sequence[Line], after: Sequence[Line]) -> list[Pair]:
    """Pairs in the order of *after*, deletions at the place where they stood."""
    partner = _equal(before, after)
    matched = set(partner.values())
    loose_before = [at for at in range(len(before)) if at not in matched]
    loose_after = [at for at in range(len(after)) if at not in partner]
    related = _related(before, after, loose_before, loose_after, partner)
    pairs = [Pair((b,), (a,), same=True) for a, b in partner.items()]
    pairs += _with_parts(before, after, related, loose_before, loose_after)
    return _ordered(pairs)


def _equal(before: Sequence[Line], after: Sequence[Line]) -> dict[int, int]:
    """After → before for sentences that differ in typography at most; repeated ones pair in order."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for at in range(len(before) - 1, -1, -1):
        waiting[before[at].key].append(at)
    return {at: waiting[line.key].pop() for at, line in enumerate(after) if waiting.get(line.key)}


def _related(
    before: Sequence[Line],
    after: Sequence[Line],
    loose_before: Sequence[int],
    loose_after: Sequence[int],
    partner: dict[int, int],
) -> list[tuple[int, int]]:
    weights = _weights([before[at] for at in loose_before] + [after[at] for at in loose_after])
    scored = sorted(_candidates(before, after, loose_before, loose_after, weights), reverse=True)
    taken_before: set[int] = set()
    taken_after: set[int] = set()
    found = []
    for score, b, a in scored:
        if score < RELATED or b in taken_before or a in taken_after:
            continue
        taken_before.add(b)
        taken_after.add(a)
        found.append((b, a))
    left_before = [at for at in loose_before if at not in taken_before]
    left_after = [at for at in loose_after if at not in taken_after]
    return found + _neighbours(before, after, left_before, left_after, {**partner, **{a: b for b, a in found}}, weights)


def _weights(loose: Sequence[Line]) -> dict[str, float]:
    """Rarer words say more; figures change in edits, so they say less."""
    counts = Counter(word for line in loose for word in line.words)
    return {word: (0.3 if word[0].isdigit() else 1.0) / count**0.5 for word, count in counts.items()}


def _candidates(
    before: Sequence[Line],
    after: Sequence[Line],
    loose_before: Sequence[int],
    loose_after: Sequence[int],
    weights: dict[str, float],
) -> Iterator[tuple[float, int, int]]:
    having: dict[str, list[int]] = defaultdict(list)
    for at in loose_before:
        for word in before[at].words:
            having[word].append(at)
    for a in loose_after:
        shared: Counter[int] = Counter()
        for word in after[a].words:
            places = having.get(word, ())
            if len(places) <= COMMON:
                shared.update(places)
        for b, _ in shared.most_common(8):
            near = 0.05 / (1 + abs(a - b))
            spoken = SPOKEN if after[a].quoted and after[a].quoted == before[b].quoted else 0.0
            yield similarity(before[b].words, after[a].words, weights) + near + spoken, b, a


def similarity(one: frozenset[str], other: frozenset[str], weights: dict[str, float]) -> float:
    """Weighted Dice coefficient of two bags of content words, but at least .9 of the share of the smaller one."""
    if not one or not other:
        return 0.0
    shared = sum(weights.get(word, 1.0) for word in one & other)
    mine, theirs = (sum(weights.get(word, 1.0) for word in side) for side in (one, other))
    contained = shared / min(mine, theirs) if min(len(one), len(other)) >= 4 else 0.0
    return max(2 * shared / (mine + theirs), 0.75 * contained)


def _neighbours(
    before: Sequence[Line],
    after: Sequence[Line],
    left_before: Sequence[int],
    left_after: Sequence[int],
    partner: dict[int, int],
    weights: dict[str, float],
) -> list[tuple[int, int]]:
    """Leftovers that stand alone between the same two matched neighbours."""
    back = {b: a for a, b in partner.items()}
    gaps_before, gaps_after = _gaps(len(before), back), _gaps(len(after), partner)
    place_before = {b: (back.get(gaps_before[b][0], -1), back.get(gaps_before[b][1], -2)) for b in left_before}
    place_after = {a: gaps_after[a] for a in left_after}
    crowd_before, crowd_after = Counter(place_before.values()), Counter(place_after.values())
    where = {gap: b for b, gap in place_before.items()}
    return [
        (where[gap], a)
        for a, gap in place_after.items()
        if crowd_before[gap] == 1 == crowd_after[gap] and _near(before[where[gap]], after[a], weights)
    ]


def _near(one: Line, other: Line, weights: dict[str, float]) -> bool:
    if one.words and other.words and similarity(one.words, other.words, weights) >= NEIGHBOURS:
        return True
    return min(len(one.words), len(other.words)) < 2 and Indel.normalized_similarity(one.norms, other.norms) >= 0.5


def _gaps(size: int, matched: Iterable[int]) -> list[tuple[int, int]]:
    """For each sentence the nearest matched ones before and after it (-1 and -2 where there is none)."""
    known = set(matched)
    lows, low = [], -1
    for at in range(size):
        low = at if at in known else low
        lows.append(low)
    highs, high = [], -2
    for at in range(size - 1, -1, -1):
        high = at if at in known else high
        highs.append(high)
    return list(zip(lows, reversed(highs), strict=True))


def _with_parts(
    before: Sequence[Line],
    after: Sequence[Line],
    related: Sequence[tuple[int, int]],
    loose_before: Sequence[int],
    loose_after: Sequence[int],
) -> list[Pair]:
    """Adds to each pair the neighbouring leftovers whose words its other side has: splits and merges."""
    left = {b: [b] for b, _ in related}
    right = {b: [a] for b, a in related}
    free_before = set(loose_before) - set(left)
    free_after = set(loose_after) - {a for _, a in related}
    roots_after = {a: b for b, a in related}
    for a in (*sorted(free_after), *sorted(free_after, reverse=True)):
        for near in (a - 1, a + 1):
            b = roots_after.get(near)
            if b is not None and a in free_after and _inside(after[a], after[near], before[b]):
                right[b].append(a)
                roots_after[a] = b
                free_after.discard(a)
    roots_before = {b: b for b, _ in related}
    for b in (*sorted(free_before), *sorted(free_before, reverse=True)):
        for near in (b - 1, b + 1):
            root = roots_before.get(near)
            if root is not None and b in free_before and _inside(before[b], before[near], after[right[root][0]]):
                left[root].append(b)
                roots_before[b] = root
                free_before.discard(b)
    pairs = [Pair(tuple(sorted(left[b])), tuple(sorted(right[b]))) for b in left]
    return pairs + [Pair((b,), ()) for b in free_before] + [Pair((), (a,)) for a in free_after]


def _inside(part: Line, sibling: Line, whole: Line) -> bool:
    """Whether the words of a leftover come from the other side's sentence rather than its sibling's."""
    own = part.words - sibling.words
    if own and part.words <= whole.words:
        return True
    return len(part.words) >= 2 and bool(own) and len(own & whole.words) >= max(2, PART * len(part.words))


def _ordered(pairs: Sequence[Pair]) -> list[Pair]:
    place = {pair.before[0]: pair.after[0] for pair in pairs if pair.before and pair.after}
    highest = -1
    moved: list[Pair] = []
    for pair in sorted((p for p in pairs if p.before and p.after), key=lambda p: p.after):
        moved.append(Pair(pair.before, pair.after, pair.same, moved=pair.before[0] < highest))
        highest = max(highest, pair.before[0])
    last = -1.0
    where: dict[int, float] = {}
    size = max((pair.before[-1] for pair in pairs if pair.before), default=-1) + 1
    for at in range(size):
        last = place.get(at, last)
        where[at] = last + 0.5
    rest = [pair for pair in pairs if not (pair.before and pair.after)]
    ordered = sorted(moved + rest, key=lambda p: (p.after[0] if p.after else where[p.before[0]], p.before))
    return [replace(pair, isolated=_isolated(ordered, at)) for at, pair in enumerate(ordered)]


def _isolated(pairs: Sequence[Pair], at: int) -> bool:
    """Whether the pairs on both sides are unchanged: what comes or goes there was not rewritten."""
    around = (*pairs[max(at - 1, 0) : at], *pairs[at + 1 : at + 2])
    return all(pair.same for pair in around)
