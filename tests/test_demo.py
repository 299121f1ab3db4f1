"""What the demo reports about its polygons, and what it takes of a raster of one's own."""

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from demo.accuracy import Accuracy
from demo.own_raster import SIDE, middle_of
from demo.qgis_process import DemoError, command_of

RESULTS = {
    "OBJECT_COUNT": "4",
    "REFERENCE_COUNT": "5",
    "MATCHED_COUNT": "3",
    "PRECISION": "0.75",
    "RECALL": "0.6",
    "MEAN_IOU": "0.8125",
    "BOUNDARY_DISTANCE": "1.5",
    "PAGE": "accuracy.html",
}


def test_figures_come_from_the_outputs() -> None:
    accuracy = Accuracy.of(RESULTS)
    assert accuracy == Accuracy(4, 5, 3, 0.75, 0.6, 0.8125, 1.5, Path("accuracy.html"))
    assert str(accuracy) == (
        "3 of 5 matched  precision 0.750  recall 0.600  mean IoU 0.812  boundary distance 1.50 m"
    )


def test_figure_without_a_meaning_is_nan() -> None:
    accuracy = Accuracy.of({**RESULTS, "MATCHED_COUNT": "0", "MEAN_IOU": "NULL"})
    assert math.isnan(accuracy.mean_iou)


def write_raster(path: Path, width: int, height: int, crs: str | None = "EPSG:32633") -> Path:
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "width": width, "height": height}
    transform = Affine(2, 0, 500000, 0, -2, 5000000)
    with rasterio.open(path, "w", crs=crs, transform=transform, **profile) as target:
        target.write(np.zeros((1, height, width), "uint8"))
    return path


def test_small_raster_is_taken_as_a_whole(tmp_path: Path) -> None:
    part = middle_of(write_raster(tmp_path / "small.tif", 300, 200))
    assert (part.extent, part.window.width, part.window.height) == ("", 300, 200)


def test_large_raster_is_cut_to_its_middle(tmp_path: Path) -> None:
    part = middle_of(write_raster(tmp_path / "large.tif", SIDE + 100, 200))
    assert (part.window.col_off, part.window.row_off) == (50, 0)
    assert [float(value) for value in part.extent.split(",")] == [
        500100,
        500100 + 2 * SIDE,
        5000000 - 400,
        5000000,
    ]


def test_what_is_no_raster_with_a_crs_is_reported(tmp_path: Path) -> None:
    (tmp_path / "text.tif").write_text("text")
    with pytest.raises(DemoError, match="cannot be opened as a raster"):
        middle_of(tmp_path / "text.tif")
    with pytest.raises(DemoError, match="has no CRS"):
        middle_of(write_raster(tmp_path / "nowhere.tif", 10, 10, crs=None))


def test_command_is_what_a_person_types() -> None:
    command = command_of("geosam:encoderaster", {"INPUT": Path("my.tif"), "STRIDE": 256})
    assert command[1:] == ["run", "geosam:encoderaster", "--", "INPUT=my.tif", "STRIDE=256"]
