"""The scripts in the documentation, run by QGIS's Python as they stand."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from osgeo import ogr

from tests.algorithms.scene import SQUARES, image, write_raster
from tests.cli.conftest import REPOSITORY
from tests.cli.test_qgis_process import write_points
from tests.documented import code_blocks


def run_script(code: str, folder: Path) -> str:
    """What a script prints that is run where ortho.tif and points.gpkg are."""
    (folder / "segment.py").write_text(code, encoding="utf-8")
    (folder / "runtime").mkdir(mode=0o700)
    # The plugin is installed in the profile, as a user has it.
    plugins = folder / "data" / "QGIS" / "QGIS3" / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "geosam_processing").symlink_to(REPOSITORY / "geosam_processing")
    environment = {
        **os.environ,
        "XDG_RUNTIME_DIR": str(folder / "runtime"),
        "XDG_DATA_HOME": str(folder / "data"),
        "GEOSAM_DEVICE": "cpu",
    }
    for name in ("QGIS_CUSTOM_CONFIG_PATH", "QGIS_PLUGINPATH"):
        environment.pop(name, None)
    answer = subprocess.run(
        [sys.executable, "segment.py"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert "Traceback" not in answer.stderr, answer.stderr
    return answer.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # Around the second square, so that boxes in the raster's middle fit it.
    column, row, side = SQUARES[1]
    values = image()[:, row - 60 : row + side + 60, column - 60 : column + side + 60]
    write_raster(tmp_path / "ortho.tif", values)
    write_points(tmp_path / "points.gpkg")
    (tmp_path / "rasters").mkdir()
    for name in ("north", "south"):
        write_raster(tmp_path / "rasters" / f"{name}.tif", values)
    (tmp_path / "rasters" / "not_one.tif").write_text("text")
    return tmp_path


def test_script_and_the_cells_after_it(folder: Path) -> None:
    blocks = code_blocks("pyqgis.md")
    output = run_script("\n".join(blocks), folder)
    assert f"1 patches in {folder}" in output
    assert "unanswered" in output
    assert "smooth outlines" in output
    assert "1 patches were there already" in output
    assert " m2" in output and "100 %" in output
    assert "failed rasters/not_one.tif" in output
    for name in ("north", "south"):
        assert f"made {folder}/rasters/{name}.gpkg" in output
        assert ogr.Open(str(folder / "rasters" / f"{name}.gpkg")).GetLayer(0).GetFeatureCount() >= 1
    assert ogr.Open(str(folder / "objects.gpkg")).GetLayer(0).GetFeatureCount() >= 1


def test_what_a_server_encoded_is_segmented_in_qgis(run: Any, tmp_path: Path) -> None:
    write_raster(tmp_path / "ortho.tif", image())
    write_points(tmp_path / "points.gpkg")
    run("encoderaster", tmp_path, INPUT="ortho.tif", OUTPUT="features")
    session = code_blocks("pyqgis.md")[0].split("encoded = ")[0]
    (in_qgis,) = (code for code in code_blocks("python-api.md") if "import processing" in code)
    output = run_script(session + in_qgis, tmp_path)
    assert "4 polygons" in output
