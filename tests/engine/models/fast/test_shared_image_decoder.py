"""The rearranged mask decoders against the official ones, with either library of products."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from geosam_processing.engine.models.fast import matrix_products
from geosam_processing.engine.models.fast.shared_image_decoder import (
    OfficialDecoder,
    SharedImageDecoder,
    fast_decoder,
)
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision

WIDTH, SIDE = 64, 6
SAM2_CONFIGURATIONS = {
    "plain": {},
    "as released": {
        "use_high_res_features": True,
        "iou_prediction_use_sigmoid": True,
        "pred_obj_scores": True,
        "pred_obj_scores_mlp": True,
        "use_multimask_token_for_obj_ptr": True,
    },
    "stable mask preferred": {
        "use_high_res_features": True,
        "pred_obj_scores": True,
        "dynamic_multimask_via_stability": True,
    },
}


def official(family: str, **configuration: bool) -> tuple[Any, Any]:
    """A small mask decoder and its prompt encoder."""
    ensure_torchvision()
    if family == "sam":
        from segment_anything.modeling import MaskDecoder, PromptEncoder, TwoWayTransformer
    else:
        from sam2.modeling.sam.mask_decoder import MaskDecoder
        from sam2.modeling.sam.prompt_encoder import PromptEncoder
        from sam2.modeling.sam.transformer import TwoWayTransformer
    torch.manual_seed(3)
    transformer = TwoWayTransformer(depth=2, embedding_dim=WIDTH, num_heads=4, mlp_dim=96)
    decoder = MaskDecoder(transformer_dim=WIDTH, transformer=transformer, **configuration)
    encoder = PromptEncoder(WIDTH, (SIDE, SIDE), (16 * SIDE, 16 * SIDE), 16)
    return decoder.eval(), encoder.eval()


def inputs(encoder: Any, prompts: int, finer: bool) -> dict[str, Any]:
    generator = torch.Generator().manual_seed(prompts)
    points = 16 * SIDE * torch.rand(prompts, 2, 2, generator=generator)
    labels = torch.randint(0, 2, (prompts, 2), generator=generator)
    sparse, dense = encoder(points=(points, labels), boxes=None, masks=None)

    def level(channels: int, side: int) -> torch.Tensor:
        return torch.randn(1, channels, side, side, generator=generator)

    levels = (level(WIDTH // 8, 4 * SIDE), level(WIDTH // 4, 2 * SIDE)) if finer else ()
    return {"image": level(WIDTH, SIDE), "sparse": sparse, "dense": dense, "finer": levels}


@pytest.fixture(params=[True, False], ids=["oneDNN", "PyTorch"], autouse=True)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(matrix_products, "has_onednn", lambda dtype: False)


@pytest.mark.slow
@pytest.mark.parametrize("multimask", [True, False])
@pytest.mark.parametrize("prompts", [1, 5])
@pytest.mark.parametrize("kind", ["sam", *SAM2_CONFIGURATIONS])
@torch.inference_mode()
def test_equals_the_official_decoder(kind: str, prompts: int, multimask: bool) -> None:
    configuration = SAM2_CONFIGURATIONS.get(kind, {})
    decoder, encoder = official("sam" if kind == "sam" else "sam2", **configuration)
    given = inputs(encoder, prompts, configuration.get("use_high_res_features", False))
    before = [given["image"].clone(), *(level.clone() for level in given["finer"])]
    fast = fast_decoder(decoder, encoder)
    assert isinstance(fast, SharedImageDecoder)

    logits, scores = fast(multimask=multimask, **given)

    expected, expected_scores = OfficialDecoder(decoder, encoder)(multimask=multimask, **given)
    assert logits.shape == (prompts, 3 if multimask else 1, 4 * SIDE, 4 * SIDE)
    tolerance = 1e-5 * float(expected.std())
    torch.testing.assert_close(logits, expected, rtol=0, atol=10 * tolerance)
    torch.testing.assert_close(scores, expected_scores, rtol=0, atol=1e-5)
    for value, original in zip([given["image"], *given["finer"]], before, strict=True):
        assert torch.equal(value, original)


@torch.inference_mode()
def test_a_decoder_of_another_kind_is_used_as_it_is() -> None:
    decoder, encoder = official("sam")

    class Own(type(decoder)):  # type: ignore[misc]
        pass

    decoder.__class__ = Own
    fast = fast_decoder(decoder, encoder)
    assert isinstance(fast, OfficialDecoder)
    given = inputs(encoder, 2, finer=False)
    logits, scores = fast(multimask=True, **given)
    assert (logits.shape[:2], scores.shape) == ((2, 3), (2, 3))


@pytest.mark.parametrize("kind", ["sam", "as released"])
@torch.inference_mode()
def test_a_prompt_does_not_depend_on_its_batch(kind: str) -> None:
    configuration = SAM2_CONFIGURATIONS.get(kind, {})
    decoder, encoder = official("sam" if kind == "sam" else "sam2", **configuration)
    given = inputs(encoder, 5, configuration.get("use_high_res_features", False))
    fast = fast_decoder(decoder, encoder)
    together = fast(multimask=True, **given)
    given["sparse"] = given["sparse"][[3, 1]]
    for some, all_of_them in zip(fast(multimask=True, **given), together, strict=True):
        assert torch.equal(some, all_of_them[[3, 1]])
