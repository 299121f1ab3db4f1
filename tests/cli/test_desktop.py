"""QGIS's window, on a screen that nobody sees: dialogs, a run by clicking, a cancellation."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from scripts.desktop_check import check
from tests.algorithms.scene import image, write_raster
from tests.cli.test_qgis_process import write_points

pytestmark = pytest.mark.skipif(
    not (shutil.which("xvfb-run") and shutil.which("qgis")), reason="needs xvfb and QGIS's window"
)


def test_a_user_at_the_window(tmp_path: Path) -> None:
    write_raster(tmp_path / "scene.tif", image())
    write_points(tmp_path / "points.gpkg")
    report = check(tmp_path / "desktop", tmp_path)
    assert report["problems"] == []
    assert report["plugin"] and report["messages"] == []
    assert report["in_toolbox"] == report["algorithms"] == report["dialogs"]
    assert "geosam:encoderaster" in report["algorithms"]
    models = (Path(__file__).parents[2] / "models").glob("*.model3")
    assert report["designed"] == sorted(path.stem for path in models)
    assert report["encoded"] == [True, 2]
    assert report["segmented"] == [True, 4]
    assert {"Patches", "Segments"} <= set(report["layers"])
    assert report["cancelled_in"] < 30
    # The engine works in a process of its own, so that the window answers meanwhile.
    assert report["longest_gap"] < 5
