"""Pictures for training: objects under their prompts, boxes around nothing on open ground."""

import numpy as np
import pytest

from training.feed import NOTHINGS, PATCH, Feed, cut, empty_boxes
from training.scenes import generate_varied_scene


@pytest.mark.parametrize("seed", range(4))
def test_prompts_fit_their_objects(seed):
    rng = np.random.default_rng(seed)
    fed = cut(rng, generate_varied_scene(seed + 12))
    assert fed is not None
    assert fed.picture.shape == (PATCH, PATCH, 3)
    objects, nothings = fed.counts.astype(int)
    assert objects >= 1
    assert nothings <= NOTHINGS
    assert set(np.unique(fed.labels)) == set(range(objects + 1))
    for number in range(1, objects + 1):
        mask = fed.labels == number
        x, y = fed.points[number - 1]
        assert mask[int(y), int(x)]
        left, top, right, bottom = fed.bounds[number - 1].astype(int)
        assert mask[top:bottom, left:right].sum() == mask.sum()
        error = np.abs(fed.boxes[number - 1] - fed.bounds[number - 1])
        assert (error < 0.5 * max(right - left, bottom - top) + 5).all()


def test_empty_boxes_hold_no_object():
    rng = np.random.default_rng(0)
    instances = np.zeros((PATCH, PATCH), np.uint16)
    instances[100:200, 100:300] = 1
    instances[:, 400:] = 2  # a field
    empty = instances != 1
    boxes = empty_boxes(rng, instances, empty, 40)
    assert len(boxes) > 10
    for left, top, right, bottom in boxes:
        window = instances[int(top) : int(bottom), int(left) : int(right)]
        assert (window == 1).mean() <= 0.02
        field = (window == 2).sum()
        assert field / (window.size + (instances == 2).sum() - field) <= 0.25


def test_feed_fills_slots_and_ends():
    feed = Feed(workers=1, slots=2, seed=0)
    try:
        slot = feed.take()
        assert feed.pictures[slot].counts[0] >= 1
        assert feed.pictures[slot].picture.std() > 0
        feed.give(slot)
    finally:
        feed.close()
