"""The page of an article: its facts and where they stand, the two texts, the story so far, the evidence."""
