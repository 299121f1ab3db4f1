"""The error texts that users may see, read from the source. Standard library only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "geosam_processing"
# Which errors are meant for users, and where the page lists them.
GROUPS = {
    "EngineError": "The engine",
    "EngineNotFound": "The engine",
    "SetupError": "Setting up the engine",
    "ModelError": "Models and checkpoints",
    "DownloadError": "Downloads",
    "DeviceError": "Devices",
    "RasterError": "Rasters, extents and CRS",
    "FeaturesError": "Feature folders",
    "ChipError": "Feature folders",
    "AssessmentError": "Accuracy",
    "OutputError": "Output",
    "TileError": "Tile layers",
    "QgsProcessingException": "Layers and parameters",
    "ContractError": "Layers and parameters",
    "require": "Layers and parameters",
}
GAP = "\N{HORIZONTAL ELLIPSIS}"


def texts_by_group() -> dict[str, list[str]]:
    """Each group's texts, in the order of the source; what varies in them is a gap."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))]
    constants = {name: value for tree in trees for name, value in named_values(tree)}
    found: dict[str, list[str]] = {group: [] for group in GROUPS.values()}
    for tree in trees:
        # Those of the module itself hide others of the same name.
        for name, text in raised(tree, {**constants, **dict(named_values(tree))}):
            group = found[GROUPS[name]]
            # A text that is all gaps is that of another error, handed on.
            if len(re.sub(r"\W", "", text)) > 12 and text not in group:
                group.append(text)
    return {group: texts for group, texts in found.items() if texts}


def named_values(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The constants of a module."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id.isupper():
                    yield target.id, node.value


def raised(tree: ast.Module, constants: dict[str, ast.expr]) -> Iterator[tuple[str, str]]:
    """The name of each error for users, and its text."""
    calls = sorted(
        (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args),
        key=lambda node: (node.lineno, node.col_offset),
    )
    for call in calls:
        name = ast.unparse(call.func).rpartition(".")[2].lstrip("_")
        if name in GROUPS:
            # require(condition, text); an error has its text first.
            place = min(1, len(call.args) - 1) if name == "require" else 0
            value, has_values = call.args[place], len(call.args) > place + 1
            if has_values and isinstance(value, ast.Constant):
                # A template: the values after it stand in its braces. One may be several, *each.
                values = [spoken(each, constants) for each in call.args[place + 1 :]]
                gaps = [GAP] * str(value.value).count("{}")
                value = ast.Constant(str(value.value).format(*values, *gaps))
            yield name, re.sub(rf"{GAP}(\s*{GAP})+", GAP, spoken(value, constants)).strip()


def spoken(node: ast.AST, constants: dict[str, ast.expr]) -> str:
    """The text of an expression, with a gap for what is known only at run time."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(spoken(part, constants) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return spoken(node.left, constants) + spoken(node.right, constants)
    if isinstance(node, ast.FormattedValue):
        return spoken(node.value, constants)
    if isinstance(node, ast.Name) and node.id in constants:
        return spoken(constants[node.id], constants)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called == "tr" and node.args:
            return spoken(node.args[0], constants)
        if called == "Text" and node.args:
            values = [spoken(each, constants) for each in node.args[1:]]
            template = spoken(node.args[0], constants)
            return template.format(*values) if values else template
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return re.sub(r"\{[^}]*\}", GAP, spoken(node.func.value, constants))
    return GAP
