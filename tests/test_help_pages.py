"""Pages of the documentation as HTML, without a library for Markdown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import help_pages

DOCS = Path(help_pages.__file__).parents[1] / "docs"
PAGES = help_pages.pages(DOCS)


def body(text: str) -> str:
    """The HTML of a page without its head and navigation."""
    whole = help_pages.page(text, "page.md", {"page.md", "other.md", "folder/far.md"})
    return re.sub(r".*</nav>\n|\n</body>.*", "", whole, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A & b", '<h1 id="a-b">A &amp; b</h1>'.replace("a-b", "a-b")),
        ("one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>"),
        ("`a < *b*` and *c*", "<p><code>a &lt; *b*</code> and <em>c</em></p>"),
        ("**x**, 2 * 3 * 4", "<p><strong>x</strong>, 2 * 3 * 4</p>"),
        ("[x](other.md#place)", '<p><a href="other.html#place">x</a></p>'),
        ("[x](../README.md)", "<p>x</p>"),
        ("[x](https://a.org/b.md)", '<p><a href="https://a.org/b.md">x</a></p>'),
        ("![x](a.jpg)", '<p><img src="a.jpg" alt="x"></p>'),
        ("```\na\n\n  b<\n```", "<pre><code>a\n\n  b&lt;</code></pre>"),
        ("- a\n  b\n- c", "<ul>\n<li>a\nb</li>\n<li>c</li>\n</ul>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul></li>\n<li>c</li>\n</ul>"),
        (
            "| a | b |\n|---|---|\n| `x\\|y` | z |",
            "<table>\n<tr><th>a</th><th>b</th></tr>\n"
            "<tr><td><code>x|y</code></td><td>z</td></tr>\n</table>",
        ),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        (
            '!!! note "T"\n    a\n\nb',
            '<div class="note"><p><strong>T</strong></p>\n<p>a</p>\n</div>\n<p>b</p>',
        ),
        ("a <!-- b\nc --> d", "<p>a  d</p>"),
    ],
)
def test_markdown_becomes_html(text: str, expected: str) -> None:
    assert body(text) == expected


def test_every_page_is_there() -> None:
    wanted = {path.relative_to(DOCS).with_suffix(".html").as_posix() for path in DOCS.rglob("*.md")}
    assert set(PAGES) == wanted - {"reference/python.html"}


@pytest.mark.parametrize("name", PAGES)
def test_no_markdown_is_left(name: str) -> None:
    text = PAGES[name].decode()
    outside = re.sub(r"<(pre|code)>.*?</\1>|<style>.*?</style>", "", text, flags=re.DOTALL)
    assert not re.findall(r"\]\(|\*\*|```|^#+ |^\|", outside, re.MULTILINE)
    assert text.count("<p>") == text.count("</p>")
    assert text.count("<li>") == text.count("</li>")


@pytest.mark.parametrize("name", PAGES)
def test_links_to_places_find_them(name: str) -> None:
    folder = Path(name).parent
    for target, place in re.findall(r'href="([^":#]*)#([^"]+)"', PAGES[name].decode()):
        page = (folder / target).as_posix() if target else name
        parts: list[str] = []
        for part in page.split("/"):
            parts = parts[:-1] if part == ".." else [*parts, part]
        assert f'id="{place}"' in PAGES["/".join(parts)].decode(), (target, place)


def test_pictures_are_there() -> None:
    for picture in help_pages.pictures(DOCS):
        assert (DOCS / picture).is_file(), picture
