"""The values that travel from the socket to the version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Marker = Literal["none", "developing", "live", "removed"]
Verdict = Literal["article", "blocked", "consent", "paywall", "truncated", "empty", "not-an-article"]


class FetchError(Exception):
    """A fetch that brought nothing that may be kept. *reason* is a code from docs/reasons.md; *status* is the HTTP
    status where one came, else 0; *retry_after* is in seconds, already clamped; *hop* counts redirects from 1."""

    def __init__(
        self, reason: str, *, detail: str = "", status: int = 0, retry_after: float | None = None, hop: int = 1
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
        self.hop = hop


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next GET conditional: header values as they came, byte for byte."""

    etag: bytes | None = None
    last_modified: bytes | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer worth having: 200 with a whole body, or 304 without one. *moved_to* is set when every redirect on the
    way was permanent (301, 308); *max_age* is Cache-Control's, in seconds; *sha256* is of the decoded body, in hex."""

    status: int
    url: str
    body: bytes
    sha256: str
    headers: Mapping[str, str]
    validators: Validators
    content_type: str
    redirects: tuple[str, ...]
    moved_to: str | None
    max_age: float | None
    elapsed: float


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. *guid* falls back to the link, *link* is absolute http(s) or empty."""

    guid: str
    link: str
    title: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's title and its entries in the order of the document, at most 1,000; *cut*: it lists more."""

    title: str
    language: str
    entries: tuple[FeedEntry, ...]
    cut: bool = False


class ParseError(Exception):
    """Bytes that are not what they should be. *reason* is a code from docs/reasons.md."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a page. *path* is its DOM path without numbers; *rule* says why it was stripped ("" = kept) and
    *evidence* what that rule saw."""

    text: str
    path: str
    rule: str = ""
    evidence: str = ""

    @property
    def kept(self) -> bool:
        """Whether the block belongs to the article."""
        return not self.rule


@dataclass(frozen=True, slots=True)
class Signals:
    """What a page says about its own history: correction and editor's notes, the visible "updated" stamp as written."""

    notices: tuple[str, ...] = ()
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read. *text* holds the kept blocks, one paragraph a line, without the headline; *verdict* is
    ``article`` or the reason why no text may be kept; *extractor* names the revision of the rules; *gate* is equal to
    that of a later fetch (``extraction/gate.py``) where nothing needs extracting, and empty where that cannot be told;
    *zone* is the offset of its stamps (``+02:00``), empty where they give none or UTC."""

    url: str
    canonical: str
    headline: str
    byline: str
    published: datetime | None
    modified: datetime | None
    language: str
    marker: Marker
    signals: Signals
    blocks: tuple[Block, ...]
    verdict: Verdict
    extractor: str
    front_page: bool = False
    gate: str = ""
    zone: str = ""

    @property
    def text(self) -> str:
        """The kept blocks, one a line."""
        return "\n".join(block.text for block in self.blocks if block.kept)


@dataclass(frozen=True, slots=True)
class SiteMemory:
    """What is known of one site: from how many *distinct* articles, fingerprints of furniture → on how many of these it
    was sighted, DOM paths that are told one from the other → how many blocks under them were (furniture, text), keys of
    headlines, and what people pinned (fingerprint → ``furniture`` or ``text``), which wins over all that was learnt."""

    articles: int = 0
    sighted: Mapping[str, int] = field(default_factory=dict)
    paths: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()
    pins: Mapping[str, str] = field(default_factory=dict)
