"""The invented outlets: how each is called, which template, feed format and standing noise it has."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet; it is served on a port of its own. *noises* stand on each of its pages; *etags* says whether its
    article pages carry validators."""

    key: str
    name: str
    template: str
    feed: Literal["rss", "atom"]
    noises: frozenset[str]
    etags: bool = False


OUTLETS = (
    Outlet("courier", "Port Harrow Courier", "courier", "rss", frozenset({"counters", "lists", "today", "topics"})),
    Outlet("wire", "Meridian Wire", "wire", "atom", frozenset({"today", "session", "lists"})),
    Outlet("gazette", "Ashgate Gazette", "gazette", "rss", frozenset({"counters"}), etags=True),
    Outlet("dispatch", "Northern Dispatch", "dispatch", "rss", frozenset({"topics", "counters", "session", "lists"})),
)
