"""What the operator decides: settings, logging, phrase lists and lexicons. Knows nobody."""
