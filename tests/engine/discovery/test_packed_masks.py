"""Masks as bits."""

import numpy as np
import pytest

from geosam_processing.engine.discovery.packed_masks import area, pack, suppress, unpack


@pytest.mark.parametrize("shape", [(16, 16), (7, 5), (1, 1), (3, 16)])
def test_packing_is_undone(shape: tuple[int, int]) -> None:
    masks = np.random.default_rng(1).random((4, 3, *shape)) > 0.5
    bits = pack(masks)
    assert (unpack(bits, shape) == masks).all()
    assert (area(bits) == masks.sum((2, 3))).all()


def test_weaker_twin_is_suppressed() -> None:
    masks = np.zeros((4, 20, 20), dtype=bool)
    masks[0, :10, :10] = True
    masks[1, :10, :9] = True  # IoU 0.9 with the first
    masks[2, :10, :5] = True  # 0.5
    masks[3, 12:, 12:] = True
    scores = np.array([0.8, 0.9, 0.7, 0.6], dtype=np.float32)
    assert suppress(pack(masks), scores, 0.7).tolist() == [1, 2, 3]


def test_equal_scores_keep_the_larger_mask() -> None:
    masks = np.zeros((2, 20, 20), dtype=bool)
    masks[0, :10, :9] = True
    masks[1, :10, :10] = True
    assert suppress(pack(masks), np.ones(2, dtype=np.float32), 0.7).tolist() == [1]
