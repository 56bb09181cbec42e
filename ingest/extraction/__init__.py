"""A page's bytes → its article: decoded, parsed once, furniture stripped, signals read. Pure; knows no earlier look."""
