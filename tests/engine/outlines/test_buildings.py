"""Walls of buildings are found again in the outlines of their masks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from geosam_processing.engine.outlines.buildings import CIRCLE, RIGHT_ANGLES
from geosam_processing.engine.outlines.clean import Limits, as_buildings
from geosam_processing.engine.outlines.rings import Geometries
from tests.engine.outlines.drawn_shapes import COURTYARD, FORMS, building, iou, mask_outline

TOLERANCE = 2.0
# Far enough apart to be no neighbors.
APART = 1000.0


def cleaned(outlines: list[Any], tolerance: float = TOLERANCE) -> Any:
    return as_buildings(array(outlines), Limits(tolerance, 0.1), None, lambda share: None)


def array(geometries: list[Any]) -> Geometries:
    return np.array([*geometries, None], dtype=object)[:-1]


def apart(geometries: list[Any]) -> list[Any]:
    return [shapely.affinity.translate(each, APART * at, 0) for at, each in enumerate(geometries)]


def angles(polygon: Any) -> np.ndarray:
    """Turns at the corners of a polygon's rings in degrees, from 0 to 180."""
    turns = []
    for ring in [polygon.exterior, *polygon.interiors]:
        steps = np.diff(np.array(ring.coords), axis=0)
        before = np.roll(steps, 1, axis=0)
        cross = before[:, 0] * steps[:, 1] - before[:, 1] * steps[:, 0]
        turns.append(np.degrees(np.arctan2(np.abs(cross), (before * steps).sum(axis=1))))
    return np.concatenate(turns)


def measured(sizes: list[int], degrees: range, noise: float = 0.0) -> dict[str, Any]:
    """What becomes of all forms at sizes in pixels and rotations."""
    rng = np.random.default_rng(7)
    forms = [*FORMS, COURTYARD]
    cases = [(form, size, turn) for form in forms for size in sizes for turn in degrees]
    truths = [building(*case, tuple(rng.uniform(-0.5, 0.5, 2))) for case in cases]
    outlines = [mask_outline(truth, noise, seed) for seed, truth in enumerate(truths)]
    result = cleaned(apart(outlines), TOLERANCE if not noise else 2.5)
    squared = [shapely.get_parts(each)[0] for each in result.geometries]
    alike = [
        shapely.get_num_coordinates(one) == shapely.get_num_coordinates(other)
        for one, other in zip(squared, truths, strict=True)
    ]
    pixels = [iou(*pair) for pair in zip(outlines, truths, strict=True)]
    walls = [iou(*pair) for pair in zip(squared, apart(truths), strict=True)]
    return {
        "squared": squared,
        "methods": result.methods,
        "same vertices": np.mean(alike),
        "before": np.array(pixels),
        "after": np.array(walls),
    }


@pytest.mark.parametrize("size", [20, 30, 50])
def test_corners_are_those_of_the_building(size: int) -> None:
    found = measured([size], range(0, 90, 11))
    assert found["same vertices"] >= 0.9
    assert (found["after"] >= found["before"] - 1e-9).all()
    assert found["after"].mean() > found["before"].mean() + (0.015 if size > 30 else 0.03)


def test_small_buildings_gain_on_average() -> None:
    found = measured([8, 12], range(0, 90, 11))
    assert found["after"].mean() > found["before"].mean() + 0.03
    assert (found["after"] >= found["before"] - 1e-9).mean() > 0.7


@pytest.mark.parametrize("size", [20, 40])
def test_noisy_masks_get_better(size: int) -> None:
    found = measured([size], range(3, 90, 23), noise=0.3)
    assert found["after"].mean() > found["before"].mean() + 0.025
    assert found["same vertices"] > 0.75


def test_right_angles_are_exact() -> None:
    found = measured([15, 25], range(1, 90, 8))
    exact = [
        polygon
        for polygon, method in zip(found["squared"], found["methods"], strict=True)
        if method == RIGHT_ANGLES
    ]
    assert len(exact) > 0.9 * len(found["squared"])
    for polygon in exact:
        turns = angles(polygon)
        assert np.abs(turns - 45 * np.round(turns / 45)).max() < 1e-6


@pytest.mark.parametrize("degrees", range(0, 90, 3))
def test_a_rectangle_at_any_angle_has_four_right_angles(degrees: int) -> None:
    truth = building("rectangle", 20, degrees, (0.3, 0.1))
    (polygon,) = shapely.get_parts(cleaned([mask_outline(truth)]).geometries[0])
    turns = angles(polygon)
    assert len(turns) == 4
    assert turns == pytest.approx(90, abs=1e-6)
    assert iou(polygon, truth) > 0.95


@pytest.mark.parametrize("diameter", [12, 20, 50])
def test_a_round_tank_is_a_circle(diameter: int) -> None:
    truth = shapely.Point(0.2, 0.4).buffer(diameter / 2, quad_segs=32)
    outline = mask_outline(truth)
    result = cleaned([outline])
    assert list(result.methods) == [CIRCLE]
    (circle,) = result.geometries
    assert circle.area == pytest.approx(outline.area, rel=1e-9)
    assert iou(circle, truth) > iou(outline, truth)


def test_neighbors_share_their_direction_exactly() -> None:
    houses = [
        shapely.affinity.translate(building("rectangle", 24, 20 + turn, (0, 0)), 26 * at, 0)
        for at, turn in enumerate((-0.7, 0.4, 0.6))
    ]
    outlines = [
        shapely.affinity.translate(
            mask_outline(shapely.affinity.translate(house, -26 * at, 0)), 26 * at, 0
        )
        for at, house in enumerate(houses)
    ]
    directions = []
    for each in cleaned(outlines).geometries:
        points = shapely.get_coordinates(each)
        step = points[1] - points[0]
        directions.append(np.degrees(np.arctan2(step[1], step[0])) % 90)
    assert directions == pytest.approx([directions[0]] * 3, abs=1e-6)
    assert directions[0] == pytest.approx(20, abs=1.5)


def test_groups_keep_directions_apart() -> None:
    outlines = [
        shapely.affinity.translate(mask_outline(building("rectangle", 24, turn, (0, 0))), at, 0)
        for at, turn in ((0, 19.0), (40, 21.0))
    ]
    lone = [cleaned([outline]).geometries[0] for outline in outlines]
    groups = np.array([0, 1])
    apart_ = as_buildings(array(outlines), Limits(TOLERANCE, 0.1), groups, lambda share: None)
    for one, other in zip(apart_.geometries, lone, strict=True):
        assert one.equals_exact(other, 1e-6)


def test_no_outline_is_moved_beyond_the_tolerance() -> None:
    rng = np.random.default_rng(3)
    blobs = [
        shapely.affinity.scale(shapely.MultiPoint(rng.normal(size=(9, 2))).convex_hull, 9, 5)
        for _ in range(40)
    ]
    result = cleaned(apart(blobs), 1.0)
    for before, after in zip(apart(blobs), result.geometries, strict=True):
        assert after.is_valid
        assert before.boundary.hausdorff_distance(after.boundary) <= 1.0 + 1e-9
        assert after.area == pytest.approx(before.area, rel=0.1)
