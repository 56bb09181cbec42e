"""Typography that never makes a fact: quotes, dashes, spaces, invisible characters. Numbers are never folded."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

_DOUBLE = "“”„‟«»〝〞＂「」『』❝❞"
_SINGLE = "‘’‚‛‹›ʼ＇`´′"
_DASHES = "‐‑‒–—―⸺⸻﹘﹣－"
_SPACES = "".join(map(chr, (*range(0x2000, 0x200B), 0xA0, 0x1680, 0x202F, 0x205F, 0x3000, 9, 11, 12, *range(28, 32))))
_BREAKS = "\u2028\u2029\x85\r"
_FULLWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SAME_LENGTH = {
    **_FULLWIDTH,
    **dict.fromkeys(map(ord, _DOUBLE), '"'),
    **dict.fromkeys(map(ord, _SINGLE), "'"),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, _BREAKS), "\n"),
    ord("−"): "-",
    ord("…"): ".",
}
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_UNEVEN = re.compile(f"{_INVISIBLE.pattern}|[{''.join(_LIGATURES)}]")
_DOUBLED = re.compile(r"``|''")
_TELLING = ("  ", "`", "''")  # what of printable ASCII is folded
_GAP = re.compile(r"[^\S\n]+")


def fold(text: str) -> str:
    """The text with typography folded, spaces collapsed and empty lines dropped; words, case and figures stay."""
    if text.isascii() and text.isprintable() and not any(each in text for each in _TELLING):
        return text.strip()
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("…", "..."))
    text = _UNEVEN.sub(lambda found: _LIGATURES.get(found.group(), ""), text).translate(_SAME_LENGTH)
    lines = (_GAP.sub(" ", line).strip() for line in _DOUBLED.sub('"', text).split("\n"))
    return "\n".join(line for line in lines if line)


def fingerprint(text: str) -> str:
    """SHA-256 (hex) of the folded text: two texts share one exactly when only typography sets them apart."""
    return hashlib.sha256(fold(text).encode("utf-8", "surrogatepass")).hexdigest()


def level(text: str) -> str:
    """The text with marks, dashes and spaces folded one for one: every character keeps its place."""
    return text.translate(_SAME_LENGTH)


def clean(text: str) -> tuple[str, Sequence[int] | None]:
    """The text with single characters folded, and where each character stood; None where every one kept its place."""
    if unicodedata.is_normalized("NFC", text) and not _UNEVEN.search(text):
        return text.translate(_SAME_LENGTH), None
    letters: list[str] = []
    places: list[int] = []
    for start, cluster in _clusters(text):
        folded = _LIGATURES.get(cluster) or unicodedata.normalize("NFC", _INVISIBLE.sub("", cluster))
        letters.append(folded)
        places.extend([start] * len(folded))
    places.append(len(text))
    return "".join(letters).translate(_SAME_LENGTH), places


def _clusters(text: str) -> list[tuple[int, str]]:
    """Base characters with the marks that follow them; conjoining Hangul stays apart, which costs only equality."""
    found: list[tuple[int, str]] = []
    for at, letter in enumerate(text):
        if found and unicodedata.combining(letter):
            start, cluster = found[-1]
            if len(cluster) < 8:
                found[-1] = (start, cluster + letter)
            continue
        found.append((at, letter))
    return found
