"""Read queries for lists and pages. Every row that leaves here may be shown: no secret, no password in a URL."""
