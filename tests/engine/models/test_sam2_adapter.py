"""Our SAM2 against ``SAM2ImagePredictor`` with the same random weights."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.contract import Device, Model
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.fast.hiera_encoder import FastHiera
from geosam_processing.engine.models.fast.shared_image_decoder import SharedImageDecoder
from geosam_processing.engine.models.sam2 import build_sam2_network
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from tests.engine.parity import (
    PROMPTS,
    full_size,
    model_images,
    picture,
    prompts_of,
    smallest_iou,
    stored_as,
)

pytestmark = pytest.mark.slow

SIZE = 1024


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return build_sam2_network("sam2.1_hiera_tiny", torch.device("cpu"))


@pytest.fixture(scope="module")
def adapter(network, tmp_path_factory):
    """Loaded from a file as Meta writes them, so that loading is compared as well."""
    path = tmp_path_factory.mktemp("checkpoint") / "own.pt"
    torch.save({"model": network.state_dict()}, path)
    return registry.load(registry.resolve(Model(checkpoint=str(path))), Device("cpu"))


@pytest.fixture(scope="module")
def predictor(network):
    ensure_torchvision()
    from sam2.sam2_image_predictor import SAM2ImagePredictor

    predictor = SAM2ImagePredictor(network)
    predictor.set_image(picture(SIZE, SIZE))
    return predictor


@pytest.fixture(scope="module")
def features(adapter):
    return adapter.encode(model_images(picture(SIZE, SIZE)))[0]


def official(predictor, prompts, multimask):
    """Each prompt in a call of its own: full size logits, scores, low resolution logits."""
    answers = []
    for i in range(len(prompts.points)):
        has_points = prompts.points.shape[1] > 0
        answers.append(
            predictor.predict(
                point_coords=prompts.points[i].numpy() if has_points else None,
                point_labels=prompts.labels[i].numpy() if has_points else None,
                box=None if prompts.boxes is None else prompts.boxes[i].numpy(),
                multimask_output=multimask,
                return_logits=True,
            )
        )
    return [torch.stack([torch.from_numpy(a) for a in parts]) for parts in zip(*answers)]


def test_features_equal_the_official_ones(adapter, predictor, features):
    assert (adapter.model_id, adapter.family, adapter.patch_size) == (
        "sam2.1_hiera_tiny",
        "sam2",
        SIZE,
    )
    expected = predictor._features
    assert features.image_embedding.shape == (1, 256, 64, 64)
    assert adapter.embedding_size == 64
    assert [tuple(level.shape) for level in features.high_resolution] == [
        (1, 32, 256, 256),
        (1, 64, 128, 128),
    ]
    torch.testing.assert_close(
        features.image_embedding, expected["image_embed"], atol=1e-4, rtol=1e-5
    )
    for level, expected_level in zip(features.high_resolution, expected["high_res_feats"]):
        torch.testing.assert_close(level, expected_level, atol=1e-4, rtol=1e-5)


def test_what_is_compared_are_the_fast_ways(adapter, features):
    assert isinstance(adapter._decoder._decoder, SharedImageDecoder)
    assert isinstance(adapter._encoder, FastHiera)


@pytest.mark.parametrize("multimask", [True, False])
@pytest.mark.parametrize("kind", PROMPTS)
def test_equals_the_official_predictor(adapter, predictor, features, kind, multimask):
    prompts = prompts_of(kind, SIZE, count=2)
    expected_full, expected_scores, expected_low = official(predictor, prompts, multimask)

    logits, scores = adapter.decode(features, prompts, multimask)

    assert logits.shape == (2, 3 if multimask else 1, 256, 256)
    # Random weights give small logits, so the tolerance is relative to their spread.
    tolerance = 1e-4 * min(1.0, float(expected_low.std()))
    # The predictor cuts what it returns in low resolution, not what it enlarges.
    torch.testing.assert_close(logits.clamp(-32, 32), expected_low, atol=tolerance, rtol=0)
    torch.testing.assert_close(scores, expected_scores, atol=1e-5, rtol=0)
    assert smallest_iou(full_size(logits, SIZE), expected_full) >= 0.999


def test_one_prompt_equals_the_same_prompt_in_a_batch(adapter, features):
    many = prompts_of("box with points", SIZE, count=3)
    one = prompts_of("box with points", SIZE, count=1)

    batched, _ = adapter.decode(features, many, multimask=False)
    alone, _ = adapter.decode(features, one, multimask=False)

    assert torch.equal(batched[:1], alone)


@pytest.mark.parametrize("dtype, least", [(torch.float32, 1.0), (torch.float16, 0.9995)])
def test_stored_precision_keeps_masks(adapter, features, dtype, least):
    prompts = prompts_of("box with points", SIZE, count=2)
    expected, _ = adapter.decode(features, prompts, multimask=True)

    logits, _ = adapter.decode(stored_as(features, dtype), prompts, multimask=True)

    assert logits.dtype == torch.float32
    assert smallest_iou(full_size(logits, SIZE), full_size(expected, SIZE)) >= least
