"""Bytes → text: declared, sniffed, wrong or double encoded, or no text at all; always the same for the same bytes."""

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from ingest.model import ParseError

_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
# What web pages mean by a name (WHATWG Encoding Standard): the superset that browsers use.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_LANGUAGE = re.compile(rb"<html[^>]{0,300}?\slang\s*=\s*[\"']?\s*([A-Za-z]{2})", re.IGNORECASE)
_BY_LANGUAGE = {
    **dict.fromkeys(("en", "fr", "es", "de", "it", "pt", "nl", "sv", "da", "no", "nb", "fi", "ca"), "cp1252"),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr"), "cp1251"),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "hr", "sl", "ro"), "cp1250"),
    **{"el": "cp1253", "tr": "cp1254", "he": "cp1255", "ar": "cp1256", "vi": "cp1258", "th": "cp874"},
}
_FAMILIES = re.compile(
    r"cp\d+|iso8859-\d+|iso2022_jp\w*|koi8-[rut]|gb18030|hz|big5\w*|shift_?jis\w*|euc_\w+|mac-\w+|johab|utf-8(-sig)?|utf-16(-[lb]e)?|utf-32(-[lb]e)?"
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Character references that may be illegal: below U+0020, surrogates, or of five and more digits.
_SUSPECT = re.compile(
    r"&#(?:[xX](0*1?[0-9a-fA-F](?![0-9a-fA-F])|0*[dDfF][0-9a-fA-F]{3}(?![0-9a-fA-F])|[0-9a-fA-F]{5,})|(0*[12]?[0-9](?![0-9])|0*3[01](?![0-9])|[0-9]{5,}));?"
)
_REFERENCE_BYTES = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r") + b"\x7f"
_UNWANTED = "\ufffe\uffff\ufeff"
# UTF-8 that was read as windows-1252 and encoded again: a lead byte's character and those of its continuation bytes.
_LEAD = "ÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóô"
_CONTINUATION = "\u0080-\u00bf" + "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0))
_SIGNS = ("Ã", "Â", "â€", "Ð", "Ñ", "Å", "Ä", "Î", "Ï", "ã€", "Ù", "Ø", "×")
_TWICE = re.compile(f"(?:[{_LEAD}][{_CONTINUATION}]{{1,3}})+")
# The same for windows-1251, whose signs are letters of real words: believed where nearly all of the text is so.
_CYRILLIC_NEXT = "\u0098" + "".join(bytes([byte]).decode("cp1251", "ignore") for byte in range(0x80, 0xC0))
_CYRILLIC_TWICE = re.compile(f"(?:[В-Я][{_CYRILLIC_NEXT}]|[а-п][{_CYRILLIC_NEXT}]{{2}}|[р-ф][{_CYRILLIC_NEXT}]{{3}})+")
_CYRILLIC_SIGNS = ("вЂ", "Рѕ", "Р°", "Рµ", "С‚", "СЂ", "Г©", "Г¶", "Гј")
_CYRILLIC = tuple(dict.fromkeys(sign[0] for sign in _CYRILLIC_SIGNS))  # one letter is found ten times as fast
_NEARLY_ALL = 0.8  # of the characters that are not ASCII
# How pictures, papers, archives, fonts, films and programs begin; none of these is how a page could.
_MAGIC = re.compile(
    rb"\x89PNG|GIF8[79]a|\xff\xd8\xff|II\*\0|MM\0\*|\0\0\x01\0|%PDF-\d|\xd0\xcf\x11\xe0|PK(?:\x03\x04|\x05\x06)|\x1f\x8b\x08"
    rb"|BZh\d1AY&SY|\xfd7zXZ\0|7z\xbc\xaf|Rar!\x1a|\x28\xb5\x2f\xfd|RIFF.{4}(?:WEBP|WAVE|AVI )|\0\0..ftyp|OggS\0"
    rb"|ID3[\x02-\x04]\0|\x1aE\xdf\xa3|wOF[F2][\0\x01O]|\x7fELF|\0asm|SQLite format 3\0",
    re.DOTALL,
)
# No letters of any page: controls but those that lay out lines or switch charsets, private use, and the undecodable.
_ALIEN = re.compile("[\x01-\x08\x10-\x1a\x1c-\x1f\x7f\ue000-\uf8ff\ufffd-\uffff]")
_MOST_ALIEN = 0.02  # of the characters, and
_TO_ASCII = 0.1  # so many to each of ASCII: in random bytes .14 and more, in pages that quote all controls below .06
_SAMPLE = 20_000  # characters looked at, evenly spread


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page without what XML forbids. A BOM decides, then valid UTF-8, then what header or page declare
    if the bytes agree, then detection; text that was encoded twice is read twice. Raises ParseError
    ``not-an-article`` for bytes that are no text, whatever header they came with."""
    if _MAGIC.match(body):
        raise ParseError("not-an-article", "a binary format")
    text = _decoded(body, content_type)
    if _is_alien(text):
        raise ParseError("not-an-article", "no text in any charset")
    if any(sign in text for sign in _SIGNS):
        text = "".join(_repaired(text))
    if not text.isascii() and any(sign in text for sign in _CYRILLIC) and any(sign in text for sign in _CYRILLIC_SIGNS):
        text = _repaired_cyrillic(text)
    if "&#" in text:
        text = _SUSPECT.sub(lambda found: found[0] if _legal(found[1], found[2]) else "", text)
    raw = text.encode("utf-8", "replace")
    legal = raw.translate(None, _CONTROLS)
    if len(legal) != len(raw) or any(sign in text for sign in _UNWANTED):
        text = "".join(letter for letter in legal.decode("utf-8") if letter not in _UNWANTED)
    return text


def _is_alien(text: str) -> bool:
    """Whether too much of a decoded text is none; NUL is left out, which pads pages in four bytes a character."""
    sample = text[:: len(text) // _SAMPLE + 1]
    padding, aliens = sample.count("\0"), len(_ALIEN.findall(sample))
    plain = len(sample.encode("ascii", "ignore")) - padding
    return aliens > _TO_ASCII * plain and aliens > _MOST_ALIEN * (len(sample) - padding)


def _decoded(body: bytes, content_type: str) -> str:
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, "replace")
    head = body[:4096]
    if wide := _wide(head):
        return body.decode(wide, "replace")
    if not (b"\x1b$" in head or b"\x1b(" in head):  # ISO-2022 is ASCII to the eye of UTF-8
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            if _nearly_utf8(body):
                return body.decode("utf-8", "replace")
    for codec in _declared(head, content_type):
        try:
            return body.decode(codec)
        except (UnicodeDecodeError, ValueError):
            lenient = body.decode(codec, "replace")
            if lenient.count("\ufffd") * 200 < max(200, len(lenient)) and codec != "utf-8":
                return lenient
    return _detected(body)


def _wide(head: bytes) -> str:
    """UTF-16 without a BOM shows as a NUL in every second byte of markup."""
    if head[1:200:2].count(0) > 60 and head[0:200:2].count(0) < 20:
        return "utf-16-le"
    return "utf-16-be" if head[0:200:2].count(0) > 60 and head[1:200:2].count(0) < 20 else ""


def _nearly_utf8(body: bytes) -> bool:
    """Whether a few cut characters spoil what is UTF-8 otherwise: at least ten good sequences to a bad one."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = _beyond_ascii(text) - bad
    return good >= 10 * bad


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _declared(head: bytes, content_type: str) -> Iterator[str]:
    """The codecs that the header and the page name, in that order; only text codecs, never ``zlib`` or ``idna``."""
    names = _HEADER.findall(content_type)
    names += [name.decode("ascii") for pattern in (_XML, _META) for name in pattern.findall(head)]
    for name in names:
        try:
            codec = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        if _FAMILIES.fullmatch(codec):
            yield _MEANT.get(codec, codec)


def _detected(body: bytes) -> str:
    """What nobody declares rightly: by the page's language where it names one, else by its bytes."""
    spoken = _LANGUAGE.search(body[:4096])
    by_language = _BY_LANGUAGE.get(spoken[1].decode("ascii").lower()) if spoken else None
    if by_language:
        return body.decode(by_language, "replace")
    best = from_bytes(body[:60_000]).best()
    codec = best.encoding if best is not None else "cp1252"
    return body.decode(_MEANT.get(codec, codec), "replace")


def _legal(hexadecimal: str | bytes | None, decimal: str | bytes | None) -> bool:
    """Whether XML allows a character reference; one to U+D800, U+0008 or beyond Unicode would cost the page."""
    digits = hexadecimal or decimal or "0"
    code = int(digits, 16 if hexadecimal else 10) if len(digits) < 9 else 0
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF


def _repaired(text: str) -> Iterator[str]:
    """The text in pieces, doubly encoded runs read once more; left alone unless at least three runs make sense."""
    runs = [(run, _once(run[0])) for run in _TWICE.finditer(text)]
    mended = [(run, once) for run, once in runs if once]
    if len(mended) < 3 or len(mended) * 2 < len(runs):
        yield text
        return
    end = 0
    for run, once in mended:
        yield text[end : run.start()]
        yield once
        end = run.end()
    yield text[end:]


def _repaired_cyrillic(text: str) -> str:
    """The same where UTF-8 was read as windows-1251."""
    letters = _beyond_ascii(text)
    mended = sum(len(run[0]) for run in _CYRILLIC_TWICE.finditer(text) if _once(run[0], "cp1251"))
    if mended < max(6, _NEARLY_ALL * letters):
        return text
    return _CYRILLIC_TWICE.sub(lambda run: _once(run[0], "cp1251") or run[0], text)


def _once(run: str, legacy: str = "cp1252") -> str:
    """What a run stood for before it was encoded twice, or nothing."""
    try:
        return bytes(_byte(character, legacy) for character in run).decode("utf-8")
    except (UnicodeError, ValueError):
        return ""


def _byte(character: str, legacy: str) -> int:
    if ord(character) < (0x100 if legacy == "cp1252" else 0x80) or character == "\u0098":
        return ord(character)
    return character.encode(legacy)[0]


def without_illegal_references(body: bytes) -> bytes:
    """A body without the numeric character references that XML forbids: one of them would cost the whole feed."""
    if b"&#" not in body:
        return body
    return _REFERENCE_BYTES.sub(lambda found: found[0] if _legal(found[1], found[2]) else b"", body)
