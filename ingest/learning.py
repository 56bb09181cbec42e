"""What the sightings of a site add up to. Pure: the same rows give the same memory, whoever read the pages and when.

Articles are counted in the order in which they were found, which is how old furniture is told from furniture: a line
that used to come every few articles and has not come for five times as many was taken off the site. What comes up
again after that has to be learnt anew."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from ingest.model import SiteMemory

LEARNER = "2"
"""The revision of these rules: what another one learnt is learnt anew."""

TITLE = "title"
WARM = 4  # distinct articles from which a site's paths are trusted
SURE = 8  # blocks at a path
TEXT, FURNITURE = 0.9, 0.05
_RECENT = 30  # articles that have a path: what older ones held there says nothing
_LAST, _STILL = 3, 0.5  # the last of these must not say the opposite
_PATIENCE, _LEAST = 5, 5  # times the usual distance, and articles, after which a block is gone for good
_PROSE = 0.2  # of the articles: prose on fewer is background that a paper repeats
_SAID = 0.5  # of the articles: a short sentence among text on fewer is one that stories share ("Nobody was hurt.")
_Articles = Mapping[int, Mapping[str, tuple[str, bool]]]


def memory_from(rows: Iterable[tuple[str, str, bool, int]]) -> SiteMemory:
    """A site's memory from rows (fingerprint, path, kept, article id) in any order. Articles that share half of their
    long blocks are one article, so that a story under two addresses teaches nothing."""
    articles: dict[int, dict[str, tuple[str, bool]]] = defaultdict(dict)
    for key, path, kept, article in rows:
        articles[article][key] = (path, bool(kept))
    places = _places(articles)
    sighted = _sighted(articles, places)
    paths = _paths(articles, sighted)
    newest = len(set(places.values()))
    return SiteMemory(
        articles=newest,
        sighted=dict(_furniture(sighted, newest, _where(articles, sighted), paths)),
        paths={path: counted for path, held in paths.items() if (counted := _told(held, newest))},
        titles=frozenset(key[1:] for blocks in articles.values() for key, (path, _) in blocks.items() if path == TITLE),
    )


def _places(articles: _Articles) -> dict[int, int]:
    """Article → its place in the order of the site's distinct articles, from 0."""
    groups = _distinct(articles)
    order = {group: place for place, group in enumerate(sorted(set(groups.values())))}
    return {article: order[group] for article, group in groups.items()}


def _distinct(articles: _Articles) -> dict[int, int]:
    """Article → the lowest article that it is a near-duplicate of (itself, mostly)."""
    longs = {article: [key for key in blocks if key[0] == "l"] for article, blocks in articles.items()}
    seen = Counter(chain.from_iterable(longs.values()))
    group = {article: article for article in sorted(articles)}
    holders: dict[str, list[int]] = defaultdict(list)
    for article in sorted(articles):
        shared: Counter[int] = Counter()
        for key in longs[article]:
            if seen[key] > 1:
                shared.update(holders[key])
                holders[key].append(article)
        for other in sorted(shared):
            least = min(len(longs[article]), len(longs[other]))
            if shared[other] * 2 >= least and shared[other] >= 2:
                group[article] = group[other]
                break
    return group


def _sighted(articles: _Articles, places: Mapping[int, int]) -> dict[str, list[int]]:
    """The places of the articles that show a block, for blocks on several: prose only where an article holds it, since
    what others merely tease is some article's own."""
    sighted: dict[str, set[int]] = defaultdict(set)
    for article, blocks in articles.items():
        place = places[article]
        for key, (path, kept) in blocks.items():
            if (kept or key[0] != "l") and path != TITLE:
                sighted[key].add(place)
    return {key: sorted(where) for key, where in sighted.items() if len(where) > 1}


def _paths(articles: _Articles, sighted: Mapping[str, object]) -> dict[str, list[tuple[int, int]]]:
    """Path → how many blocks (furniture, text) it holds on each article that has it, the newest last."""
    paths: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for article in sorted(articles):
        held: dict[str, list[int]] = {}
        for key, (path, kept) in articles[article].items():
            if path != TITLE:
                held.setdefault(path, [0, 0])[0 if not kept or key in sighted else 1] += 1
        for path, (furniture, text) in held.items():
            paths[path].append((furniture, text))
    return paths


def _told(held: Sequence[tuple[int, int]], articles: int) -> tuple[int, int] | None:
    """The blocks (furniture, text) of a path that holds one or the other; None where it may hold both, and where the
    last articles say the opposite of those before."""
    furniture, text = _sum(held[-_RECENT:])
    if articles < WARM or furniture + text < SURE:
        return None
    share, last = text / (furniture + text), _share(held[-_LAST:])
    if (share >= TEXT and last > _STILL) or (share <= FURNITURE and last < _STILL):
        return furniture, text
    return None


def _sum(held: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(furniture for furniture, _ in held), sum(text for _, text in held)


def _share(held: Sequence[tuple[int, int]]) -> float:
    furniture, text = _sum(held)
    return text / (furniture + text) if furniture + text else 0.0


def _where(articles: _Articles, sighted: Mapping[str, object]) -> dict[str, str]:
    """The path at which a recurring block stood last."""
    return {key: path for article in sorted(articles) for key, (path, _) in articles[article].items() if key in sighted}


def _furniture(
    sighted: Mapping[str, list[int]], newest: int, where: Mapping[str, str], paths: Mapping[str, list[tuple[int, int]]]
) -> Iterable[tuple[str, int]]:
    """The blocks that are furniture now, and on how many articles. Prose among text must be on a fifth of all articles,
    elsewhere on a fifth of those since it came up."""
    for key, places in sighted.items():
        run = _run(places, newest)
        if len(run) < 2:
            continue
        among_text = key[0] != "s" and _share(paths[where[key]][-_RECENT:]) > _STILL
        share = _SAID if key[0] == "m" else _PROSE
        if (key[0] == "l" or among_text) and len(run) < max(3, (newest if among_text else newest - run[0]) * share):
            continue
        yield key, len(run)


def _run(places: Sequence[int], newest: int) -> Sequence[int]:
    """The places since the block came up last; none if it is gone."""
    start = 0
    for at in range(1, len(places)):
        if places[at] - places[at - 1] > _patience(places[start:at]):
            start = at
    run = places[start:]
    return run if newest - 1 - run[-1] < _patience(run) else ()


def _patience(run: Sequence[int]) -> float:
    """The articles without it after which a block is gone; one that came up once has no usual distance."""
    if len(run) < 2:
        return float("inf")
    return max(_LEAST, _PATIENCE * (run[-1] - run[0] + 1) / (len(run) - 1))


def memory_to_json(memory: SiteMemory) -> bytes:
    """UTF-8 JSON of what was learnt; pins are not."""
    told = [memory.articles, dict(memory.sighted), dict(memory.paths), sorted(memory.titles)]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def memory_from_json(stored: bytes, pins: Mapping[str, str]) -> SiteMemory:
    """What memory_to_json wrote, with what people pinned."""
    articles, sighted, paths, titles = json.loads(stored)
    told = {path: (furniture, text) for path, (furniture, text) in paths.items()}
    return SiteMemory(articles, sighted, told, frozenset(titles), pins)
