"""Two texts → what changed. Pure functions over frozen values; no I/O, no clock."""
