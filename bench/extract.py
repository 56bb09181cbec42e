"""How much of the article, and how little else: measured on pages with their text beside them, plain trafilatura in
the same run. Precision and recall are of 4-word shingles, macro means over pages, F1 of the means."""

import gzip
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import trafilatura

from ingest.gate import gate
from ingest.judge import judge
from ingest.memory import Sighting, memory_from, sightings
from ingest.model import Block, Page, SiteMemory
from ingest.page import extract

_WORD = re.compile(r"\w+")
_FROM_PAGE = 4  # sites are measured from here on: three pages teach first
Shingles = set[tuple[str, ...]]


@dataclass(slots=True)
class Tally:
    """Scores of one extractor over pages, its CPU seconds, and the lines that it left or lost."""

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

    def row(self, name: str) -> dict[str, object]:
        """The table's row."""
        p, r = _mean(self.precision), _mean(self.recall)
        f1 = 2 * p * r / (p + r) if p + r else 0.0
        return {
            "measure": name,
            "n": len(self.precision),
            "P": round(p, 4),
            "R": round(r, 4),
            "F1": round(f1, 4),
            "junk_lines": self.junk,
            "ms": round(1000 * self.seconds / max(1, len(self.precision)), 2),
        }


def shingles(text: str) -> Shingles:
    """The 4-word shingles of a text, lower case."""
    words = _WORD.findall(text.lower())
    return set(zip(*(words[n:] for n in range(4)), strict=False))


def _junk(line: str, wanted: Shingles, truth: str) -> bool:
    """A line of which nothing belongs to the article."""
    own = shingles(line)
    return not own & wanted if own else bool(line.strip()) and line.strip().lower() not in truth.lower()


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _clocked(tally: Tally, work: Callable[[], str]) -> str:
    start = time.process_time()
    text = work()
    tally.seconds += time.process_time() - start
    return text


def plain(body: bytes) -> str:
    """Plain trafilatura, as the aims are stated against."""
    found = trafilatura.bare_extraction(body, include_comments=False)
    return getattr(found, "text", None) or ""


def run(data: Path, quick: bool) -> list[dict[str, object]]:
    """One row a measure."""
    pages = data / "pages" if (data / "pages").is_dir() else data
    return [*_single(pages / "single", quick), *_sites(pages / "sites", quick), *_refetched(pages / "refetched", quick)]


def _single(folder: Path, quick: bool) -> Iterator[dict[str, object]]:
    theirs, ours = Tally(), Tally()
    truths = folder / "truth.jsonl"
    rows = [json.loads(line) for line in truths.read_text("utf-8").splitlines()] if truths.exists() else []
    for row in rows[:: 4 if quick else 1]:
        body = gzip.decompress((folder / row["file"]).read_bytes())
        theirs.add(_clocked(theirs, lambda body=body: plain(body)), row["text"])  # type: ignore[misc]
        ours.add(_clocked(ours, lambda body=body, url=row["url"]: extract(body, url).text), row["text"])  # type: ignore[misc]
    yield theirs.row("single, plain")
    yield ours.row("single, ours")


def _sites(folder: Path, quick: bool) -> Iterator[dict[str, object]]:
    theirs, ours = Tally(), Tally()
    lost = prose = 0
    for year in sorted(folder.glob("*/*")):
        files = sorted(year.glob("*.html.gz"))[: 8 if quick else None]
        rows: list[tuple[str, str, bool, int]] = []
        for number, file in enumerate(files, 1):
            body = gzip.decompress(file.read_bytes())
            truth = file.with_name(file.name.removesuffix(".html.gz") + ".txt").read_text("utf-8", "replace")
            memory = memory_from(rows)
            page = None
            if number >= _FROM_PAGE:
                theirs.add(_clocked(theirs, lambda body=body: plain(body)), truth)  # type: ignore[misc]
                start = time.process_time()
                page = extract(body, f"http://{year.parent.name}/{file.name}", memory=memory)
                ours.seconds += time.process_time() - start
                ours.add(f"{page.headline}\n{page.text}", truth)  # their texts begin with the title
                lost += sum(_lost(block, truth) for block in page.blocks)
                prose += sum(block.text.count(" ") >= 14 for block in page.blocks if block.kept)
            page = page or extract(body, f"http://{year.parent.name}/{file.name}", memory=memory)
            rows += [(each.fingerprint, each.path, each.kept, number) for each in sightings(page)]
    yield theirs.row("sites, plain")
    yield ours.row("sites, ours")
    yield {"measure": "prose lost to learning", "n": prose, "lost": lost}


def _lost(block: Block, truth: str) -> bool:
    """A real paragraph that the site's memory took for furniture."""
    own = shingles(block.text)
    return block.rule == "site" and block.text.count(" ") >= 14 and len(own & shingles(truth)) * 2 > len(own)


@dataclass(slots=True)
class _Pair:
    """Two fetches of one page, as the service would see them."""

    before: Page
    after: Page

    def outcome(self) -> str:
        """What comes of the second fetch; when it has to wait, the same bytes are the look that confirms."""
        first = judge(
            self.before.blocks,
            None,
            self.after.blocks,
            None,
            headline_before=self.before.headline,
            headline_after=self.after.headline,
        )
        looks = 1
        pending, slots = first.pending, first.slots
        while first.outcome == "wait" and looks < 4:
            first = judge(
                self.before.blocks,
                pending,
                self.after.blocks,
                slots,
                headline_before=self.before.headline,
                headline_pending=self.after.headline,
                headline_after=self.after.headline,
            )
            pending, slots = first.pending, first.slots
            looks += 1
        return first.outcome


def _refetched(folder: Path, quick: bool) -> Iterator[dict[str, object]]:
    manifest = folder / "manifest.jsonl"
    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()] if manifest.exists() else []
    theirs = ours = passed = 0
    seconds = {"plain": 0.0, "gate": 0.0}
    for row in rows[:: 4 if quick else 1]:
        a, b = (gzip.decompress((folder / f"{row['pair']}_{side}.html.gz").read_bytes()) for side in "ab")
        start = time.process_time()
        theirs += plain(b) != plain(a)
        seconds["plain"] += (time.process_time() - start) / 2
        start = time.process_time()
        passed += gate(a) == gate(b)
        seconds["gate"] += (time.process_time() - start) / 2
        ours += _Pair(extract(a, ""), extract(b, "")).outcome() == "changed"
    yield {
        "measure": "refetched, plain",
        "n": len(rows),
        "versions": theirs,
        "ms": round(1000 * seconds["plain"] / max(1, len(rows)), 2),
    }
    yield {
        "measure": "refetched, ours",
        "n": len(rows),
        "versions": ours,
        "gate_equal": passed,
        "ms": round(1000 * seconds["gate"] / max(1, len(rows)), 2),
    }


__all__ = ["Sighting", "SiteMemory", "Tally", "plain", "run", "shingles"]
