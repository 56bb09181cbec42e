"""Rows in, rows out: all SQL, a file a noun."""
