"""What a verb's arguments name in the store."""

from typing import TYPE_CHECKING

from cli import say

if TYPE_CHECKING:
    import sqlalchemy as sa

    from store.asking import Kind
    from store.views.articles import ArticleRow


def article_named(connection: "sa.Connection", written: str) -> "ArticleRow":
    """The article that an id or a URL names; ends the verb where there is none."""
    from store.views.articles import article_by, find_article

    found = None
    if written.isascii() and written.isdigit():
        found = article_by(connection, int(written)) if len(written) < 19 else None
    elif "://" in written:
        named = (find_article(connection, written, [key]) for key in _keys(written))
        found = next((each for each in named if each is not None), None)
    if found is None:
        say.fail(f"no article {written!r}; see `./writethru articles`")
    return found


def subject_named(connection: "sa.Connection", written: str) -> "tuple[Kind, int]":
    """The article or feed that an id, ``feed:ID`` or a URL names; ends the verb where there is none."""
    from store import articles, asking

    kind, key = asking.named(connection, written)
    if key is None and "://" in written:
        found = articles.by_keys(connection, _keys(written))
        key = next((found[each] for each in _keys(written) if each in found), None)
    if key is None:
        say.fail(f"no article or feed {written!r}; see `./writethru articles` and `./writethru feeds`")
    return kind, key


def _keys(url: str) -> list[str]:
    """The names of an address, the narrowest first."""
    from workers.entries import names_of

    return [key for key, kind in names_of(url).items() if kind != "number"]
