"""The check of the English finds what it should."""

import ast
from pathlib import Path

import pytest

from scripts.check_prose import Text, faults_of, texts_of_module, texts_of_page

LONG = " ".join(["word"] * 26)


@pytest.mark.parametrize(
    ("kind", "words", "found"),
    [
        ("string", "If not set, the CRS of the raster is used.", 0),
        ("string", "Extent. None: all of the raster.", 1),
        ("string", "Off: the processor does the work anew.", 2),
        ("string", f"{LONG}.", 1),
        ("page", f"{LONG}.", 0),
        ("label", "Distance between patches (pixels)", 0),
        ("label", "From the start of a patch to that of the next", 1),
    ],
)
def test_faults_of_a_text(kind: str, words: str, found: int) -> None:
    assert len(list(faults_of(Text("here", kind, words)))) == found


def test_kinds_of_strings_in_a_module() -> None:
    source = '''
"""A module."""
number(SPACING, "Spacing (pixels)", "Pixels between points.")
key = "not_prose"
'''
    found = {(text.kind, text.words) for text in texts_of_module(ast.parse(source), "here.py")}
    assert found == {
        ("docstring", "A module."),
        ("label", "Spacing (pixels)"),
        ("string", "Pixels between points."),
    }


def test_code_and_tables_of_a_page_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import scripts.check_prose as check

    monkeypatch.setattr(check, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "# Title\n\nOne `code` [link](address)\nline.\n\n| a | b |\n\n```\ncode\n```\n- item\n"
    )
    assert [text.words for text in texts_of_page(page)] == ["One  x  link line.", "- item"]
