"""The language of a text whose page names none: by its letters, then by its commonest words."""

import re

_LETTERS = (
    ("uk", re.compile("[іїєґ]")),
    ("ru", re.compile("[а-я]")),
    ("el", re.compile("[α-ω]")),
    ("he", re.compile("[א-ת]")),
    ("ar", re.compile("[ء-ي]")),
    ("ko", re.compile("[가-힣]")),
    ("ja", re.compile("[ぁ-ヶ]")),
    ("zh", re.compile("[一-鿿]")),
)
_WORDS = {
    "en": "the and of to in that was for with said is on by from has",
    "de": "der die und das den nicht von mit ist auf dem des im ein eine",
    "fr": "les des et une est dans pour qui sur pas au du par avec le",
    "es": "el los las y del una por con para que se en su al es",
    "pt": "os as um uma não em para com que do da no na dos ao",
    "it": "il gli che di non per una con del della nel sono alla dei le",
    "pl": "się nie na do jest że to po jak przez od dla oraz były w",
    "nl": "het een van en niet op dat zijn voor met aan door bij ook de",
}
_COMMON = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
# Scripts that set no spaces between words: Han and kana with about two letters a word, Thai, Lao, Khmer and Burmese
# with about five.
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LOOSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_ENDS = (".", "!", "?", "。", "！", "？", "।", "؟", "۔", "։", "።", "។")
_QUOTES = "\"'”’»)」』）"
_SAMPLE = 4_000  # characters
_ENOUGH = 0.1  # of the words of a text are among the commonest of its language


def words_in(text: str) -> int:
    """How many words a one-line text has, near enough to tell a label from prose in any script."""
    spaced = text.count(" ") + 1
    if text.isascii():
        return spaced
    return spaced + len(_DENSE.findall(text)) // 2 + len(_LOOSE.findall(text)) // 5


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, in any script that marks it."""
    return text.rstrip(_QUOTES).endswith(_ENDS)


def language_of(text: str) -> str:
    """A two-letter code, or nothing where it cannot be told."""
    said = text[:_SAMPLE].casefold()
    for language, letters in _LETTERS:
        if len(letters.findall(said)) * 60 > len(said):
            return language
    words = _WORD.findall(said)
    counted = {language: sum(word in common for word in words) for language, common in _COMMON.items()}
    best = max(counted, key=lambda language: counted[language])
    return best if words and counted[best] >= _ENOUGH * len(words) else ""
