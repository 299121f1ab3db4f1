"""Write the table of docs/workflows.md: how well each workflow does on each version of QGIS.

    python3 -m scripts.workflow_table build/qgis-versions/*.xml

Each file is what ``pytest --junitxml`` wrote of tests/algorithms/test_workflows.py on a version
of QGIS. Standard library only.
"""

from __future__ import annotations

import statistics
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "workflows.md"
BEGIN = "<!-- Written by `make versions`. -->"
END = "<!-- End of what `make versions` writes. -->"
PREFIX = "iou "

# IoU of each square, by workflow.
Measured = dict[str, list[float]]


def measured(path: Path) -> tuple[str, Measured]:
    """Return the version of QGIS and what was measured on it.

    Raises:
        SystemExit: the file has no measurement.
    """
    version, found = "", {}
    for each in ElementTree.parse(path).iter("property"):
        name, value = each.get("name", ""), each.get("value", "")
        if name == "qgis":
            version = value.partition("-")[0]
        elif name.startswith(PREFIX):
            found[name.removeprefix(PREFIX)] = [float(part) for part in value.split()]
    if not version or not found:
        raise SystemExit(f"{path} has no IoU of workflows: run their tests with --junitxml")
    return version, found


def table(columns: dict[str, Measured]) -> str:
    """Return the table in Markdown: a row for each workflow, a column for each version."""
    versions = sorted(columns, key=lambda version: [int(part) for part in version.split(".")])
    workflows = sorted({name for column in columns.values() for name in column})
    rows = [f"| workflow | {' | '.join(f'QGIS {version}' for version in versions)} |"]
    rows.append("|---" * (len(versions) + 1) + "|")
    for name in workflows:
        cells = [spoken(columns[version].get(name, [])) for version in versions]
        rows.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(rows)


def spoken(found: Iterable[float]) -> str:
    """Return the mean and the smallest IoU."""
    values = list(found)
    return f"{statistics.mean(values):.3f} ({min(values):.3f})" if values else ""


def main(paths: list[str]) -> int:
    """Renew the table in the page."""
    columns = dict(measured(Path(path)) for path in paths)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(columns)}\n\n{END}{after}", encoding="utf-8")
    print(f"Wrote {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
