"""How objects look, on rasters and features that are known."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS

from geosam_processing.contract import Raster
from geosam_processing.engine.concepts.descriptors import colors, features, shapes
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.raster.view import open_source
from tests.engine.stand_in_adapter import (
    NORTH_UP,
    PATCH,
    StandInAdapter,
    encode_request,
    write_raster,
)

UTM = CRS("EPSG:32633")


def placed(*boxes: tuple[float, float, float, float]) -> np.ndarray:
    """Rectangles in pixels as polygons on the ground."""
    return np.array([shapely.affinity.affine_transform(shapely.box(*b), NORTH_UP.to_shapely())
                     for b in boxes], dtype=object)  # fmt: skip


def nothing() -> None:
    pass


def test_colors_are_mean_spread_and_contrast(tmp_path: Path) -> None:
    values = np.full((3, 100, 100), 10, dtype=np.uint8)
    values[0, 40:60, 40:60] = 110
    values[1, 40:60, 40:50] = 30
    path = write_raster(tmp_path / "r.tif", 100, 100, values=values)
    with open_source(Raster(str(path))) as view:
        (row, outside) = colors(view, placed((40, 40, 60, 60), (500, 500, 520, 520)), UTM, nothing)
    # In standard deviations of a band from its mean over the raster; the last band is flat.
    middle, spread = values.mean(axis=(1, 2))[:2], values.std(axis=(1, 2))[:2]
    assert row[:2] == pytest.approx((np.array([110, 20]) - middle) / spread)
    assert row[3:5] == pytest.approx(np.array([0, 10]) / spread)
    assert row[6:8] == pytest.approx(np.array([100, 10]) / spread)
    assert row[[2, 5, 8]].tolist() == [0, 0, 0]
    assert np.isnan(outside).all()


def test_colors_in_another_crs(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "r.tif", 100, 100)
    here = placed((20, 20, 60, 60))
    with open_source(Raster(str(path))) as view:
        expected = colors(view, here, UTM, nothing)
        from pyproj import Transformer

        project = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True).transform
        degrees = shapely.transform(here, lambda p: np.stack(project(*p.T), axis=1))
        assert colors(view, degrees, CRS("EPSG:4326"), nothing) == pytest.approx(expected, rel=0.02)


def test_shapes_of_known_polygons() -> None:
    square, bar = shapely.box(0, 0, 10, 10), shapely.box(0, 0, 100, 1)
    empty = shapely.Polygon()
    rows = shapes(np.array([square, bar, empty], dtype=object))
    assert rows[0].tolist() == pytest.approx([np.log(100), np.pi / 4, 1, 0, 1])
    assert rows[1][3] == pytest.approx(np.log(100)) and rows[1][1] < 0.1
    assert np.isnan(rows[2]).all()


def test_features_are_pooled_inside_and_against_the_ring(
    adapter: StandInAdapter, tmp_path: Path
) -> None:
    values = np.full((3, PATCH, PATCH), 50, dtype=np.uint8)
    values[:, 16:48, 16:48] = 200
    raster = write_raster(tmp_path / "r.tif", PATCH, PATCH, values=values)
    encode(encode_request(raster, tmp_path / "f", precision="float32"))
    folder = FeatureFolder.open(tmp_path / "f")
    inside, outside = features(folder, placed((16, 16, 48, 48), (900, 900, 910, 910)), UTM, nothing)
    assert inside[:3] == pytest.approx(200)
    assert inside[3:] == pytest.approx(150)
    assert np.isnan(outside).all()


def test_every_object_is_a_step(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "r.tif", 50, 50, Affine(2, 0, 500000, 0, -2, 5000000))
    steps: list[None] = []
    with open_source(Raster(str(path))) as view:
        colors(view, placed((1, 1, 9, 9), (20, 20, 30, 30)), UTM, lambda: steps.append(None))
    assert len(steps) == 2
