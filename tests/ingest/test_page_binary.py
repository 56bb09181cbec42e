"""Bytes that are no text never become an article, whatever they are served as; pages in odd charsets stay articles."""

import gzip
import random
import zlib
from io import BytesIO
from zipfile import ZipFile

import pytest

from ingest.extraction.gate import gate
from ingest.extraction.page import extract, extract_if_changed
from tests.pages.newspaper import STORY, URL, page

RUSSIAN = (
    "Не менее 12 человек погибли при пожаре в старом зернохранилище, сообщила в понедельник пожарная служба порта."
)
JAPANESE = "港の消防隊によると、日曜日の夜に古い穀物倉庫で火災が発生し、少なくとも12人が死亡した。市長は月曜日に調査を約束した。"
SERVED = ["", "text/html", "text/html; charset=utf-8", "text/html; charset=windows-1251", "text/html; charset=utf-16"]


def noise(seed: int, size: int = 5_000) -> bytes:
    """Bytes as /dev/urandom gives them, the same on each run."""
    return random.Random(seed).randbytes(size)


def picture() -> bytes:
    """A PNG: its signature, a header, and compressed pixels."""
    header = (64).to_bytes(4) * 2 + b"\x08\x02\0\0\0"
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(noise(1, 64 * 193))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(inner).to_bytes(4) + name + inner + zlib.crc32(name + inner).to_bytes(4) for name, inner in chunks
    )


def archive() -> bytes:
    """A ZIP that holds the page itself, not even compressed."""
    written = BytesIO()
    with ZipFile(written, "w") as opened:
        opened.writestr("story.html", page())
    return written.getvalue()


BINARY = {
    "PNG": picture(),
    "PNG without its head": picture()[8:],
    "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + noise(2),
    "PDF": b"%PDF-1.7\n1 0 obj <</Title (" + " ".join(STORY).encode() + b")>> endobj\n",
    "ZIP": archive(),
    "gzip": gzip.compress(page()),
    "random, after a BOM": b"\xff\xfe" + noise(3),
    "random, in HTML": b"<html lang=ru><body><article><p>" + noise(4) + b"</p></article></body></html>",
    "random, decoded and encoded": noise(5).decode("utf-8", "replace").encode(),
    **{f"random {seed}": noise(seed, 1_000 * seed) for seed in range(6, 12)},
}


@pytest.mark.parametrize("served", SERVED)
@pytest.mark.parametrize("kind", BINARY)
def test_binary_bytes_are_no_article(kind: str, served: str) -> None:
    """Pictures, papers, archives and noise have a verdict, no text, no headline and no gate, at any Content-Type."""
    found = extract(BINARY[kind], URL, content_type=served)
    assert ("not-an-article", "", "", "") == (found.verdict, found.text, found.headline, found.gate)
    assert "" == gate(BINARY[kind], URL, served)


@pytest.mark.parametrize("kind", BINARY)
def test_a_known_article_that_turns_binary_is_refused(kind: str) -> None:
    """A page that was an article and serves bytes now is read again, and says why it holds nothing."""
    found = extract_if_changed(BINARY[kind], URL, extract(page(), URL).gate, content_type="text/html")
    assert found is not None
    assert ("not-an-article", ()) == (found.verdict, found.blocks)


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "undeclared"])
@pytest.mark.parametrize(
    ("codec", "words"),
    [
        pytest.param("utf-16", RUSSIAN, id="UTF-16"),
        pytest.param("utf-16-le", RUSSIAN, id="UTF-16LE without a BOM"),
        pytest.param("utf-16-be", JAPANESE, id="UTF-16BE without a BOM"),
        pytest.param("utf-32", RUSSIAN, id="UTF-32"),
        pytest.param("windows-1251", RUSSIAN, id="windows-1251"),
        pytest.param("koi8-r", RUSSIAN, id="KOI8-R"),
        pytest.param("shift_jis", JAPANESE, id="Shift-JIS"),
        pytest.param("euc_jp", JAPANESE, id="EUC-JP"),
        pytest.param("iso2022_jp", JAPANESE, id="ISO-2022-JP"),
        pytest.param("utf-8", JAPANESE, id="UTF-8"),
    ],
)
def test_pages_in_other_charsets_are_articles(codec: str, words: str, declared: bool) -> None:
    """Two bytes a letter, legacy charsets and charsets that switch by control characters are text."""
    language = "ru" if words == RUSSIAN else "ja"
    texts = [f"{number}. {words}" for number in range(1, 9)]
    markup = page(texts).decode().replace('<meta charset="utf-8">', "").replace("© ", "")
    body = markup.replace('lang="en"', f'lang="{language}"').encode(codec)
    found = extract(body, URL, content_type=f"text/html; charset={codec}" if declared else "text/html")
    assert "article" == found.verdict
    if declared:
        assert texts == found.text.split("\n")


@pytest.mark.parametrize("stray", [b"\x00", b"\x01", b"\x08", b"\x0b", b"\x1b", b"\x1f", b"\x7f", b"\xff"], ids=repr)
def test_a_few_stray_characters_spoil_no_article(stray: bytes) -> None:
    """Control characters and undecodable bytes here and there cost themselves, not the page."""
    body = page([f"{text} And so on." for text in STORY]).replace(b" And", stray + b" And" + stray)
    assert "article" == extract(body, URL).verdict
    assert "article" == extract(stray * 20 + body, URL).verdict
