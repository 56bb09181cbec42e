"""Which fact changes a page asks for: read from its address, written back into one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qs, urlencode

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from facts.model import SEVERITIES, ChangeType, Severity
from store.filters import filter_named
from store.reviews import VERDICTS, Verdict
from store.views.changes import Wanted
from store.views.happenings import HAPPENINGS
from web.answers import RefusalError
from web.shapes import Moment

_ID = Annotated[int, Field(ge=1, le=2**63 - 1)]
_MANY = ("type", "ids")
_IDS_MAX = 200

ALLOWED: Mapping[str, str] = {
    "type": f"one of {', '.join((*get_args(ChangeType), *HAPPENINGS))}",
    "min_severity": f"one of {', '.join(SEVERITIES)}",
    "verdict": f"one of none, {', '.join(VERDICTS)}",
    "feed": "the id of a feed",
    "article": "the id of an article",
    "tag": "at most 100 characters",
    "since": "a moment with its zone, as in 2026-03-02T09:00:00Z",
    "ids": f"at most {_IDS_MAX} ids of changes",
}
"""What each field may be, as a refusal says it."""


class Filter(BaseModel):
    """A question to the list of changes. What is not given asks for nothing, but for the severity: what merely went
    with a text that was cut (``info``) is listed where it is asked for. *verdict* ``none``: what nobody reviewed.
    The types ``withdrawn`` and ``restored`` ask for pages that went or came back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: tuple[ChangeType | Literal["withdrawn", "restored"], ...] = ()
    min_severity: Severity = "low"
    feed: _ID | None = None
    tag: Annotated[str, Field(max_length=100)] = ""
    verdict: Verdict | Literal["none", ""] = ""
    article: _ID | None = None
    since: Moment | None = None
    ids: Annotated[tuple[_ID, ...], Field(max_length=_IDS_MAX)] = ()

    @property
    def wanted(self) -> Wanted:
        """The same as the store asks it."""
        known = {name: getattr(self, name) for name in ("article", "feed", "tag", "verdict", "ids")}
        return Wanted(types=self.type, least=self.min_severity, since=_utc(self.since), **known)

    @property
    def given(self) -> dict[str, Any]:
        """The fields that ask for something, as JSON has them."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def query(self) -> str:
        """What stands behind the ``?`` of a page that asks this; empty when it asks for nothing."""
        return urlencode(self.given, doseq=True)


def filter_of(query: str) -> Filter:
    """Reads a query. Fields without a value count as not given. Raises RefusalError 400 that names what is wrong."""
    return _read(parse_qs(query, max_num_fields=None))


def asked_filter(request: Request, beside: Sequence[str] = ("cursor", "saved")) -> Filter:
    """The filter in a page's address, whose fields *beside* mean something else. Raises RefusalError 400."""
    fields: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in beside and value:
            fields.setdefault(name, []).append(value)
    return _read(fields)


def named_filter(connection: sa.Connection, name: str) -> Filter:
    """The filter saved by a name. Raises RefusalError 404."""
    found = filter_named(connection, name)
    if found is None:
        raise RefusalError(404, "No filter is saved by this name.")
    return filter_of(found.query)


def _read(fields: Mapping[str, Sequence[str]]) -> Filter:
    values = {name: _values(name, found) for name, found in fields.items()}
    try:
        found = Filter.model_validate(values)
        _utc(found.since)
    except ValidationError as wrong:
        names = sorted({str(error["loc"][0]) for error in wrong.errors()})
        known = [f"{name} is {ALLOWED[name]}" for name in names if name in ALLOWED]
        said = "; ".join(known) or f"a filter has the fields {', '.join(ALLOWED)}"
        raise RefusalError(400, f"This filter cannot be read: {said}.") from None
    except OverflowError:
        raise RefusalError(400, "This filter cannot be read: since is out of range.") from None
    return found


def _values(name: str, found: Sequence[str]) -> str | list[str]:
    if name == "ids":
        return [each for value in found for each in value.split(",")][: _IDS_MAX + 1]
    return list(found) if name in _MANY else found[-1]


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
