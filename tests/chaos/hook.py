"""The receiver of the chaos runs: takes webhooks in, refuses some, and lets acknowledgements get lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.parts.receiver import Asked, Receiver, hang_up, receiver


@dataclass
class Hook:
    """*taken* are the ids of what was taken in, in order, whether or not the sender heard of it."""

    receiver: Receiver
    taken: list[str] = field(default_factory=list)
    refused: int = 0
    lost: int = 0

    def refuse(self, times: int) -> None:
        """The next POSTs are answered 500."""
        self.receiver.replies.extend([self._refuse] * times)

    def lose(self, times: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        """The next POSTs are taken in and never acknowledged; *meanwhile* happens before the line is cut."""

        def reply(asked: Asked) -> None:
            self.lost += 1
            self.taken.append(asked.headers["webhook-id"])
            meanwhile()
            hang_up(asked)

        self.receiver.replies.extend([reply] * times)

    def bodies(self) -> dict[str, set[bytes]]:
        """id → the different bytes that came under it."""
        found: dict[str, set[bytes]] = {}
        for request in list(self.receiver.got):
            found.setdefault(request.headers["webhook-id"], set()).add(request.body)
        return found

    def _refuse(self, asked: Asked) -> None:
        self.refused += 1
        asked.say(500)

    def take(self, asked: Asked) -> None:
        """Takes one in."""
        self.taken.append(asked.headers["webhook-id"])
        asked.say(200)


@contextmanager
def hook() -> Iterator[Hook]:
    """A receiver that listens until the end of the block."""
    with receiver() as heard:
        made = Hook(heard)
        heard.reply = made.take
        yield made
