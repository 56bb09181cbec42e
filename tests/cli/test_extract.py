"""The verb `extract`: files to lines, a hostile page costs only its own line."""

import gzip
import json
import os
import signal
from pathlib import Path

import pytest

from cli.main import run
from tests.pages.newspaper import HEADLINE, STORY, URL, page, with_teaser


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    """The lines that the verb prints."""
    assert 0 == run(["extract", *arguments, "--json"])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_folder_is_read_whole_gz_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every HTML file of a folder becomes one line, sorted by its path."""
    (tmp_path / "a.html").write_bytes(page())
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.html.gz").write_bytes(gzip.compress(page(headline="Another headline for it")))
    (tmp_path / "notes.txt").write_text("no page")
    found = rows(capsys, str(tmp_path), "--url", URL)
    assert [HEADLINE, "Another headline for it"] == [row["title"] for row in found]
    assert {"\n".join(STORY)} == {row["text"] for row in found}
    assert {"article"} == {row["verdict"] for row in found}
    assert {"2026-03-02T06:10:00Z"} == {row["published"] for row in found}


def test_what_was_stripped_is_told_with_its_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Furniture is listed with the rule that stripped it and what that rule saw."""
    file = tmp_path / "a.html"
    file.write_bytes(page(with_teaser(3, 0, "Other Topics of Interest")))
    (row,) = rows(capsys, str(file))
    furniture = row["furniture"]
    assert isinstance(furniture, list)
    assert ["Other Topics of Interest"] == [
        each["text"] for each in furniture if each["evidence"] == "other topics of interest"
    ]
    assert 3 == sum(each["rule"] == "teaser" for each in furniture)


def test_case_62_a_page_that_kills_its_child_costs_its_own_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where reading a page ends the child process, the other pages are read and that one has a reason."""
    import cli.extract as verb

    (tmp_path / "a.html").write_bytes(page())
    (tmp_path / "b.html").write_bytes(b"deadly")
    (tmp_path / "c.html").write_bytes(page())
    reads = verb._bytes

    def deadly(file: Path) -> bytes:
        body = reads(file)
        if body == b"deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        return body

    monkeypatch.setattr(verb, "_bytes", deadly)
    found = rows(capsys, str(tmp_path))
    assert ["article", "failed", "article"] == [row["verdict"] for row in found]
    assert "SIGKILL" in str(found[1]["reason"])


def test_case_61_a_page_of_very_many_paragraphs_ends_at_its_cpu_limit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that costs more CPU time than it may is cut, with a reason."""
    monkeypatch.setenv("WRITETHRU_WORK__PAGE_CPU", "1s")
    (tmp_path / "a.html").write_bytes(b"<p>a</p>" * 655_360)
    (row,) = rows(capsys, str(tmp_path))
    assert ("failed", "out of CPU time") == (row["verdict"], row["reason"])


def test_missing_files_are_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that is not there, and a folder without pages, end with code 2 and one line."""
    for path in (tmp_path / "none.html", tmp_path):
        assert 2 == run(["extract", str(path)])
        assert 1 == len(capsys.readouterr().err.splitlines())


def test_people_read_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json the headline, what is known and the text are printed, steering characters escaped."""
    file = tmp_path / "a.html"
    file.write_bytes(page([*STORY, "The end \u202e of it came at 9."]))
    assert 0 == run(["extract", str(file)])
    out = capsys.readouterr().out
    assert f"# {HEADLINE}" in out
    assert STORY[0] in out
    assert "\u202e" not in out
