"""Judging: edits are believed at once, what differs at every fetch is a slot, and learning makes no version."""

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.blocks import blocks_from_json, blocks_to_json
from ingest.judging.judge import judge
from ingest.memory import fingerprint
from ingest.model import Block, ParseError, SiteMemory
from tests.pages.newspaper import STORY, TEASERS

A, B, C, D, E = STORY[0], STORY[4], STORY[6], STORY[7], STORY[3]
EDITED = A.replace("12", "15")
NEW = "Nobody has claimed responsibility; the ministry will brief reporters at noon."
T = TEASERS


def blocks(*texts: str) -> list[Block]:
    """Plain paragraphs at one path."""
    return [Block(text, "article/div.story-text/p") for text in texts]


def looks(sequence: Sequence[Sequence[Block]]) -> Sequence[str]:
    """The outcomes of looks after the first version."""
    version, pending, slots, seen = sequence[0], None, None, []
    for page in sequence[1:]:
        found = judge(version, pending, page, slots)
        seen.append(found.outcome)
        slots, pending = found.slots, found.pending
        if found.outcome == "changed":
            version = found.blocks
    return seen


SLOT = [blocks(A, B, *T[n], C, D) for n in range(6)]
CASES = {
    "slot": (SLOT, "wait same same same same"),
    "slot of one paragraph": ([blocks(A, B, T[n][1], C) for n in range(4)], "wait same same"),
    "slot at the end": ([blocks(A, B, C, D, *T[n]) for n in range(4)], "wait same same"),
    "two slots": ([blocks(A, *T[n], B, C, T[5 - n][1], D) for n in range(3)], "wait same"),
    "comes round": ([blocks(A, B, *T[n], C, D) for n in (0, 1, 0, 1, 2)], "wait same same same"),
    "edit beside a slot": ([SLOT[0], blocks(EDITED, B, *T[1], C, D), blocks(EDITED, B, *T[2], C, D)], "changed same"),
    "edit next to a slot": (
        [blocks(B, A, *T[0], C), blocks(B, EDITED, *T[1], C), blocks(B, EDITED, *T[2], C), blocks(B, A, *T[3], C)],
        "changed same changed",
    ),
    "insertion next to a known slot": (
        [*SLOT[:3], blocks(A, B, NEW, *T[3], C, D), blocks(A, B, NEW, *T[4], C, D), blocks(A, B, NEW, *T[5], C, D)],
        "wait same wait changed same",
    ),
    "replacement next to a known slot": (
        [*SLOT[:3], blocks(A, NEW, *T[3], C, D), blocks(A, NEW, *T[4], C, D), blocks(A, NEW, *T[5], C, D)],
        "wait same wait changed same",
    ),
    "insertion while a slot is being found": (
        [
            SLOT[0],
            SLOT[1],
            blocks(A, B, NEW, *T[2], C, D),
            blocks(A, B, NEW, *T[3], C, D),
            blocks(A, B, NEW, *T[4], C, D),
        ],
        "wait wait changed same",
    ),
    "replacement": ([blocks(A, B, C), blocks(A, NEW, C), blocks(A, NEW, C)], "wait changed"),
    "addition": ([blocks(A, B, C), blocks(A, B, NEW, C)], "changed"),
    "removal": ([blocks(A, B, C, D), blocks(A, C, D)], "changed"),
    "subheading": (
        [blocks(A, B), blocks(A, "What we know so far of it", B), blocks(A, "What we know so far of it", B)],
        "wait changed",
    ),
    "ticker": ([blocks(A, B, f"Crown 1.{n} Oil 8{n}.5", C) for n in range(4)], "wait same same"),
    "table that stands": ([blocks(A, "Dead 12", C), blocks(A, "Dead 15", C), blocks(A, "Dead 15", C)], "wait changed"),
    "reverted": ([blocks(A, B, C), blocks(A, NEW, C), blocks(A, B, C)], "wait same"),
}


@pytest.mark.parametrize("name", CASES)
def test_outcomes(name: str) -> None:
    """Each sequence of looks has the outcomes written beside it."""
    sequence, expected = CASES[name]
    assert expected.split() == looks(sequence)


def test_what_waits_is_held_back_from_the_version_that_an_edit_makes() -> None:
    """An edit is told at once; a paragraph replaced at the same time stays as it was until it has stood."""
    found = judge(blocks(A, B, *T[0], C), None, blocks(EDITED, B, *T[1], C), None)

    assert "changed" == found.outcome
    assert [EDITED, B, *T[0], C] == found.text_after.split("\n")
    assert found.pending is not None


def test_a_teaser_in_the_first_version_is_left_out_once_it_is_known() -> None:
    """After the slot is learnt both texts are compared without it, and a new version holds it as stripped."""
    first = judge(SLOT[0], None, SLOT[1], None)
    second = judge(SLOT[0], first.pending, SLOT[2], first.slots)
    third = judge(SLOT[0], None, blocks(EDITED, B, *T[3], C, D), second.slots)

    assert [A, B, C, D] == third.text_before.split("\n")
    assert [EDITED, B, C, D] == third.text_after.split("\n")
    assert ["slot", "slot"] == [block.rule for block in third.blocks if not block.kept]


def test_learning_alone_makes_no_version() -> None:
    """A block that the site's memory has come to know as furniture is dropped on both sides."""
    promo = "Courier readers walk 12,000 steps for the lifeboat fund each and every spring."
    memory = SiteMemory(articles=20, sighted={fingerprint(promo): 9})
    found = judge(blocks(A, B, promo), None, blocks(A, B), None, memory)

    assert "same" == found.outcome
    assert promo not in found.text_before


def test_a_text_that_the_extractor_dropped_this_time_is_no_removal() -> None:
    """What still stands on the page was not removed by anybody, whatever the extractor selected."""
    dropped = [*blocks(A), Block(B, "article/div.story-text/p", "extractor"), *blocks(C)]
    assert "same" == judge(blocks(A, B, C), None, dropped, None).outcome


def test_blocks_survive_storage() -> None:
    """Blocks come back as they were stored, and other bytes are refused."""
    kept = (*blocks(A), Block("Advertisement", "div/p", "label", "advertisement"), Block("\u202e\x85‘¡", "p"))
    assert kept == blocks_from_json(blocks_to_json(kept))
    with pytest.raises(ParseError):
        blocks_from_json(b'{"not": "blocks"}')


WORDS = [
    "port",
    "fire",
    "mayor",
    "judge",
    "ferry",
    "ship",
    "nurse",
    "driver",
    "winter",
    "vote",
    "party",
    "price",
    "court",
    "bank",
    "camp",
    "flood",
    "miner",
    "storm",
]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=9, max_size=25, unique=True).map(
    lambda found: " ".join(found).capitalize() + "."
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_an_edit_is_never_swallowed(data: st.DataObject) -> None:
    """A word or a number changed anywhere, while slots turn, is in the latest version within three looks."""
    draw = random.Random(data.draw(st.integers(0, 2**32)))
    story = [
        f"{text} It was {draw.randint(2, 99)}."
        for text in data.draw(st.lists(SENTENCES, min_size=4, max_size=9, unique=True))
    ]
    places = data.draw(st.lists(st.integers(1, len(story)), max_size=2, unique=True))
    at = data.draw(st.integers(0, len(story) - 1))
    when = data.draw(st.integers(1, 4))
    version: Sequence[Block] | None = None
    pending, slots = None, None
    for look in range(when + 4):
        if look == when:
            story[at] = story[at].replace(
                "It was", data.draw(st.sampled_from(["It was not", "There were 7 and", "Later it was"]))
            )
        page = _with_slots(story, places, draw)
        if version is None:
            version = page
            continue
        found = judge(version, pending, page, slots)
        slots, pending = found.slots, found.pending
        version = found.blocks if found.outcome == "changed" else version
    assert story[at] in [block.text for block in version or () if block.kept]


def _with_slots(story: Sequence[str], places: Sequence[int], draw: random.Random) -> list[Block]:
    page: list[str] = []
    for number, text in enumerate(story, 1):
        page.append(text)
        if number in places:
            page += [
                f"Teaser {draw.random()} of the hour",
                f"Elsewhere {draw.random()} {' '.join(draw.sample(WORDS, 9))}.",
            ]
    return blocks(*page)


TURNS = [
    ("Bank to shut {n} branches, among them {place}", "The bank's director said {m} customers in {place} would be served by a van every {n} weeks."),
    ("Storm leaves {m} homes dark around {place}", "Power lines fell across {n} roads near {place}, and {m} crews were called out of bed."),
]  # fmt: skip
PLACES = ["Brae", "Ostrey", "Grell", "Hallow", "Fenmouth", "Lindhaven"]


def turned(look: int, form: int = 0) -> list[str]:
    """A teaser that is like the last one but for its figures and names."""
    words = {"n": 11 + look * 5, "m": 1150 + look * 61, "place": PLACES[look % 6]}
    return [text.format(**words) for text in TURNS[form]]


LONG = [*STORY[:3], *STORY[4:]]
TURNING = {
    "alike but for figures and names": ([blocks(*LONG[:4], *turned(n), *LONG[4:]) for n in range(5)], "wait same same same"),
    "only their paragraph": ([blocks(*LONG[:4], turned(n)[1], *LONG[4:]) for n in range(5)], "wait same same same"),
    "empty at first": (
        [blocks(*LONG), *(blocks(*LONG[:4], turned(n)[1], *LONG[4:]) for n in range(4))], "wait same same same",
    ),
    "empty now and then": (
        [blocks(*LONG[:4], *([turned(n)[1]] if n % 2 == 0 else []), *LONG[4:]) for n in range(6)], "wait same wait same same",
    ),
    "another kind each time": ([blocks(*LONG[:4], turned(n, n % 2)[1], *LONG[4:]) for n in range(5)], "wait same same same"),
}  # fmt: skip


@pytest.mark.parametrize("name", TURNING)
def test_a_stranger_that_turns_is_known_at_the_first_second_look(name: str) -> None:
    """A teaser shares neither words nor names with the story: it waits, and what differs again is a slot."""
    sequence, expected = TURNING[name]
    assert expected.split() == looks(sequence)


def test_a_teaser_that_turns_slowly_costs_one_version_at_most() -> None:
    """A place where a stranger took another's place is remembered; the next one is a slot at once."""
    shown = [blocks(*LONG[:4], text, *LONG[4:]) for _, text in TEASERS[:4] for _ in range(3)]
    assert 1 >= looks(shown).count("changed")


@pytest.mark.parametrize(("stood", "expected"), [(0, "wait"), (3, "changed")])
def test_what_stood_still_is_believed_at_once(stood: int, expected: str) -> None:
    """A paragraph of the story replaced by another after three looks on which nothing turned."""
    news = "Fire chief Tolvik said on Monday that the granary in Port Almery had no second staircase for its theatre."
    before, after = blocks(*LONG), blocks(*LONG[:3], news, *LONG[4:])
    assert expected == judge(before, None, after, None, stood=stood).outcome


EDITS: dict[str, Callable[[str], str]] = {
    "a number": lambda text: text.replace("31 people", "38 people"),
    "a name": lambda text: text.replace("two hospitals", "Lisbrook hospital"),
    "a not": lambda text: text.replace("were taken", "were not taken"),
    "a new paragraph": lambda text: f"{text}\nThe harbour brigade in Port Almery called off its search late on Monday.",
    "a foreign paragraph": lambda text: f"{text}\n{TEASERS[3][1]}",
}


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(sorted(EDITS)),
    side=st.sampled_from([0, 1]),
    when=st.integers(1, 4),
    form=st.sampled_from(["pair", "paragraph", "empty now and then"]),
)
def test_a_neighbours_edit_is_never_swallowed(kind: str, side: int, when: int, form: str) -> None:
    """Beside teasers that are alike but for their figures, and come and go, an edit is told within two looks."""
    neighbour = STORY[3]
    version, pending, slots, stood = None, None, None, 0
    for look in range(when + 4):
        texts = (EDITS[kind](neighbour) if look >= when else neighbour).split("\n")
        teaser = turned(look)[1:] if form != "pair" else turned(look)
        if form == "empty now and then" and look % 3 == 2:
            teaser = []
        page = blocks(*LONG[:3], *(teaser if side else []), *texts, *([] if side else teaser), *LONG[3:])
        if version is None:
            version = page
            continue
        found = judge(version, pending, page, slots, stood=stood)
        slots, pending, stood = found.slots, found.pending, stood + (found.outcome == "same")
        if found.outcome == "changed":
            version, stood = list(found.blocks), 0
    kept = [block.text for block in version or () if block.kept]
    assert all(text in kept for text in EDITS[kind](neighbour).split("\n"))
