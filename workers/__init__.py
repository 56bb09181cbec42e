"""The work queue: snapshot → version → alert → delivery."""
