"""What may import what, read off the folders of the package: HOUSE in CONTRIBUTING.md."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "geosam_processing"
FILES = sorted(PACKAGE.rglob("*.py"))
QGIS = {"qgis", "processing", "PyQt5", "PyQt6"}

# From the roof down: a room imports from its own floor's room and from those below, never up.
# Rooms of one line do not know each other, but for an alcove and the room that it is part of.
FLOORS = (
    ("",),
    ("algorithms",),
    ("algorithms/parameters",),
    ("algorithms/layers",),
    ("tiles", "downloads", "diagnostics"),
    ("qgis_tools",),
    ("client",),
    ("environment",),
    ("contract",),
)
ENGINE_FLOORS = (
    ("engine",),
    ("engine/notebook",),
    ("engine/discovery", "engine/concepts", "engine/tracking"),
    (
        "engine/previewing",
        "engine/segmentation",
        "engine/segmentation/sources",
        "engine/assessment",
        "engine/outlines",
    ),
    ("engine/merging",),
    ("engine/encoding",),
    ("engine/execution",),
    ("engine/features",),
    ("engine/models", "engine/models/sam3"),
    ("engine/models/fast",),
    ("engine/raster", "engine/compute"),
    ("contract",),
)
# Single files that every room above the contract may import, since they import little.
FOUNDATIONS = {
    "settings",
    "translation",
    "engine/errors",
    "engine/overlap",
    "engine/polygon_files",
    "engine/run",
}
# The one algorithm file that others build on.
BASE = "algorithms/base"
STANDARD_LIBRARY_ROOMS = {"client", "contract", "environment"}
QGIS_ROOMS = {"algorithms", "tiles", "downloads", "diagnostics", "qgis_tools"}
QGIS_FILES = {"plugin.py", "provider.py", "settings.py", "translation.py", "__init__.py"}


def room(path: Path) -> str:
    """The folder of a file, as HOUSE names it; "" for the package's root."""
    return "" if path.parent == PACKAGE else str(path.parent.relative_to(PACKAGE).as_posix())


def wing(path: Path) -> str:
    return room(path).split("/")[0]


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE).as_posix())


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


def own_modules(path: Path) -> Iterator[Path]:
    """The files of the package that a file imports."""
    for module in imports(path):
        parts = module.split(".")
        if parts[0] != PACKAGE.name:
            continue
        place = PACKAGE.joinpath(*parts[1:])
        if place.with_suffix(".py").is_file():
            yield place.with_suffix(".py")
        elif module.startswith(f"{PACKAGE.name}.contract") and place.is_dir():
            yield place / "__init__.py"


def floor(floors: tuple[tuple[str, ...], ...], path: Path) -> int:
    return next(number for number, rooms in enumerate(floors) if room(path) in rooms)


def is_part(path: Path, other: Path) -> bool:
    """Whether two files lie in one room, or one in an alcove of the other's."""
    rooms = sorted((f"{room(path)}/", f"{room(other)}/"))
    return rooms[1].startswith(rooms[0])


def stem(path: Path) -> str:
    return name(path)[: -len(".py")]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_down(path: Path) -> None:
    floors = ENGINE_FLOORS if wing(path) == "engine" else FLOORS
    for other in own_modules(path):
        if stem(other) in FOUNDATIONS or other == PACKAGE / "__init__.py":
            continue
        if stem(other) == BASE and wing(path) == "algorithms":
            continue
        assert wing(path) == "engine" or wing(other) != "engine", name(other)
        here, there = floor(floors, path), floor(floors, other)
        assert there > here or (there == here and is_part(path, other)), name(other)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_foreign_imports_stay_in_their_wing(path: Path) -> None:
    for module in imports(path):
        top = module.split(".")[0]
        if top == PACKAGE.name or top in sys.stdlib_module_names:
            continue
        if wing(path) == "engine":
            assert top not in QGIS | {"osgeo"}, module
        else:
            assert wing(path) not in STANDARD_LIBRARY_ROOMS, module
            assert wing(path) in QGIS_ROOMS or path.name in QGIS_FILES, module
            assert top in {"qgis", "processing"}, module


@pytest.mark.parametrize("path", [path for path in FILES if wing(path) != "engine"], ids=name)
def test_qgis_side_is_python_of_3_9(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_engine_imports_nothing_of_ours_but_the_contract() -> None:
    for path in FILES:
        if wing(path) == "engine":
            assert {wing(other) for other in own_modules(path)} <= {"engine", "contract"}, path


def test_a_file_at_the_top_of_algorithms_is_an_algorithm() -> None:
    for path in (PACKAGE / "algorithms").glob("*.py"):
        if path.name in ("__init__.py", "base.py"):
            continue
        bases = [
            ast.unparse(base)
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.ClassDef)
            for base in node.bases
        ]
        algorithms = {"GeoSamAlgorithm", "QgsProcessingModelAlgorithm"}
        assert len(algorithms.intersection(bases)) == 1, path


def test_every_room_is_on_a_floor() -> None:
    rooms = {room(path) for path in FILES if path.stat().st_size or path.name != "__init__.py"}
    floors = {each for row in (*FLOORS, *ENGINE_FLOORS) for each in row}
    assert rooms - {"engine/requirements"} == floors & rooms


def test_the_package_s_root_is_kept_small() -> None:
    loose = {path.name for path in PACKAGE.glob("*.py")}
    assert loose == {"__init__.py", "plugin.py", "provider.py", "settings.py", "translation.py"}


def test_no_module_holds_more_than_a_reader_can() -> None:
    long = {name(path) for path in FILES if len(path.read_text().splitlines()) > 400}
    assert not long
