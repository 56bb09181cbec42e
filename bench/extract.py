"""How much of the article, and how little else: measured on pages with their text beside them, plain trafilatura in
the same run. Precision and recall are of 4-word shingles, macro means over pages, F1 of the means."""

import gzip
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import trafilatura

from bench import looks
from ingest.extraction.page import extract, extract_if_changed
from ingest.judging.judge import judge
from ingest.learning import memory_from
from ingest.memory import sightings
from ingest.model import Block, Page

_WORD = re.compile(r"\w+")
_FROM_PAGE = 4  # sites are measured from here on: three pages teach first
_PROSE = 14  # spaces in a paragraph from which its loss would be a loss of news
_MOST_LOOKS = 4
_QUICK = 4  # every so many pages
_HALVES = 40
_SEED = 20260302
_T = TypeVar("_T")
Shingles = set[tuple[str, ...]]
Row = dict[str, object]


@dataclass(slots=True)
class Tally:
    """Scores of one extractor over pages, its CPU seconds, and the lines of which nothing belongs to the article."""

    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    seconds: float = 0.0
    junk: int = 0

    def add(self, text: str, truth: str) -> None:
        """Scores one page."""
        got, wanted = shingles(text), shingles(truth)
        shared = len(got & wanted)
        self.precision.append(shared / len(got) if got else 0.0)
        self.recall.append(shared / len(wanted) if wanted else 1.0)
        self.junk += sum(1 for line in text.split("\n") if _junk(line, wanted, truth))

    def clocked(self, work: Callable[[], _T]) -> _T:
        """What *work* returns; its CPU time is added."""
        start = time.process_time()
        found = work()
        self.seconds += time.process_time() - start
        return found

    def halves(self, name: str) -> Row:
        """The lowest and highest F1 of random halves of the pages: how much of the score is a few pages' doing."""
        draw, scores = random.Random(_SEED), list(zip(self.precision, self.recall, strict=True))
        found = []
        for _ in range(_HALVES if len(scores) > 1 else 0):
            half = draw.sample(scores, len(scores) // 2)
            found.append(_f1(*(sum(each) / len(half) for each in zip(*half, strict=True))))
        span = {"lowest": round(min(found), 4), "highest": round(max(found), 4)} if found else {}
        return {"measure": name, "n": len(found), **span}

    def row(self, name: str) -> Row:
        """The table's row."""
        n = max(1, len(self.precision))
        p, r = sum(self.precision) / n, sum(self.recall) / n
        scores = {"P": p, "R": r, "F1": _f1(p, r)}
        rounded = {key: round(score, 4) for key, score in scores.items()}
        return {"measure": name, "n": n, **rounded, "junk_lines": self.junk, "ms": round(1000 * self.seconds / n, 2)}


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def shingles(text: str) -> Shingles:
    """The 4-word shingles of a text, lower case."""
    words = _WORD.findall(text.lower())
    return set(zip(*(words[n:] for n in range(4)), strict=False))


def _junk(line: str, wanted: Shingles, truth: str) -> bool:
    own = shingles(line)
    return not own & wanted if own else bool(line.strip()) and line.strip().lower() not in truth.lower()


def plain(body: bytes) -> str:
    """Plain trafilatura, as the aims are stated against."""
    found = trafilatura.bare_extraction(body, include_comments=False)
    return getattr(found, "text", None) or ""


def run(data: Path, quick: bool) -> list[Row]:
    """One row a measure."""
    pages = data / "pages" if (data / "pages").is_dir() else data
    read: list[Page] = []
    return [
        *_single(pages / "single", quick, read),
        *_sites(pages / "sites", quick),
        *_refetched(pages / "refetched", quick),
        *looks.rows(read),
    ]


def _lines(path: Path, quick: bool) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    return rows[:: _QUICK if quick else 1]


def _single(folder: Path, quick: bool, read: list[Page]) -> Iterator[Row]:
    """Pages of many hosts, each read cold. What was read is added to *read*."""
    theirs, ours = Tally(), Tally()
    for row in _lines(folder / "truth.jsonl", quick):
        body, url = gzip.decompress((folder / row["file"]).read_bytes()), row["url"]
        theirs.add(theirs.clocked(lambda body=body: plain(body)), row["text"])  # type: ignore[misc]
        page = ours.clocked(lambda body=body, url=url: extract(body, url))  # type: ignore[misc]
        ours.add(page.text, row["text"])
        read.append(page)
    yield theirs.row("single, plain")
    yield ours.row("single, ours")
    yield ours.halves("single, ours, on halves of the pages")


def _sites(folder: Path, quick: bool) -> Iterator[Row]:
    """Pages of a few hosts, each read with what the earlier ones of its site and year taught."""
    theirs, ours = Tally(), Tally()
    lost = prose = 0
    for year in sorted(folder.glob("*/*")):
        rows: list[tuple[str, str, bool, int]] = []
        for number, file in enumerate(sorted(year.glob("*.html.gz"))[: 8 if quick else None], 1):
            body, url = gzip.decompress(file.read_bytes()), f"http://{year.parent.name}/{file.name}"
            truth = file.with_name(file.name.removesuffix(".html.gz") + ".txt").read_text("utf-8", "replace")
            memory = memory_from(rows)
            before = ours.seconds
            page = ours.clocked(lambda body=body, url=url, memory=memory: extract(body, url, memory=memory))  # type: ignore[misc]
            rows += [(each.fingerprint, each.path, each.kept, number) for each in sightings(page)]
            if number < _FROM_PAGE:
                ours.seconds = before
                continue
            theirs.add(theirs.clocked(lambda body=body: plain(body)), truth)  # type: ignore[misc]
            ours.add(f"{page.headline}\n{page.text}", truth)  # their texts begin with the title
            lost += sum(_lost(block, truth) for block in page.blocks)
            prose += sum(block.text.count(" ") >= _PROSE for block in page.blocks if block.kept)
    yield theirs.row("sites, plain")
    yield ours.row("sites, ours")
    yield {"measure": "prose lost to learning", "n": prose, "lost": lost}


def _lost(block: Block, truth: str) -> bool:
    """A real paragraph that the site's memory took for furniture."""
    own = shingles(block.text)
    return block.rule == "site" and block.text.count(" ") >= _PROSE and len(own & shingles(truth)) * 2 > len(own)


def _outcome(before: Page, after: Page) -> str:
    """What comes of a second fetch; when it has to wait, the same bytes are the look that confirms."""
    pending: Sequence[Block] | None = None
    slots: list[dict[str, Any]] = []
    for _ in range(_MOST_LOOKS):
        found = judge(
            before.blocks, pending, after.blocks, slots, headline_before=before.headline,
            headline_pending=None if pending is None else after.headline, headline_after=after.headline,
        )  # fmt: skip
        if found.outcome != "wait":
            break
        pending, slots = found.pending, found.slots
    return found.outcome


def _refetched(folder: Path, quick: bool) -> Iterator[Row]:
    """One article fetched twice: pairs that would make a version, and pages that the gate spares an extraction."""
    theirs, ours = Tally(), Tally()
    versions = {"plain": 0, "ours": 0}
    spared: list[tuple[float, float]] = []  # seconds that these pages cost plain extraction, and us
    rows = _lines(folder / "manifest.jsonl", quick)
    for row in rows:
        a, b = (gzip.decompress((folder / f"{row['pair']}_{side}.html.gz").read_bytes()) for side in "ab")
        before, clocks = extract(a, ""), (theirs.seconds, ours.seconds)
        text = theirs.clocked(lambda b=b: plain(b))  # type: ignore[misc]
        after = ours.clocked(lambda b=b, known=before.gate: extract_if_changed(b, "", known))  # type: ignore[misc]
        versions["plain"] += text != plain(a)
        if after is None:
            spared.append((theirs.seconds - clocks[0], ours.seconds - clocks[1]))
        else:
            versions["ours"] += _outcome(before, after) == "changed"
    for name, tally in (("plain", theirs), ("ours", ours)):
        ms = round(1000 * tally.seconds / max(1, len(rows)), 2)
        yield {"measure": f"refetched, {name}", "n": len(rows), "versions": versions[name], "ms": ms}
    plain_ms, ms = (round(1000 * sum(each) / max(1, len(spared)), 2) for each in zip(*spared or [(0, 0)], strict=True))
    yield {"measure": "spared by the gate, plain", "n": len(spared), "ms": plain_ms}
    yield {"measure": "spared by the gate, ours", "n": len(spared), "ms": ms}
