"""Whole words in a text, whatever their case, accents and typography. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from facts.fold import fold

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts that write no spaces between words: there a word is found wherever it stands."""


def names(words: Sequence[str], text: str) -> bool:
    """Whether one of the words, or phrases, stands in the text as a whole."""
    found = _pattern(tuple(words))
    return found is not None and found.search(plain(text)) is not None


def plain(text: str) -> str:
    """The text without case and accents, its typography folded."""
    apart = unicodedata.normalize("NFKD", fold(text).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    folded = [each for each in map(plain, words) if each]
    whole = (re.escape(each) if _UNSPACED.search(each) else rf"(?<!\w){re.escape(each)}(?!\w)" for each in folded)
    return re.compile("|".join(whole)) if folded else None
