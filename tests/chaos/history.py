"""A known history: what each story of the chaos runs says at each stage, and what must be told of it.

Each stage differs from the one before in exactly one sentence: a toll that rises, or another word for the same thing,
in turn. No text ever returns, so a history can be as long as a run wants.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["plain", "developing", "withdrawn"]
PLACES = (
    *("Merrow", "Ardwick", "Tolsta", "Penhale", "Quarff", "Ilston", "Brae", "Skerra", "Dunmore", "Hollin", "Veness"),
    *("Carrow", "Elwick", "Fenton", "Garth", "Morval"),
)
SETTLES = 3
"""The first stage at which a developing story no longer says so."""
GOES_EVERY = 4
"""So often, in stages, a withdrawn story's page is gone for a while."""


@dataclass(frozen=True, slots=True)
class Story:
    """One article, told apart from all others by its place."""

    place: str
    kind: Kind = "plain"

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/news/{self.place.lower()}-ferry"

    @property
    def headline(self) -> str:
        """The same at every stage."""
        return f"Ferry sinks off Cape {self.place}"

    def paragraphs(self, stage: int) -> list[str]:
        """The text at a stage, a paragraph each."""
        here, toll = self.place, 10 + 3 * ((stage + 1) // 2)
        went = "departed" if stage // 2 % 2 else "left"
        return [
            f"At least {toll} people were killed when a ferry sank off Cape {here}, the {here} coast guard said.",
            f"The ferry {went} the pier of {here} in fine weather, a harbour pilot of {here} recalled.",
            *(f"Row {n} of the {here} jetty was crowded with relatives of those who live in {here} itself, and the "
              f"wardens of {here} handed out blankets in street {n} while {here} waited." for n in range(1, 7)),
        ]  # fmt: skip

    def text(self, stage: int) -> str:
        """The text as a version keeps it."""
        return "\n".join(self.paragraphs(stage))

    def is_developing(self, stage: int) -> bool:
        """Whether its page says at a stage that it develops."""
        return self.kind == "developing" and stage < SETTLES

    def goes_before(self, stage: int) -> bool:
        """Whether its page is gone for a while before it shows a stage."""
        return self.kind == "withdrawn" and stage > 0 and stage % GOES_EVERY == 0

    def page(self, stage: int) -> bytes:
        """Its page. Only paragraphs, so that a cut one does not show by what it left open."""
        marker = "<p>This is a developing story.</p>" if self.is_developing(stage) else ""
        text = "".join(f"<p>{paragraph}</p>\n" for paragraph in self.paragraphs(stage))
        head = f"<meta charset=utf-8><title>{self.headline}</title><meta property=og:type content=article>"
        return f"<!doctype html><html lang=en><head>{head}</head><body><h1>{self.headline}</h1>{marker}{text}</body></html>".encode()


def is_factual(stage: int) -> bool:
    """Whether a stage changes a fact of the one before."""
    return stage % 2 == 1


def owed_alerts(story: Story, stages: int, gone: int, back: int) -> dict[tuple[str, int], int]:
    """What must have been told of a story after so many *stages* were stored: (type, version) → how often. Transitions
    have no version; the page was seen *gone* and *back* so often."""
    owed = {("article.version_created", number): 1 for number in range(1, stages + 1)}
    owed |= {("article.facts_changed", stage + 1): 1 for stage in range(1, stages) if is_factual(stage)}
    owed |= {("article.withdrawn", 0): gone, ("article.restored", 0): back}
    owed["article.settled", 0] = int(story.kind == "developing" and stages > SETTLES)
    return {what: times for what, times in owed.items() if times}


def stories(number: int) -> list[Story]:
    """So many stories; the first one is developing, the second is withdrawn now and then."""
    kinds: dict[int, Kind] = {0: "developing", 1: "withdrawn"}
    return [Story(place, kinds.get(n, "plain")) for n, place in enumerate(PLACES[:number])]
