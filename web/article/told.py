"""The article page as its twin in JSON tells it: what a program may want of it, without what was laid out for eyes."""

from collections.abc import Mapping, Sequence
from typing import Any

from web.article.difference import change_object
from web.article.dossier import Asked, Shown, Story, Stripped
from web.article.explaining import Explanation
from web.article.numbered import Numbered
from web.article.reading import Fold, Row
from web.article.timeline import Node


def as_told(asked: Asked, shown: Shown, stripped: Stripped, why: Explanation | None, story: Story) -> Mapping[str, Any]:
    """Versions, facts, text, rail, ledger, alerts and evidence of one page."""
    return {
        "from": asked.first or None,
        "to": asked.last,
        "before": shown.before,
        "after": shown.after,
        "facts": [_fact(each) for each in shown.facts],
        "more_facts": shown.left,
        "text": [_row(row) for row in shown.text.rows] if asked.view != "stripped" else [],
        "next_paragraph": shown.text.next,
        "stripped": {"blocks": stripped.blocks if asked.view == "stripped" else (), "total": stripped.total},
        "explanation": why,
        "timeline": [_node(each) for each in story.rail],
        "older": story.older,
        "ledger": {"columns": story.ledger.columns, "facts": _lines(story)},
        "alerts": (*story.alerts, *story.others),
        "snapshot": story.snapshot,
        "chain": story.link,
    }


def _fact(each: Numbered) -> dict[str, Any]:
    return {"number": each.number, "before": each.chip.before, "after": each.chip.after, "by_way_of": each.passed} | {
        "change": change_object(each.row)
    }


def _row(row: Row | Fold) -> dict[str, Any]:
    """A paragraph as runs of [kind, text, numbers of the facts that stand after it], or how much is folded."""
    if isinstance(row, Fold):
        return {"unchanged_sentences": row.sentences}
    spans = [span for piece in row.pieces for span in piece.spans]
    return {
        "paragraph": row.paragraph + 1,
        "marks": [[span.kind, span.text, [tie.number for tie in span.ties]] for span in spans],
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "kind": node.kind,
        "at": node.at,
        "version": node.last or None,
        "words": node.words,
        "changes": [chip.words for chip in node.chips],
        "more": node.more,
        "unannounced": node.stealth,
    }


def _lines(story: Story) -> Sequence[dict[str, Any]]:
    return [
        {
            "type": line.fact.last.type,
            "subject": line.fact.last.subject,
            "claimant": line.fact.claimant,
            "values": [{"version": cell.version, "value": cell.value, "state": cell.state} for cell in line.cells],
            "changes": [row.id for row in line.fact.rows],
        }
        for line in story.ledger.lines
    ]
