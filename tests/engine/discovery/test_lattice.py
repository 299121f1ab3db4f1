"""Points of patches: each once, on the patch whose centre is nearest."""

from pathlib import Path

import numpy as np
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from geosam_processing.engine.discovery.lattice import STEPS, Lattice
from geosam_processing.engine.encoding.grid import patch_windows
from geosam_processing.engine.features.manifest import Chip

AXES = Affine.rotation(20) * Affine.scale(0.5, -0.5)
TURNED = Affine.translation(500_000, 5_000_000) * AXES
# Of the first pixel's corner, in pixels from the origin of the CRS.
ORIGIN = np.array(~AXES * (500_000, 5_000_000))


def chips_of(
    width: int, height: int, patch: int, stride: int, corner: tuple[int, int] = (0, 0)
) -> list[Chip]:
    transform = TURNED * Affine.translation(*corner)
    return [
        Chip(
            w.chip_id,
            Path(),
            transform * Affine.translation(w.x, w.y),
            (w.height, w.width),
            (64, 64),
        )
        for w in patch_windows(width, height, patch, stride)
    ]


def places(chips: list[Chip], lattice: Lattice) -> tuple[np.ndarray, np.ndarray]:
    """All points in pixels of the raster, and their steps."""
    points, steps = zip(*(lattice.points(index) for index in range(len(chips))), strict=True)
    corners = [~TURNED * (chip.transform.c, chip.transform.f) for chip in chips]
    moved = [p + np.round(corner) for p, corner in zip(points, corners, strict=True)]
    return np.concatenate(moved), np.concatenate(steps)


@settings(max_examples=40, deadline=None)
@given(st.integers(40, 300), st.integers(40, 300), st.integers(8, 64), st.integers(4, 40))
def test_each_point_is_asked_once(width: int, height: int, stride: int, spacing: int) -> None:
    chips = chips_of(width, height, 64, stride)
    found, steps = places(chips, Lattice(chips, spacing))
    expected = {
        (round(x, 2), round(y, 2))
        for x in (np.arange(-1, width // spacing + 2) + 0.5) * spacing - ORIGIN[0] % spacing
        for y in (np.arange(-1, height // spacing + 2) + 0.5) * spacing - ORIGIN[1] % spacing
        if 0 <= round(x, 3) < width and 0 <= round(y, 3) < height
    }
    assert len(found) == len(expected)
    assert {(round(x, 2), round(y, 2)) for x, y in found.tolist()} == expected
    assert set(steps.tolist()) <= set(STEPS)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 50), st.integers(0, 50), st.integers(8, 64), st.integers(4, 40))
def test_another_extent_or_stride_asks_the_same_points(
    left: int, top: int, stride: int, spacing: int
) -> None:
    whole, part = chips_of(200, 200, 64, 32), chips_of(150, 150, 64, stride, (left, top))
    points, steps = places(whole, Lattice(whole, spacing))
    inside = ((points >= (left, top)) & (points < (left + 150, top + 150))).all(1)
    expected = {
        (*point, step)
        for point, step in zip(
            map(tuple, points[inside].round(2).tolist()), steps[inside].tolist(), strict=True
        )
    }
    points, steps = places(part, Lattice(part, spacing))
    found = {
        (*point, step)
        for point, step in zip(map(tuple, points.round(2).tolist()), steps.tolist(), strict=True)
    }
    assert found == expected


def test_point_is_asked_on_the_patch_that_shows_most_around_it() -> None:
    chips = chips_of(256, 64, 64, 32)
    for index, chip in enumerate(chips):
        points, _ = Lattice(chips, 8).points(index)
        first, last = index == 0, index == len(chips) - 1
        assert points[:, 0].min() >= (0 if first else 16)
        assert points[:, 0].max() <= (64 if last else 48)
        assert chip.shape == (64, 64)


def test_rounds_are_coarse_to_fine() -> None:
    chips = chips_of(256, 256, 256, 256)
    _, steps = Lattice(chips, 16).points(0)
    assert [int((steps == step).sum()) for step in STEPS] == [16, 48, 192]


def test_points_outside_the_area_are_left_out() -> None:
    chips = chips_of(128, 128, 64, 32)
    area = shapely.Polygon([TURNED * corner for corner in ((0, 0), (30, 0), (30, 30), (0, 30))])
    everywhere, _ = places(chips, Lattice(chips, 8))
    found, _ = places(chips, Lattice(chips, 8, area))
    assert len(found) == int((everywhere < 30).all(1).sum()) > 0
    assert found.max() < 30
