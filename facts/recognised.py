"""A second opinion on names: what a recogniser that the caller hands in finds in the sentences of a passage.

The rules read first, and what they know to be a person, an organisation or a place stays that. The recogniser adds the
names that they missed, and rejects a lone capitalised word in which it sees no name. (Tried on the data of
docs/facts.md: its kinds made style loud, its borders changed nothing, and to reject names of two words lost facts.)
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from facts.lexicon import Lexicon
from facts.model import ChangeType, EntityKind, Recognise
from facts.passage import Claim, Passage


class _Named(NamedTuple):
    """Tokens *start* to *end* that the recogniser calls a name."""

    start: int
    end: int
    kind: EntityKind

    @property
    def tokens(self) -> range:
        return range(self.start, self.end)


def sharpened(claims: Iterable[Claim], p: Passage, taken: set[int], lexicon: Lexicon) -> Iterator[Claim]:
    """The names that the rules read, which fill *taken*, as the lexicon's recogniser corrects them, if it has one."""
    read = list(claims)
    if lexicon.recognise is None or not p.tokens:
        yield from read
        return
    found = list(_named(p, lexicon.recognise))
    known = {at for each in found for at in each.tokens}
    yield from (claim for claim in read if claim.start in known or not _is_lone(claim))
    for each in found:
        if each.kind != "other" and taken.isdisjoint(each.tokens) and any(map(p.capital, each.tokens)):
            yield _claim(p, each, lexicon)


def _is_lone(claim: Claim) -> bool:
    return claim.kind == "name" and claim.end - claim.start == 1


def _named(p: Passage, recognise: Recognise) -> Iterator[_Named]:
    offset, end = p.span(0, len(p.tokens))
    for entity in recognise(p.source[offset:end]):
        left, right = entity.start + offset, entity.end + offset
        inside = [at for at, token in enumerate(p.tokens) if left < token.end and token.start < right]
        while inside and p.has(inside[0], "the", "a", "an"):
            inside.pop(0)
        if inside:
            yield _Named(inside[0], inside[-1] + 1, entity.kind)


def _claim(p: Passage, named: _Named, lexicon: Lexicon) -> Claim:
    words = [norm for norm in p.norms[named.start : named.end] if norm.isalnum()]
    name = " ".join([word for word in words if word not in lexicon.sets["titles"]] or words)
    kind: ChangeType = "place" if named.kind == "place" else "name"
    return Claim(
        kind, named.kind, named.start, named.end, lexicon.spellings.get(name, name), (kind,), named.kind,
        {"name": p.text(named.start, named.end)},
    )  # fmt: skip
