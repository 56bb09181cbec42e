"""robots.txt (RFC 9309): what an answer for it means, and whether it lets us in."""

import re
from datetime import timedelta

from protego import Protego

from ingest.model import Fetched, FetchError

KEPT_FOR = timedelta(hours=24)
ASKED_AGAIN = timedelta(minutes=10)
"""Rules are kept for a day (§2.4); a site whose rules cannot be had is asked again sooner."""

MAX_RULES = 500 * 1024
"""Bytes that are read of robots.txt (§2.5)."""

MOST_DELAY = timedelta(seconds=60)
"""Crawl-delay is obeyed up to a minute."""

_AGENT = re.compile(r"\s*user[\s-]?agent\s*[:\s]\s*([^#]*)", re.IGNORECASE)

# A broken robots.txt is no robots.txt (§2.3.1.3 and §2.3.1.2); what the network refuses is about the site itself.
_NONE_THERE = frozenset(
    {"empty-body", "too-many-redirects", "bad-url", "unsupported-scheme", "insecure-redirect", "too-large",
     "unexpected-encoding", "bad-gzip", "front-page"}
)  # fmt: skip


def rules_of(came: Fetched | FetchError) -> str | None:
    """The text of the rules: empty where everything is allowed, None where nothing is, because the site is unwell.
    Raises the FetchError that says that the site cannot be reached at all."""
    if isinstance(came, Fetched):
        return came.body[:MAX_RULES].decode("utf-8", "replace").replace("\0", "")
    if came.reason in _NONE_THERE or (400 <= came.status < 500 and came.status != 429):
        return ""
    if came.status:
        return None
    raise came


class Rules:
    """The rules of one site, read once."""

    def __init__(self, text: str | None, user_agent: str) -> None:
        """*text* is as rules_of() gives it; of *user_agent* the product token counts (§2.2.1)."""
        self._token = user_agent.partition("/")[0].strip() or "*"
        self._rules = None if text is None else Protego.parse(addressed(text.removeprefix("\ufeff"), self._token))

    def refusal(self, url: str) -> str | None:
        """Why *url* may not be fetched: ``robots``, ``robots-unreachable``, or None."""
        if self._rules is None:
            return "robots-unreachable"
        return None if self._rules.can_fetch(url, self._token) else "robots"

    def delay(self, least: timedelta) -> timedelta:
        """The pause between two requests: ours, or the site's Crawl-delay where that is longer."""
        asked = self._rules.crawl_delay(self._token) if self._rules else None
        return max(least, timedelta(seconds=min(float(asked or 0), MOST_DELAY.total_seconds())))


def addressed(text: str, token: str) -> str:
    """The rules with one name for everybody who is neither *token* nor all. Protego keeps each rule once for each name
    above it: of 15,000 names and as many rules, which 500 kB hold, it would make 225 million."""
    return "\n".join(_renamed(line, token.lower()) for line in text.splitlines())


def _renamed(line: str, token: str) -> str:
    named = _AGENT.match(line)
    if named is None or not (written := named[1].strip().lower()):
        return line
    name = written.replace("*", "")
    ours = not name or re.search(rf"(?<![\w-]){re.escape(name)}", token)  # a name counts from where a word begins
    return f"User-agent: {(name or '*') if ours else '?'}"
