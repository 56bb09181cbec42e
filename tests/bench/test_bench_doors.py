"""The numbers of docs/promises.md, measured small: the counts hold on any machine."""

from pathlib import Path

from bench.doors import run


def test_what_is_kept_out(tmp_path: Path) -> None:
    """Every forbidden address, trick and cut body is refused, bombs for their reason and 16 MiB at most, slow ones at
    their deadline, and the deep page is kept whole."""
    rows = {str(row["measure"]): row for row in run(tmp_path, quick=True)}
    counted = [row for row in rows.values() if "n" in row and not str(row["measure"]).startswith("attempts")]
    assert [39, 14, 2, 200, 40] == [row["n"] for row in counted]
    assert [] == [row for row in counted if row["n"] != row["held"]]
    bombs = [row for name, row in rows.items() if name.startswith("bomb")]
    assert ["too-large"] * 2 + ["unexpected-encoding"] * 3 == [row["held"] for row in bombs]
    assert all(isinstance(row["MiB"], float) and row["MiB"] <= 16 for row in bombs)
    assert 10 == rows["attempts of a webhook, and hours"]["n"]
