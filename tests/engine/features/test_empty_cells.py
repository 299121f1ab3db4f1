"""Where a patch has no data."""

from __future__ import annotations

import numpy as np
import pytest

from geosam_processing.engine.features.empty_cells import SIDE, are_cells, empty_cells, is_empty


@pytest.mark.parametrize("shape", [(64, 64), (1024, 700), (5, 200), (33, 1)])
def test_place_in_an_empty_cell_has_no_data_around(shape: tuple[int, int]) -> None:
    draw = np.random.default_rng(4)
    valid = np.zeros(shape, dtype=bool)
    valid[: shape[0] // 2 + 1] = draw.random((shape[0] // 2 + 1, shape[1])) < 0.4
    valid[0, 0] = True
    valid[-1, -1] = False
    cells = empty_cells(valid)
    assert are_cells(cells)
    height, width = shape
    for y in range(0, height, max(height // 40, 1)):
        for x in range(0, width, max(width // 40, 1)):
            rows = [i for i in range(height) if i * SIDE // height == y * SIDE // height]
            columns = [i for i in range(width) if i * SIDE // width == x * SIDE // width]
            expected = not valid[np.ix_(rows, columns)].any()
            assert is_empty(cells, x / width, y / height) == expected or min(shape) < SIDE


@pytest.mark.parametrize("value", [True, False])
def test_patch_that_is_full_or_wholly_empty_has_no_cells(value: bool) -> None:
    cells = empty_cells(np.full((50, 50), value))
    assert cells == "" and not is_empty(cells, 0.5, 0.5)


@pytest.mark.parametrize("text", ["0", "g" * 256, "F" * 256, "0" * 257])
def test_other_text_is_no_cells(text: str) -> None:
    assert not are_cells(text)
