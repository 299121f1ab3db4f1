"""The rearranged two-way transformer against the official ones."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.engine.models.fast.shared_image_transformer import SharedImageTransformer
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision

SIZES = {"depth": 2, "embedding_dim": 64, "num_heads": 4, "mlp_dim": 128}


def official(family):
    ensure_torchvision()
    if family == "sam":
        from segment_anything.modeling.transformer import TwoWayTransformer
    else:
        from sam2.modeling.sam.transformer import TwoWayTransformer
    torch.manual_seed(3)
    return TwoWayTransformer(**SIZES).eval()


def tokens_of(image):
    return image.flatten(2).transpose(1, 2)


@pytest.mark.parametrize("family", ["sam", "sam2"])
@pytest.mark.parametrize("prompts", [1, 2, 7])
@pytest.mark.parametrize("tokens", [6, 9])
@torch.inference_mode()
def test_equals_the_official_transformer(family, prompts, tokens):
    transformer = official(family)
    image, position = torch.randn(2, 1, 64, 8, 6)
    points = torch.randn(prompts, tokens, 64)
    before = [image.clone(), position.clone(), points.clone()]

    same = (prompts, -1, -1, -1)
    expected = transformer(image.expand(same), position.expand(same), points)
    pixels, places = tokens_of(image), tokens_of(position)
    answered = SharedImageTransformer(transformer)(pixels, places, points, pixels + places)

    for ours, theirs in zip(answered, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)
    for value, original in zip([image, position, points], before, strict=True):
        assert torch.equal(value, original)
