"""Colours for people on a terminal; none where the output goes elsewhere."""

from rich.console import Console

_STYLES = {"critical": "bold red", "high": "yellow", "medium": "cyan"}


def console() -> Console:
    """Prints text as it is: no markup, no highlighting, no wrapping of what goes into a pipe."""
    out = Console(markup=False, highlight=False, emoji=False)
    out.soft_wrap = not out.is_terminal
    return out


def severity_style(severity: str) -> str:
    """The colour of a severity."""
    return _STYLES.get(severity, "")
