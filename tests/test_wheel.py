"""The wheel, unpacked where the repository is out of sight, runs the documented examples."""

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
from shapely.geometry import Point

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


def test_documented_examples_run_with_it(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as contents:
        contents.extractall(site)
    work = tmp_path / "work"
    work.mkdir()
    write_scene(work)
    encode, _, segment, live = code_blocks("python-api.md")
    environment = {**os.environ, "PYTHONPATH": str(site), "GEOSAM_DEVICE": "cpu"}
    proof = "import geosam_processing; print(geosam_processing.__file__)\n"
    outputs = [
        subprocess.run(
            [sys.executable, "-c", proof + code],
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            timeout=170,
            check=True,
        ).stdout
        for code in (encode, segment, live, live)
    ]
    assert all(str(site) in output for output in outputs)
    assert "1 patches, 0 of them from an earlier run" in outputs[0]
    assert "point 1: " in outputs[1]
    assert "1 patches encoded, 0 from the cache" in outputs[2]
    assert "0 patches encoded, 1 from the cache" in outputs[3]
    polygons = geopandas.read_file(work / "polygons.gpkg")
    assert list(polygons["key"]) == [0]
    assert polygons.crs.to_epsg() == 32632
    assert polygons.geometry[0].contains(Point(500150, 4999850))


def write_scene(folder: Path) -> None:
    """ortho.tif with a bright square, and points.gpkg with a point in it and one far away."""
    values = numpy.full((3, 300, 300), 50, "uint8")
    values[:, 100:200, 100:200] = 210
    transform = rasterio.Affine(1, 0, 500000, 0, -1, 5000000)
    profile = {"driver": "GTiff", "count": 3, "height": 300, "width": 300, "dtype": "uint8"}
    path = folder / "ortho.tif"
    with rasterio.open(path, "w", crs="EPSG:32632", transform=transform, **profile) as target:
        target.write(values)
    points = [Point(500150, 4999850), Point(600000, 4000000)]
    frame = geopandas.GeoDataFrame(geometry=points, crs="EPSG:32632")
    frame.to_crs("EPSG:4326").to_file(folder / "points.gpkg")
