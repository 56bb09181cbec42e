"""Words inside quotation marks."""

from collections.abc import Iterator

from facts.lexicon import Lexicon
from facts.passage import Claim, Passage

_OPENING = {"“": "”", "„": "“", "«": "»", "``": "''", "「": "」", "『": "』"}
"""Marks that can only open, and what closes them; “ closes what „ opened."""
LONGEST = 160
"""Tokens of one quotation; a mark that is not closed by then is taken as stray."""


def quotes(p: Passage, lexicon: Lexicon) -> Iterator[Claim]:
    """Every quotation with its marks. An unclosed one runs to the end of the passage where it is the last mark."""
    opened: int | None = None
    closing = "”"
    for at, token in enumerate(p.tokens):
        if token.kind != "q":
            continue
        written = p.source[token.start : token.end]
        if opened is not None and (written == closing or written not in _OPENING):
            yield from _claim(p, opened, at + 1, lexicon)
            opened = None
        elif written not in ("”", "''"):
            opened, closing = at, _OPENING.get(written, "”")
    if opened is not None and len(p.tokens) - opened > 3:
        yield from _claim(p, opened, len(p.tokens), lexicon)
    yield from _single(p, lexicon)


def _single(p: Passage, lexicon: Lexicon) -> Iterator[Claim]:
    opened: int | None = None
    for at, token in enumerate(p.tokens):
        if token.text != "'":
            continue
        if opened is None and not p.adjoins(at) and p.adjoins(at + 1):
            opened = at
        elif opened is not None and p.adjoins(at) and not (p.adjoins(at + 1) and p.tokens[at + 1].kind == "w"):
            yield from _claim(p, opened, at + 1, lexicon)
            opened = None


def _claim(p: Passage, start: int, end: int, lexicon: Lexicon) -> Iterator[Claim]:
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
            {"words": " ".join(inside), "content": content},
        )
