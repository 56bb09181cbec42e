"""What an article is called: the visible heading that says most of what the page claims, never its site's logo."""

import pytest

from ingest.extraction.page import extract
from tests.pages.newspaper import STORY, paragraphs

URL = "https://courier.example/news/granary"


@pytest.mark.parametrize(
    ("title", "head", "headings"),
    [
        pytest.param("Granary fire kills 12 | The Port Courier", "", "<h1><a href='/'>The Port Courier</a></h1><h2>{}</h2>", id="logo-h1, headline h2"),
        pytest.param("Granary fire kills 12 - The Port Courier", "", "<h1>The Port Courier</h1><h1>{}</h1>", id="logo and headline h1"),
        pytest.param("Granary fire kills 12 | News | Courier", "", "<h1>News</h1><h2>{}</h2>", id="section above"),
        pytest.param("Granary fire kills 12 - MSC Harbour News", "", "<h1>Harbour News</h1><h2>{}</h2>", id="part of the site's name"),
        pytest.param("", "<meta property='og:title' content='Granary fire kills 12 | Port Courier'><meta property='og:site_name' content='Port Courier'>",
                     "<h1>Port Courier</h1><h1>{}</h1>", id="og:site_name"),
        pytest.param("Fire kills 12 in granary", "", "<h1>{}</h1><h1>Fire kills 9 in a mill</h1>", id="another article's below"),
        pytest.param("The Northern Mercury of Port Almery | Granary fire kills 12", "", "<h1>{}</h1>", id="site first"),
    ],
)  # fmt: skip
def test_a_logo_is_no_headline(title: str, head: str, headings: str) -> None:
    """A heading that names the site or its section is not taken for the article's."""
    markup = (
        f"<title>{title}</title>{head}<body>{headings.format('Granary fire kills 12')}<div>{paragraphs(STORY)}</div>"
    )
    found = extract(markup.encode(), URL)
    assert found.headline == "Granary fire kills 12"
    assert found.text.split("\n")[0] == STORY[0]


def test_a_headline_of_parts() -> None:
    """A headline that has the mark between title and site within itself is kept whole."""
    headline = "Granary fire - what we know | so far"
    markup = f"<title>{headline} - The Port Courier</title><h1>{headline}</h1>{paragraphs(STORY)}"
    assert headline == extract(markup.encode(), URL).headline
