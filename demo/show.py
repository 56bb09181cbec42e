"""What the demo shows on the terminal: a line of progress until something happens, then a line for each change."""

import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.status import Status

from config.plain import plain
from demo.lines import lines
from demo.newsroom import Newsroom
from demo.sink import Received

GOING_REAL = (
    "./writethru up",
    "./writethru add https://news.example/feed.xml",
    "./writethru endpoint add https://desk.example/webhook",
)


class Terminal(Console):
    """Standard output. *unread* is true once nobody reads it any more (``demo | head``)."""

    unread = False

    def on_broken_pipe(self) -> None:
        """Falls silent, where rich would end the process or, in the sink's thread, the answer to a webhook."""
        self.quiet = self.unread = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what the interpreter flushes at exit


class Show:
    """Prints for a terminal, and plain lines without colour or progress bar anywhere else."""

    def __init__(self, newsroom: Newsroom, console: Terminal) -> None:
        self._newsroom = newsroom
        self._console = console
        self._status: Status | None = None
        self._progress = ""

    def say(self, text: str, style: str = "") -> None:
        """Lines of our own, whatever stands in them shown as it is."""
        for line in text.split("\n"):
            self._console.print(plain(line), style=style, markup=False, highlight=False, soft_wrap=True)

    def progress(self, text: str) -> None:
        """What is being waited for: one line that moves on a terminal, a line for each new text elsewhere."""
        if text == self._progress:
            return
        self._progress = text
        if not self._console.is_terminal:
            self.say(text)
        elif self._status is None:
            self._status = self._console.status(plain(text))
            self._status.start()
        else:
            self._status.update(plain(text))

    @property
    def unread(self) -> bool:
        """Whether nobody reads it any more."""
        return self._console.unread

    def settle(self) -> None:
        """Ends the progress line."""
        if self._status is not None:
            self._status.stop()
        self._status, self._progress = None, ""

    def told(self, received: Received) -> None:
        """The lines that a webhook is worth."""
        story = self._newsroom.story_at((received.body["data"].get("article") or {}).get("url", ""))
        outlet = self._newsroom.outlets[story.outlet].name if story else "?"
        if received.again:
            return
        for line in lines(received.body, outlet):
            self._console.print(line, soft_wrap=True)

    def going_real(self) -> None:
        """The three commands that do the same for real feeds."""
        self.say("\nThe same for real news, each in a terminal of its own:", "bold")
        for command in GOING_REAL:
            self.say(f"  {command}")

    def verdict(self, text: str, differences: Sequence[str]) -> None:
        """How it went, and whatever was not told as the stories have it."""
        self.say(text, "bold")
        for each in differences:
            self.say(f"  not as the story has it: {each}", "yellow")
