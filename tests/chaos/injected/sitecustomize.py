"""Changes the product in the processes of a chaos run, without touching its source: Python imports this by itself where
PYTHONPATH names this folder. WRITETHRU_TEST_PATCHES lists the patches (see ``patches``) that this process wants."""

import importlib
import importlib.abc
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

Change = Callable[[Any], None]


class _Patched(importlib.abc.MetaPathFinder):
    """Finds the modules that are to be changed, and changes each right after it was executed."""

    def __init__(self, changes: dict[str, list[Change]]) -> None:
        self._changes = changes

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """The module's own spec, with a loader that makes the changes."""
        changes = self._changes.pop(name, None)
        if changes is None:
            return None
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.loader is not None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            for change in changes:
                change(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


_wanted = os.environ.get("WRITETHRU_TEST_PATCHES")
if _wanted:
    patches = importlib.import_module("patches")  # beside this file, and nowhere else
    sys.meta_path.insert(0, _Patched(patches.changes(_wanted.split(","))))
