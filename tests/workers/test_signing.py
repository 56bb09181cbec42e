"""Signatures: what we sign verifies, and what was touched does not."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies
from standardwebhooks import Webhook, WebhookVerificationError

from workers.signing import PREFIX, SignatureError, headers, key_of, new_secret, sign, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""The example of the Standard Webhooks specification."""
BODY = b'{"test": 2432232314}'


def test_the_specifications_own_example() -> None:
    """The signature of the specification's example is the one it prints."""
    signature = sign([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_new_secret_is_32_random_bytes() -> None:
    """Secrets are never alike and hold 32 bytes."""
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith(PREFIX)
    assert len(key_of(first)) == len(key_of(second)) == 32


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", id="nothing"),
        pytest.param("whsec_", id="empty"),
        pytest.param(SECRET.removeprefix(PREFIX), id="no prefix"),
        pytest.param("whsec_c2hvcnQ=", id="too short"),
        pytest.param("whsec_" + "QUFB" * 30, id="too long"),
        pytest.param("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS-", id="url alphabet"),
        pytest.param("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwQQ", id="padding missing"),
        pytest.param("whsec_MfKQ9r8GKYqrTwj UPD8ILPZIo2LaLaSw", id="space"),
    ],
)
def test_a_malformed_secret_is_refused(secret: str) -> None:
    """What some receiver could not read is refused before anything is signed with it."""
    with pytest.raises(ValueError, match="a secret is whsec_"):
        key_of(secret)


@pytest.mark.parametrize("keys", [1, 2], ids=["one secret", "rotation"])
def test_case_68_a_valid_delivery_is_believed(keys: int, now: datetime) -> None:
    """Each live secret alone verifies a delivery signed with all of them."""
    secrets = [new_secret() for _ in range(keys)]
    signed = headers(secrets, "a1", now, BODY)
    assert signed["webhook-signature"].count(" ") == keys - 1
    for secret in secrets:
        verify(secret, signed, BODY, now)


@pytest.mark.parametrize("keys", [1, 2], ids=["one secret", "rotation"])
def test_case_68_the_reference_library_believes_it(keys: int) -> None:
    """PyPI's standardwebhooks, which reads the real clock, verifies what we sign."""
    secrets = [new_secret() for _ in range(keys)]
    signed = headers(secrets, "a1", datetime.now(UTC), BODY)
    for secret in secrets:
        assert Webhook(secret).verify(BODY, signed) == {"test": 2432232314}


def forged(signed: Mapping[str, str], **changed: str) -> dict[str, str]:
    """The headers with some replaced."""
    return {**signed, **{name.replace("_", "-"): value for name, value in changed.items()}}


FORGERIES = [
    pytest.param({"webhook_id": "a2"}, b"", id="other id"),
    pytest.param({"webhook_timestamp": "1"}, b"", id="old timestamp"),
    pytest.param({"webhook_timestamp": "later"}, b"", id="a second later"),
    pytest.param({"webhook_timestamp": "NaN"}, b"", id="timestamp no number"),
    pytest.param({"webhook_timestamp": ""}, b"", id="no timestamp"),
    pytest.param({"webhook_id": ""}, b"", id="no id"),
    pytest.param({"webhook_signature": ""}, b"", id="no signature"),
    pytest.param({"webhook_signature": "v1,"}, b"", id="empty signature"),
    pytest.param({"webhook_signature": "v1,AAAA"}, b"", id="short signature"),
    pytest.param({"webhook_signature": "v2"}, b"", id="other version"),
    pytest.param({}, b" ", id="a byte more in the body"),
    pytest.param({"other": "key"}, b"", id="other key"),
]


@pytest.mark.parametrize(("changed", "more"), FORGERIES)
def test_case_69_a_touched_delivery_is_refused(changed: dict[str, str], more: bytes) -> None:
    """A changed byte in body, id or timestamp, or another key: refused by us and by the reference library."""
    now = datetime.now(UTC)
    secret = new_secret()
    signed = headers([secret], "a1", now, BODY)
    if changed.get("webhook_timestamp") == "later":
        changed = {"webhook_timestamp": str(int(signed["webhook-timestamp"]) + 1)}
    if changed.get("webhook_signature") == "v2":
        changed = {"webhook_signature": signed["webhook-signature"].replace("v1,", "v2,")}
    receiver = new_secret() if changed.get("other") else secret
    with pytest.raises(SignatureError):
        verify(receiver, forged(signed, **changed), BODY + more, now)
    with pytest.raises((WebhookVerificationError, ValueError)):
        Webhook(receiver).verify(BODY + more, forged(signed, **changed))


@pytest.mark.parametrize("skew", [-301, 301], ids=["too old", "too new"])
def test_case_69_a_timestamp_beyond_five_minutes_is_refused(skew: int, now: datetime) -> None:
    """What was signed more than five minutes away from now is refused, either way."""
    signed = headers([SECRET], "a1", now, BODY)
    verify(SECRET, signed, BODY, now - timedelta(seconds=skew - (1 if skew > 0 else -1)))
    with pytest.raises(SignatureError, match="too far"):
        verify(SECRET, signed, BODY, now - timedelta(seconds=skew))


def test_header_names_may_have_any_case(now: datetime) -> None:
    """HTTP header names have no case."""
    signed = {name.title(): value for name, value in headers([SECRET], "a1", now, BODY).items()}
    verify(SECRET, signed, BODY, now)


@given(strategies.text(), strategies.text(), strategies.text())
def test_no_header_can_break_the_check(webhook_id: str, timestamp: str, signature: str) -> None:
    """Whatever the headers hold, the answer is a refusal."""
    given_headers = {"webhook-id": webhook_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
    with pytest.raises(SignatureError):
        verify(SECRET, given_headers, BODY, datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
