"""The supervisor's decisions: when to restart, when to give up, when to insist."""

import pytest

from workers.supervise import HEALTHY, KILL, LONGEST_WAIT, SECOND_SIGNAL, Again, GiveUp, after, signals_due


@pytest.mark.parametrize(
    ("code", "ran", "restarts", "expected"),
    [
        pytest.param(1, 0.1, 0, Again(0.5, 1), id="first crash"),
        pytest.param(1, 0.1, 1, Again(1.0, 2), id="each further one doubles the wait"),
        pytest.param(-9, 0.1, 3, Again(4.0, 4), id="killed is a crash too"),
        pytest.param(0, 0.1, 0, Again(0.5, 1), id="ended well, but unasked"),
        pytest.param(1, 0.1, 6, Again(LONGEST_WAIT, 7), id="never past the longest"),
        pytest.param(1, 0.1, 10**6, Again(LONGEST_WAIT, 10**6 + 1), id="crashing for ever"),
        pytest.param(1, HEALTHY, 9, Again(0.5, 1), id="a healthy run is forgiven"),
        pytest.param(2, 0.1, 0, GiveUp(2), id="wrong configuration at the first start"),
        pytest.param(2, 0.1, 1, Again(1.0, 2), id="wrong configuration after it had run"),
        pytest.param(2, HEALTHY, 0, Again(0.5, 1), id="it cannot be the configuration"),
    ],
)
def test_after(code: int, ran: float, restarts: int, expected: Again | GiveUp) -> None:
    """An end is answered by a restart after a wait that doubles, or by giving up where trying again cannot help."""
    assert expected == after(code, ran, restarts)


@pytest.mark.parametrize(
    ("stopping", "asked", "expected"),
    [
        pytest.param(0, 1, 1, id="asked once"),
        pytest.param(SECOND_SIGNAL - 0.1, 1, 1, id="it may finish"),
        pytest.param(SECOND_SIGNAL, 1, 2, id="again after eight seconds"),
        pytest.param(KILL, 1, 3, id="then killed, within ten"),
        pytest.param(0, 2, 2, id="asked twice: no waiting"),
        pytest.param(0, 3, 3, id="asked three times: killed"),
        pytest.param(0, 9, 3, id="nothing comes after killing"),
        pytest.param(60, 1, 3, id="after a sleep of the machine"),
    ],
)
def test_signals_due(stopping: float, asked: int, expected: int) -> None:
    """One signal asks, the second insists, the third is SIGKILL."""
    assert expected == signals_due(stopping, asked)
