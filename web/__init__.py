"""What a person or a program sees: pages, JSON API, metrics."""
