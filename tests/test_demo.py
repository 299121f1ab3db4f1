"""What the demo says about its polygons."""

from pathlib import Path

import geopandas
import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from demo.measure import intersection_over_union, measure


def test_iou_is_exact() -> None:
    assert intersection_over_union(box(0, 0, 2, 2), box(1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert intersection_over_union(None, box(0, 0, 1, 1)) == 0
    assert intersection_over_union(Polygon(), box(0, 0, 1, 1)) == 0


def test_objects_without_a_polygon_count_zero(tmp_path: Path) -> None:
    crs = "EPSG:32633"
    true = {
        "object_id": [1, 2, 3],
        "geometry": [box(0, 0, 4, 4), box(9, 9, 10, 10), box(5, 5, 6, 6)],
    }
    geopandas.GeoDataFrame(true, crs=crs).to_file(tmp_path / "true.gpkg")
    found = {
        "object_id": [3, 1],
        "geometry": [MultiPolygon([box(5, 5, 6, 6)]), MultiPolygon([box(0, 0, 4, 2)])],
    }
    geopandas.GeoDataFrame(found, crs=crs).to_file(tmp_path / "found.gpkg")
    match = measure(tmp_path / "found.gpkg", tmp_path / "true.gpkg")
    assert match.ious == pytest.approx((0.5, 0.0, 1.0))
    assert (match.mean, match.median) == pytest.approx((0.5, 0.5))
    assert match.unanswered == 1
