"""A newsroom of invented stories that develop, and a webhook sink."""
