"""Smooth outlines keep their areas and come nearer to round shapes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geosam_processing.engine.outlines.clean import SMOOTH, Limits, as_curves
from tests.engine.outlines.drawn_shapes import iou, mask_outline


def pond(radius: float) -> shapely.Polygon:
    """A round shape of two lobes with an island."""
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    distance = radius * (1 + 0.25 * np.cos(2 * angle) + 0.1 * np.sin(3 * angle))
    shore = np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])
    return shapely.Polygon(shore).difference(shapely.Point(0.4, 0.2).buffer(radius / 3))


@pytest.mark.parametrize("radius", [6, 12, 40])
@pytest.mark.parametrize("noise", [0.0, 0.4])
def test_ponds_get_smooth_and_keep_their_area(radius: float, noise: float) -> None:
    truth = pond(radius)
    outline = mask_outline(truth, noise, seed=int(radius))
    result = as_curves(np.array([outline], dtype=object), Limits(2.0, 0.1), lambda share: None)
    (smooth,) = result.geometries
    assert list(result.methods) == [SMOOTH]
    assert smooth.area == pytest.approx(outline.area, rel=1e-6)
    assert iou(smooth, truth) > iou(outline, truth)
    if radius > 10:
        assert shapely.get_num_coordinates(smooth) < shapely.get_num_coordinates(outline)
    assert len(shapely.get_parts(smooth)[0].interiors) == len(outline.interiors)


def test_sharp_corners_are_kept_within_the_tolerance() -> None:
    star = shapely.Polygon([(0, 0), (10, 40), (20, 0), (60, -10), (20, -20), (10, -60), (0, -20)])
    result = as_curves(np.array([star], dtype=object), Limits(1.0, 0.1), lambda share: None)
    assert star.boundary.hausdorff_distance(result.geometries[0].boundary) <= 1.0 + 1e-9
