"""A snapshot's way to a version, its fact changes and what is told of them."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from store import versions
from store.engine import reading
from store.tables import alias, article, entry, fact_change, feed, version
from tests.parts.pages import BODY, page
from tests.parts.reading import URL, Desk
from workers import pages

TEASERS = [
    (
        "Storm closes 14 schools in Marlow Bay",
        "Some 2,300 pupils stayed at home as Councillor Ida Brandt warned of worse.",
    ),
    (
        "Harbour Bank fined 40 million over loans",
        "Regulator Pavel Stroud said 612 customers had been misled since 2019.",
    ),
    ("Rovers sign keeper for three years", "Manager Colm Reyes paid 9 million for Adaeze Holt, aged 22, on Tuesday."),
    ("Vaccine trial enrols 900 volunteers", "Dr Hana Mirek said first results from 6 clinics were due in November."),
    (
        "Museum finds lost letters of Oskar Wynn",
        "The 31 letters from 1911 lay in a box in the cellar, said curator Ana Lund.",
    ),
]


@pytest.fixture
def desk(engine: sa.Engine, now: datetime) -> Desk:
    """A reader on an empty store."""
    return Desk(engine, now)


def changed(old: str, new: str) -> list[str]:
    """The body with one phrase replaced."""
    assert any(old in paragraph for paragraph in BODY)
    return [paragraph.replace(old, new) for paragraph in BODY]


def with_teaser(n: int, paragraphs: list[str] | tuple[str, ...] = BODY) -> list[str]:
    """The body with another outlet's habit: a teaser in mid-article, in plain paragraphs, another one at each fetch."""
    title, text = TEASERS[n % len(TEASERS)]
    return [*paragraphs[:3], "Other Topics of Interest", title, text, *paragraphs[3:]]


def test_a_first_text_is_version_one_and_tells_nothing(desk: Desk) -> None:
    """Nothing changed yet."""
    assert desk.look(page()) == "new"
    assert desk.article().versions == 1
    assert desk.alerts() == []


def test_a_rising_toll_is_told(desk: Desk) -> None:
    """The webhook's body has the two versions, the window and the change."""
    desk.look(page())
    desk.look(page())
    assert desk.look(page(changed("12", "15"), headline="Bridge collapse in Port Harrow kills 15")) in (
        "new",
        "headline",
    )
    desk.look(page(changed("12", "15"), headline="Bridge collapse in Port Harrow kills 15"))
    kinds = [kind for kind, _ in desk.alerts()]
    assert kinds[0] == "article.facts_changed"
    body = desk.alerts()[0][1]
    toll = next(change for change in body["changes"] if change["type"] == "casualty")
    assert (toll["before"], toll["after"], toll["severity"], toll["direction"]) == ("12", "15", "critical", "+25%")
    assert (body["version"]["from"], body["version"]["to"]) == (1, 2)
    assert body["version"]["seen_old_at"] < body["version"]["seen_new_at"]
    assert body["article"]["url"] == URL


def test_wording_alone_is_a_version_and_no_alert(desk: Desk) -> None:
    """Style is kept and countable."""
    desk.look(page())
    reworded = changed("Rescue teams worked through the night", "Through the night rescue teams worked")
    assert desk.look(page(reworded)) == "new"
    assert desk.article().versions == 2
    assert desk.alerts() == []


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(lambda n: page(nonce=f"{n}f3a"), id="a nonce"),
        pytest.param(lambda n: page(extra=f"<aside><p>{n * 37} people are reading this</p></aside>"), id="a counter"),
        pytest.param(lambda n: page(with_teaser(n)), id="case_63 a rotating teaser in plain paragraphs"),
        pytest.param(lambda n: page(modified=f"2026-03-02T1{n}:00:00Z"), id="a bumped stamp"),
        pytest.param(
            lambda n: page([p.replace("“", '"').replace("”", '"') if n % 2 else p for p in BODY]), id="typography"
        ),
    ],
)
def test_case_63_noise_never_makes_a_version(desk: Desk, noise: object) -> None:
    """Eight looks at an article that stands still leave one version and tell nothing."""
    for n in range(8):
        desk.look(noise(n))  # type: ignore[operator]
    assert desk.article().versions == 1
    assert desk.alerts() == []


def test_an_edit_beside_a_rotating_teaser_is_told(desk: Desk) -> None:
    """The slot is silent, the fact is not."""
    for n in range(4):
        desk.look(page(with_teaser(n)))
    for n in range(4, 7):
        desk.look(page(with_teaser(n, changed("denied", "confirmed"))))
    [(kind, body)] = desk.alerts()
    assert kind == "article.facts_changed"
    assert [change["type"] for change in body["changes"]] == ["status"]
    assert desk.article().versions == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"<html><title>Just a moment...</title><body>Checking your browser before accessing "
                     b"courier.example. <script src='/cdn-cgi/challenge-platform/x.js'></script></body></html>",
                     "blocked", id="case_41 a challenge"),
        pytest.param(page()[:900], "truncated", id="cut in the middle"),
    ],
)  # fmt: skip
def test_p5_a_broken_page_is_never_a_version(desk: Desk, body: bytes, reason: str) -> None:
    """What we could not see says nothing about the article."""
    desk.look(page())
    came = desk.look(body)
    assert came != "new"
    assert desk.article().versions == 1
    assert desk.alerts() == []


def test_case_65_flips_are_confirmed_and_the_third_is_told_as_variants(desk: Desk) -> None:
    """A, B, A, B…: each confirmed flip is a version, then one notice and silence."""
    first, second = page(), page(changed("12", "15"))
    for n in range(10):
        for _ in range(2):
            desk.look(second if n % 2 else first, minutes=10)
    kinds = [kind for kind, _ in desk.alerts()]
    assert kinds.count("article.variants") == 1
    after = kinds[kinds.index("article.variants") + 1 :]
    assert after == []
    with reading(desk.engine) as connection:
        rows = connection.execute(sa.select(version.c.number, version.c.same_text_as).order_by(version.c.number)).all()
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > 4
    assert {row.same_text_as for row in rows[2:]} == {1, 2}


def test_a_fact_that_returns_says_what_it_reverts(desk: Desk) -> None:
    """12 → 15 → 12: the second change names the first."""
    desk.look(page())
    for paragraphs in (changed("12", "15"), list(BODY)):
        desk.look(page(paragraphs))
        desk.look(page(paragraphs))
    with reading(desk.engine) as connection:
        rows = connection.execute(sa.select(fact_change.c.id, fact_change.c.reverts).order_by(fact_change.c.id)).all()
    assert rows[-1].reverts == rows[0].id


def test_a_correction_names_what_it_covers(desk: Desk) -> None:
    """article.corrected comes beside article.facts_changed."""
    desk.look(page())
    notice = "Correction: An earlier version of this article said the cracks were in the western pier."
    corrected = [*changed("western", "eastern"), notice]
    desk.look(page(corrected))
    desk.look(page(corrected))
    told = dict(desk.alerts())
    assert set(told) == {"article.facts_changed", "article.corrected"}
    place = next(change for change in told["article.facts_changed"]["changes"] if change["type"] != "correction")
    assert place["id"] in told["article.corrected"]["covers"]
    assert told["article.corrected"]["severity"] == "critical"


def test_a_developing_story_that_settles_is_told(desk: Desk) -> None:
    """The marker's going makes no version."""
    desk.look(page([*BODY, "This is a developing story and will be updated."]))
    assert desk.article().marker == "developing"
    desk.look(page())
    desk.look(page())
    assert desk.article().versions == 1
    assert [kind for kind, _ in desk.alerts()] == ["article.settled"]


def test_case_88_the_same_snapshot_read_twice_is_one_result(desk: Desk) -> None:
    """A job that runs again finds the text it already kept."""
    desk.look(page())
    desk.look(page(changed("12", "15")))
    desk.look(page(changed("12", "15")))
    desk.look(page(changed("12", "15")))
    assert desk.article().versions == 2
    assert len(desk.alerts()) == 1


def test_the_chain_holds(desk: Desk) -> None:
    """Each version's chain follows from the one before and its own record."""
    desk.look(page())
    for toll in ("15", "17"):
        desk.look(page(changed("12", toll)))
        desk.look(page(changed("12", toll)))
    with reading(desk.engine) as connection:
        latest = versions.latest(connection, desk.article_id)
        chains = connection.execute(sa.select(version.c.chain).order_by(version.c.number)).scalars().all()
    assert latest is not None
    assert latest.number == 3
    assert len(set(chains)) == 3
    assert all(len(chain) == 64 for chain in chains)


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title><link>http://courier.example/</link>
<item><title>Bridge collapse in Port Harrow kills 12</title><link>http://courier.example/news/bridge{query}</link>
<guid isPermaLink="false">story-1</guid></item></channel></rss>"""


def test_a_story_is_recognised_again(desk: Desk) -> None:
    """Tracking parameters, the guid with a new link, and rel=canonical lead to the one article."""
    desk.feed(RSS.format(query="").encode())
    desk.feed(RSS.format(query="?utm_source=feed").encode())
    desk.feed(RSS.replace("/news/bridge{query}", "/news/bridge-kills-12").encode())
    with reading(desk.engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(article)) == 1
        desk.article_id = connection.execute(sa.select(article.c.id)).scalar_one()
    desk.look(page())
    other = desk.watch("http://courier.example/2026/03/bridge-amp")
    desk.look(page(canonical=URL), url="http://courier.example/2026/03/bridge-amp", article_id=other)
    with reading(desk.engine) as connection:
        states = connection.execute(sa.select(article.c.watch, article.c.versions).order_by(article.c.id)).all()
        names = connection.execute(sa.select(alias.c.article_id)).scalars().all()
    assert [tuple(row) for row in states] == [("active", 1), ("ended", 0)]
    assert len(set(names)) == 1


def test_case_53_a_page_added_as_a_feed_is_what_it_is(desk: Desk) -> None:
    """HTML that names its feed is replaced by it; an article is watched as one; anything else is refused."""
    names = b"<html><head><link rel=alternate type='application/rss+xml' href='/rss.xml'></head><body></body></html>"
    assert desk.feed(names, url="http://courier.example/") == "names-a-feed"
    assert desk.feed(page(), url=URL) == "is-an-article"
    desk.feed(b"\x00\x01nothing", url="http://courier.example/bad")
    with reading(desk.engine) as connection:
        rows = connection.execute(sa.select(feed.c.url, feed.c.paused, feed.c.failures).order_by(feed.c.id)).all()
        watched = connection.execute(sa.select(article.c.url)).scalars().all()
        assert connection.scalar(sa.select(sa.func.count()).select_from(entry)) == 0
    assert [tuple(row) for row in rows] == [
        ("http://courier.example/rss.xml", False, 0),
        (URL, True, 0),
        ("http://courier.example/bad", False, 1),
    ]
    assert watched == [URL]


def test_a_page_that_stands_still_is_not_extracted_again(desk: Desk) -> None:
    """The gate knows it by its paragraphs, whatever its nonce; an edit passes the gate."""
    for n in range(3):
        desk.look(page(nonce=str(n)))
    kinds = [type(desk.prepared(page(BODY, nonce="x"))), type(desk.prepared(page(changed("12", "15"))))]
    assert kinds == [pages.Unmoved, pages.PageRead]


def test_a_page_that_is_stamped_anew_at_each_fetch_is_spared_once_the_site_is_known_for_it(desk: Desk) -> None:
    """The first stamp over equal text is counted and makes the site's stamps uninformative; later ones open nothing,
    and an edit beneath them is told all the same."""
    for hour in range(2, 6):
        desk.look(page(modified=f"2026-03-02T0{hour}:00:00Z"))
    assert desk.article().restamped == 1
    assert isinstance(desk.prepared(page(modified="2026-03-02T07:00:00Z")), pages.Unmoved)
    desk.look(page(changed("12", "15"), modified="2026-03-02T08:00:00Z"))
    [(_, body)] = desk.alerts()
    assert body["disclosure"]["modified"] == "uninformative"
