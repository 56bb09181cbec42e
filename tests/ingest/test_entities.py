"""Names by spaCy: what the model finds, and what is said where it is missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.main import run
from config.lexicon import load
from config.settings import Facts, Settings
from facts.compare import compare
from facts.lexicon import lexicon_for
from facts.model import Document, Entity
from ingest import entities
from workers import pages
from workers.jobs import run_reader

here = pytest.mark.skipif(not entities.is_installed(), reason="the extra is absent: ./writethru install ner")
ENGLISH = lexicon_for(load("en"))


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which the model's package is not installed."""
    monkeypatch.setitem(entities.MODELS, "en", "a_package_that_nobody_has")
    for remembers in (entities.recogniser, pages.lexicon):
        remembers.cache_clear()
    yield
    for remembers in (entities.recogniser, pages.lexicon):
        remembers.cache_clear()


def test_a_language_without_a_model_keeps_its_rules() -> None:
    """Names in other languages are read by rules alone, whatever is installed."""
    german = lexicon_for(load("de"))
    assert german == entities.sharpened(german)


def test_a_missing_extra_is_said(absent: None) -> None:
    """One line says what to install."""
    assert not entities.is_installed()
    with pytest.raises(entities.NotInstalledError, match=r"^names .* \./writethru install ner$"):
        entities.sharpened(ENGLISH)


def test_compare_says_what_is_missing(absent: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`compare --ner` without the extra is one line and exit 1."""
    text = tmp_path / "text"
    text.write_text("Rain fell.")
    assert 1 == run(["compare", str(text), str(text), "--ner"])
    assert ("", f"writethru: {entities.MISSING}\n") == capsys.readouterr()


def test_workers_say_what_is_missing(
    absent: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`work read` ends at its start, before anything is taken, and no reader would begin."""
    monkeypatch.setenv("WRITETHRU_FACTS__NER", "true")
    monkeypatch.setenv("WRITETHRU_DATA_DIR", str(tmp_path))
    assert 1 == run(["work", "read"])
    assert f"writethru: facts.ner: {entities.MISSING}" == capsys.readouterr().err.splitlines()[-1]
    with pytest.raises(entities.NotInstalledError):
        run_reader(Settings(facts=Facts(ner=True)), "unix:///nowhere")


@here
def test_names_are_found_where_they_stand() -> None:
    """Persons, organisations and places with their characters; dates and figures are no names."""
    recognise = entities.recogniser("en")
    assert recognise is not None
    text = "Angela Merkel met 40 envoys of the World Bank in Berlin on Monday."
    found = {(text[each.start : each.end].removeprefix("the "), each.kind) for each in recognise(text)}
    assert {("Angela Merkel", "person"), ("World Bank", "organisation"), ("Berlin", "place")} == found


@here
@pytest.mark.parametrize("text", ["", " ", "\ud800 Kyiv \udfff", "\u202eBerlin\u202c", "x" * 50_000, "9" * 5000])
def test_any_text_is_read(text: str) -> None:
    """No text makes the model raise, and what it names lies inside."""
    recognise = entities.recogniser("en")
    assert recognise is not None
    assert all(isinstance(each, Entity) and 0 <= each.start < each.end <= len(text) for each in recognise(text))


@here
def test_the_model_reads_for_the_comparison() -> None:
    """A word that only looks like a name is one by rule, and none with the model."""
    before, after = Document("The harbour was closed."), Document("The harbour was closed to the Internet.")
    by_rule, by_model = (compare(before, after, each) for each in (ENGLISH, entities.sharpened(ENGLISH)))
    assert by_rule != by_model
    assert by_model == compare(before, after, pages.lexicon("en", ner=True))


@here
def test_the_model_is_loaded_once() -> None:
    """Every lexicon of a process shares one model."""
    assert entities.sharpened(ENGLISH).recognise is entities.sharpened(ENGLISH).recognise
