"""What a verb's arguments name in the store."""

from typing import TYPE_CHECKING

from cli import say

if TYPE_CHECKING:
    import sqlalchemy as sa

    from store.views.articles import ArticleRow


def article_named(connection: "sa.Connection", written: str) -> "ArticleRow":
    """The article that an id or a URL names; ends the verb where there is none."""
    from store.views.articles import article_by, find_article

    found = None
    if written.isascii() and written.isdigit():
        found = article_by(connection, int(written)) if len(written) < 19 else None
    elif "://" in written:
        from workers.entries import url_key

        found = find_article(connection, written, [url_key(written)])
    if found is None:
        say.fail(f"no article {written!r}; see `./writethru articles`")
    return found
