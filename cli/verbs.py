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
    "add": Verb("cli.add", "watch a feed, a page, an article, or an OPML file"),
    "articles": Verb("cli.articles", "list the articles"),
    "bench": Verb("cli.bench", "measure a part of the product on data beside it", settings=False),
    "changes": Verb("cli.changes", "list the facts that changed"),
    "check": Verb("cli.check", "look at an article or a feed now, and say what came of it"),
    "compare": Verb("cli.compare", "say which facts changed between two texts", settings=False),
    "config": Verb("cli.config", "show the settings in force, or check them", settings=False),
    "deliveries": Verb("cli.deliveries", "list what was sent where, and every attempt"),
    "demo": Verb("cli.demo", "play the whole pipeline on invented stories that develop", settings=False),
    "diff": Verb("cli.diff", "show word by word what changed between two versions"),
    "doctor": Verb("cli.doctor", "check what the service needs, and say what to do", settings=False),
    "endpoint": Verb("cli.endpoint", "say where webhooks go; test, rotate, enable, disable, remove"),
    "export": Verb("cli.export", "write what is kept as JSON lines, CSV, OPML or WARC"),
    "extract": Verb("cli.extract", "print the article in HTML files, free of furniture"),
    "feeds": Verb("cli.feeds", "list the feeds"),
    "fetch": Verb("cli.fetch", "fetch a URL as the poller would, and keep nothing"),
    "import": Verb("cli.import_", "take an export of another Writethru, or a list of feeds"),
    "install": Verb("cli.install", "install an extra, and keep it up to date from then on", settings=False),
    "lint": Verb("cli.lint", "check style and types", settings=False),
    "merge": Verb("cli.merge", "say that two articles are one, or list what was merged"),
    "pause": Verb("cli.pause", "look at an article or a feed no more, until it is resumed"),
    "pin": Verb("cli.pin", "say that a block of a site is furniture, or text"),
    "pins": Verb("cli.pins", "list the pinned blocks"),
    "poll": Verb("cli.poll", "look at what is due, and ring for what came"),
    "precision": Verb("cli.precision", "say how often each rule and feed was right, as reviewed"),
    "replay": Verb("cli.replay", "send deliveries again, id and bytes unchanged"),
    "resume": Verb("cli.resume", "look again at what was paused or had ended"),
    "review": Verb("cli.review", "say right, wrong or unsure of a fact change"),
    "show": Verb("cli.show", "print one version of an article"),
    "split": Verb("cli.split", "part two articles that were merged, for good"),
    "status": Verb("cli.status", "say what is watched, what fails, what waits, who is alive"),
    "test": Verb("cli.test", "run the tests; what follows goes to pytest", settings=False, passes_on=True),
    "token": Verb("cli.token", "make, list or remove the tokens for pages and API"),
    "unpin": Verb("cli.unpin", "leave a pinned block to what is learnt again"),
    "up": Verb("cli.up", "run everything in one place: queue, poller, workers, web"),
    "versions": Verb("cli.versions", "list the versions of an article"),
    "watch": Verb("cli.watch", "print each fact change as it is found"),
    "web": Verb("cli.web", "serve the pages and the API"),
    "work": Verb("cli.work", "work off the queue: read pages, deliver webhooks"),
}
