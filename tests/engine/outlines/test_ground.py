"""Objects in meters, and back."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS

from geosam_processing.engine.outlines.ground import GroundFrame


@pytest.mark.parametrize(
    ("crs", "side", "origin"),
    [("EPSG:32633", 37.3, (400_000.7, 5_000_000.3)), ("EPSG:4326", 1e-4, (15.1, 47.3))],
)
def test_places_of_several_fields_stay_equal(
    crs: str, side: float, origin: tuple[float, float]
) -> None:
    corners = np.random.default_rng(0).normal(0, 0.1, (5, 5, 2)) + np.indices((5, 5)).T
    corners = corners * side + origin
    fields = shapely.polygons(
        [
            [corners[y, x], corners[y, x + 1], corners[y + 1, x + 1], corners[y + 1, x]]
            for y in range(4)
            for x in range(4)
        ]
    )
    frame = GroundFrame.of(fields, CRS(crs), common=True)
    on_ground = frame.to_ground(fields)
    for geometries in (on_ground, frame.to_crs(on_ground)):
        assert len(np.unique(shapely.get_coordinates(geometries), axis=0)) == corners.size / 2
    assert shapely.area(on_ground).mean() == pytest.approx(
        shapely.area(fields).mean() * np.prod(frame.scales[0])
    )
