"""Short articles in plain elements, beside a consent banner, advertisements under their label and promos that turn."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from ingest.extraction.page import extract
from tests.parts.pages import BODY
from tests.parts.pages import page as ordinary
from tests.parts.reading import URL, Desk

TEXT = (
    "At least nine people were hurt when a tram left the rails in Dunmore on Monday, the operator said.",
    "The tram was carrying 48 passengers to the harbour when it ran into the wall of a bakery.",
    "“I heard a bang and then nothing,” said the baker, Odile Trent.",
    "The driver was taken to hospital with a broken arm.",
    "The line stays closed until Friday.",
)
ADS = (
    "Win a week for two in sunny Alcor — only €299!",
    "Fresh trout at Quickmart: 30 killed prices!",
    "Refinance your mortgage at 2.7%",
    "Doctors hate it: lose 9 kg in 2 weeks.",
)
PROMOS = ("Storm kills 6 in the south", "Bank chief Oro Velt quits", "Police deny leak in Marrow case")
LABELS = ("ADVERTISEMENT", "Anzeige", "Publicité", "Publicidad", "Pubblicità", "Реклама")


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader over an empty store."""
    return Desk(engine, now)


def page(n: int, label: str = LABELS[0], text: tuple[str, ...] = TEXT) -> bytes:
    """The *n*-th rendering: everything beside the text is another one."""
    promo, ad = PROMOS[n % len(PROMOS)], ADS[n % len(ADS)]
    lines = [f"<div class=line>{paragraph}</div>" for paragraph in text]
    lines.insert(2, f"<div class=box><small>{label}</small><a href=/ad/{n}>{ad}</a></div>")
    lines.insert(4, f"<div class=also><b>Read also:</b> <a href=/n/{n}>{promo}</a></div>")
    return f"""<html lang=en><head><title>Nine hurt as tram derails in Dunmore - Quayside</title></head><body>
<div id=cc><p>We and our 512 partners store cookies on your device. You may change your mind at any time.</p></div>
<div class=bar><a href=/>Quayside</a> <span>{100 + 37 * n} reading now</span></div>
<div class=mid><h1>Nine hurt as tram derails in Dunmore</h1><div class=who>By Ada Brink</div>{"".join(lines)}
<div class=nl><p>Sign up for our newsletter and get the five stories of the day every morning.</p></div></div>
<div class=col><h3>Most read</h3><ol><li><a href=/x>{promo}</a></li></ol><p>{ad}</p></div></body></html>""".encode()


@pytest.mark.parametrize("label", LABELS)
def test_a_banner_and_what_stands_below_an_advertisements_label_are_no_text(label: str) -> None:
    """Not from the first look on, whatever the advertisement says and wherever the extractor looked."""
    for n in range(6):
        read = extract(page(n, label), URL)
        assert ("article", list(TEXT)) == (read.verdict, read.text.split("\n"))


def test_what_turns_beside_a_label_is_never_told(desk: Desk) -> None:
    """Ten looks at ten renderings are one version; an edit between them is told, and nothing else."""
    assert "new" == desk.look(page(0))
    assert ["same"] * 9 == [desk.look(page(n)) for n in range(1, 10)]
    desk.look(page(10, text=(TEXT[0].replace("nine", "fourteen"), *TEXT[1:])))
    [(told, body)] = desk.alerts()
    assert ("article.facts_changed", ["fourteen"]) == (told, [each["after"] for each in body["changes"]])


@pytest.mark.parametrize("label", ["Advertisement", "Anzeige", "Реклама"])
def test_a_label_above_a_paragraph_of_the_text_costs_it_nothing(label: str) -> None:
    """Most labels stand above a frame that a script fills: the next paragraph is the article's."""
    lines = [f"<p>{paragraph}</p>" for paragraph in TEXT]
    alone = [*lines[:2], f"<p>{label}</p>", *lines[2:]]
    boxed = [*lines[:2], f"<div class=slot><span>{label}</span></div>", *lines[2:]]
    for body in (alone, boxed):
        read = extract(f"<h1>Nine hurt in Dunmore</h1><div class=post>{''.join(body)}</div>".encode(), URL)
        assert list(TEXT) == read.text.split("\n")


def test_a_sentence_may_begin_with_an_advertisements_label() -> None:
    """In German it is a complaint to the police too, and may be set in bold."""
    lede = "<b>Anzeige</b> gegen den Bürgermeister hat am Montag ein Ladenbesitzer in Auental erstattet."
    lines = [lede, "Er wirft ihm vor, 40.000 Euro angenommen zu haben.", "Der Bürgermeister bestreitet das."]
    read = extract(f"<h1>Bürgermeister in Not</h1>{''.join(f'<p>{line}</p>' for line in lines)}".encode(), URL)
    assert "Anzeige gegen den Bürgermeister" in read.text


def test_a_page_that_shows_the_known_text_is_no_wall(desk: Desk) -> None:
    """Whatever its title and its banners say: the text is there."""
    desk.look(ordinary(BODY[:2]))
    walled = ordinary(BODY[:2], extra="<p>Subscribe to continue reading.</p><p>Already a subscriber?</p>")
    assert "paywall" == extract(walled, URL).verdict
    assert "same" == desk.look(walled)
    assert "paywall" == desk.look(ordinary(BODY[4:5], extra="<p>Subscribe to continue reading.</p>"))


def test_a_wall_in_an_articles_place_is_looked_at_again_soon(desk: Desk) -> None:
    """The first one is: it was an article a moment ago; the next ones wait ever longer."""
    wall = b"<title>Quayside</title><h2>We value your privacy</h2><p>We and our 742 partners use cookies.</p>"
    desk.look(ordinary())
    waits = []
    for n in range(3):
        assert "consent" == desk.look(wall + b"<!-- %d -->" % n, minutes=30)
        waits.append(desk.article().next_check_at - desk.now)
    assert waits[0] <= desk.settings.schedule.confirm_text < timedelta(minutes=2) <= waits[1] < waits[2]


STRANGER = "Quickmart sells 30 kilos of trout for 9 euros on Wednesdays, and Ines Bolt plays jazz at the tills."


@pytest.mark.parametrize(("gone", "stealth"), [(STRANGER, False), (BODY[1], True)], ids=["a promo", "of the story"])
def test_what_is_strange_to_the_story_goes_without_stealth(desk: Desk, gone: str, stealth: bool) -> None:
    """Nobody takes a claim back who takes a promo out."""
    ending = "Inspectors closed three other crossings over the estuary while engineers examine their foundations."
    whole = [*BODY[:3], STRANGER, *BODY[3:], ending]
    for n in range(5):
        desk.look(ordinary(whole, nonce=str(n)))
    for n in range(2):
        desk.look(ordinary([each for each in whole if each != gone], nonce=f"after {n}"))
    [(_, body)] = desk.alerts()
    assert stealth == body["stealth"]
