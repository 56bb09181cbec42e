"""The stream in: feed → entry → article → snapshot → text. Knows no queue; it is handed what it needs."""
