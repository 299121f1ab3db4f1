"""Which patches hold which objects, compared with a look at every patch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geosam_processing.engine.encoding.grid import PatchGrid
from geosam_processing.engine.previewing.recommend import ObjectsOnGrid, recommend

PATCH = 64


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, int, int, tuple[float, float, float, float]]:
    width, height = draw(st.integers(1, 300)), draw(st.integers(1, 300))
    left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    right = draw(st.integers(left, width))
    bottom = draw(st.integers(top, height))
    return width, height, draw(st.integers(1, PATCH)), (left, top, right, bottom)


@pytest.mark.slow
@given(case=cases())
@settings(max_examples=300, deadline=None)
def test_counts_and_best_patch_are_those_of_a_full_search(
    case: tuple[int, int, int, tuple[float, float, float, float]],
) -> None:
    width, height, stride, (left, top, right, bottom) = case
    objects = ObjectsOnGrid(np.array([[left, top, right, bottom]], dtype=float), width, height)
    windows = list(PatchGrid(width, height, PATCH, stride))
    holding = [
        window
        for window in windows
        if window.x <= left
        and window.y <= top
        and window.x + window.width >= right
        and window.y + window.height >= bottom
    ]
    assert objects.containing_counts(PATCH, stride).tolist() == [len(holding)]

    def distance(index: int) -> float:
        window = windows[index]
        x = window.x + window.width / 2 - (left + right) / 2
        y = window.y + window.height / 2 - (top + bottom) / 2
        return float(np.hypot(x, y))

    best = int(objects.best_patches(PATCH, stride)[0])
    nearest = min(distance(window.index) for window in holding or windows)
    if holding:
        assert windows[best] in holding
        assert distance(best) <= nearest + 1e-6
    else:
        # An axis along which it fits keeps to the patches that hold it there.
        assert 0 <= best < len(windows)


def objects_at(resolution: float) -> ObjectsOnGrid:
    """A square of 100 m and one of 10 m, on a raster of 400 m."""
    boxes = np.array([[30.0, 30.0, 130.0, 130.0], [200.0, 200.0, 210.0, 210.0]])
    side = int(np.ceil(400 / resolution))
    return ObjectsOnGrid(boxes / resolution, side, side)


def test_the_finest_resolution_that_holds_enough() -> None:
    fine = recommend(objects_at, 1.0, PATCH, share=0.5, margin=0)
    assert fine is not None and fine.resolution == 1.0 and fine.stride > PATCH // 2
    coarse = recommend(objects_at, 1.0, PATCH, share=1.0, margin=0)
    assert coarse is not None and 100 / PATCH <= coarse.resolution < 2.2
    assert objects_at(coarse.resolution).covered_share(PATCH, coarse.stride, 0) == 1.0
    assert recommend(objects_at, 1.0, PATCH, share=1.0, margin=PATCH) is not None


def test_no_recommendation_where_the_margin_fills_a_patch() -> None:
    def endless(resolution: float) -> ObjectsOnGrid:
        return ObjectsOnGrid(np.array([[5000.0, 5000.0, 5010.0, 5010.0]]), 10_000, 10_000)

    assert recommend(endless, 1.0, PATCH, share=1.0, margin=PATCH) is None
