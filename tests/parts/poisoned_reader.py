"""A real reader process whose pages do what their payload says: ``fine``, ``spin``, ``eat``, ``die``, ``fail``.

python poisoned_reader.py REDIS_URL, with settings in the environment.
"""

import ctypes
import os
import sys
from pathlib import Path

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from config.load import load
from config.settings import Settings
from store.outbox import Work
from workers import reader
from workers.jobs import run_reader
from workers.prepared import Nothing, Prepared
from workers.sites import Sites


def do(connection: sa.Connection, work: Work, settings: Settings, sites: Sites) -> Prepared:
    """Stands where a page is parsed."""
    match work.payload["do"]:
        case "spin":
            while True:
                pass
        case "eat":
            bytearray(3 << 30)
        case "die":
            ctypes.string_at(0)
        case "fail":
            raise RuntimeError("a rule broke")
    return Nothing(work, "fine")


if __name__ == "__main__":
    reader.PREPARE["page"] = do
    run_reader(load(os.environ, None, {}), sys.argv[1])
