"""How well facts are found: typed facts, pairs, documents, IteraTeR, the invented corpus; calibration; speed.

Published for comparison: RoBERTa-large has F1 .53 on IteraTeR's meaning-changed (test split); two annotators of the
labelled pairs agree at .70 on typed facts."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz

from bench.corpus import cases
from bench.facts_score import (
    FAMILIES,
    Counts,
    Fact,
    bootstrap,
    labels_of,
    same_fact,
    total,
    typed,
    yes_no,
)
from config.lexicon import load
from facts.compare import compare
from facts.lexicon import Lexicon, lexicon_for
from facts.model import Comparison, Document
from facts.shares import wilson
from ingest.entities import NotInstalledError, sharpened

Item = Mapping[str, object]
Row = dict[str, object]
STYLES = ("fluency", "clarity", "coherence", "style")


class Judged(NamedTuple):
    """A labelled item and what the comparison says of it."""

    item: Item
    found: Comparison

    def facts(self, op: str | None = None) -> list[Fact]:
        """The facts found, all or those of one op."""
        return [(c.type, c.before, c.after) for c in self.found.changes if op in (None, c.op)]


def run(data: Path, quick: bool) -> list[Row]:
    """One row a measure: value, 95 % interval, number of items, aim. *quick* leaves out IteraTeR's training split and
    the long texts."""
    folder = data / "facts"
    rows: list[Row] = []
    if folder.is_dir():
        pairs = _judged(folder / "pairs_labelled.jsonl")
        documents = _judged(folder / "documents_labelled.jsonl")
        rows += [*_pairs(pairs), *_documents(documents)]
        for split in ("dev",) if quick else ("dev", "train"):
            rows += _iterater(_judged(folder / f"iterater_sentences_{split}.jsonl"), split)
        rows += _calibration([*pairs, *documents])
    rows += [*_corpus(), *_speed(quick), *_with_model(folder)]
    return rows


def _with_model(folder: Path) -> Iterator[Row]:
    """The same with names read by spaCy; where that is not installed, one line that says how to install it."""
    try:
        lexicon = sharpened(lexicon_for(load("en")))
    except NotInstalledError as missing:
        yield {"measure": str(missing)}
        return
    pairs = _pairs(_judged(folder / "pairs_labelled.jsonl", sharpened))
    documents = _documents(_judged(folder / "documents_labelled.jsonl", sharpened))
    edits = _iterater(_judged(folder / "iterater_sentences_dev.jsonl", sharpened), "dev")
    for row in (*pairs, *documents, *edits, *_rate(lexicon, 1)):
        yield {**row, "measure": f"with spaCy: {row['measure']}"}


def _judged(path: Path, opinion: Callable[[Lexicon], Lexicon] = lambda lexicon: lexicon) -> list[Judged]:
    if not path.exists():
        return []
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Judged(item, _compare(item, opinion)) for item in items]


def _compare(item: Item, opinion: Callable[[Lexicon], Lexicon]) -> Comparison:
    language = str(item.get("lang") or "en")
    before, after = (Document(str(item[side]), language=language) for side in ("before", "after"))
    return compare(before, after, opinion(lexicon_for(load(language))))


def _row(measure: str, counts: Sequence[Counts], value: Callable[[Counts], float], aim: str) -> Row:
    low, high = bootstrap(counts, value)
    whole = total(counts)
    return {
        "measure": measure, "value": round(value(whole), 3), "low": round(low, 3), "high": round(high, 3),
        "n": len(counts), "aim": aim, "P": round(whole.precision, 3), "R": round(whole.recall, 3),
    }  # fmt: skip


def _share(measure: str, hits: int, n: int, aim: str) -> Row:
    low, high = wilson(hits, n)
    return {
        "measure": measure,
        "value": round(hits / n, 3) if n else None,
        "low": round(low, 3),
        "high": round(high, 3),
        "n": n,
        "aim": aim,
    }


def _loud(found: Comparison) -> bool:
    return found.severity in ("high", "critical")


def _pairs(pairs: Sequence[Judged]) -> Iterator[Row]:
    if not pairs:
        return
    yield _row("typed fact F1, pairs", [typed(j.facts(), labels_of(j.item)) for j in pairs], lambda c: c.f1, "≥ .65")
    strict = [typed(j.facts(), labels_of(j.item), strict=True) for j in pairs]
    yield _row("the same, spans equal to the word", strict, lambda c: c.f1, "")
    near = [j for j in pairs if fuzz.ratio(str(j.item["before"]), str(j.item["after"])) >= 80]
    told = [yes_no(j.found.factual, bool(j.item["is_factual"])) for j in near]
    yield _row("pair F1, ≥ 80 % similar", told, lambda c: c.f1, "≥ .78")
    quiet = [j for j in near if not j.item["is_factual"]]
    yield _share("false alarms, ≥ 80 % similar", sum(j.found.factual for j in quiet), len(quiet), "≤ .08")
    figures = [typed(_kind(j.facts()), _kind(labels_of(j.item))) for j in pairs]
    yield _row("number, date, casualty: recall", figures, lambda c: c.recall, "≥ .95 at P ≥ .9")
    style = [j for j in pairs if not j.item["is_factual"]]
    yield _share("style-only pairs that are loud", sum(_loud(j.found) for j in style), len(style), "≤ .02")


def _kind(facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if FAMILIES.get(fact[0], fact[0]) in ("number", "date")]


def _documents(documents: Sequence[Judged]) -> Iterator[Row]:
    if not documents:
        return
    updated = [typed(j.facts("updated"), labels_of(j.item, "updated")) for j in documents]
    yield _row("documents: updated, F1", updated, lambda c: c.f1, "≥ .70")
    added = [typed(j.facts("added"), labels_of(j.item, "added")) for j in documents]
    yield _row("documents: added, recall", added, lambda c: c.recall, "≥ .85")


def _iterater(edits: Sequence[Judged], split: str) -> Iterator[Row]:
    if not edits:
        return
    told = [yes_no(j.found.factual, j.item["labels"] == "meaning-changed") for j in edits]
    yield _row(f"IteraTeR meaning-changed F1, {split}", told, lambda c: c.f1, "> .56")
    style = [j for j in edits if j.item["labels"] in STYLES]
    yield _share(
        f"IteraTeR style edits that are loud, {split}", sum(_loud(j.found) for j in style), len(style), "≤ .02"
    )


def _calibration(judged: Sequence[Judged]) -> Iterator[Row]:
    """How often a change is right, by the confidence it claims."""
    for low, high in ((0.9, 1.01), (0.8, 0.9), (0.7, 0.8), (0.0, 0.7)):
        right, n = 0, 0
        for each in judged:
            labels = labels_of(each.item)
            for change in each.found.changes:
                if low <= change.confidence < high:
                    n += 1
                    right += any(same_fact((change.type, change.before, change.after), label) for label in labels)
        yield _share(f"right at confidence {low:.1f}–{min(high, 1):.1f}", right, n, "≥ .90" if low == 0.9 else "")


def _corpus() -> Iterator[Row]:
    everything = cases()
    for language in sorted({case.before.language for case in everything}):
        chosen = [case for case in everything if case.before.language == language]
        found = [compare(c.before, c.after, lexicon_for(load(language))) for c in chosen]
        counts = [
            typed([(c.type, c.before, c.after) for c in f.changes], case.changes)
            for f, case in zip(found, chosen, strict=True)
        ]
        yield _row(f"corpus {language}: typed fact F1", counts, lambda c: c.f1, "")
        quiet = [f for f, case in zip(found, chosen, strict=True) if not case.changes]
        yield _share(f"corpus {language}: style pairs that are loud", sum(map(_loud, quiet)), len(quiet), "≤ .02")


def _speed(quick: bool) -> Iterator[Row]:
    """Processor time: sentence pairs a second, a 60-sentence article, and the curve from 1,000 words up."""
    yield from _rate(lexicon_for(load("en")), 5)
    yield {"measure": "60-sentence article, ms", "value": _article(60, 20), "n": 20, "aim": "< 20"}
    for words in (1_000, 10_000) if quick else (1_000, 3_000, 10_000, 30_000, 100_000):
        for name, edit in (("edited", 7), ("rewritten", 1)):
            yield {"measure": f"{words} words, {name}, s", "value": _curve(words, edit), "n": 1, "aim": "linear"}


def _rate(lexicon: Lexicon, rounds: int) -> Iterator[Row]:
    chosen = [case for case in cases("en") if "\n" not in case.before.text] * rounds
    started = time.process_time()
    for case in chosen:
        compare(case.before, case.after, lexicon)
    rate = len(chosen) / (time.process_time() - started)
    yield {"measure": "sentence pairs a second", "value": round(rate), "n": len(chosen), "aim": "≥ 2000"}


def _article(sentences: int, rounds: int) -> float:
    before, after = _texts(sentences * 18, 10)
    lexicon = lexicon_for(load("en"))
    started = time.process_time()
    for _ in range(rounds):
        compare(Document(before), Document(after), lexicon)
    return round(1000 * (time.process_time() - started) / rounds, 2)


def _curve(words: int, edit: int) -> float:
    before, after = _texts(words, edit)
    started = time.process_time()
    compare(Document(before), Document(after), lexicon_for(load("en")))
    return round(time.process_time() - started, 3)


def _texts(words: int, edit: int) -> tuple[str, str]:
    """Two texts of about so many words, of whose sentences every *edit*-th has another figure and another verb."""
    lines = [
        f"The {_name(n)} council said on Monday that {n + 3} people from {_name(n + 7)} "
        f"had left for the {_name(n + 3)} valley."
        for n in range(max(1, words // 18))
    ]
    other = [
        line.replace(f" {n + 3} people", f" {n + 5} people").replace("had left", "had reached")
        if n % edit == 0
        else line
        for n, line in enumerate(lines)
    ]
    return tuple("\n".join(" ".join(text[at : at + 4]) for at in range(0, len(text), 4)) for text in (lines, other))  # type: ignore[return-value]


def _name(number: int) -> str:
    """An invented name, another one for each number."""
    syllables = ("ba", "ko", "ri", "sel", "mon", "ta", "vu", "lin", "dor", "ge")
    return "".join(syllables[int(digit)] for digit in str(number)).capitalize()
