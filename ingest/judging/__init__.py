"""Looks at one article held against each other: an edit, a place that turns, or one more look. Pure."""
