"""What is served, a module a noun."""
