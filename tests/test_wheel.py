"""The wheel, unpacked where the repository is out of sight, runs the documented notebook."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("rasterio")

import geopandas
import numpy
import rasterio
from shapely.geometry import Point, box

from tests.documented import code_blocks

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel; its sources are copied, so that nothing is left in the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("geosam_processing", "models", "pyproject.toml", "setup.py", "README.md"):
        (source / name).symlink_to(ROOT / name)
    for name in ("LICENSE", "MANIFEST.in", "CHANGELOG.md"):
        (source / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    subprocess.run(command, check=True, timeout=300)
    (built,) = folder.glob("*.whl")
    return built


def test_carries_models_requirements_and_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "geosam_processing/models/geosam_nano.pt",
        "geosam_processing/models/geosam_nano.md",
        "geosam_processing/engine/requirements/engine.txt",
        "geosam_processing/metadata.txt",
    } <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests", "scripts", "training")) for name in names)


@pytest.mark.slow
def test_documented_notebook_runs_with_it(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as contents:
        contents.extractall(site)
    work = tmp_path / "work"
    work.mkdir()
    write_scene(work)
    cells = [cell for cell in code_blocks("python-api.md") if "import processing\n" not in cell]
    notebook = work / "notebook.py"
    # What the last line of a cell is, a notebook shows.
    shown = "from geosam_processing import __file__\nprint(__file__, repr(ortho), better.crs)\n"
    notebook.write_text("\n".join([*cells, shown]), encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "GEOSAM_DEVICE": "cpu",
        "GEOSAM_CACHE_FOLDER": str(tmp_path / "cache"),
        "MPLBACKEND": "Agg",
    }
    command = [sys.executable, str(notebook)]
    answer = subprocess.run(
        command, cwd=work, env=environment, capture_output=True, text=True, timeout=500, check=False
    )
    assert answer.returncode == 0, answer.stderr
    lines = answer.stdout.splitlines()
    assert lines[0].startswith("1 roofs, ")
    assert lines[1].startswith("prompt 1 - ")
    assert lines[-1].startswith(f"{site}/geosam_processing/__init__.py <")
    assert "patches of geosam_nano, EPSG:32632, 1 m" in lines[-1] or "1 patch of" in lines[-1]
    roofs = geopandas.read_file(work / "roofs.gpkg")
    assert roofs.geometry[0].contains(Point(500150, 4999850))
    assert {"name", "score", "area_m2", "method"} <= set(roofs)


def write_scene(folder: Path) -> None:
    """ortho.tif with a bright square, and the layers that go with it."""
    values = numpy.full((3, 300, 300), 50, "uint8")
    values[:, 100:200, 100:200] = 210
    transform = rasterio.Affine(1, 0, 500000, 0, -1, 5000000)
    profile = {"driver": "GTiff", "count": 3, "height": 300, "width": 300, "dtype": "uint8"}
    path = folder / "ortho.tif"
    with rasterio.open(path, "w", crs="EPSG:32632", transform=transform, **profile) as target:
        target.write(values)
    square = box(500100, 4999800, 500200, 4999900)
    for name, shapes in (
        # A point in the square, and one far away.
        ("clicks", [Point(500150, 4999850), Point(600000, 4000000)]),
        ("some_roofs", [square]),
        ("reference", [square]),
    ):
        names = [f"{name} {number}" for number in range(len(shapes))]
        frame = geopandas.GeoDataFrame({"name": names}, geometry=shapes, crs="EPSG:32632")
        frame.to_crs("EPSG:4326").to_file(folder / f"{name}.gpkg")
