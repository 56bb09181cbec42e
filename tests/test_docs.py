"""What is documented: every setting with its default, every verb, and nothing that does not exist."""

import re
from pathlib import Path

import pytest

from cli.verbs import VERBS
from config.fields import FIELDS, spelt
from config.settings import ROOT

TABLE = dict(
    re.findall(
        r"^\| `([a-z_.]+)` \| (.*?) \| .+ \|$",
        (ROOT / "docs/configuration.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)


@pytest.mark.parametrize("key", FIELDS)
def test_every_setting_is_documented(key: str) -> None:
    """docs/configuration.md has a row for the setting, with the default that the code has."""
    default = FIELDS[key].default
    expected = "var/" if isinstance(default, Path) else spelt(default)
    assert (f"`{expected}`" if expected else "–") == TABLE.get(key)


def test_nothing_else_is_documented() -> None:
    """No row of docs/configuration.md names a setting that does not exist."""
    assert [] == sorted(TABLE.keys() - FIELDS.keys())


def test_every_verb_is_documented() -> None:
    """The commands in docs/architecture.md name every verb."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    commands = text.partition("### Commands\n```\n")[2].partition("```")[0]
    assert [] == sorted(VERBS.keys() - set(re.findall(r"[a-z]+", commands)))


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/configuration.md"])
def test_a_stranger_is_promised_nothing(document: str) -> None:
    """Every command that a page for newcomers shows exists."""
    shown = set(re.findall(r"\./writethru ([a-z]+)", (ROOT / document).read_text(encoding="utf-8")))
    assert [] == sorted(shown - VERBS.keys())


def test_deployments_use_what_exists() -> None:
    """The image, the compose file and the unit set known settings and start known verbs."""
    files = [ROOT / name for name in ("Dockerfile", "deploy/compose.yaml", "deploy/writethru.service")]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    variables = {f"WRITETHRU_{key.upper().replace('.', '__')}" for key in FIELDS}
    assert set() == set(re.findall(r"\bWRITETHRU_\w+", text)) - variables
    verbs = re.findall(r"\*writethru\n    command: \[(\w+)|^CMD \[\"(\w+)|^ExecStart=.* (\w+)$", text, re.MULTILINE)
    assert {"poll", "work", "web", "up"} == {name for found in verbs for name in found if name}
    assert {"poll", "work", "web", "up"} <= VERBS.keys()


@pytest.mark.parametrize(
    "document", sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
)
def test_links_lead_somewhere(document: str) -> None:
    """Every relative link of a page leads to a file or folder of the project."""
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    assert [] == [target for target in targets if not ((ROOT / document).parent / target).exists()]


def test_the_readme_leads_to_every_page() -> None:
    """No page of docs/ is found by chance only."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [] == [path.name for path in sorted(ROOT.glob("docs/*.md")) if f"(docs/{path.name})" not in text]


def test_proofs_exist() -> None:
    """Every test that docs/promises.md names as a proof is there, and every promise names one."""
    text = (ROOT / "docs/promises.md").read_text(encoding="utf-8")
    promises = re.split(r"^## (P\d)\.", text, flags=re.MULTILINE)[1:]
    named = dict(zip(promises[::2], promises[1::2], strict=True))
    assert [f"P{n}" for n in range(1, 9)] == list(named)
    assert [] == [promise for promise, said in named.items() if "::test_" not in said.partition("*Proof.*")[2]]
    for file, test in re.findall(r"`(tests/[\w/.]+)::(\w+)", text):
        assert re.search(rf"^ *(async )?def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), test


CASES = re.findall(
    r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| [^|]*\|$", (ROOT / "docs/cases.md").read_text(encoding="utf-8"), re.MULTILINE
)
"""(number, what, tests) of each row of docs/cases.md."""


def test_every_case_has_a_row() -> None:
    """docs/cases.md has the lines 1 to 115, each once and in order."""
    assert [str(n) for n in range(1, 116)] == [number for number, _, _ in CASES]


@pytest.mark.parametrize(("number", "tests"), [pytest.param(int(n), tests, id=n) for n, _, tests in CASES])
def test_cases_name_tests_that_exist(number: int, tests: str) -> None:
    """Every test that a line names is there, and `-k case_N` finds one of them."""
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", tests)
    assert named
    texts = {file: (ROOT / "tests" / file).read_text(encoding="utf-8") for file, _ in named}
    assert [] == [f"{file}::{name}" for file, name in named if f"def {name}(" not in texts[file]]
    spans = [span for text in texts.values() for span in re.findall(r"case_(\d+)_to_(\d+)", text)]
    numbers = {
        int(n)
        for text in texts.values()
        for found in re.findall(r"case_(\d+(?:_\d+)*)", text)
        for n in found.split("_")
    }
    assert number in numbers or any(int(low) <= number <= int(high) for low, high in spans)
