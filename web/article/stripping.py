"""What each rule that leaves a block of a page out of the text means, in words (docs/extraction.md)."""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "label": "a label, or a short line that begins like one",
    "teaser": "a teaser of another article",
    "phrase": "says itself what it is: an invitation, a notice",
    "edge": "source, date or place line at the edge of the text",
    "byline": "the line that names the author",
    "counter": "a count of comments, minutes or views",
    "headline": "the headline once more",
    "caption": "a caption",
    "link": "one link and nothing else",
    "marker": "“this is a developing story”: kept as a state of the article",
    "stamp": "the time of the last update: kept as evidence",
    "comments": "a reader's comment",
    "another": "belongs to another article on the page",
    "banner": "asks for consent",
    "advert": "stands below an advertisement’s label",
    "form": "stands beside a field for an e-mail address",
    "beyond": "stands outside of the article",
    "site": "stands on other articles of this site too",
    "slot": "differs at every fetch",
    "live": "its posts are the text",
    "pin": "pinned by a person",
    "forgotten": "was no part of the text before",
    "extractor": "never chosen as part of the article",
}
"""Rule → what it strips."""
