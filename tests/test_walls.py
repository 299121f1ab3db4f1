"""What may import what: QGIS and the engine live in two processes."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "geosam_processing"
ENGINE = sorted((PACKAGE / "engine").rglob("*.py"))
QGIS_SIDE = sorted(path for path in PACKAGE.rglob("*.py") if path not in ENGINE)
# Needs no QGIS: QGIS's Python and the engine's both import it.
SHARED = {
    "catalogue.py",
    "contract.py",
    "contract_json.py",
    "contract_live.py",
    "contract_report.py",
    "contract_preview.py",
    "engine_client.py",
    "engine_errors.py",
    "engine_install.py",
    "engine_installer.py",
    "engine_interpreter.py",
    "engine_pip.py",
    "engine_process.py",
    "engine_python.py",
    "engine_setup.py",
    "file_lock.py",
    "model_files.py",
    "package_folders.py",
    "part_file.py",
    "redaction.py",
    "report_page.py",
    "user_folders.py",
    "whole_file.py",
}
QGIS = {"qgis", "processing"}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it, in full."""
    package = path.relative_to(PACKAGE.parent).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", ENGINE, ids=name)
def test_engine_imports_no_qgis_and_nothing_of_its_side(path: Path) -> None:
    for module in imports(path):
        parts = module.split(".")
        assert parts[0] not in QGIS | {"PyQt5", "PyQt6", "osgeo"}, module
        if parts[0] == PACKAGE.name and len(parts) > 1:
            assert parts[1] in {
                "catalogue",
                "contract",
                "contract_json",
                "contract_live",
                "contract_report",
                "contract_preview",
                "engine",
                "model_files",
                "models",
                "package_folders",
                "user_folders",
            }, module


@pytest.mark.parametrize("path", QGIS_SIDE, ids=name)
def test_qgis_side_imports_the_standard_library_and_qgis_only(path: Path) -> None:
    allowed = set(sys.stdlib_module_names) | {PACKAGE.name}
    if path.name not in SHARED:
        allowed |= QGIS
    for module in imports(path):
        parts = module.split(".")
        assert parts[0] in allowed, module
        assert parts[:2] != [PACKAGE.name, "engine"], module


@pytest.mark.parametrize("path", QGIS_SIDE, ids=name)
def test_qgis_side_is_python_of_3_9(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_client_does_not_know_the_algorithms() -> None:
    for path in QGIS_SIDE:
        if path.name in SHARED:
            assert not any(".algorithms" in module for module in imports(path)), path
