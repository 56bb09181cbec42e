"""Which alerts follow from what a page shows: covers, reverts, late, stealth, held, and what a doubtful page says."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from store.engine import reading, writing
from store.tables import alias, article, fact_change, version
from tests.parts.pages import BODY, page
from tests.parts.reading import Desk
from workers.telling import speaks_of

TEASERS = (
    ("Storm closes fourteen schools", "Some 2,300 pupils stayed at home as Councillor Ida Brandt warned of worse."),
    ("Harbour Bank fined over loans", "Regulator Pavel Stroud said 612 customers had been misled since 2019."),
    ("Rovers sign a keeper", "Manager Colm Reyes paid 9 million for Adaeze Holt, aged 22, on Tuesday."),
    ("Vaccine trial enrols 900", "Dr Hana Mirek said first results from 6 clinics were due in November."),
    ("Museum finds lost letters", "The 31 letters from 1911 lay in a box in the cellar, said curator Ana Lund."),
)
OTHER = (
    "The orchestra of the old town opens its winter season with a programme of three symphonies on Friday.",
    "Conductor Mirela Vance said that the hall had been repaired after the flood and that 900 seats were sold.",
    "Tickets for the second evening go on sale at noon, and students pay half of the usual price for any seat.",
    "The season ends in May with a concert in the park beside the river, where entry is free for everybody.",
)


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader on an empty store."""
    return Desk(engine, now)


def changed(old: str, new: str) -> list[str]:
    """The body with one phrase replaced."""
    return [paragraph.replace(old, new) for paragraph in BODY]


def test_case_65_a_new_text_is_told_while_variants_are_held(desk: Desk) -> None:
    """What is held is the flipping, never a fact that was not told before."""
    for n in range(8):
        for _ in range(2):
            desk.look(page(changed("12", "15") if n % 2 else BODY), minutes=10)
    held = len(desk.alerts())
    desk.look(page(changed("12", "40")))
    [(kind, body)] = desk.alerts()[held:]
    assert kind == "article.facts_changed"
    assert [change["after"] for change in body["changes"]] == ["40"]


def test_case_65_a_flip_beside_a_rotating_teaser_is_seen_twice_all_the_same(desk: Desk) -> None:
    """A text that returns is confirmed by itself, whatever stands in the rotating place."""
    fetches = iter(range(99))
    for expected, word in enumerate(("denied", "confirmed", "denied", "confirmed", "denied"), start=1):
        for _ in range(5):
            n = next(fetches)
            title, teaser = TEASERS[n % 5]
            text = changed("denied", word)
            desk.look(page([*text[:3], title, f"{teaser} Reference {n}.", *text[3:]]))
        assert desk.article().versions == expected


def test_a_text_that_is_seen_twice_is_as_old_as_its_first_sight(desk: Desk) -> None:
    """Also where a rotating teaser makes each fetch another page."""
    moments: list[datetime] = []
    news = "A committee of three engineers will examine the ferry terminal on Friday, the council announced in a note."
    for n in range(6):
        text = list(BODY) if n < 3 else [*BODY[:1], news, *BODY[2:]]
        desk.look(page([*text[:3], TEASERS[n % 5][0], *text[3:]]))
        moments.append(desk.now)
    with reading(desk.engine) as connection:
        seen = connection.execute(sa.select(version.c.seen_new_at).where(version.c.number == 2)).scalar_one()
    assert seen == moments[3]


def test_a_page_that_never_shows_the_same_twice_is_asked_ever_more_seldom(desk: Desk) -> None:
    """Waiting for one more look is no licence to poll every half minute for ever."""
    desk.look(page())
    waits = []
    for n in range(9):
        with writing(desk.engine) as connection:
            connection.execute(article.update().values(next_check_at=desk.now + timedelta(days=1)))
        assert desk.look(page(headline=f"{TEASERS[n % 5][0]} ({n * 31})")) == "headline"
        waits.append((desk.article().next_check_at - desk.now).total_seconds())
    assert waits == [30, 30, 30, 30, 60, 120, 240, 480, 960]


def test_a_notice_beside_the_text_is_a_correction(desk: Desk) -> None:
    """A later notice names the changes that it covers, though no word of the text moved; seen twice, and told once."""
    desk.look(page())
    desk.look(page(changed("12", "15")))
    notice = (
        "<aside class='correction'><p>Correction: An earlier version of this article said 12 and not 15.</p></aside>"
    )
    outcomes = [desk.look(page(changed("12", "15"), extra=notice)) for _ in range(4)]
    assert outcomes == ["notice", "new", "same", "same"]
    told = [body for kind, body in desk.alerts() if kind == "article.corrected"]
    toll = dict(desk.alerts()[:1])["article.facts_changed"]["changes"][0]
    assert [body["covers"] for body in told] == [[toll["id"]]]


def test_a_claim_that_returns_step_by_step_reverts_each_step(desk: Desk) -> None:
    """12 → 15 → 17 → 15 → 12: each step back names the step that it takes back."""
    for toll in ("12", "15", "17", "15", "12"):
        for _ in range(2):
            desk.look(page(changed("12", toll)))
    with reading(desk.engine) as connection:
        rows = connection.execute(sa.select(fact_change.c.id, fact_change.c.reverts).order_by(fact_change.c.id)).all()
    assert [row.reverts for row in rows] == [None, None, rows[1].id, rows[0].id]


@pytest.mark.parametrize(
    ("notice", "covers"),
    [
        pytest.param("An earlier version said 3, not 5.", True, id="both values"),
        pytest.param(
            "An earlier version said the fair was on 31 October; 52 came.", False, id="parts of other figures"
        ),
        pytest.param("An earlier version said 3.5 and 5,000.", False, id="parts of longer figures"),
        pytest.param("An earlier version said 3.", False, id="one value"),
    ],
)
def test_a_notice_speaks_of_whole_values(notice: str, covers: bool) -> None:
    """A 3 is not named by 31."""
    assert covers == speaks_of(notice, SimpleNamespace(type="number", before="3", after="5"))


def test_an_article_first_seen_late_is_said_to_be(desk: Desk) -> None:
    """``late`` is the article's, and stands in every alert about it."""
    desk.look(page(modified="2026-03-02T08:30:00Z"))
    desk.look(page(changed("12", "15"), modified="2026-03-02T08:40:00Z"))
    assert [body["article"]["late"] for _, body in desk.alerts()] == [True]


def test_a_change_with_which_the_marker_goes_is_not_stealthy(desk: Desk) -> None:
    """It was made while the page announced changes."""
    desk.look(page([*BODY, "This is a developing story and will be updated."]))
    desk.look(page(changed("12", "15")))
    assert not dict(desk.alerts())["article.facts_changed"]["stealth"]


def test_case_64_a_doubtful_page_settles_and_names_nothing(desk: Desk) -> None:
    """A collapsed text says nothing of the marker, another article's page nothing of the address."""
    desk.look(page([*BODY, "This is a developing story and will be updated."]))
    assert desk.look(page([BODY[1]])) == "collapse"
    other = "http://courier.example/news/orchestra"
    assert desk.look(page(OTHER, headline="Orchestra opens its season", canonical=other)) == "replaced"
    assert desk.alerts() == []
    assert desk.article().marker == "developing"
    with reading(desk.engine) as connection:
        assert other not in " ".join(connection.execute(sa.select(alias.c.key)).scalars())


def test_a_day_is_resolved_in_the_outlets_zone(desk: Desk) -> None:
    """Half past midnight in +02:00 is still Sunday in UTC: "today" is Monday the 2nd, as the outlet's readers read it."""
    stamped = (b"2026-03-02T08:00:00Z", b"2026-03-02T00:30:00+02:00")
    for day in ("today", "on 2 March"):
        said = [*BODY, f"The council met {day} to vote on a new bridge."]
        assert desk.look(page(said).replace(*stamped)) == "new"
    assert [] == desk.alerts()


def test_case_65_after_a_quiet_day_the_hold_is_released(desk: Desk) -> None:
    """Both texts are kept; a day after the third flip a return is told as a fact again."""
    for n in range(8):
        for _ in range(2):
            desk.look(page(changed("12", "15") if n % 2 else BODY), minutes=10)
    quiet = len(desk.alerts())
    assert [kind for kind, _ in desk.alerts()].count("article.variants") == 1
    texts = {row.text for row in _versions(desk)}
    assert len(texts) == 2
    desk.look(page(changed("12", "15")), minutes=26 * 60)
    for _ in range(2):
        desk.look(page(BODY))
    assert [kind for kind, _ in desk.alerts()[quiet:]] == ["article.facts_changed"]


def _versions(desk: Desk) -> list[sa.Row[tuple[bytes]]]:
    with reading(desk.engine) as connection:
        return list(connection.execute(sa.select(version.c.text).order_by(version.c.number)).all())
