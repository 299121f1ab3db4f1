"""Fields that border on each other do so afterwards, with straight borders."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geosam_processing.engine.outlines.clean import SHARED_BORDERS, Limits, as_fields
from geosam_processing.engine.outlines.rings import Geometries
from tests.engine.outlines.drawn_shapes import iou, mask_outline


def parcels(turn: float) -> list[shapely.Polygon]:
    """Nine fields of 30 by 20 meters without gaps, as a whole rotated by degrees."""
    return [
        shapely.affinity.rotate(
            shapely.box(30 * x - 45, 20 * y - 30, 30 * x - 15, 20 * y - 10), turn, origin=(0, 0)
        )
        for x in range(3)
        for y in range(3)
    ]


def masks_of(fields: list[shapely.Polygon], apart: float) -> Geometries:
    """The outlines of their masks, smaller by half of what is between them."""
    outlines = [mask_outline(field.buffer(-apart / 2, join_style="mitre")) for field in fields]
    return np.array([*outlines, None], dtype=object)[:-1]


def cleaned(fields: Geometries, gap: float, tolerance: float = 3.0) -> Geometries:
    result = as_fields(fields, Limits(tolerance, 0.2), gap, None, lambda share: None)
    assert list(result.methods) == [SHARED_BORDERS] * len(fields)
    return result.geometries


@pytest.mark.parametrize("turn", [0, 17, 40])
def test_gaps_close_and_borders_are_shared(turn: float) -> None:
    truth = parcels(turn)
    before = masks_of(truth, 1.0)
    after = cleaned(before, gap=3.0)
    union = shapely.union_all(after)
    assert shapely.area(after).sum() == pytest.approx(union.area, rel=1e-9)  # no overlaps
    inside = union.buffer(1.5, join_style="mitre").buffer(-1.5, join_style="mitre")
    assert inside.area == pytest.approx(union.area, rel=2e-3)  # no gaps
    assert shapely.coverage_is_valid(after)
    good = np.mean([iou(*pair) for pair in zip(after, truth, strict=True)])
    assert good > np.mean([iou(*pair) for pair in zip(before, truth, strict=True)]) + 0.005
    assert np.median(shapely.get_num_coordinates(after)) <= 12


def test_overlaps_have_one_owner_afterwards() -> None:
    large, small = shapely.box(0, 0, 50, 50), shapely.box(48, 10, 70, 30)
    after = cleaned(np.array([large, small], dtype=object), gap=0.0)
    assert after[0].intersection(after[1]).area == 0
    both = large.union(small).area
    assert shapely.area(after).sum() == pytest.approx(both, abs=0.1)


def test_wide_gaps_stay() -> None:
    fields = np.array([shapely.box(0, 0, 50, 50), shapely.box(54, 0, 90, 50)], dtype=object)
    after = cleaned(fields, gap=3.0)
    assert after[0].distance(after[1]) == pytest.approx(4, abs=0.01)


def test_a_notch_of_one_field_is_no_gap() -> None:
    notched = shapely.box(0, 0, 50, 50).difference(shapely.box(20, 30, 22, 50))
    (after,) = as_fields(
        np.array([notched], dtype=object), Limits(1.0, 0.2), 3.0, None, lambda share: None
    ).geometries
    assert after.area == pytest.approx(notched.area, rel=1e-3)


def test_fields_of_other_groups_are_no_neighbors() -> None:
    fields = np.array([shapely.box(0, 0, 50, 50), shapely.box(51, 0, 90, 50)], dtype=object)
    after = as_fields(fields, Limits(3.0, 0.2), 3.0, np.array([0, 1]), lambda share: None)
    assert after.geometries[0].distance(after.geometries[1]) == pytest.approx(1, abs=0.01)
