"""`compare`: two files or lines of pairs, answers on stdout, mistakes in one line and exit 2."""

import json
from pathlib import Path

import pytest

from cli.main import run

BEFORE = "Rain fell.\nAt least 12 people were killed in the slide, police said."
AFTER = "Rain fell.\nAt least 15 people were killed in the slide, police said."


@pytest.fixture
def texts(tmp_path: Path) -> tuple[str, str]:
    """Two text files."""
    before, after = tmp_path / "before.txt", tmp_path / "after.txt"
    before.write_text(BEFORE, "utf-8")
    after.write_text(AFTER, "utf-8")
    return str(before), str(after)


def test_json_is_the_contract(texts: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """One object with exactly the keys of docs/architecture.md, and each change as in the webhook."""
    assert 0 == run(["compare", *texts, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert ["id", "factual", "severity", "edits", "changes"] == list(told)
    assert (True, "critical") == (told["factual"], told["severity"])
    assert [{"action", "intention", "before", "after"}] == [set(edit) for edit in told["edits"]]
    (change,) = told["changes"]
    assert ("1", "casualty", "updated", "12", "15", "+25%") == tuple(
        change[key] for key in ("id", "type", "op", "before", "after", "direction")
    )
    assert {"before": [20, 22], "after": [20, 22]} == change["offsets"]
    assert {
        "id", "type", "op", "subject", "before", "after", "value_before", "value_after", "direction", "claimant_before",
        "claimant_after", "modality", "position", "sentence_before", "sentence_after", "offsets", "severity",
        "confidence", "rule", "reverts",
    } == set(change)  # fmt: skip


def test_people_read_one_line_a_change(texts: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json a change is a line; --explain adds the rule and what was read."""
    assert 0 == run(["compare", *texts, "--explain"])
    out = capsys.readouterr().out
    assert "critical casualty updated: 12 → 15 +25%" in out
    assert "rule casualty.slot" in out
    assert "“At least 15” was read as a count of people killed" in out


def test_jsonl_answers_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line has its answer, in order, under its own id, in its own language."""
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text(
        json.dumps({"id": "a", "before": BEFORE, "after": AFTER})
        + "\n\n"
        + json.dumps({"id": 7, "before": "Es gab 4 Tote.", "after": "Es gab 5 Tote.", "lang": "de"})
        + "\n"
        + json.dumps({"before": "same", "after": "same", "headline_before": "One dead", "headline_after": "Two dead"}),
        "utf-8",
    )
    assert 0 == run(["compare", "--jsonl", str(pairs)])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["a", 7, "4"] == [each["id"] for each in told]
    assert ["casualty"] * 3 == [each["changes"][0]["type"] for each in told]
    assert "headline" == told[2]["changes"][0]["position"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("{", id="not JSON"),
        pytest.param("[]", id="not an object"),
        pytest.param('{"before": "x"}', id="no after"),
        pytest.param('{"before": "x", "after": 3}', id="not a text"),
        pytest.param('{"before": "x", "after": "y", "published": "soon"}', id="not a time"),
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_a_bad_line_is_named_before_any_answer(line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on stderr names the line, nothing is on stdout, and the exit code is 2."""
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"before": "x", "after": "y"}\n' + line, "utf-8")
    assert 2 == run(["compare", "--jsonl", str(pairs)])
    told = capsys.readouterr()
    assert "" == told.out
    assert "line 2" in told.err
    assert 1 == told.err.count("\n")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param(["one.txt"], id="one file"),
        pytest.param(["none.txt", "none.txt"], id="no such file"),
        pytest.param([".", "."], id="folders"),
    ],
)
def test_bad_usage_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be read is said in one line, with exit code 2."""
    assert 2 == run(["compare", *arguments])
    assert 1 == capsys.readouterr().err.count("\n")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes that are no text are named, not guessed."""
    odd = tmp_path / "odd.txt"
    odd.write_bytes(b"\xff\xfe\x00")
    assert 2 == run(["compare", str(odd), str(odd)])
    assert "not UTF-8" in capsys.readouterr().err
