"""Layers of anything, in any CRS, with clean outlines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from geosam_processing.contract import OUTLINE_KINDS, UNCHANGED, OutlineOptions
from geosam_processing.engine.outlines.job import (
    AS_THEY_ARE,
    BUILDINGS,
    CURVES,
    FIELDS,
    Outlines,
    clean_outlines,
)
from geosam_processing.engine.outlines.rings import Geometries
from tests.engine.outlines.drawn_shapes import building, mask_outline

UTM = CRS("EPSG:32633")
TOLERANCE, AREA_CHANGE = 2.0, 10.0

DEGENERATE = {
    "nothing": None,
    "empty": "POLYGON EMPTY",
    "empty multipolygon": "MULTIPOLYGON EMPTY",
    "a line": "LINESTRING (0 0, 1 1)",
    "collinear": "POLYGON ((0 0, 1 0, 2 0, 0 0))",
    "a point repeated": "POLYGON ((1 1, 1 1, 1 1, 1 1))",
    "a spike": "POLYGON ((0 0, 10 0, 10 10, 10 30, 10 10, 0 10, 0 0))",
    "a bow tie": "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))",
    "holes that touch": "POLYGON ((0 0, 20 0, 20 20, 0 20, 0 0), (5 5, 10 5, 10 10, 5 10, 5 5), "
    "(10 10, 15 10, 15 15, 10 15, 10 10))",
    "a hole that touches its ring": "POLYGON ((0 0, 20 0, 20 20, 0 20, 0 0), "
    "(0 10, 8 6, 8 14, 0 10))",
    "a hole as large as its polygon": "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), "
    "(0 0, 9 0, 9 9, 0 9, 0 0))",
    "parts that touch": "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((9 9, 18 9, 18 18, 9 9)))",
    "parts that overlap": "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((5 5, 18 5, 18 18, 5 5)))",
    "a collection": "GEOMETRYCOLLECTION (POINT (1 1), POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0)))",
    "a triangle": "POLYGON ((0 0, 9 0, 4 7, 0 0))",
    "a sliver": "POLYGON ((0 0, 100 0, 100 1e-9, 0 1e-9, 0 0))",
    "tiny": "POLYGON ((0 0, 1e-7 0, 1e-7 1e-7, 0 1e-7, 0 0))",
    "huge": "POLYGON ((-2e4 0, 2e4 0, 2e4 2e4, -2e4 2e4, -2e4 0))",
    "three dimensions": "POLYGON Z ((0 0 5, 9 0 5, 9 9 5, 0 9 5, 0 0 5))",
    "parts that share an edge": "MULTIPOLYGON (((0 0, 5 0, 0 -20, 0 0)), ((0 0, 0 20, 5 0, 0 0)))",
    "not a number": "POLYGON ((0 0, NaN 0, 9 9, 0 0))",
    "infinite": "POLYGON ((0 0, inf 0, 9 9, 0 0))",
}


def layer(*geometries: Any) -> Geometries:
    array = np.empty(len(geometries), dtype=object)
    for place, geometry in enumerate(geometries):
        array[place] = shapely.from_wkt(geometry) if isinstance(geometry, str) else geometry
    return array


def options(kind: str, gap: float = 0.0) -> OutlineOptions:
    return OutlineOptions(kind, TOLERANCE, AREA_CHANGE, gap)


def require_sound(result: Outlines, before: Geometries) -> None:
    assert len(result.geometries) == len(before)
    for geometry in result.geometries:
        assert geometry is None or (geometry.is_valid and geometry.geom_type == "MultiPolygon")
    assert np.isfinite(result.moved).all() and (result.moved <= TOLERANCE + 1e-6).all()
    assert (np.abs(result.area_change) <= AREA_CHANGE + 1e-6).all()
    assert ((result.iou >= 0) & (result.iou <= 1 + 1e-9)).all()


@pytest.mark.slow
@pytest.mark.parametrize("kind", OUTLINE_KINDS)
@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_geometries_do_no_harm(kind: str, name: str) -> None:
    before = layer(DEGENERATE[name])
    require_sound(clean_outlines(before, UTM, options(kind, 1.0)), before)


@pytest.mark.slow
@pytest.mark.parametrize("kind", OUTLINE_KINDS)
def test_degenerate_geometries_together(kind: str) -> None:
    before = layer(*DEGENERATE.values())
    require_sound(clean_outlines(before, UTM, options(kind, 1.0)), before)


@pytest.mark.parametrize("kind", OUTLINE_KINDS)
def test_an_empty_layer(kind: str) -> None:
    assert len(clean_outlines(layer(), UTM, options(kind)).geometries) == 0


@settings(max_examples=40, deadline=None)
@given(
    points=st.lists(
        st.tuples(st.integers(-8, 8), st.integers(-8, 8)).map(lambda xy: (xy[0] / 2, xy[1] * 2)),
        min_size=3,
        max_size=12,
    ),
    kind=st.sampled_from(OUTLINE_KINDS),
)
def test_any_ring_is_cleaned_within_the_limits(
    points: list[tuple[float, float]], kind: str
) -> None:
    before = layer(shapely.Polygon(points))
    require_sound(clean_outlines(before, UTM, options(kind)), before)


def test_what_is_not_changed_keeps_its_coordinates() -> None:
    square = shapely.box(500000.1, 5000000.2, 500020.3, 5000020.4)
    result = clean_outlines(layer(square), UTM, options(AS_THEY_ARE))
    assert list(result.methods) == [UNCHANGED]
    assert shapely.get_parts(result.geometries[0])[0].equals_exact(square, 0)
    assert result.moved[0] == 0 and result.iou[0] == 1


def test_measures_are_those_of_the_outlines() -> None:
    outline = shapely.affinity.translate(
        mask_outline(building("L", 30, 20, (0, 0))), 500000, 5000000
    )
    result = clean_outlines(layer(outline), UTM, options(BUILDINGS))
    (after,) = result.geometries
    # A meter of UTM is 0.9996 of one on the ground, in its middle.
    distance = outline.boundary.hausdorff_distance(after.boundary) / 0.9996
    assert result.moved[0] == pytest.approx(distance, rel=0.02)
    assert result.area_change[0] == pytest.approx(100 * (after.area / outline.area - 1), abs=1e-6)
    common = outline.intersection(after).area
    assert result.iou[0] == pytest.approx(common / outline.union(after).area, abs=1e-6)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:2263", "EPSG:3035"])
def test_meters_and_right_angles_are_those_on_the_ground(crs: str) -> None:
    """The same building in any CRS: in degrees, at a scale of two, in feet."""
    outline = mask_outline(building("rectangle", 30, 25, (0, 0)))
    place = (583960.0, 4507523.0) if crs == "EPSG:2263" else (500000.0, 6500000.0)
    zone = CRS("EPSG:32618") if crs == "EPSG:2263" else UTM
    outline = shapely.affinity.translate(outline, *place)
    change = Transformer.from_crs(zone, crs, always_xy=True)
    shown = shapely.transform(outline, change.transform, interleaved=False)
    result = clean_outlines(layer(shown), CRS(crs), options(BUILDINGS))
    back = Transformer.from_crs(crs, zone, always_xy=True)
    (polygon,) = shapely.get_parts(
        shapely.transform(result.geometries[0], back.transform, interleaved=False)
    )
    steps = np.diff(shapely.get_coordinates(polygon), axis=0)
    assert len(steps) == 4
    turns = np.degrees(np.arctan2(*steps.T)) % 90
    # The right angles of a projection that is not conformal are not quite those on the ground.
    assert np.ptp(turns) < 0.4 or 90 - np.ptp(turns) < 0.4
    assert result.moved[0] == pytest.approx(
        outline.boundary.hausdorff_distance(polygon.boundary), rel=0.03
    )


@pytest.mark.slow
def test_progress_ends_with_all_and_can_stop_the_work() -> None:
    outlines = layer(*(shapely.box(100 * at, 0, 100 * at + 10, 10).buffer(1) for at in range(6000)))
    shares: list[float] = []
    clean_outlines(outlines, UTM, options(CURVES), progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) > 3

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clean_outlines(outlines, UTM, options(FIELDS), progress=stop)
