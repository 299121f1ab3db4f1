"""Batches: the same truth and attention as one picture at a time, clicks on what is wrong."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from geosam_processing.engine.models.sam_architectures import build_sam  # noqa: E402
from training.batches import (  # noqa: E402
    batch_loss,
    batch_of,
    corrections,
    truth_of,
)
from training.feed import NOTHINGS, OBJECTS, PATCH, FedPicture  # noqa: E402
from training.losses import look_at  # noqa: E402
from training.network import _attend as attend_in_parts  # noqa: E402
from training.network import attend_fused, decode, embed_points  # noqa: E402


def picture(boxes, nothings=()):
    """A picture of rectangles (left, top, right, bottom), in whole pixels."""
    labels = np.zeros((PATCH, PATCH), np.uint8)
    bounds, points = np.zeros((OBJECTS, 4), np.float32), np.zeros((OBJECTS, 2), np.float32)
    for index, (left, top, right, bottom) in enumerate(boxes):
        labels[top:bottom, left:right] = index + 1
        bounds[index] = left, top, right, bottom
        points[index] = (left + right) / 2, (top + bottom) / 2
    empty = np.zeros((NOTHINGS, 4), np.float32)
    empty[: len(nothings)] = np.array(nothings, np.float32).reshape(-1, 4)
    pixels = np.repeat(labels[..., None] * 40, 3, 2).astype(np.uint8)
    counts = np.array([len(boxes), len(nothings)], np.float32)
    return FedPicture(pixels, labels, points, bounds.copy(), bounds, empty, counts)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    sam = build_sam("geosam_nano")
    with torch.no_grad():  # zero-initialised tables would hide mistakes
        for parameter in sam.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
    return sam


@pytest.mark.parametrize("block", [0, 2])
def test_fused_attention_equals_that_in_parts(network, block):
    attention = network.image_encoder.blocks[block].attn
    x = torch.randn(2, 8, 8, 192)
    with torch.no_grad():
        torch.testing.assert_close(
            attend_fused(attention, x), attend_in_parts(attention, x), atol=1e-5, rtol=1e-5
        )


def test_truth_of_a_batch_equals_that_of_each_picture():
    boxes = [(10, 20, 47, 61), (300, 400, 312, 512)]
    batch = batch_of([picture(boxes), picture(boxes[:1])], "cpu")
    assert batch.picture.tolist() == [0, 0, 1]
    truth = truth_of(batch)
    masks = np.zeros((2, PATCH, PATCH), bool)
    for mask, (left, top, right, bottom) in zip(masks, boxes, strict=True):
        mask[top:bottom, left:right] = True
    expected = look_at(np.random.default_rng(0), masks)
    for index, other in enumerate((0, 1, 0)):
        torch.testing.assert_close(truth.cells[index], expected.cells[other])
        torch.testing.assert_close(truth.outside[index], expected.outside[other])
        assert float(truth.area[index]) == float(expected.area[other])
        columns, rows = ((truth.positions[index] + 1) * PATCH / 2 - 0.5).round().long().unbind(-1)
        seen = torch.from_numpy(masks[other])[rows, columns]
        torch.testing.assert_close(truth.pixels[index, 0], seen.float())


def test_decoding_pictures_together_equals_one_by_one(network):
    features = torch.randn(2, 64, 256)
    positions = torch.randn(64, 256)
    tokens = embed_points(network, torch.rand(2, 2, 2) * 512, torch.tensor([[2, 3]] * 2))
    with torch.no_grad():
        together, _ = decode(network, features, positions, tokens)
        for index in range(2):
            alone, _ = decode(network, features[index], positions, tokens[index : index + 1])
            torch.testing.assert_close(together[index : index + 1], alone, atol=1e-4, rtol=1e-4)


def test_corrections_lie_on_errors_and_say_which():
    torch.manual_seed(0)
    batch = batch_of([picture([(100, 100, 200, 200), (300, 300, 360, 360)])], "cpu")
    cells = truth_of(batch).cells[:, 0]
    answer = torch.zeros(2, 256, 256, dtype=torch.bool)
    answer[0, 50:100, 50:75] = True  # its right half is missing
    answer[1, 150:180, 150:250] = True  # too much on its right
    chosen = torch.arange(2)
    for _ in range(20):
        points, labels = corrections(batch, chosen, cells, torch.cat([answer, answer]), 2)
        assert labels[0, 1] == 1
        assert 150 <= float(points[0, 1, 0]) <= 200
        assert labels[1, 1] == 0
        assert 360 <= float(points[1, 1, 0]) <= 500
        boxed = labels[:, 2] == 2
        assert (labels[boxed, 0] == -1).all()
        assert (labels[~boxed, 0] == 1).all()
        assert (labels[~boxed, 3] == -1).all()


def test_loss_reaches_the_whole_network_and_scores_of_nothing(network):
    batch = batch_of([picture([(100, 100, 200, 200)], [(300, 300, 400, 400)])], "cpu")
    network.zero_grad()
    loss, figures = batch_loss(network, batch, 1.0)
    loss.backward()
    assert torch.isfinite(figures).all()
    assert float(figures[4]) != 0
    for name, parameter in network.image_encoder.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name
