"""Every setting with its unit and default, frozen. ``config.load`` fills it once, at the edge."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from config.duration import Duration


class Section(BaseModel):
    """A table of ``writethru.toml``: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Networks = tuple[IPv4Network | IPv6Network, ...]


class Database(Section):
    """Where the truth is kept."""

    url: SecretStr | None = Field(None, description="SQLAlchemy URL; unset: SQLite in data_dir")


class Redis(Section):
    """Where the doorbell hangs."""

    url: SecretStr | None = Field(None, description="redis:// or unix:// URL; unset: an embedded Valkey")


class Fetch(Section):
    """How pages and feeds are fetched."""

    user_agent: str = Field("Writethru/0.1 (+{contact})", description="sent with each request; {contact} is filled in")
    contact: str = Field("", description="an address or URL where the operator can be reached")
    allow_networks: Networks = Field((), description="CIDRs that fetching may reach although they are not public")
    per_host_delay: Duration = Field(timedelta(seconds=1), description="least time between two requests to one host")
    connect_timeout: Duration = Field(timedelta(seconds=5), description="to open a connection")
    read_timeout: Duration = Field(timedelta(seconds=10), description="between two pieces of an answer")
    total_timeout: Duration = Field(timedelta(seconds=20), description="for a whole fetch, redirects included")
    max_bytes: int = Field(5_000_000, gt=0, description="bytes of a body, on the wire and decoded")
    max_redirects: int = Field(5, ge=0, description="redirects followed")
    obey_robots: bool = Field(True, description="whether robots.txt is asked and obeyed")
    concurrency: int = Field(16, gt=0, description="hosts fetched from at once")


class Schedule(Section):
    """When a feed or an article is looked at again."""

    feed_min: Duration = Field(timedelta(minutes=1), description="shortest wait between two looks at a feed")
    feed_max: Duration = Field(timedelta(hours=1), description="longest wait between two looks at a feed")
    article_min: Duration = Field(timedelta(minutes=2), description="shortest wait between two looks at an article")
    article_max: Duration = Field(timedelta(hours=6), description="longest wait for an active article")
    settle_after: Duration = Field(timedelta(days=2), description="without a change for so long, an article settles")
    confirm_gone: Duration = Field(timedelta(minutes=30), description="between the two looks that find a page gone")
    confirm_text: Duration = Field(timedelta(seconds=30), description="until a surprising text is looked at once more")
    backoff_max: Duration = Field(timedelta(hours=24), description="longest wait after failures in a row")


class Deliver(Section):
    """How webhooks are sent."""

    timeout: Duration = Field(timedelta(seconds=15), description="for one attempt")
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
    page_cpu: Duration = Field(timedelta(seconds=20), description="CPU time for one page")
    page_memory: int = Field(1 << 30, gt=0, description="bytes of memory for one page above the worker's own")


class Web(Section):
    """Where the pages are served."""

    host: str = Field("127.0.0.1", description="address to bind")
    port: int = Field(8700, ge=0, le=65535, description="port to bind; 0: any free one")


class Retention(Section):
    """How long what is no longer needed is kept."""

    snapshots: Duration = Field(timedelta(days=30), description="bodies of snapshots that made no version")
    outbox: Duration = Field(timedelta(days=7), description="outbox rows that are done")
    looks: Duration = Field(timedelta(days=365), description="looks")


class Settings(BaseModel):
    """All that the operator decides, validated once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(Path("var"), description="folder for the database, sockets and locks")
    database: Database = Database()
    redis: Redis = Redis()
    fetch: Fetch = Fetch()
    schedule: Schedule = Schedule()
    deliver: Deliver = Deliver()
    work: Work = Work()
    web: Web = Web()
    retention: Retention = Retention()

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL with its driver, the default filled in."""
        if self.database.url is not None:
            return self.database.url.get_secret_value()
        return f"sqlite+pysqlite:///{self.data_dir / 'writethru.db'}"

    @property
    def user_agent(self) -> str:
        """The user agent as it is sent."""
        contact = self.fetch.contact or "self-hosted"
        return self.fetch.user_agent.replace("{contact}", contact)
