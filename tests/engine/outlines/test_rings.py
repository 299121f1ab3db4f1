"""Geometries become rings and rings geometries."""

from __future__ import annotations

import numpy as np
import shapely

from geosam_processing.engine.outlines.rings import Rings

WKT = (
    "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 1 1)), ((5 5, 6 5, 6 6, 5 5)))",
    "POLYGON ((7 0, 8 0, 8 0, 8 1, 7 0))",
)


def geometries() -> np.ndarray:
    return np.array([shapely.from_wkt(text) for text in WKT], dtype=object)


def test_rings_know_their_objects() -> None:
    rings = Rings.of(geometries())
    assert rings.sizes.tolist() == [4, 3, 3, 3]  # repeated points are gone
    assert rings.owners.tolist() == [0, 0, 0, 1]
    assert rings.holes.tolist() == [False, True, False, False]


def test_the_way_there_and_back() -> None:
    back = Rings.of(geometries()).geometries(3)
    for one, other in zip(geometries(), back, strict=False):
        assert shapely.equals(one, other)
    assert back[2].is_empty


def test_a_lost_outer_ring_takes_its_holes_along() -> None:
    rings = Rings.of(geometries())
    lost = rings.mixed(
        Rings(np.empty((0, 2)), np.zeros(4, dtype=np.intp), rings.polygons, rings.owners),
        np.array([True, False, False, False]),
    )
    first, second = lost.geometries(2)
    assert first.wkt == "MULTIPOLYGON (((5 5, 6 5, 6 6, 5 5)))"
    assert not second.is_empty


def test_rolled_rings_are_the_same_polygons() -> None:
    rings = Rings.of(geometries())
    rolled = rings.rolled(np.array([1, 2, 0, 1]))
    assert rolled.points[0].tolist() == rings.points[1].tolist()
    assert shapely.equals(rolled.geometries(2)[0], geometries()[0])
