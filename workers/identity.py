"""Whether a page that was read is another article that is watched: the rule of docs/identity.md, by names and texts."""

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from rapidfuzz import fuzz

from ingest.judging.sameness import Sameness, sameness
from ingest.model import Page
from ingest.urls import clean, host_of, is_front, site_of
from store import articles, merges, versions
from store.articles import Known
from workers.entries import ALIKE, names_of, url_key
from workers.prepared import Lost

READERS = "reader"
"""Who a merge or a split is by, where no person made it."""

STATES = 5
"""So many of the other article's newest texts are compared: one may be some edits behind."""

COLLAPSED, DISBELIEVED = "many-in-one", "canonical-shared"
"""Warnings of an article: many addresses lead to one page; its canonical address is claimed by different texts."""

MANY = 10
"""So many articles become part of one by readers; of more than that a page is a wall or a list that all lead to."""


def is_part(connection: sa.Connection, article: Known) -> bool:
    """Whether the article became part of another, so that nothing more is read of it or told of it."""
    return article.paused and merges.kept_for(connection, article.id) is not None


def joined(connection: sa.Connection, article: Known, page: Page, answered: str, now: datetime) -> bool:
    """Names the article by its canonical URL and the one that *answered*, and merges it with those that have such a
    name where the texts are one. True when it became part of another. Raises Lost where somebody holds that one."""
    claims = _claimed(article, page, answered)
    claimed = {url_key(url): by for url, by in claims.items()}
    # What merely leads to another site's page must not be had for that page by whoever lists it.
    names = {url_key(url): by for url, by in claims.items() if site_of(url) == site_of(article.place)}
    # Named first, then asked whose name it is: of two readers at once the slower one waits for the faster one's answer.
    articles.name(connection, article.id, {**dict.fromkeys(names_of(article.url), "page"), **names}, now)
    owners = articles.by_keys(connection, list(claimed))
    others = {owner: claimed[key] for key, owner in owners.items() if owner != article.id}
    if article.versions == 0:
        claiming = articles.claiming(connection, article.id, [article.url, clean(answered)])
        others = dict.fromkeys(claiming, "claimed") | others
    shared = "canonical" in names.values() and url_key(page.canonical) not in owners
    warning = DISBELIEVED if shared else ""
    for other in sorted(others):
        told = _met(connection, article, page, other, others[other], answered, now)
        if told is None:
            return True
        warning = told or warning
    if warning == DISBELIEVED:
        articles.disbelieve(connection, url_key(page.canonical))
    known = page.canonical if "canonical" in claimed.values() else article.canonical
    if (known, warning) != (article.canonical, article.warning):
        articles.note(connection, article.id, canonical=known, warning=warning)
    return False


def _claimed(article: Known, page: Page, answered: str) -> dict[str, str]:
    """The addresses that the page gives itself. A front page as canonical is a site's mistake and names nothing."""
    names = {answered: "final"} if answered and not is_front(answered) else {}
    canonical = page.canonical
    if canonical and not is_front(canonical) and site_of(canonical) in (article.site, site_of(answered)):
        names[canonical] = "canonical"
    return names


def _met(
    connection: sa.Connection, article: Known, page: Page, other_id: int, by: str, answered: str, now: datetime
) -> str | None:
    """What it means that another article has the same name: None when this one became part of it, else a warning or
    nothing."""
    other = articles.known(connection, other_id, lock=True, wait=False)
    if other is None:
        raise Lost
    if other.versions == 0 or merges.was_undone(connection, article.id, other.id):
        return ""  # nothing to compare yet: it asks when it is read
    found = _nearest(connection, article, page, other)
    if not found.is_one and by == "claimed":
        articles.note(connection, other.id, warning=DISBELIEVED)
        return ""
    if not found.is_one:
        return DISBELIEVED if by == "canonical" else ""
    kept, gone = (article, other) if article.versions and article.id < other.id else (other, article)
    if _unlike(article.title, page.headline, other.title) or merges.made_for(connection, kept.id) >= MANY:
        return COLLAPSED
    evidence = {**asdict(found), "canonical": page.canonical}
    moved = site_of(kept.place) != site_of(answered) == site_of(gone.place)
    if moved:  # looked at where the page is, not through what leads there and may lead elsewhere tomorrow
        evidence |= {"looked_at": [kept.address, host_of(kept.place)]}
        articles.look_at(connection, kept.id, gone.place, host_of(gone.place), now)
    merges.make(connection, kept=kept.id, gone=gone.id, reason=by, evidence=evidence, by=READERS, now=now)
    return None if gone is article else ""


def _nearest(connection: sa.Connection, article: Known, page: Page, other: Known) -> Sameness:
    """How near this page comes to one of the other's texts, or one of this article's to the other's latest."""
    theirs = versions.texts(connection, other.id, STATES)
    mine = [page.text, *(versions.texts(connection, article.id, STATES) if article.versions else ())]
    pairs = [(page.text, each) for each in theirs] + [(each, theirs[0]) for each in mine[1:]]
    return max((sameness(*pair) for pair in pairs), key=lambda each: (each.is_one, each.shared))


def _unlike(listed: str, headline: str, other: str) -> bool:
    """Whether a feed called the article quite otherwise than the page that came, and than the article which that page
    is: then it was led astray. Nothing is said where nobody called it anything."""
    return bool(listed) and all(fuzz.token_set_ratio(listed, each) < ALIKE for each in (headline, other) if each)


def parted(connection: sa.Connection, article: Known, page: Page, now: datetime) -> bool:
    """Whether a link that was taken for the article's new one, by guid or number, shows another story: then that one is
    an article of its own, and this one is looked at where it was. Not once the link showed this article's text."""
    names = names_of(article.address) if article.address else {}
    since = articles.named_since(connection, article.id, list(names))
    if since is None or (article.same_at is not None and article.same_at > since[0]):
        return False
    told = max(
        (sameness(page.text, each) for each in versions.texts(connection, article.id, 1)), key=lambda s: s.shared
    )
    if told.is_one:
        return False
    link = article.address
    new = articles.add(
        connection, url=link, host_name=host_of(link), site=site_of(link), title=page.headline, keys={}, now=now
    )
    articles.take_names(connection, list(names), link, of=article.id, to=new)
    articles.look_at(connection, article.id, "", host_of(article.url), now)
    evidence = {**asdict(told), "link": link}
    merges.part(connection, kept=article.id, gone=new, reason=since[1], evidence=evidence, by=READERS, now=now)
    return True
