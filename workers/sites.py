"""Site memory as one batch sees it: read once a site, so that the order of pages in a batch does not matter."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from ingest.learning import LEARNER, memory_from, memory_from_json, memory_to_json
from ingest.model import SiteMemory
from store import pins, sightings


@dataclass(slots=True)
class Sites:
    """What a batch knows of sites."""

    _memory: dict[str, SiteMemory] = field(default_factory=dict)
    _fresh: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def memory(self, connection: sa.Connection, site: str) -> SiteMemory:
        """The memory of *site* at the time of the first question: as it was kept if the site's articles still show what
        they showed then, else learnt from their sightings."""
        if site not in self._memory:
            basis = sightings.basis(connection, site)
            digest = f"{LEARNER} {basis.digest}"
            learnt = sightings.learnt(connection, site, digest)
            if learnt is None:
                learnt = memory_to_json(memory_from(sightings.rows(connection, basis.articles)))
                self._fresh[site] = (digest, learnt)
            self._memory[site] = memory_from_json(learnt, pins.verdicts(connection, site))
        return self._memory[site]

    @property
    def learnt_anew(self) -> bool:
        """Whether there is anything to keep for the batches that follow."""
        return bool(self._fresh)

    def keep(self, connection: sa.Connection, now: datetime) -> None:
        """Keeps what was learnt anew."""
        for site, (digest, learnt) in sorted(self._fresh.items()):
            sightings.keep(connection, site, digest, learnt, now)
        self._fresh.clear()
