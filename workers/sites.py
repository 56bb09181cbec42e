"""Site memory as one batch sees it: read once a site, so that the order of pages in a batch does not matter."""

from dataclasses import dataclass, field

import sqlalchemy as sa

from ingest.memory import memory_from
from ingest.model import SiteMemory
from store import sightings


@dataclass(slots=True)
class Sites:
    """What a batch knows of sites."""

    _memory: dict[str, SiteMemory] = field(default_factory=dict)

    def memory(self, connection: sa.Connection, site: str) -> SiteMemory:
        """The memory of *site* at the time of the first question."""
        if site not in self._memory:
            self._memory[site] = memory_from(sightings.of_site(connection, site))
        return self._memory[site]
