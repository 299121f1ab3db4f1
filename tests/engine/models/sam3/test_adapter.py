"""Features, and masks of points and boxes, against transformers' and sam2's own networks."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.engine.models.fast.shared_image_decoder import SharedImageDecoder
from geosam_processing.engine.models.sam3.adapter import load_sam3
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from tests.engine.parity import (
    PROMPTS,
    full_size,
    prompts_of,
    smallest_iou,
    stored_as,
)

pytestmark = pytest.mark.slow

SIZE = 1008


@pytest.fixture(scope="module")
def features(adapter, images):
    return adapter.encode(images)[0]


@pytest.fixture(scope="module")
def predictor(adapter, features):
    """SAM2's own predictor, given the features that it would have computed."""
    ensure_torchvision()
    from sam2.sam2_image_predictor import SAM2ImagePredictor

    predictor = SAM2ImagePredictor(adapter.network)
    predictor._features = {
        "image_embed": features.image_embedding,
        "high_res_feats": list(features.high_resolution),
    }
    predictor._orig_hw = [(SIZE, SIZE)]
    predictor._is_image_set = True
    return predictor


def relative(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float(((found - expected).abs().max() / expected.abs().max()).detach())


def test_features_equal_those_of_transformers(adapter, features, tiny, images):
    """Geo-SAM's layout: both finer maps as the decoder takes them, no_mem_embed added."""
    with torch.inference_mode():
        official = tiny.tracker.get_image_features((images - 127.5) / 127.5)
    maps = [
        level.permute(1, 2, 0).unflatten(2, (side, side))
        for level, side in zip(official.fpn_hidden_states, (288, 144, 72))
    ]
    maps[2] = maps[2] + tiny.tracker.no_memory_embedding.view(1, -1, 1, 1)
    found = (*features.high_resolution, features.image_embedding)
    assert [tuple(level.shape) for level in found] == [
        (1, 4, 288, 288),
        (1, 8, 144, 144),
        (1, 32, 72, 72),
    ]
    assert max(relative(a, b) for a, b in zip(found, maps)) <= 1e-4
    assert (adapter.family, adapter.patch_size, adapter.embedding_size) == ("sam3", SIZE, 72)


def test_patches_in_a_batch_equal_single_ones(adapter, features, images):
    batch = adapter.encode(torch.cat([images.flip(2), images]))
    assert relative(batch[1].image_embedding, features.image_embedding) <= 1e-5
    assert relative(batch[1].trunk, features.trunk) <= 1e-5


def test_padding_is_zero_for_the_network(adapter):
    assert adapter.pixel_mean == (127.5, 127.5, 127.5)


@pytest.mark.parametrize("multimask", [True, False])
@pytest.mark.parametrize("kind", PROMPTS)
def test_masks_equal_those_of_sam2s_own_classes(adapter, predictor, features, kind, multimask):
    prompts = prompts_of(kind, SIZE, count=2)
    expected = [
        predictor.predict(
            point_coords=prompts.points[i].numpy() if prompts.points.shape[1] else None,
            point_labels=prompts.labels[i].numpy() if prompts.points.shape[1] else None,
            box=None if prompts.boxes is None else prompts.boxes[i].numpy(),
            multimask_output=multimask,
            return_logits=True,
        )
        for i in range(2)
    ]
    masks, scores, _ = (
        torch.stack([torch.from_numpy(part) for part in parts]) for parts in zip(*expected)
    )

    logits, found_scores = adapter.decode(features, prompts, multimask)

    assert logits.shape == (2, 3 if multimask else 1, 288, 288)
    assert isinstance(adapter._decoder._decoder, SharedImageDecoder)
    torch.testing.assert_close(found_scores, scores, atol=1e-5, rtol=0)
    assert 0.01 < (masks > 0).float().mean() < 0.99
    assert smallest_iou(full_size(logits, SIZE), masks) >= 0.999


def test_float16_features_keep_the_masks(adapter, features):
    prompts = prompts_of("box with points", SIZE, count=4)
    expected, _ = adapter.decode(features, prompts, multimask=True)
    found, _ = adapter.decode(stored_as(features, torch.float16), prompts, multimask=True)
    assert ((found > 0) != (expected > 0)).float().mean() <= 1e-4


def test_bfloat16_trunk_is_near(tiny, features, images):
    rough = load_sam3(tiny.transformers_state(), torch.device("cpu"), "bfloat16")
    found = rough.encode(images)[0]
    assert found.trunk is not None and found.trunk.dtype == torch.float32
    assert found.image_embedding.dtype == torch.float32
    error = (found.trunk - features.trunk).std() / features.trunk.std()
    assert 0 < error < 0.03


def test_loading_does_not_change_the_given_weights(tiny, images):
    state = tiny.transformers_state()
    kept = {name: tensor.clone() for name, tensor in state.items()}
    load_sam3(state, torch.device("cpu"), "bfloat16").encode(images)
    assert all(torch.equal(state[name], kept[name]) for name in kept)
