"""Every setting with its unit and default, frozen. ``config.load`` fills it once, at the edge."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from config.duration import Duration, PositiveDuration

ROOT = Path(__file__).resolve().parent.parent
"""The folder in which ``writethru`` lies."""


class Section(BaseModel):
    """A table of ``writethru.toml``: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def network(written: object) -> IPv4Network | IPv6Network:
    """Reads a CIDR. Raises ValueError where it is none, or has bits set behind its prefix."""
    try:
        return ip_network(str(written).strip())
    except ValueError as wrong:
        raise ValueError(f"{wrong}; write a CIDR such as 10.0.0.0/8 or fd00::/8") from None


def _spoken(*schemes: str) -> AfterValidator:
    """Accepts a URL of these schemes only, and says so without repeating the URL, which may hold a password."""

    def check(url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(tuple(f"{scheme}:" for scheme in schemes)):
            raise ValueError(f"the URL must begin with {' or '.join(f'{scheme}:' for scheme in schemes)}")
        return url

    return AfterValidator(check)


Networks = tuple[Annotated[IPv4Network | IPv6Network, BeforeValidator(network)], ...]
DatabaseUrl = Annotated[SecretStr, _spoken("sqlite+pysqlite", "postgresql+psycopg")]
RedisUrl = Annotated[SecretStr, _spoken("redis", "rediss", "unix")]
HeaderText = Annotated[str, Field(pattern=r"^[ -~]*$")]
"""What may stand in a header: printable ASCII (RFC 9110 §5.5)."""


class Database(Section):
    """Where the truth is kept."""

    url: DatabaseUrl | None = Field(None, description="SQLAlchemy URL; unset: SQLite in data_dir")


class Redis(Section):
    """Where the doorbell hangs."""

    url: RedisUrl | None = Field(None, description="redis:// or unix:// URL; unset: an embedded Valkey")


class Fetch(Section):
    """How pages and feeds are fetched."""

    user_agent: HeaderText = Field(
        "Writethru/0.1 (+{contact})", description="sent with each request; {contact} is filled in"
    )
    contact: HeaderText = Field("", description="an address or URL where the operator can be reached")
    allow_networks: Networks = Field((), description="CIDRs that fetching may reach although they are not public")
    per_host_delay: Duration = Field(timedelta(seconds=1), description="least time between two requests to one host")
    connect_timeout: PositiveDuration = Field(timedelta(seconds=5), description="to open a connection")
    read_timeout: PositiveDuration = Field(timedelta(seconds=10), description="between two pieces of an answer")
    total_timeout: PositiveDuration = Field(timedelta(seconds=20), description="for a whole fetch, redirects included")
    max_bytes: int = Field(5_000_000, gt=0, description="bytes of a body, on the wire and decoded")
    max_redirects: int = Field(5, ge=0, description="redirects followed")
    allow_downgrade: bool = Field(False, description="whether a redirect from https to http is followed")
    obey_robots: bool = Field(True, description="whether robots.txt is asked and obeyed")
    concurrency: int = Field(16, gt=0, description="hosts fetched from at once")


class Schedule(Section):
    """When a feed or an article is looked at again."""

    feed_min: PositiveDuration = Field(timedelta(minutes=1), description="shortest wait between two looks at a feed")
    feed_max: PositiveDuration = Field(timedelta(hours=1), description="longest wait between two looks at a feed")
    article_min: PositiveDuration = Field(
        timedelta(minutes=2), description="shortest wait between two looks at an article"
    )
    article_max: PositiveDuration = Field(timedelta(hours=6), description="longest wait for an active article")
    settle_after: PositiveDuration = Field(
        timedelta(days=2), description="without a change for so long, an article settles"
    )
    confirm_gone: Duration = Field(timedelta(minutes=30), description="between the two looks that find a page gone")
    confirm_text: Duration = Field(timedelta(seconds=30), description="until a surprising text is looked at once more")
    backoff_max: PositiveDuration = Field(timedelta(hours=24), description="longest wait after failures in a row")

    @model_validator(mode="after")
    def _shortest_first(self) -> Self:
        if self.feed_min > self.feed_max:
            raise ValueError("schedule.feed_min is longer than schedule.feed_max")
        if self.article_min > self.article_max:
            raise ValueError("schedule.article_min is longer than schedule.article_max")
        return self


class Facts(Section):
    """How texts are compared."""

    ner: bool = Field(False, description="whether spaCy reads names too; needs `./writethru install ner`")


class Deliver(Section):
    """How webhooks are sent."""

    timeout: PositiveDuration = Field(
        timedelta(seconds=15), le=timedelta(seconds=35), description="for one attempt; at most 35s"
    )
    schedule: tuple[Duration, ...] = Field(
        tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)),
        description="waits between attempts, ±20 % jitter; one attempt more than waits",
    )
    per_endpoint: int = Field(1, gt=0, description="deliveries in flight at once to one endpoint")
    allow_networks: Networks = Field((), description="CIDRs that webhooks may reach although they are not public")


class Work(Section):
    """How many workers, and what one page may cost."""

    readers: int = Field(1, ge=0, description="reader processes under `up`")
    deliverers: int = Field(1, ge=0, description="deliverer processes under `up`")
    page_cpu: PositiveDuration = Field(
        timedelta(seconds=20), le=timedelta(seconds=35), description="CPU time for one page; at most 35s"
    )
    page_memory: int = Field(1 << 30, gt=0, description="bytes of memory for one page above the worker's own")


class Web(Section):
    """Where the pages are served."""

    host: str = Field("127.0.0.1", min_length=1, description="address to bind")
    port: int = Field(8700, ge=0, le=65535, description="port to bind; 0: any free one")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the address; a name other than ``localhost`` counts as reachable."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class Retention(Section):
    """How long what is no longer needed is kept."""

    snapshots: Duration = Field(
        timedelta(days=30), description="snapshots that made no version, the newest 50 of a page at most"
    )
    outbox: Duration = Field(timedelta(days=7), description="outbox rows that are done")
    looks: Duration = Field(timedelta(days=365), description="looks")


class Log(Section):
    """What is logged, and how it looks."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="the least that is logged")
    format: Literal["auto", "text", "json"] = Field("auto", description="auto: text on a terminal, else JSON")


class Settings(Section):
    """All that the operator decides, validated once."""

    data_dir: Path = Field(ROOT / "var", description="folder for the database, sockets and locks")
    database: Database = Database()
    redis: Redis = Redis()
    fetch: Fetch = Fetch()
    schedule: Schedule = Schedule()
    facts: Facts = Facts()
    deliver: Deliver = Deliver()
    work: Work = Work()
    web: Web = Web()
    retention: Retention = Retention()
    log: Log = Log()

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not self.web.is_loopback and not self.fetch.contact:
            raise ValueError(
                "fetch.contact is required once web.host is not loopback; set it to an address or URL of yours"
            )
        return self

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL with its driver, the default filled in."""
        if self.database.url is not None:
            return self.database.url.get_secret_value()
        return f"sqlite+pysqlite:///{self.data_dir / 'writethru.db'}"

    @property
    def web_url(self) -> str:
        """Where the pages are, as links in alerts name it, without a trailing slash."""
        host = f"[{self.web.host}]" if ":" in self.web.host else self.web.host
        return f"http://{host}:{self.web.port}"

    @property
    def user_agent(self) -> str:
        """The user agent as it is sent."""
        contact = self.fetch.contact or "self-hosted"
        return self.fetch.user_agent.replace("{contact}", contact)
