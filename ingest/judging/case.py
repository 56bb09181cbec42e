"""One judging under way: two or three looks, what stands between them, and what has been found of each change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.extraction.signals import is_notice
from ingest.judging.align import Unit
from ingest.judging.slots import Slot
from ingest.judging.standing import Standing
from ingest.kin import Story, story_of
from ingest.phrases import spoken

STOOD = 3
"""Looks that a block stood still through before it is no rotating slot."""


@dataclass(slots=True)
class Case:
    """One judging under way."""

    old: list[Standing]
    new: list[Standing]
    last: list[Standing] | None
    slots: list[Slot]
    stood: int
    shown: frozenset[str]  # keys of the look before
    announced: bool = False  # the page says that it was edited, as it did not while it stood
    old_page: frozenset[str] = frozenset()  # keys of all that the version's page held, stripped blocks included
    new_page: frozenset[str] = frozenset()
    last_page: frozenset[str] = frozenset()
    ousted: dict[int, tuple[str, ...]] = field(default_factory=dict)  # blocks of *old* → stripped ones in their place
    ousted_last: dict[int, tuple[str, ...]] = field(default_factory=dict)  # the same on the look before
    ousting: set[int] = field(default_factory=set)  # blocks of *new* in the place of stripped ones
    slotted: set[Unit] = field(default_factory=set)  # changes at a known slot
    freed: set[int] = field(default_factory=set)  # blocks of *new* that a slot held by mistake
    old_slot: set[int] = field(default_factory=set)
    new_slot: set[int] = field(default_factory=set)
    elsewhere: set[int] = field(default_factory=set)  # blocks of *old* that stand on another page of the article
    held: set[int] = field(default_factory=set)  # blocks of *old* that stay for now
    doubted: set[int] = field(default_factory=set)  # blocks of *new* that are not believed yet
    pairs: dict[int, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    story: Story = field(default_factory=lambda: story_of([]))  # what stands

    def strange(self, blocks: Iterable[Standing]) -> bool:
        """Whether any of the blocks hardly shares a word with the story, as teasers and promos do. What speaks of the
        article itself, a correction, is none."""
        texts = [each.block.text for each in blocks if not each.block.path.startswith("update:")]
        return any(not self.story.knows(text) and not is_notice(spoken(text)) for text in texts)


def at(blocks: Sequence[Standing], indices: Iterable[int]) -> list[Standing]:
    """Some of the blocks, by their indices."""
    return [blocks[n] for n in indices]


def standing_pairs(length: int, changes: Sequence[Unit]) -> dict[int, int]:
    """Old index → new index of every block that stands."""
    pairs: dict[int, int] = {}
    i = j = 0
    for change in (*changes, Unit(length, length, -1, -1)):
        while i < change.a_lo:
            pairs[i] = j
            i, j = i + 1, j + 1
        i, j = change.a_hi, change.b_hi
    return pairs
