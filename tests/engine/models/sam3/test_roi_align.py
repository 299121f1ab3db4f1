"""Pooling from boxes against its definition, sample by sample."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from geosam_processing.engine.models.sam3.roi_align import roi_align

SIZE = 7


def by_definition(image: torch.Tensor, box: list[float]) -> torch.Tensor:
    x0, y0, x1, y1 = box
    width, height = max(x1 - x0, 1.0), max(y1 - y0, 1.0)
    columns, rows = math.ceil(width / SIZE), math.ceil(height / SIZE)
    cells = torch.zeros(SIZE, SIZE, dtype=torch.float64)
    for row in range(SIZE):
        for column in range(SIZE):
            samples = [
                sample(
                    image,
                    x0 + (column + (i + 0.5) / columns) * width / SIZE,
                    y0 + (row + (j + 0.5) / rows) * height / SIZE,
                )
                for j in range(rows)
                for i in range(columns)
            ]
            cells[row, column] = sum(samples) / len(samples)
    return cells


def sample(image: torch.Tensor, x: float, y: float) -> float:
    height, width = image.shape
    if not (-1 <= x <= width and -1 <= y <= height):
        return 0.0
    x, y = min(max(x, 0), width - 1), min(max(y, 0), height - 1)
    left, top = int(x), int(y)
    right, bottom = min(left + 1, width - 1), min(top + 1, height - 1)
    upper = image[top, left] * (1 - x + left) + image[top, right] * (x - left)
    lower = image[bottom, left] * (1 - x + left) + image[bottom, right] * (x - left)
    return float(upper * (1 - y + top) + lower * (y - top))


@given(
    st.lists(st.floats(-3, 14), min_size=2, max_size=2),
    st.lists(st.floats(0, 12), min_size=2, max_size=2),
)
@settings(max_examples=25, deadline=None)
def test_equals_the_definition(corner, extent):
    image = torch.arange(99.0).view(9, 11).sin()
    box = [*corner, corner[0] + extent[0], corner[1] + extent[1]]
    # As float32 boxes reach the function.
    box = torch.tensor(box).tolist()
    found = roi_align(image[None, None], [torch.tensor([box])], SIZE)
    torch.testing.assert_close(found[0, 0].double(), by_definition(image, box), atol=1e-4, rtol=0)


def test_boxes_of_several_images_come_in_order():
    images = torch.stack([torch.full((2, 8, 8), 3.0), torch.full((2, 8, 8), 5.0)])
    box = torch.tensor([[1.0, 1.0, 6.0, 6.0]])
    found = roi_align(images, [box, box.repeat(2, 1)], SIZE)
    assert found.shape == (3, 2, SIZE, SIZE)
    assert found.mean((1, 2, 3)).tolist() == pytest.approx([3.0, 5.0, 5.0])


def test_no_boxes_give_an_empty_result():
    assert roi_align(torch.zeros(1, 4, 8, 8), [torch.zeros(0, 4)], SIZE).shape == (0, 4, 7, 7)
