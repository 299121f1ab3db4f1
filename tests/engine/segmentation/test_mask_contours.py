"""Outlines where the logits are zero."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from geosam_processing.engine.segmentation.mask_contours import mask_contours
from geosam_processing.engine.segmentation.mask_polygons import mask_polygons

LOGITS = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    elements=st.sampled_from([-3.0, -1.0, -1e-6, 0.0, 1e-6, 0.5, 2.0, 20.0]),
)


def distances(side: int, shape: shapely.Geometry) -> NDArray[np.float32]:
    """How far the centers of pixels are inside of a shape."""
    x, y = (each.ravel() for each in np.meshgrid(*(np.arange(side) + 0.5,) * 2))
    distance = shapely.distance(shape.boundary, shapely.points(x, y))
    inside = shapely.contains_xy(shape, x, y)
    return np.where(inside, distance, -distance).reshape(side, side).astype(np.float32)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(logits=LOGITS)
def test_any_mask_has_valid_parts_as_its_pixels_have(logits: NDArray[np.float32]) -> None:
    height, width = logits.shape
    parts = mask_contours(logits, height, width)
    if not (logits > 0).any():
        assert len(parts) == 0
        return
    assert shapely.is_valid(parts).all()
    left, top, right, bottom = shapely.total_bounds(parts)
    assert left >= 0 and top >= 0 and right <= width and bottom <= height
    y, x = np.nonzero(np.abs(logits) >= 1e-3)
    inside = shapely.intersects_xy(shapely.union_all(parts), x + 0.5, y + 0.5)
    assert (inside == (logits[y, x] > 0)).all()
    # No two parts have anything in common but single points at the edge of the patch.
    assert shapely.union_all(parts).area == pytest.approx(shapely.area(parts).sum(), abs=1e-6)


def test_vertices_are_where_the_logits_are_zero() -> None:
    logits = np.array([[-1, -1, -1], [-1, 3, -1], [-1, -1, -1]], dtype=np.float32)
    (part,) = mask_contours(logits, 3, 3)
    points = {(round(x, 6), round(y, 6)) for x, y in shapely.get_coordinates(part)}
    assert points == {(1.5, 0.75), (2.25, 1.5), (1.5, 2.25), (0.75, 1.5)}


def test_a_mask_that_fills_its_patch_is_the_patch() -> None:
    (part,) = mask_contours(np.ones((4, 6), dtype=np.float32), 4, 5.5)
    assert part.equals(shapely.box(0, 0, 5.5, 4))


def test_a_disc_is_met_within_a_hundredth_of_a_pixel() -> None:
    disc = shapely.Point(16.3, 15.8).buffer(9.4, quad_segs=64)
    logits = distances(32, disc)
    (part,) = mask_contours(logits, 32, 32)
    assert part.boundary.hausdorff_distance(disc.boundary) < 0.05
    assert part.area == pytest.approx(disc.area, rel=0.005)
    (pixels,) = mask_polygons(logits > 0)
    assert pixels.boundary.hausdorff_distance(disc.boundary) > 0.4


def test_a_ring_keeps_its_hole() -> None:
    ring = shapely.Point(16, 16).buffer(12).difference(shapely.Point(16, 16).buffer(5))
    (part,) = mask_contours(distances(32, ring), 32, 32)
    assert len(part.interiors) == 1
    assert part.area == pytest.approx(ring.area, rel=0.01)


def test_only_the_largest_part() -> None:
    logits = np.full((8, 8), -1, dtype=np.float32)
    logits[1, 1], logits[4:7, 4:7] = 1, 1
    assert len(mask_contours(logits, 8, 8)) == 2
    (part,) = mask_contours(logits, 8, 8, largest_only=True)
    assert part.contains(shapely.Point(5.5, 5.5))
