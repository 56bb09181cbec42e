"""The verbs that exist. One line each, kept sorted; the table is the truth, and a test imports every row."""

from typing import NamedTuple


class Verb(NamedTuple):
    """A verb's module, which exports a function or a `typer.Typer` named like the module, and its line in the help."""

    module: str
    line: str
    settings: bool = True
    """Whether `context.obj` is filled with the Settings before the verb starts."""
    passes_on: bool = False
    """Whether options that the verb does not know are arguments of its own, for another program."""


VERBS: dict[str, Verb] = {
    "add": Verb("cli.add", "watch a feed, a page that names its feed, an article, or an OPML file"),
    "check": Verb("cli.check", "look at an article or a feed now, and say what came of it"),
    "compare": Verb("cli.compare", "say which facts changed between two texts", settings=False),
    "config": Verb("cli.config", "show the settings in force, or check them", settings=False),
    "demo": Verb("cli.demo", "play the whole pipeline on invented stories that develop", settings=False),
    "doctor": Verb("cli.doctor", "check what the service needs, and say what to do", settings=False),
    "lint": Verb("cli.lint", "check style and types", settings=False),
    "test": Verb("cli.test", "run the tests; what follows goes to pytest", settings=False, passes_on=True),
    "up": Verb("cli.up", "run everything in one place: queue, poller, workers, web"),
    "work": Verb("cli.work", "work off the queue: read pages, deliver webhooks"),
}
