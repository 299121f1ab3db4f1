"""What the site adds to docs/: the pages of the algorithms in its navigation, and files of others.

MkDocs calls these functions, see mkdocs.yml. Nothing here needs QGIS or the engine.
"""

from __future__ import annotations

import ast
import posixpath
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ALGORITHMS = ROOT / "geosam_processing" / "algorithms"
# Files outside docs/ that are pages of the site.
OTHERS = {
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "benchmarks.md": "benchmarks/RESULTS.md",
    "reference/geosam_nano.md": "models/geosam_nano.md",
}
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s#]+)((?:#[^)]*)?)\)")


def on_config(config: Any) -> Any:
    """Put the pages of the algorithms into the navigation."""
    for section in config.nav:
        if "Algorithms" in section:
            section["Algorithms"] = algorithm_nav(ROOT / "docs")
    return config


def algorithm_nav(docs: Path) -> list[dict[str, Any]]:
    """The pages of the algorithms by group, in the order of the groups' names."""
    groups: dict[str, list[str]] = {}
    for name, group in sorted(named_groups()):
        if (docs / f"{name}.md").exists():
            groups.setdefault(group, []).append(f"{name}.md")
    return [{group: pages} for group, pages in sorted(groups.items())]


def named_groups() -> set[tuple[str, str]]:
    """The id and the group of each algorithm, as its class has them."""
    found = set()
    for path in ALGORITHMS.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                values = {
                    target.id: each.value.value
                    for each in node.body
                    if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
                    for target in each.targets
                    if isinstance(target, ast.Name)
                }
                if values.get("NAME") and values.get("GROUP"):
                    found.add((str(values["NAME"]), str(values["GROUP"])))
    return found


def on_files(files: Any, config: Any) -> Any:
    """Take the pages that lie elsewhere."""
    from mkdocs.structure.files import File

    for page, source in OTHERS.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=relinked(text, page, source)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Let links to files outside docs/ lead to their pages."""
    source = page.file.src_uri
    return markdown if source in OTHERS else relinked(markdown, source, f"docs/{source}")


def relinked(text: str, page: str, source: str) -> str:
    """``text`` with its links as they are on the site. Files of the repository only get none.

    Args:
        page: where the text is shown, from the site's root.
        source: the file of the text, from the repository's root.
    """
    pages = {path: name for name, path in OTHERS.items()}
    folder = posixpath.dirname(page) or "."

    def link(match: re.Match[str]) -> str:
        words, target, place = match.groups()
        if "://" in target or target.startswith(("mailto:", "/")):
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if path in pages:
            target = posixpath.relpath(pages[path], folder)
        elif path.startswith("docs/"):
            target = posixpath.relpath(path[len("docs/") :], folder)
        else:
            return words
        return f"[{words}]({target}{place})"

    return _LINK.sub(link, text)
