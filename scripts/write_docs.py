"""Write the parts of docs/ that the algorithms' own definitions tell.

    make docs

Runs in QGIS's Python. In docs/<name>.md that is the tables of parameters and outputs, in
docs/README.md the list of algorithms, in docs/troubleshooting.md all error texts: each between
two comments, around which everything is written by hand. A page that is not there yet is begun.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
DOCS = ROOT / "docs"
INDEX = "README.md"
ERRORS = "troubleshooting.md"
BEGIN = "<!-- Written by `make docs`; change the algorithm instead. -->"
END = "<!-- End of what `make docs` writes. -->"


def pages() -> dict[str, str]:
    """What each page shall be, by file name. Needs the provider to be registered."""
    from qgis.core import QgsApplication

    from geosam_processing.algorithms import ALGORITHMS

    registry = QgsApplication.processingRegistry()
    algorithms = [registry.algorithmById(f"geosam:{each.NAME}") for each in ALGORITHMS]
    wanted = {}
    for algorithm in algorithms:
        name = f"{algorithm.name()}.md"
        wanted[name] = renewed(existing(name) or begun(algorithm), reference(algorithm))
    wanted[INDEX] = renewed(existing(INDEX), index(algorithms))
    wanted[ERRORS] = renewed(existing(ERRORS), error_list())
    return wanted


def error_list() -> str:
    """Every text that an error can have, group by group."""
    from scripts.error_texts import texts_by_group

    parts = []
    for group, texts in texts_by_group().items():
        parts += [f"### {group}", "\n".join(f"- {text}" for text in texts)]
    return "\n\n".join(parts)


def existing(name: str) -> str:
    path = DOCS / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def begun(algorithm: Any) -> str:
    """A page to which an example and advice are added by hand."""
    about = algorithm.shortHelpString()
    return f"# {algorithm.displayName()}\n\n`{algorithm.id()}`: {about}\n\n{BEGIN}\n{END}\n"


def renewed(page: str, content: str) -> str:
    """``page`` with ``content`` between its comments.

    Raises:
        ValueError: the page has no place for it.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page[:60]!r}... lacks the two comments to write between: {BEGIN} {END}")
    return f"{before}{BEGIN}\n\n{content}\n\n{END}{after}"


def reference(algorithm: Any) -> str:
    """The tables of an algorithm's parameters and outputs."""
    common: list[tuple[str, ...]] = []
    advanced: list[tuple[str, ...]] = []
    for definition in algorithm.parameterDefinitions():
        flags = definition.flags()
        rows = advanced if flags & type(definition).Flag.FlagAdvanced else common
        rows.append((code(definition.name()), what(definition), default(definition)))
    outputs = [
        (code(each.name()), cell(each.description())) for each in algorithm.outputDefinitions()
    ]
    parts = []
    if common:
        parts += ["## Parameters", *table("key", "what", "default", rows=common)]
    if advanced:
        parts += ["Advanced:", *table("key", "what", "default", rows=advanced)]
    if outputs:
        parts += ["## Outputs", *table("key", "what", rows=outputs)]
    return "\n\n".join(parts)


def index(algorithms: list[Any]) -> str:
    """The list of algorithms in the order of a user's path."""
    from geosam_processing.algorithms import ALGORITHMS

    order = [algorithm.NAME for algorithm in ALGORITHMS]
    rows = []
    for algorithm in sorted(algorithms, key=lambda each: order.index(each.name())):
        link = f"[{algorithm.displayName()}]({algorithm.name()}.md)"
        rows.append((link, code(algorithm.id()), cell(algorithm.shortDescription())))
    return next(table("algorithm", "id", "what it does", rows=rows))


def table(*head: str, rows: list[Any]) -> Iterator[str]:
    """A Markdown table; nothing without rows."""
    if rows:
        lines = [" | ".join(line) for line in (head, *rows)]
        lines.insert(1, "|".join("---" for _ in head))
        first, rule, *rest = lines
        yield "\n".join([f"| {first} |", f"|{rule}|", *(f"| {line} |" for line in rest)])


def what(definition: Any) -> str:
    return cell(f"{definition.description()}. {definition.help()}")


def default(definition: Any) -> str:
    """The default as a person reads it; empty where a value must be given."""
    value = definition.defaultValue()
    if value in (None, ""):
        return "none" if definition.flags() & type(definition).Flag.FlagOptional else ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (int, float)):
        return f"{value:g}" if value % 1 else str(int(value))
    return code(str(value))


def code(text: str) -> str:
    return f"`{text}`"


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> int:
    """Write every page that is not what it shall be."""
    from workflows.qgis_session import qgis_session

    with qgis_session():
        wanted = pages()
    for name, text in wanted.items():
        if existing(name) != text:
            (DOCS / name).write_text(text, encoding="utf-8")
            print(f"Wrote docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
