"""What the API answers where that is no row of the store: the shapes that its description shows."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar, get_type_hints

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, create_model

from facts.model import Change
from store.reviews import Review
from store.views.versions import VersionRow

Row = TypeVar("Row")
Span = tuple[int, int]
Mark = tuple[Literal["same", "del", "ins"], str]


def _whole(value: object) -> object:
    """JSON knows one kind of number: 7.0 is a whole one, and neither true nor "7" is one."""
    if isinstance(value, bool | str):
        raise ValueError("an id is a number")  # noqa: TRY004 - pydantic knows this one alone
    return int(value) if isinstance(value, float) and value.is_integer() else value


BodyId = Annotated[int, Field(ge=1, le=2**53 - 1), BeforeValidator(_whole)]
"""An id in the body of a request, as far as every reader of JSON can count."""


def _written(value: object) -> object:
    """Seconds since 1970 are no moment that anybody would read."""
    if isinstance(value, str) and ":" not in value:
        raise ValueError("a moment is written as in RFC 3339")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
"""A moment with its zone, as RFC 3339 writes it."""


class Refusal(BaseModel):
    """Why something cannot be, in one sentence."""

    error: str


class Piece(BaseModel, Generic[Row]):
    """A piece of a list; *next* is the cursor of the piece after it, null at the end."""

    items: list[Row]
    next: str | None


class Offsets(BaseModel):
    """Where the claim stands in the two texts, in characters; null on the side that lacks it."""

    before: Span | None
    after: Span | None


class Where(BaseModel):
    """The article of a fact change."""

    id: int
    url: str
    title: str
    site: str


class Place(BaseModel):
    """Where a fact change was seen, and the last word about it."""

    id: str
    offsets: Offsets
    reverts: str | None
    article: Where
    version: int
    seen_old_at: datetime | None
    seen_new_at: datetime
    stealth: bool
    review: Review | None


_CHANGE = {
    name: (hint, ...) for name, hint in get_type_hints(Change).items() if not name.startswith(("offset_", "edit"))
}
FactChange: Any = create_model(
    "FactChange",
    __base__=Place,
    __doc__="A fact change: the webhook's object, where it was seen, and the last word about it.",
    **_CHANGE,  # type: ignore[call-overload]
)


class Stripped(BaseModel):
    """A block of a page that is no part of its article, and the rule that says so."""

    text: str
    path: str
    rule: str


class TextOf(BaseModel):
    """A version with its text, one paragraph a line, and the blocks of its page that are not part of it."""

    version: VersionRow
    text: str
    stripped: list[Stripped]


class EditOf(BaseModel):
    """An aligned pair of sentences."""

    action: str
    intention: str
    before: str
    after: str
    label: str


class DiffOf(BaseModel):
    """Two versions: runs of `[kind, text]`, a list a paragraph; the edits, of neighbours alone; the fact changes."""

    article_id: int
    first: int = Field(serialization_alias="from")
    last: int = Field(serialization_alias="to")
    headline: list[Mark]
    paragraphs: list[list[Mark]]
    edits: list[EditOf]
    changes: list[FactChange]


class Alive(BaseModel):
    """The process answers."""

    alive: bool


class Ready(BaseModel):
    """Whether work gets done; *checks* says of each part ``ok`` or what is missing."""

    ready: bool
    checks: dict[Literal["database", "queue", "poller"], str]
