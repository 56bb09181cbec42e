"""What modern sites set between an article's paragraphs: forms, labels alone, captions told by their credit."""

import pytest

from ingest.extraction.page import extract
from tests.pages.newspaper import STORY, URL, page, paragraphs

FIELD = "<input type='email' placeholder='you@mail.example'><button>Go</button>"


def _with(markup: str, at: int = 4) -> dict[str, str]:
    """Text → rule of the story's blocks with markup in their middle."""
    body = f"{paragraphs(STORY[:at])}{markup}{paragraphs(STORY[at:])}"
    return {block.text: block.rule for block in extract(page(body), URL).blocks if block.rule != "extractor"}


@pytest.mark.parametrize(
    "field",
    [
        pytest.param(FIELD, id="by its type"),
        pytest.param("<input name='EMAIL'>", id="by its name"),
        pytest.param("<input type='text' placeholder='Ihre E-Mail-Adresse'>", id="by its placeholder"),
    ],
)
def test_a_form_that_asks_for_an_address(field: str) -> None:
    """What a small element with such a field says is no part of the story, in whatever words."""
    box = f"<div class='x'><h3>Wochenpost</h3><p>Die 5 Geschichten der Woche, jeden Freitag.</p><form>{field}</form></div>"
    rules = _with(box)
    assert {"form"} == {rules.pop("Wochenpost"), rules.pop("Die 5 Geschichten der Woche, jeden Freitag.")}
    assert all(rules[text] == "" for text in STORY)


def test_a_form_around_the_article_takes_nothing() -> None:
    """Some pages are one form as a whole; a short story beside a field stays."""
    for texts in (STORY, STORY[:2]):
        body = page(f"<form>{paragraphs(texts)}{FIELD}</form>")
        assert extract(body, URL).text.split("\n") == list(texts)


@pytest.mark.parametrize("label", ["Read also", "ALSO READ", "LEIA TAMBÉM", "Lea también", "Lesen Sie auch:"])
def test_a_label_alone(label: str) -> None:
    """What opens a label is one by itself too, with and without its colon."""
    assert _with(f"<p><b>{label}</b></p>")[label] == "label"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("Rua alagada em Serra Alta — Foto: Ana Prado/TV Vale", "caption", id="portuguese"),
        pytest.param("Die Brücke am Morgen. (Foto: Jens Ohm)", "caption", id="german"),
        pytest.param("She held up a photo: it showed 12 people.", "", id="a sentence"),
        pytest.param(
            "Police released one image – photo: analysis found 3 people in it.", "", id="a sentence with a dash"
        ),
    ],
)
def test_a_caption_by_its_credit(text: str, rule: str) -> None:
    """A paragraph that ends in a picture's credit is its caption."""
    assert _with(f"<div class='pic'><p>{text}</p></div>").get(text, "extractor") in (rule, "extractor" if rule else "")


def test_a_correction_after_the_first_date() -> None:
    """ "It was updated to correct" is a correction's notice, whatever stands before it."""
    notice = "This story was first published on Aug. 1, 2026. It was updated on Aug. 2, 2026, to correct the toll."
    found = extract(page([*STORY, notice]), URL)
    assert found.signals.notices == (notice,)
    assert found.text.endswith(notice)


def test_a_table_is_no_byline() -> None:
    """A row of a name and figures at the head of an article is neither who wrote it nor when."""
    rows = ("Almont 12.75 13.20", "Brescott 11.00 11.85")
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split())}</tr>" for row in rows)
    found = extract(page(f"{paragraphs(STORY[:1])}<table>{cells}</table>{paragraphs(STORY[1:])}"), URL)
    assert found.text.split("\n")[1:3] == list(rows)


@pytest.mark.parametrize(
    ("text", "rule"), [("137 shares 4 comments", "counter"), ("12 dead 34 hurt", ""), ("12 dead 4 comments", "")]
)
def test_counters_side_by_side(text: str, rule: str) -> None:
    """Several counters in one line are counters, unless one of them counts something else."""
    assert _with(f"<p>{text}</p>")[text] == rule
