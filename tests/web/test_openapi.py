"""The API keeps to its own description: every operation, asked with what fits and what does not."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks

from store.engine import engine_for, writing
from store.reviews import review
from store.tokens import add_token
from tests.parts.desk import serving
from tests.parts.rows import Newsroom

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EXAMPLES = 12
"""Requests an operation, of those that fit and of those that do not alike."""
OPEN = ("/livez", "/readyz")
NO_PARAMETERS = (*OPEN, "/metrics")
UNSAID = {
    "GET /api/v1/articles/{article_id}/diff": "which of two versions is the older",
    "POST /api/v1/feeds": "what address can be watched",
    "POST /api/v1/previews": "what address can be watched",
    "POST /api/v1/endpoints": "what address can be posted to",
    "PUT /api/v1/endpoints/{endpoint_id}/rule": "which time zones there are",
    "POST /api/v1/endpoints/{endpoint_id}/backtest": "which time zones there are",
}
"""What no schema can say, so that a request which keeps to the description may be refused with 400 all the same."""


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, str]]:
    """A running desk that asks for tokens and one that may do everything; in its store there is one of each thing."""
    path = tmp_path_factory.mktemp("described") / "writethru.db"
    shutil.copy(sqlite_template, path)
    engine = engine_for(f"sqlite+pysqlite:///{path}")
    with writing(engine) as connection:
        newsroom = Newsroom(connection, NOW)
        newsroom.entry(newsroom.feed(tags=["world"]), newsroom.story())
        newsroom.delivery()
        newsroom.role("poller")
        review(connection, 1, "right", note="seen", by="desk", now=NOW)
        token = add_token(connection, "everything", ["read", "write"], NOW)
    with serving(engine, NOW) as client:
        yield client, token
    engine.dispose()


@pytest.fixture(scope="module")
def described(desk: tuple[httpx.Client, str]) -> Any:
    """The description that the desk gives of itself."""
    client, token = desk
    # What is far too long is refused as too large, which the tool does not expect.
    tolerant = {
        "checks": {"negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "409", "413"]}}
    }
    return schemathesis.openapi.from_url(
        f"{client.base_url}/api/v1/openapi.json",
        headers={"authorization": f"Bearer {token}"},
        config=schemathesis.Config.from_dict(tolerant),
    )


def operations(described: Any) -> dict[str, Any]:
    """Every operation by method and path."""
    return {each.label: each for each in (found.ok() for found in described.get_all_operations())}


def test_everything_is_described(desk: tuple[httpx.Client, str], described: Any) -> None:
    """OpenAPI 3.1, every operation with the shape of its answer, its refusals in the one shape, and nothing that no
    route answers."""
    client, token = desk
    document = client.get("/api/v1/openapi.json", headers={"authorization": f"Bearer {token}"}).json()
    assert document["openapi"].startswith("3.1")
    assert len(operations(described)) > 35
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            answers = operation["responses"]
            shapes = [content["schema"] for answer in answers.values() for content in answer["content"].values()]
            assert all(shapes), (method, path)
            assert "422" not in answers, (method, path)
            refused = [answers[status]["content"] for status in answers if status[0] == "4"]
            refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
            assert all(each == refusal for each in refused), (method, path)


@pytest.mark.parametrize("fits", [True, False], ids=["what fits", "what does not fit"])
def test_answers_as_described(desk: tuple[httpx.Client, str], described: Any, fits: bool) -> None:
    """No answer is a server error, has a status, a content type or a shape that the description does not name, takes
    what the description forbids or refuses what it allows."""
    header = {"authorization": f"Bearer {desk[1]}"}
    mode = GenerationMode.POSITIVE if fits else GenerationMode.NEGATIVE
    for label, operation in operations(described).items():
        if label.endswith("/stream") or (not fits and label.endswith(NO_PARAMETERS)):
            continue
        spared = [checks.not_a_server_error] if label.endswith("/readyz") else []  # the queue of this desk is away
        spared += [checks.positive_data_acceptance] if label in UNSAID else []
        _asked(operation, mode, header, spared)


def _asked(operation: Any, mode: GenerationMode, header: dict[str, str], spared: list[Any]) -> None:
    calm = settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )

    @calm
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case: Any) -> None:
        case.call_and_validate(headers=header, excluded_checks=spared)

    answers()


def test_without_a_token(desk: tuple[httpx.Client, str], described: Any) -> None:
    """Every operation but the two that say whether it lives is refused with 401 as described."""
    client, _ = desk
    asked = 0
    for operation in operations(described).values():
        path = operation.path.replace("{", "").replace("}", "")
        for name in (
            "change_id",
            "feed_id",
            "article_id",
            "endpoint_id",
            "delivery_id",
            "preview_id",
            "alert_id",
            "number",
        ):
            path = path.replace(name, "1")
        answer = client.request(operation.method, path)
        if path not in OPEN:
            assert (401, ["error"]) == (answer.status_code, list(answer.json())), operation.label
            assert answer.headers["www-authenticate"] == "Bearer"
            asked += 1
    assert asked > 35
