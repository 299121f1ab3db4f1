"""Written for Qt 5 and Qt 6 alike: scoped enums, nothing that Qt 6 or QGIS 4 lack.

What QGIS's own migration script would change is an error here.
"""

import ast
import enum
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("geosam_processing", "scripts", "tests/algorithms", "tests/cli")
    for path in (ROOT / folder).rglob("*.py")
    if "engine" not in path.relative_to(ROOT).parts
)
REMOVED_NAMES = {"QRegExp", "QDesktopWidget", "qApp", "QStringRef"}
REMOVED_METHODS = {"exec_", "desktop", "setMinimal"}


def imported(tree: ast.AST) -> Iterator[tuple[str, str, Any]]:
    """Each name that comes from QGIS or Qt: as it is called, its module, the object."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "qgis":
            module = importlib.import_module(str(node.module))
            for alias in node.names:
                yield alias.asname or alias.name, str(node.module), getattr(module, alias.name)


def is_enum_member(value: Any) -> bool:
    """Whether ``value`` belongs to an enum, of Python or of sip (an int with a type of its own)."""
    if isinstance(value, (enum.Enum, enum.Flag)):
        return True
    return isinstance(value, int) and type(value) not in (int, bool)


def faults(source: str) -> Iterator[str]:
    """What Qt 6 or QGIS 4 would not take, one line each."""
    tree = ast.parse(source)
    classes = {name: value for name, _, value in imported(tree) if isinstance(value, type)}
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = classes.get(node.value.id)
            # qgis.PyQt gives QVariant its types back under Qt 6.
            if owner is not None and node.value.id != "QVariant":
                value = getattr(owner, node.attr, None)
                if is_enum_member(value) and not issubclass(owner, (int, enum.Enum)):
                    yield f"line {line}: {node.value.id}.{node.attr} is unscoped"
            if (node.value.id, node.attr) == ("QVariant", "Type"):
                yield f"line {line}: QVariant.Type is gone"
        if isinstance(node, ast.Attribute) and node.attr in REMOVED_METHODS:
            yield f"line {line}: {node.attr} is gone"
        if isinstance(node, ast.Name) and node.id in REMOVED_NAMES:
            yield f"line {line}: {node.id} is gone"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "QVariant":
            yield f"line {line}: QVariant() is no NULL under Qt 6: take qgis.core.NULL"
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            if any(name.split(".")[0] in ("PyQt5", "PyQt6", "sip") for name in names):
                yield f"line {line}: import from qgis.PyQt"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_source_is_ready_for_qt6(path: Path) -> None:
    assert list(faults(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "from qgis.core import QgsProcessing\nQgsProcessing.TypeVectorPolygon",
        "from qgis.core import QgsProcessingParameterNumber as N\nN.Integer",
        "from qgis.PyQt.QtCore import Qt\nQt.AlignLeft",
        "from qgis.core import QgsWkbTypes\nQgsWkbTypes.Point",
        "from PyQt5.QtCore import Qt",
        "dialog.exec_()",
        "from qgis.PyQt.QtCore import QVariant\nQVariant()",
    ],
)
def test_the_check_finds(source: str) -> None:
    assert list(faults(source))


@pytest.mark.parametrize(
    "source",
    [
        "from qgis.core import QgsProcessing\nQgsProcessing.SourceType.TypeVectorPolygon",
        "from qgis.PyQt.QtCore import Qt\nQt.AlignmentFlag.AlignLeft",
        "from qgis.PyQt.QtCore import QVariant\nQVariant.Int",
        "from qgis.core import QgsApplication\nQgsApplication.processingRegistry()",
    ],
)
def test_the_check_lets_pass(source: str) -> None:
    assert not list(faults(source))
