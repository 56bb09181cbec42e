"""A page of the desk: what every page shows around its own content."""

from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from store.tokens import any_token
from web.desk import Desk
from web.pages import page


def desk_page(desk: Desk, connection: sa.Connection, name: str, **values: Any) -> Response:
    """A template filled with *values*, the moment, and whether there is a door to go out of."""
    return page(name, now=desk.clock(), locked=any_token(connection), **values)
