"""The one place that reads the process's environment. Everything else is handed settings."""

import os


def environment() -> dict[str, str]:
    """A copy of the variables this process was started with."""
    return dict(os.environ)
