"""The demo from its first line to its last.

newsroom + sink → feeds and endpoint written → up → first versions read → stories develop → told → … → Ctrl-C
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config import clock
from demo import pictures, score
from demo.interrupts import Interrupts
from demo.newsroom import Newsroom
from demo.service import Service
from demo.show import Show, Terminal
from demo.sink import Received, Sink
from demo.timeline import Timeline
from workers.signing import new_secret

GRACE = 60.0
"""Seconds, at any speed, that the last step may take to be told before the demo says that it was not: a machine that is
busy is no slower at speed 1."""


class DemoError(Exception):
    """The demo cannot go on. Its text is one line."""


@dataclass(slots=True)
class Demo:
    """Everything that plays a part. *pictures* is the folder for them, where any are wanted; *concluded* is true once
    the last word was said."""

    newsroom: Newsroom
    sink: Sink
    service: Service
    show: Show
    interrupts: Interrupts
    speed: float
    pictures: Path | None = None
    concluded: bool = False

    def play(self) -> None:
        """Runs until it is interrupted. Raises DemoError where the service ends on its own."""
        self.service.start()
        self.show.progress(f"starting Writethru; it will watch {len(self.newsroom.outlets)} outlets …")
        if not self._until(self.service.answers):
            return
        self.show.say(f"Open {self.service.settings.web_url}/   (Ctrl-C ends everything)", "bold")
        if not self._until(self._all_read):
            return
        self.show.progress("each story was read once; now they develop …")
        with Timeline(self.newsroom, self.speed) as timeline:
            if not self._until(lambda: timeline.ended):
                return
        last = time.monotonic() + GRACE
        if self._until(lambda: not score.untold_steps(self.newsroom, self._told()) or time.monotonic() > last):
            self.conclude()
            if self.pictures is not None:
                self._take(self.pictures)
                return
            self.show.say("All stories have ended. The pages stay open until Ctrl-C.")
            self._until(lambda: False)

    def _take(self, folder: Path) -> None:
        self.show.progress("All stories have ended; taking pictures of the pages …")
        taken = pictures.take(self.service.settings.web_url, folder)
        self.show.settle()
        for name, size in taken.items():
            self.show.say(f"{folder / name}.png  {size / 1000:.0f} kB")

    def conclude(self) -> None:
        """What was told, how soon, and what was not as the stories have it."""
        self.show.settle()
        if not self.concluded:
            self.concluded = True
            self.show.verdict(
                score.verdict(self.newsroom, self.sink.received, self.sink.refused, self._moments),
                score.differences(self.newsroom, self.sink.received),
            )

    def stop(self) -> None:
        """Ends the service with everything it started; whoever interrupts again, insists."""
        asked = self.interrupts.asked
        self.service.ask_to_stop()
        while not self.service.ended:
            if self.interrupts.asked > asked:
                asked = self.interrupts.asked
                self.service.ask_to_stop()
            time.sleep(0.05)

    def _all_read(self) -> bool:
        stories = len(self.newsroom.stories)
        read = len({one.body["data"]["article"]["url"] for one in self.sink.received if score.is_first(one)})
        self.show.progress(f"nothing has happened yet: {read} of {stories} stories have their first version …")
        return read >= stories

    def _moments(self, received: Received) -> tuple[datetime, datetime] | None:
        body = received.body["data"]
        return self.service.moments(body["article"]["id"], body["version"]["to"])

    def _told(self) -> list[score.Told]:
        return score.told_steps(self.newsroom, self.sink.received)

    def _until(self, ready: Callable[[], bool]) -> bool:
        """Whether it came true; false when asked to stop, or when nobody reads on. Raises DemoError where the service
        ended."""

        def looked_after() -> bool:
            if self.service.ended:
                raise DemoError(f"writethru up ended by itself: {self.service.last_words()}")
            return self.show.unread or ready()

        return self.interrupts.wait_for(looked_after) and not self.show.unread


def run(
    speed: float, *, keep: bool, environ: Mapping[str, str], console: Terminal, screenshots: Path | None = None
) -> None:
    """Plays the demo until Ctrl-C, or until its pages are in *screenshots*, and leaves nothing behind, the data folder
    aside where it is to be kept. Raises DemoError where the service cannot run, or no picture can be taken."""
    if screenshots is not None and (why := pictures.missing()):
        raise DemoError(why)
    folder = Path(tempfile.mkdtemp(prefix="writethru-demo-"))
    try:
        with Interrupts() as interrupts, ExitStack() as stack:
            newsroom = stack.enter_context(Newsroom())
            show = Show(newsroom, console)
            secret = new_secret()
            sink = stack.enter_context(Sink(secret, show.told))
            service = Service(folder, speed, environ)
            urls = [newsroom.feed_url(key) for key in newsroom.outlets]
            service.prepare(urls, sink.url, secret, clock.now())
            demo = Demo(newsroom, sink, service, show, interrupts, speed, screenshots)
            try:
                demo.play()
                demo.conclude()
                show.going_real()
            finally:
                demo.stop()
                show.settle()
    finally:
        if keep:
            console.print(f"The data folder is kept: {folder}", markup=False, highlight=False, soft_wrap=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
