"""Live blogs: the JSON-LD posts are the text, each known by its address and laid where the last version has it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.blocks import key_of
from ingest.model import Block

UPDATE = "update:"
"""How the path of a post's block begins; its address or id follows."""

ROLLED = "older than what the page shows"
"""Evidence beside a post that the page has pushed out at its end."""

_LONGEST_PATH = 200


def posts(updates: Sequence[tuple[str, str]], blocks: Sequence[Block]) -> list[Block]:
    """A live blog's blocks: its posts newest first, then the page's own, of which the page shows a few posts again."""
    told = [Block(text, f"{UPDATE}{key}"[:_LONGEST_PATH]) for key, text in updates]
    rest = (replace(block, rule="live", evidence="its posts are the text") if block.kept else block for block in blocks)
    return [*told, *rest]


def is_post(block: Block) -> bool:
    """Whether a block is a live blog's post."""
    return block.path.startswith(UPDATE)


def rolled(version: Sequence[Block], page: Sequence[Block]) -> Sequence[Block]:
    """A look's blocks with its posts in the version's order, and with the version's oldest posts where the page no
    longer shows them: a page shows the newest so many. A post that is gone from among the others is gone."""
    before = [block for block in version if is_post(block) and block.kept]
    now = [block for block in page if is_post(block)]
    if not before or not now:
        return page
    mine = _matched(before, now)
    last = max(mine, default=-1)
    if last < 0:
        return page
    placed = [*_merged(now, mine), *(replace(each, evidence=ROLLED) for each in before[last + 1 :])]
    return [*placed, *(block for block in page if not is_post(block))]


def _matched(before: Sequence[Block], now: Sequence[Block]) -> dict[int, int]:
    """Version index → page index of each post that is still shown: by its text, for an id may change at each fetch,
    else by its address."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for name in (_text, _address):
        where: dict[str, list[int]] = {}
        for j in range(len(now) - 1, -1, -1):
            if j not in taken:
                where.setdefault(name(now[j]), []).append(j)
        for i, block in enumerate(before):
            if i not in found and where.get(name(block)):
                found[i] = where[name(block)].pop()
                taken.add(found[i])
    return found


def _text(block: Block) -> str:
    return key_of(block.text)


def _address(block: Block) -> str:
    return block.path if block.path != UPDATE else f"{UPDATE}{key_of(block.text)}"


def _merged(now: Sequence[Block], mine: dict[int, int]) -> Iterator[Block]:
    """The page's posts, those of the version in its order, new ones after the post that they follow on the page."""
    known = set(mine.values())
    order = [mine[i] for i in sorted(mine)]
    follow: dict[int, list[int]] = {}
    after = -1
    for j in range(len(now)):
        if j in known:
            after = j
        else:
            follow.setdefault(after, []).append(j)
    for j in (-1, *order):
        if j >= 0:
            yield now[j]
        yield from (now[k] for k in follow.get(j, ()))
