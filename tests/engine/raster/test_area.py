"""Areas on the ellipsoid: closed forms, and geodesics of pyproj."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from pyproj import CRS, Proj, Transformer
from shapely import Polygon

from geosam_processing.engine.raster.area import AreaMeter

METER = AreaMeter(CRS("EPSG:32633"))


def test_area_of_degrees_is_that_on_the_ellipsoid() -> None:
    """A zone between two parallels has a closed form."""
    meter = AreaMeter(CRS("EPSG:4326"))
    axis, flattening = 6378137.0, 1 / 298.257223563
    e = math.sqrt(flattening * (2 - flattening))

    def zone(latitude: float) -> float:
        s = math.sin(math.radians(latitude))
        polar = axis * axis * (1 - e * e) / 2
        return polar * (s / (1 - e * e * s * s) + math.atanh(e * s) / e)

    for width in (0.001, 1.0, 20.0):
        expected = math.radians(width) * (zone(52 + width) - zone(52))
        area = meter.area(shapely.box(14, 52, 14 + width, 52 + width))
        # Edges along a parallel become geodesics of a twentieth of its length.
        assert area == pytest.approx(expected, rel=1e-4)


def test_area_of_a_projection_that_stretches() -> None:
    """In web Mercator at 60 degrees north a square metre looks like four."""
    to_mercator = AreaMeter(CRS("EPSG:3857"))
    y = 8399737.89  # 60 degrees
    area = to_mercator.area(shapely.box(0, y, 100, y + 100))
    assert area == pytest.approx(2500, rel=0.01)


@pytest.mark.parametrize("turned", [False, True])
def test_area_does_not_depend_on_the_direction_of_the_ring(turned: bool) -> None:
    polygon = shapely.box(500000, 5800000, 501000, 5801000)
    hole = shapely.box(500100, 5800100, 500200, 5800200)
    ring, inner = polygon.exterior, hole.exterior
    if turned:
        ring, inner = ring.reverse(), inner.reverse()
    area = METER.area(Polygon(ring, [inner]))
    assert area == pytest.approx((1e6 - 1e4) / 0.9996**2, rel=1e-5)


@pytest.mark.parametrize(
    ("crs", "x", "y"),
    [
        ("EPSG:32633", 400_000, 5_000_000),
        ("EPSG:32719", 300_000, 6_200_000),
        ("EPSG:3857", 1_500_000, 6_900_000),
        ("EPSG:31468", 4_480_000, 5_500_000),
        ("EPSG:3413", 10_000, -20_000),
        ("EPSG:3031", 900_000, 1_300_000),
    ],
)
@pytest.mark.parametrize("size", [3, 100, 20_000])
def test_equals_geodesics(crs: str, x: float, y: float, size: float) -> None:
    """A polygon of many short edges with a hole, whose geodesics are as good as straight."""
    disc = shapely.Point(x, y).buffer(size, quad_segs=60)
    polygon = disc.difference(shapely.box(x, y, x + size / 3, y + size / 2))
    polygon = shapely.segmentize(polygon, size / 30)
    reference = CRS(crs)
    to_degrees = Transformer.from_crs(reference, reference.geodetic_crs, always_xy=True)
    degrees = shapely.transform(polygon, to_degrees.transform, interleaved=False)
    geod = reference.get_geod()
    assert geod is not None
    expected, _ = geod.geometry_area_perimeter(shapely.orient_polygons(degrees))
    assert AreaMeter(reference).area(polygon) == pytest.approx(abs(expected), rel=1e-5)


@pytest.mark.parametrize("size", [1, 30, 500])
def test_small_areas_follow_the_scale_of_the_projection(size: float) -> None:
    """Closer than the sum of geodesics, which rounds to about 0.0001 m2."""
    square = shapely.box(400_000, 5_000_000, 400_000 + size, 5_000_000 + size)
    to_degrees = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform(*square.centroid.coords[0])
    scale = Proj("EPSG:32633").get_factors(longitude, latitude).areal_scale
    assert METER.area(square) == pytest.approx(square.area / scale, rel=1e-7)


def test_around_a_pole() -> None:
    disc = shapely.Point(1000, 500).buffer(50_000, quad_segs=200)
    # True scale is at 70 degrees north; at the pole lengths in the map are shorter.
    scale = (1 + math.sin(math.radians(70))) / 2
    area = AreaMeter(CRS("EPSG:3413")).area(disc)
    assert area == pytest.approx(disc.area / scale**2, rel=1e-3)


def test_across_the_date_line() -> None:
    meter = AreaMeter(CRS("EPSG:32601"))
    here, there = (shapely.box(x, 5e5, x + 1000, 501_000) for x in (166_000, 833_000))
    assert meter.area(here) == pytest.approx(meter.area(there), rel=1e-6)


def test_without_an_ellipsoid_areas_are_planar() -> None:
    meter = AreaMeter(CRS('LOCAL_CS["site",UNIT["metre",1]]'))
    square = shapely.box(100, 200, 140, 250)
    assert meter.area(square) == 2000
    assert meter.area(shapely.MultiPolygon([square, shapely.box(0, 0, 1, 1)])) == 2001


def test_areas_of_rings() -> None:
    rings = shapely.linearrings([[(0, 0), (9, 0), (9, 9)], [(0, 0), (0, 2), (2, 2)]])
    meter = AreaMeter(CRS('LOCAL_CS["site",UNIT["metre",1]]'))
    np.testing.assert_allclose(meter.ring_areas(rings), [40.5, 2])
    assert meter.ring_areas(np.array([], dtype=object)).shape == (0,)
