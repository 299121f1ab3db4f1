"""Every algorithm has a page, whose tables are those of its definitions."""

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from scripts import write_docs

pytestmark = pytest.mark.usefixtures("qgis_application")

PAGES = sorted(write_docs.DOCS.rglob("*.md"))


def test_pages_are_up_to_date() -> None:
    stale = [name for name, page in write_docs.pages().items() if write_docs.existing(name) != page]
    assert stale == [], "run `make docs`"


def test_every_page_shows_how_to_run_its_algorithm(algorithms: dict[str, Any]) -> None:
    from geosam_processing.algorithms import ALGORITHMS

    for algorithm in ALGORITHMS:
        page = write_docs.existing(f"{algorithm.NAME}.md")
        assert f"geosam:{algorithm.NAME}" in page
        assert f"qgis_process run geosam:{algorithm.NAME}" in page, algorithm.NAME


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_a_page_without_a_place_is_said() -> None:
    with pytest.raises(ValueError, match="lacks the two comments"):
        write_docs.renewed("# Page\n", "tables")
