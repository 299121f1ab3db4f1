"""Our SAM against ``segment_anything.SamPredictor``: a tiny network with random weights, and the
bundled model."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from geosam_processing.contract import Model
from geosam_processing.engine.models.adapter import PatchFeatures
from geosam_processing.engine.models.checkpoint import read_state
from geosam_processing.engine.models.fast.shared_image_decoder import SharedImageDecoder
from geosam_processing.engine.models.fast.vit_encoder import FastVit
from geosam_processing.engine.models.registry import resolve
from geosam_processing.engine.models.sam import SamAdapter, load_sam
from geosam_processing.engine.models.sam_architectures import (
    PIXEL_MEAN,
    SAM_ARCHITECTURES,
    SamArchitecture,
    build_sam,
    build_sam_from,
)
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from tests.engine.parity import (
    PROMPTS,
    full_size,
    ious,
    model_images,
    picture,
    prompts_of,
    smallest_iou,
    stored_as,
)

pytestmark = pytest.mark.slow

TINY = SamArchitecture(
    image_size=256,
    embed_dim=32,
    depth=2,
    num_heads=2,
    global_attn_indexes=(1,),
    window_size=5,
    mlp_ratio=2.0,
    decoder_mlp_dim=64,
)


@dataclass
class Pair:
    """Our adapter and the official predictor with the same weights, and the same image."""

    adapter: SamAdapter
    predictor: Any
    features: PatchFeatures
    size: int


def padded(image: np.ndarray, size: int) -> torch.Tensor:
    """The image in the top left corner of a patch, the rest filled with the mean."""
    height, width, _ = image.shape
    patch = torch.tensor(PIXEL_MEAN).view(1, 3, 1, 1).repeat(1, 1, size, size)
    patch[:, :, :height, :width] = model_images(image)
    return patch


def make_pair(sizes: SamArchitecture, image: np.ndarray, weights: Path | None = None) -> Pair:
    ensure_torchvision()
    from segment_anything import SamPredictor

    torch.manual_seed(0)
    network = build_sam_from(sizes)
    adapter = SamAdapter("vit_b", copy.deepcopy(network), torch.device("cpu"))
    if weights is not None:
        state = read_state(weights)
        network.load_state_dict(state)
        adapter = load_sam("geosam_nano", state, torch.device("cpu"))
    predictor = SamPredictor(network)
    predictor.set_image(image)
    features = adapter.encode(padded(image, sizes.image_size))[0]
    return Pair(adapter, predictor, features, sizes.image_size)


@pytest.fixture(scope="module", params=["tiny", "geosam_nano"])
def pair(request):
    if request.param == "tiny":
        return make_pair(TINY, picture(256, 256))
    bundled = resolve(Model(model="geosam_nano")).path
    return make_pair(SAM_ARCHITECTURES["geosam_nano"], picture(512, 512), bundled)


def official(pair, prompts, multimask):
    """Each prompt in a call of its own: full size logits, scores, low resolution logits."""
    answers = [
        pair.predictor.predict_torch(
            prompts.points[i : i + 1] if prompts.points.shape[1] else None,
            prompts.labels[i : i + 1] if prompts.points.shape[1] else None,
            boxes=None if prompts.boxes is None else prompts.boxes[i : i + 1],
            multimask_output=multimask,
            return_logits=True,
        )
        for i in range(len(prompts.points))
    ]
    return [torch.cat(parts) for parts in zip(*answers)]


@pytest.mark.parametrize("multimask", [True, False])
@pytest.mark.parametrize("kind", PROMPTS)
def test_equals_the_official_predictor(pair, kind, multimask):
    prompts = prompts_of(kind, pair.size, count=2)
    expected_full, expected_scores, expected_low = official(pair, prompts, multimask)

    logits, scores = pair.adapter.decode(pair.features, prompts, multimask)

    side = 4 * pair.adapter.embedding_size
    assert logits.shape == (2, 3 if multimask else 1, side, side)
    assert logits.dtype == scores.dtype == torch.float32
    # Random weights give small logits, so the tolerance is relative to their spread.
    tolerance = 1e-4 * min(1.0, float(expected_low.std()))
    torch.testing.assert_close(logits, expected_low, atol=tolerance, rtol=0)
    torch.testing.assert_close(scores, expected_scores, atol=1e-5, rtol=0)
    assert smallest_iou(full_size(logits, pair.size), expected_full) >= 0.999


def test_what_is_compared_are_the_fast_ways(pair):
    assert isinstance(pair.adapter._decoder, SharedImageDecoder)
    assert isinstance(pair.adapter._encoder, FastVit)


def test_the_masks_compared_are_not_trivial(pair):
    _, _, low = official(pair, prompts_of("point", pair.size, count=1), multimask=True)
    assert 0.001 < float((low > 0).float().mean()) < 0.999


@pytest.mark.parametrize(
    "dtype, mean, least",
    [(torch.float32, 1.0, 1.0), (torch.float16, 0.9995, 0.995)],
)
def test_stored_precision_keeps_masks(pair, dtype, mean, least):
    agreement = []
    for kind in PROMPTS:
        prompts = prompts_of(kind, pair.size, count=2)
        expected, _ = pair.adapter.decode(pair.features, prompts, multimask=True)
        logits, _ = pair.adapter.decode(stored_as(pair.features, dtype), prompts, multimask=True)
        assert logits.dtype == torch.float32
        agreement.append(ious(full_size(logits, pair.size), full_size(expected, pair.size)))
    # The least is that of masks of a few hundred pixels, where each pixel counts.
    assert float(np.concatenate(agreement).mean()) >= mean
    assert float(np.concatenate(agreement).min()) >= least


@pytest.mark.parametrize("height, width", [(160, 256), (256, 96)])
def test_padding_with_the_mean_is_the_official_padding(height, width):
    pair = make_pair(TINY, picture(height, width))

    expected = pair.predictor.features
    torch.testing.assert_close(pair.features.image_embedding, expected, atol=1e-5, rtol=0)


def test_a_batch_of_images_gives_each_its_own_features():
    pair = make_pair(TINY, picture(256, 256))
    first = model_images(picture(256, 256))
    second = first.flip(-1)

    batch = pair.adapter.encode(torch.cat([first, second]))

    assert len(batch) == 2
    for features, image in zip(batch, (first, second)):
        alone = pair.adapter.encode(image)[0].image_embedding
        assert torch.equal(features.image_embedding, alone)


def test_half_precision_weights_run_in_float32():
    torch.manual_seed(0)
    state = build_sam("geosam_nano").half().state_dict()

    adapter = load_sam("geosam_nano", state, torch.device("cpu"))
    features = adapter.encode(torch.zeros(1, 3, 512, 512))[0]

    assert (adapter.model_id, adapter.family, adapter.patch_size) == ("geosam_nano", "sam", 512)
    assert features.image_embedding.dtype == torch.float32
    assert torch.isfinite(features.image_embedding).all()
    reference = build_sam("geosam_nano")
    reference.load_state_dict(state)
    assert torch.equal(adapter._network.pixel_mean, reference.pixel_mean)
    expected = SamAdapter("geosam_nano", reference, torch.device("cpu"))
    assert torch.equal(
        expected.encode(torch.zeros(1, 3, 512, 512))[0].image_embedding, features.image_embedding
    )
