"""Run by a test in a process of its own: fetches a small page, then a bomb, and tells by how much memory grew."""

import json
import resource
import sys
from ipaddress import ip_network

sys.path.insert(0, ".")

from config.settings import Fetch
from ingest.fetching.fetch import Fetcher
from ingest.model import FetchError

UNIT = 1 if sys.platform == "darwin" else 1024

fetcher = Fetcher(Fetch(allow_networks=(ip_network("127.0.0.0/8"),)), "test/1")
fetcher.get_sync(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    fetcher.get_sync(sys.argv[2])
    reason = ""
except FetchError as error:
    reason = error.reason
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * UNIT
print(json.dumps({"reason": reason, "grown": grown}))
