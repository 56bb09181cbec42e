"""Invented pages, as an outlet of the tests serves them."""

from collections.abc import Sequence

LEDE = "At least 12 people were killed when a footbridge collapsed in Port Harrow on Monday evening, police said."
BODY = (
    LEDE,
    "The bridge opened in 1987 and carried about 4,000 people a day, according to the city's transport office.",
    "The transport ministry denied that inspectors had been warned about cracks in the western pier.",
    "Rescue teams worked through the night with two cranes while relatives waited behind a cordon at the old ferry quay.",
    "“We are still looking for people under the eastern span,” said Lena Marsh, who leads the fire brigade.",
    "Mayor Tomas Oduya said the city would pay for the funerals and open a fund for the injured by the end of the week.",
)
MENU = "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a> <a href='/weather'>Weather</a></nav>"


def page(
    paragraphs: Sequence[str] = BODY,
    *,
    headline: str = "Bridge collapse in Port Harrow kills 12",
    canonical: str = "",
    modified: str = "",
    extra: str = "",
    nonce: str = "",
) -> bytes:
    """An article page with a menu, a footer and what else is asked for."""
    link = f"<link rel=canonical href='{canonical}'>" if canonical else ""
    stamp = f"<meta property='article:modified_time' content='{modified}'>" if modified else ""
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="en"><head><title>{headline} - Port Harrow Courier</title>
<meta property="og:title" content="{headline}"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-03-02T08:00:00Z">{stamp}{link}</head>
<body data-nonce="{nonce}">{MENU}<main><article><h1>{headline}</h1>
{text}
</article></main>{extra}<footer><p>Copyright Port Harrow Courier</p></footer></body></html>""".encode()
