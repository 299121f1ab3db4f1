"""What the site adds to the pages; `make site` itself checks every link."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import site_hooks

ROOT = Path(__file__).parents[1]
CONFIG = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_every_algorithm_with_a_page_is_in_the_navigation() -> None:
    nav = site_hooks.algorithm_nav(ROOT / "docs")
    listed = {page for group in nav for pages in group.values() for page in pages}
    table = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert listed == set(re.findall(r"^\| \[[^\]]+\]\((\w+\.md)\)", table, re.MULTILINE))
    assert [next(iter(group)) for group in nav] == sorted(next(iter(group)) for group in nav)


def test_every_page_is_reached() -> None:
    nav = site_hooks.algorithm_nav(ROOT / "docs")
    listed = {page for group in nav for pages in group.values() for page in pages}
    listed |= set(re.findall(r"[\w/-]+\.md", CONFIG.partition("nav:")[2]))
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md")}
    assert pages - listed == set()
    assert listed - pages <= set(site_hooks.OTHERS)


@pytest.mark.parametrize(
    ("page", "source", "link", "expected"),
    [
        ("contributing.md", "CONTRIBUTING.md", "docs/architecture.md", "architecture.md"),
        ("concepts/x.md", "docs/concepts/x.md", "../sam3.md#a", "../sam3.md#a"),
        ("concepts/x.md", "docs/concepts/x.md", "../../CHANGELOG.md", "../changelog.md"),
        (
            "reference/geosam_nano.md",
            "models/geosam_nano.md",
            "../docs/pictures/a.jpg",
            "../pictures/a.jpg",
        ),
        ("a.md", "docs/a.md", "https://b.org/c.md", "https://b.org/c.md"),
    ],
)
def test_links_lead_to_pages_of_the_site(page: str, source: str, link: str, expected: str) -> None:
    assert site_hooks.relinked(f"see [it]({link}).", page, source) == f"see [it]({expected})."


def test_files_of_the_repository_only_have_no_link() -> None:
    assert site_hooks.relinked("see [it](../Makefile).", "a.md", "docs/a.md") == "see it."


def test_requirements_have_hashes() -> None:
    text = (ROOT / "scripts" / "site_requirements.txt").read_text(encoding="utf-8")
    _, *pins = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)
    assert len(pins) > 20
    assert all("--hash=sha256:" in pin for pin in pins)
