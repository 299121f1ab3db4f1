"""Examples reach the whole raster through the objects that patches share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geosam_processing.contract import Concept, ConceptsResult
from geosam_processing.engine.concepts.waves import neighbors_of, waves_of
from tests.engine.concepts.color_adapter import ColorAdapter
from tests.engine.concepts.test_concepts import (
    GREEN,
    Square,
    adapter,
    encoded,
    example,
    found_on,
    iou,
    outline,
)
from tests.engine.stand_in_adapter import PATCH

__all__ = ["adapter"]

WIDTH, HEIGHT = 768, 96
Scene = list[tuple[Square, bool]]


def drifting_scene(seed: int, count: int = 220) -> Scene:
    """Squares at random places; true ones go from red in the west to blue in the east.

    The others are green everywhere, or drift the other way.
    """
    generator = np.random.default_rng(seed)
    cells = [(x, y) for x in range(0, WIDTH, 16) for y in range(0, HEIGHT, 16)]
    squares: Scene = []
    for index in generator.permutation(len(cells))[:count]:
        x, y = cells[index]
        left, top = (place + 4 * int(generator.integers(0, 2)) for place in (x, y))
        share = left / WIDTH
        kind = generator.integers(0, 4)
        forward = (230 - 170 * share, 60.0, 60 + 170 * share)
        backward = (60 + 170 * share, 200.0, 230 - 170 * share)
        color = GREEN if kind == 3 else backward if kind == 2 else forward
        squares.append(((left, top, tuple(map(round, color))), bool(kind < 2)))
    return squares


def measured(
    features: Path, scene: Scene, concept: Concept, **more: Any
) -> tuple[float, float, ConceptsResult]:
    """Recall and precision of the objects; a match is an IoU of 0.5."""
    objects, result = found_on(features, concept, **more)
    shapes = [shapely.from_wkb(item.wkb) for item in objects]
    truth = [outline(square) for square, true in scene if true]
    recalled = sum(any(iou(shape, each) > 0.5 for shape in shapes) for each in truth)
    right = sum(any(iou(shape, each) > 0.5 for each in truth) for shape in shapes)
    return recalled / len(truth), right / max(len(shapes), 1), result


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_spreading_follows_what_changes_slowly(
    adapter: ColorAdapter, tmp_path: Path, seed: int
) -> None:
    """Two examples in the west: with them alone, with words, and spread over twelve patches."""
    scene = drifting_scene(seed)
    features = encoded(tmp_path, [square for square, _ in scene], WIDTH, HEIGHT)
    western = sorted((s for s, true in scene if true and s[0] < 40), key=lambda s: s[0])[:2]
    examples = tuple(example(square, "thing") for square in western)

    thing = Concept("thing")
    alone = measured(features, scene, thing, examples=examples, spread=False)
    words = measured(features, scene, Concept("thing", "red"))
    spread = measured(features, scene, thing, examples=examples)
    both = measured(features, scene, Concept("thing", "red"), examples=examples)

    assert alone[0] < 0.25 and words[0] < 0.6
    assert spread[0] >= 0.95 and spread[1] >= 0.95
    assert both[0] >= 0.95 and both[1] >= 0.95
    (count,) = spread[2].counts
    assert count.with_examples == count.searched >= 0.95 * spread[2].patch_count


def test_a_gap_ends_the_spreading_and_words_go_on(adapter: ColorAdapter, tmp_path: Path) -> None:
    red = (230, 60, 60)
    scene: Scene = [((8, 8, red), True), ((300, 8, red), True)]
    features = encoded(tmp_path, [square for square, _ in scene], 384, PATCH)
    examples = (example(scene[0][0], "red"),)
    recall, precision, result = measured(features, scene, Concept("red"), examples=examples)
    assert (recall, precision) == (0.5, 1.0)
    assert result.counts[0].searched < result.patch_count
    recall, _, result = measured(features, scene, Concept("red", "red"), examples=examples)
    assert recall == 1.0 and result.counts[0].searched == result.patch_count


def test_the_user_s_examples_go_before_those_that_were_found(
    adapter: ColorAdapter, tmp_path: Path
) -> None:
    red, blue = (230, 60, 60), (60, 60, 230)
    squares = [(40, 8, red), (72, 8, blue)]
    features = encoded(tmp_path, squares, 96, PATCH)
    # Patch 0 shows both, patch 1 as well: each patch shows both examples.
    found_on(features, Concept("thing"), examples=tuple(example(s, "thing") for s in squares))
    assert [0 if each.boxes is None else len(each.boxes) for each in adapter.asked] == [1, 2]


@given(st.integers(1, 6), st.integers(1, 6), st.data())
@settings(max_examples=50, deadline=None)
def test_waves_are_the_distances_on_the_grid(columns: int, rows: int, data: st.DataObject) -> None:
    boxes = [shapely.box(x, y, x + 2, y + 2) for y in range(rows) for x in range(columns)]
    neighbors = neighbors_of(boxes)
    first = data.draw(st.sets(st.integers(0, len(boxes) - 1)))
    waves = waves_of(neighbors, first)
    for index, wave in enumerate(waves):
        row, column = divmod(index, columns)
        distances = [
            max(abs(row - other // columns), abs(column - other % columns)) for other in first
        ]
        # A patch overlaps the eight around it.
        assert wave == (min(distances) if distances else len(boxes))


def test_patches_that_only_touch_are_no_neighbors() -> None:
    assert neighbors_of([shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)]) == [[], []]
