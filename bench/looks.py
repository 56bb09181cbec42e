"""What waiting costs: edits of real articles while a teaser turns in their middle at every look. How many are believed
on the look that shows them, how many one look later, and how many versions come of the teaser alone."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.judging.judge import judge
from ingest.model import Block, Page

_LOOKS = 12
_MOST, _LEAST = 20, 3  # paragraphs of an article that are shown, and that it has to have more than
_HELD_BACK = 4  # one of so many comes later
_SEED = 20260302
_NUMBER = re.compile(r"\d+")


@dataclass(slots=True)
class _Article:
    """One article as it develops: its paragraphs, those to come, where the teaser stands, and what is known of it."""

    texts: list[str]
    at: int
    draw: random.Random
    elsewhere: Sequence[str]
    held_back: list[str]
    version: Sequence[Block] = ()
    pending: Sequence[Block] | None = None
    slots: list[dict[str, object]] = field(default_factory=list)

    def page(self) -> list[Block]:
        """The page as it shows itself now, with another teaser than last time."""
        text = self.draw.choice([each for each in self.elsewhere if each not in self.texts])
        title = " ".join(self.draw.choice(self.elsewhere).split()[:8]).strip(".,;:")
        shown = [*self.texts[: self.at], title, text, *self.texts[self.at :]]
        return [Block(each, "article/div.text/p") for each in shown]

    def look(self) -> str:
        """One look's outcome."""
        found = judge(self.version, self.pending, self.page(), self.slots)
        self.slots, self.pending = found.slots, found.pending
        if found.outcome == "changed":
            self.version = found.blocks
        return found.outcome

    def edit(self) -> None:
        """Changes a number, a word, a sentence or a paragraph, never the teaser's neighbours' places."""
        n = self.draw.randrange(len(self.texts))
        kind = self.draw.choice(("number", "word", "sentence", "insertion", "replacement"))
        new = self.held_back[-1] if self.held_back else self.draw.choice(self.elsewhere)
        if kind in ("insertion", "replacement") and self.held_back:
            self.held_back.pop()
        if kind == "number" and _NUMBER.search(self.texts[n]):
            self.texts[n] = _NUMBER.sub(lambda found: str(int(found[0][:9]) + 3), self.texts[n], count=1)
        elif kind == "insertion":
            self.texts.insert(n, new)
            self.at += n < self.at
        elif kind == "replacement":
            self.texts[n] = new
        elif kind == "sentence":
            self.texts[n] = f"{self.texts[n]} {new.split('. ')[0]}."
        else:
            words = self.texts[n].split()
            words[self.draw.randrange(len(words))] = "reportedly"
            self.texts[n] = " ".join(words)

    @property
    def believed(self) -> bool:
        """Whether the latest version holds the article as it is."""
        kept = {block.text for block in self.version if block.kept}
        return all(text in kept for text in self.texts)


def rows(pages: Sequence[Page]) -> Iterator[dict[str, object]]:
    """Two rows, with paragraphs of the article itself and with strangers to it: edits, when they were believed, and
    versions that no edit made."""
    prose = [[block.text for block in page.blocks if block.kept and block.text.count(" ") > 9] for page in pages]
    yield _row("edits beside a turning teaser", prose, own=True)
    yield _row("the same, what is added is of another article", prose, own=False)


def _row(measure: str, prose: Sequence[Sequence[str]], *, own: bool) -> dict[str, object]:
    draw = random.Random(_SEED)
    counted: Counter[str] = Counter()
    for number, texts in enumerate(prose):
        elsewhere = [text for other, more in enumerate(prose) if other != number for text in more]
        shown = [text for n, text in enumerate(texts[:_MOST]) if not own or n % _HELD_BACK != 2]
        to_come = list(texts[2:_MOST:_HELD_BACK]) if own else []
        if len(shown) > _LEAST and elsewhere:
            _develop(_Article(shown, 3, draw, elsewhere, to_come), counted)
    return {
        "measure": measure,
        "n": counted["edits"],
        "at_once": counted["look 0"],
        "one_look_later": counted["look 1"],
        "later": counted["look 2"] + counted["look 3"],
        "missed": counted["edits"] - sum(counted[f"look {n}"] for n in range(4)),
        "versions": counted["false"],
    }


def _develop(article: _Article, counted: Counter[str]) -> None:
    """Looks at an article, which is edited now and then; three looks later at the latest the edit has to be known."""
    article.version = article.page()
    since = None
    for look in range(_LOOKS):
        if since is None and article.draw.random() < 0.3 and look < _LOOKS - 4:
            article.edit()
            counted["edits"] += 1
            since = look
        outcome = article.look()
        if since is not None and article.believed:
            counted[f"look {look - since}"] += 1
            since = None
        elif since is None and outcome == "changed":
            counted["false"] += 1
        elif since is not None and look - since >= 3:
            return
