"""What the stories say of themselves is what a comparison of their texts finds: no more, no less."""

from collections.abc import Iterator

import pytest

from config.clock import now
from config.lexicon import load
from demo.story import Copy, Step, Story, load_stories
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Change, Document

LEXICON = lexicon_for(load("en"))


def steps() -> Iterator[object]:
    """Each step that makes a version, with the text before it."""
    for story in load_stories(now()):
        for stage, (before, after) in enumerate(zip(story.steps, story.steps[1:], strict=False), start=1):
            if after.makes == "version":
                yield pytest.param(story, before.copy, after, id=f"{story.slug}-{stage}")


def document(story: Story, copy: Copy) -> Document:
    """A stage of a story as the service compares it: correction notices stand in the text."""
    return Document("\n".join((*copy.paragraphs, *copy.notices)), copy.headline, story.published)


def changes_of(story: Story, before: Copy, after: Step) -> tuple[Change, ...]:
    """What the comparison finds between two stages."""
    return compare(document(story, before), document(story, after.copy), LEXICON).changes


@pytest.mark.parametrize(("story", "before", "after"), list(steps()))
def test_step_makes_exactly_its_changes(story: Story, before: Copy, after: Step) -> None:
    """Type, operation, before and after of each change; one that shows in headline and text counts once."""
    found = {(one.type, one.op, one.before, one.after) for one in changes_of(story, before, after)}
    assert found == {(one.type, one.op, one.before, one.after) for one in after.changes}


@pytest.mark.parametrize(("story", "before", "after"), list(steps()))
def test_the_dead_are_not_the_injured(story: Story, before: Copy, after: Step) -> None:
    """A toll is of those whom its sentence counts."""
    injured = {one.before for one in after.changes if "injured" in one.subject}
    found = [one for one in changes_of(story, before, after) if one.type == "casualty"]
    assert [one.before in injured for one in found] == ["injured" in one.subject for one in found]
