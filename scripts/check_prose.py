"""Check the English of texts that users and contributors read.

    python -m scripts.check_prose

The rules are those of CONTRIBUTING.md, "English": words to avoid, the length of sentences and
labels. Checked are the strings that the plugin shows, docstrings, and the pages of docs/.
Standard library only.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "geosam_processing"
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "benchmarks")

MOST_WORDS = 35
"""In a sentence of a page or a docstring."""
MOST_HELP_WORDS = 25
"""In a sentence of a string that users see."""
MOST_LABEL_WORDS = 4
"""In a label, without its unit in brackets."""

AVOIDED = {
    r"\banew\b(?![`:])": "again",
    r"\bwhatever\b": "any, name what it is",
    r"\bof (?:its|their|his) own\b": "separate, or leave it out",
    r"\bits company\b": "its dependencies",
    r"\btells?\b": "shows, reports",
    r"\btold\b": "shown, reported",
    r"\bgoes on\b": "continues",
    r"\bwent on\b": "continued",
    r"\bmakes it\b": "name the action",
    r"\bstands? for\b": "represents, means",
    r"\bbeside\b": "next to, outside",
    r"\bbecomes? of\b": "name the result",
    r"\bwhat (?:was|is) done\b": "name the action",
    r"\bthat which\b": "name the thing",
    r"(?:^|[.] )None: (?!None)": "If not set, ...",
    r"(?:^|[.] )Off: ": "If unchecked, ...",
    r"\bbrings\b": "includes, provides",
    r"\bas ever\b": "as before",
    r"\bis heard\b": "is read",
    r"\bwhoever\b": "the person, a user",
    r"\bcomes out\b": "results",
    r"\btakes part\b": "is used",
    r"\bby itself\b": "separately",
    r"\bfor (?:it|them)self\b": "separately",
    r"\bis no more than\b": "is at most",
    r"\bhand(?:s|ed) on\b": "passes on",
    r"\bnothing else\b": "only",
    r"\bgrey\b": "gray",
    r"\bcentres?\b": "center",
    r"\bmetres?\b": "meters",
    r"\bcolours?\b": "color",
    r"\bneighbour": "neighbor",
}


@dataclass(frozen=True)
class Text:
    """A text and where it is.

    Attributes:
        kind: "label", "string", "docstring" or "page".
    """

    place: str
    kind: str
    words: str


def main() -> int:
    """Print what should read better; the exit status is 1 if there is anything."""
    faults = [fault for text in texts() for fault in faults_of(text)]
    print("\n".join(faults))
    if faults:
        print(f"{len(faults)} places to rewrite. CONTRIBUTING.md, English, has the rules.")
    return 1 if faults else 0


def faults_of(text: Text) -> Iterator[str]:
    """What should read better in a text."""
    for pattern, better in AVOIDED.items():
        for found in re.finditer(pattern, text.words, re.IGNORECASE):
            yield f'{text.place}: "{found[0].strip()}": better: {better}'
    if text.kind == "label":
        words = re.sub(r"[\[(].*?[\])]", "", text.words).split()
        if len(words) > MOST_LABEL_WORDS:
            yield f'{text.place}: label of {len(words)} words: "{text.words}"'
        return
    most = MOST_HELP_WORDS if text.kind == "string" else MOST_WORDS
    for sentence in re.split(r"(?<=[.!?:;])\s+|\n\n", text.words):
        count = len(re.findall(r"[\w{}]+(?:['./-][\w{}]+)*", sentence))
        if count > most:
            yield f'{text.place}: sentence of {count} words: "{" ".join(sentence.split())[:90]}..."'


def texts() -> Iterator[Text]:
    """All texts that are checked."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from texts_of_module(tree, path.relative_to(ROOT).as_posix())
    for name in PAGES:
        path = ROOT / name
        for page in sorted(path.rglob("*.md")) if path.is_dir() else [path]:
            yield from texts_of_page(page)


def texts_of_module(tree: ast.Module, place: str) -> Iterator[Text]:
    """The strings that look like prose, labels and docstrings of a module."""
    docstrings = set()
    labels = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.add(first.value)
        elif isinstance(node, ast.Call) and len(node.args) > 1 and _is_key(node.args[0]):
            label = node.args[1]
            if isinstance(label, ast.Call) and label.args:
                label = label.args[0]
            if isinstance(label, ast.Constant):
                labels.add(label)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        line = f"{place}:{node.lineno}"
        if node in docstrings:
            yield Text(line, "docstring", _without_code(node.value))
        elif node in labels:
            yield Text(line, "label", node.value)
        elif re.search(r"[a-z]{2,} [a-z]{2,}", node.value) and "import " not in node.value:
            yield Text(line, "string", node.value)


def _is_key(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return bool(name) and name.isupper()


def _without_code(docstring: str) -> str:
    """A docstring without indented examples; each entry of a list is a paragraph."""
    lines = []
    for line in docstring.splitlines():
        if re.match(r"\s*(>>>|python -m |\$ )", line):
            continue
        lines.append("\n" + line if re.match(r"\s*(-|\w[\w, ]*:) ", line) else line)
    return "\n".join(lines)


def texts_of_page(path: Path) -> Iterator[Text]:
    """The paragraphs of a page, without code, tables and addresses."""
    place = path.relative_to(ROOT).as_posix()
    paragraph: list[str] = []
    start, fenced = 1, False
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            line = ""
        ends = fenced or not line.strip() or line.startswith(("#", "|", "    "))
        begins = re.match(r"\s*([-*]|\d+\.) ", line)
        if paragraph and (ends or begins):
            yield Text(f"{place}:{start}", "page", _plain(" ".join(paragraph)))
            paragraph = []
        if not ends:
            start = start if paragraph else number
            paragraph.append(line.strip())


def _plain(text: str) -> str:
    text = re.sub(r"<!--.*?-->|`[^`]*`", " x ", text)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)


if __name__ == "__main__":
    sys.exit(main())
