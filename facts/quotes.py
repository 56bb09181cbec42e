"""Words inside quotation marks."""

import re
from collections.abc import Iterator

from facts.lexicon import Lexicon
from facts.passage import Claim, Passage

_OPENING = frozenset(("„", "``", "「", "『"))
_CLOSING = frozenset(("”", "''", "」", "』"))
"""Marks of one direction. “ opens in English and closes in German, « and » turn with the country."""
_COMMA = re.compile(r"\s*,\s*(['\"’”“»«‘‹›」』]{1,2})$")
LONGEST = 160
"""Tokens of one quotation; a mark that is not closed by then is taken as stray."""


def quotes(p: Passage, lexicon: Lexicon) -> Iterator[Claim]:
    """Every quotation with its marks. An unclosed one runs to the end of the passage where it is the last mark."""
    opened: int | None = None
    for at, token in enumerate(p.tokens):
        if token.kind != "q":
            continue
        side = _side(p, at)
        if opened is not None and side != "opens":
            yield from _claim(p, opened, at + 1, lexicon, closed=True)
            opened = None
        elif side != "closes":
            opened = at
    if opened is not None and len(p.tokens) - opened > 3:
        yield from _claim(p, opened, len(p.tokens), lexicon, closed=False)
    yield from _single(p, lexicon)


def without_comma(quotation: str) -> str:
    """A quotation without the comma that leads on to its speaker: “… sooner,” says no more than “… sooner”."""
    return _COMMA.sub(r"\1", quotation)


def _side(p: Passage, at: int) -> str:
    """Whether a mark opens or closes by its form, or by what it stands close to; "" where neither tells."""
    written = p.source[p.tokens[at].start : p.tokens[at].end]
    if written in _OPENING:
        return "opens"
    if written in _CLOSING:
        return "closes"
    left = p.adjoins(at) and p.tokens[at - 1].text not in "(-"
    right = p.adjoins(at + 1) and p.tokens[at + 1].kind in "wns"
    if left == right or written == "“":
        return {"«": "opens", "»": "closes"}.get(written, "")
    return "opens" if right else "closes"


def _single(p: Passage, lexicon: Lexicon) -> Iterator[Claim]:
    opened: int | None = None
    for at, token in enumerate(p.tokens):
        if token.text != "'":
            continue
        if opened is None and not p.adjoins(at) and p.adjoins(at + 1):
            opened = at
        elif opened is not None and p.adjoins(at) and not (p.adjoins(at + 1) and p.tokens[at + 1].kind == "w"):
            yield from _claim(p, opened, at + 1, lexicon, closed=True)
            opened = None


def _claim(p: Passage, start: int, end: int, lexicon: Lexicon, *, closed: bool) -> Iterator[Claim]:
    inside = [t.norm for t in p.tokens[start + 1 : end] if t.kind in "wn"]
    if inside and end - start <= LONGEST:
        content = tuple(lexicon.stem(word) for word in inside if word not in lexicon.stop)
        kind = "quote" if len(inside) > 3 else "words"
        yield Claim(
            "quote",
            kind,
            start,
            end,
            tuple(inside),
            ("quote",),
            "quote",
            {"words": " ".join(inside), "content": content, "closed": closed},
        )
