"""The fast image encoders against the official ones with the same random weights."""

from __future__ import annotations

import copy
import functools
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from geosam_processing.engine.models.fast import blockwise_attention, fast_linear, matrix_products
from geosam_processing.engine.models.fast.blockwise_attention import (
    BlockwiseAttention,
    BlockwiseMultiScaleAttention,
    attend,
)
from geosam_processing.engine.models.fast.fast_encoder import make_fast
from geosam_processing.engine.models.fast.fast_linear import PackedLinear, packed_is_faster
from geosam_processing.engine.models.sam_architectures import (
    SAM_ARCHITECTURES,
    SamArchitecture,
    build_sam_from,
)

CPU = torch.device("cpu")
GPU = torch.device("cuda")  # only named: nothing is sent there
# Its 10 x 10 tokens do not fill windows of 4, as in vit_b, so that windows are padded.
TINY = SamArchitecture(
    image_size=160,
    embed_dim=32,
    depth=2,
    num_heads=2,
    global_attn_indexes=(1,),
    window_size=4,
    mlp_ratio=2.0,
    decoder_mlp_dim=64,
)


@pytest.fixture(autouse=True)
def _with_onednn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is faster on this machine, oneDNN's way is what is tested."""
    monkeypatch.setattr(fast_linear, "packed_is_faster", lambda dtype: True)
    monkeypatch.setattr(blockwise_attention, "onednn_is_faster", lambda: True)
    monkeypatch.setattr(matrix_products, "onednn_is_faster", lambda: True)


@functools.cache
def sam_encoder(sizes: SamArchitecture = TINY) -> Any:
    torch.manual_seed(0)
    network = build_sam_from(sizes)
    for parameter, values in network.image_encoder.named_parameters():
        if "rel_pos" in parameter or "pos_embed" in parameter:
            # Zero as they are built, which would hide how they are added.
            nn.init.normal_(values, std=0.3)
    return network.image_encoder


@functools.cache
def sam2_encoder(name: str = "") -> Any:
    if name:
        from geosam_processing.engine.models.sam2 import build_sam2_network

        torch.manual_seed(0)
        return build_sam2_network(name, CPU).image_encoder
    from sam2.modeling.backbones.hieradet import Hiera
    from sam2.modeling.backbones.image_encoder import FpnNeck, ImageEncoder
    from sam2.modeling.position_encoding import PositionEmbeddingSine

    torch.manual_seed(0)
    trunk = Hiera(embed_dim=16, stages=(1, 2, 2, 1), global_att_blocks=(4,))
    nn.init.normal_(trunk.pos_embed)
    nn.init.normal_(trunk.pos_embed_window)
    position = PositionEmbeddingSine(num_pos_feats=32, normalize=True, warmup_cache=False)
    neck = FpnNeck(position, 32, trunk.channel_list, fpn_top_down_levels=[2, 3])
    return ImageEncoder(trunk, neck, scalp=1).eval()


def features_of(encoder: Any, images: torch.Tensor) -> list[torch.Tensor]:
    with torch.inference_mode():
        found = encoder(images)
    return list(found["backbone_fpn"]) if isinstance(found, dict) else [found]


def fast(encoder: Any, precision: str = "float32", device: torch.device = CPU) -> Any:
    changed = copy.deepcopy(encoder)
    make_fast(changed, precision, device)
    return changed


def images_for(encoder: Any, count: int = 1) -> torch.Tensor:
    side = getattr(encoder, "img_size", 256)
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("encoder_of", [sam_encoder, sam2_encoder])
@pytest.mark.parametrize("count", [1, 3])
def test_features_equal_the_official_ones(encoder_of: Any, count: int) -> None:
    encoder = encoder_of()
    images = images_for(encoder, count)
    expected, found = features_of(encoder, images), features_of(fast(encoder), images)
    assert float(expected[-1].std()) > 0.1
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", ["vit_b", "sam2.1_hiera_tiny"])
def test_full_size_features_equal_the_official_ones(name: str) -> None:
    if name == "vit_b":
        # A block of each kind: all twelve take the official code a minute.
        encoder = sam_encoder(replace(SAM_ARCHITECTURES[name], depth=2, global_attn_indexes=(1,)))
    else:
        encoder = sam2_encoder(name)
    images = torch.randn(1, 3, 1024, 1024, generator=torch.Generator().manual_seed(1))
    expected, found = features_of(encoder, images), features_of(fast(encoder), images)
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5 * max(1.0, float(theirs.std())), rtol=0)


@pytest.mark.parametrize("encoder_of", [sam_encoder, sam2_encoder])
def test_every_layer_that_can_be_fast_is(encoder_of: Any) -> None:
    kinds = [type(module) for module in fast(encoder_of(), "bfloat16").modules()]
    assert nn.Linear not in kinds and PackedLinear in kinds
    assert not {"Attention", "MultiScaleAttention"} & {kind.__name__ for kind in kinds}
    assert BlockwiseAttention in kinds or BlockwiseMultiScaleAttention in kinds


@pytest.mark.parametrize("encoder_of", [sam_encoder, sam2_encoder])
def test_official_layers_stay_where_packed_ones_are_slower(
    encoder_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_linear, "packed_is_faster", lambda dtype: False)
    encoder = encoder_of()
    images = images_for(encoder)
    slower = fast(encoder)
    assert PackedLinear not in [type(module) for module in slower.modules()]
    for ours, theirs in zip(features_of(slower, images), features_of(encoder, images), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


def test_attention_of_another_kind_stays_as_it_is() -> None:
    encoder = copy.deepcopy(sam_encoder())
    for block in encoder.blocks:
        block.attn.use_rel_pos = False
    images = images_for(encoder)
    changed = fast(encoder)
    assert BlockwiseAttention not in {type(module) for module in changed.modules()}
    (ours,), (theirs,) = features_of(changed, images), features_of(encoder, images)
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


def test_elsewhere_than_on_a_cpu_the_official_layers_stay() -> None:
    encoder = fast(sam_encoder(), "float16", GPU)
    kinds = {type(module).__name__ for module in encoder.modules()}
    assert {"Attention", "Linear"} <= kinds
    types = {name.split(".")[0]: tensor.dtype for name, tensor in encoder.named_parameters()}
    assert types.pop("neck") == torch.float32
    assert set(types.values()) == {torch.float16}


@pytest.mark.parametrize(("precision", "device"), [("bfloat16", CPU), ("float16", GPU)])
@pytest.mark.parametrize("encoder_of", [sam_encoder, sam2_encoder])
def test_half_precision_is_close_and_comes_out_as_float32(
    encoder_of: Any, precision: str, device: torch.device
) -> None:
    encoder = encoder_of()
    images = images_for(encoder)
    found = features_of(fast(encoder, precision, device), images)
    for ours, theirs in zip(found, features_of(encoder, images), strict=True):
        assert ours.dtype == torch.float32
        difference = (ours - theirs).std() / theirs.std()
        assert 0 < float(difference) < 0.05


@pytest.mark.parametrize("block", [1, 7 * 30, 3 * 11 * 30, 1 << 21])
@pytest.mark.parametrize("biased", [True, False])
def test_attention_in_blocks_of_any_size_is_exact(block: int, biased: bool) -> None:
    generator = torch.Generator().manual_seed(0)
    queries = torch.randn(5, 11, 8, generator=generator)
    keys, values = torch.randn(2, 5, 30, 8, generator=generator)
    bias = torch.randn(5, 11, 30, generator=generator)

    def write_bias(part: blockwise_attention.Part, scores: torch.Tensor) -> None:
        scores.copy_(bias[part])

    expected = torch.softmax(queries @ keys.mT / 8**0.5 + biased * bias, dim=-1) @ values
    found = attend(queries, keys, values, write_bias if biased else None, block=block)
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)


def test_packed_linear_equals_linear() -> None:
    layer = nn.Linear(24, 40).requires_grad_(False)
    x = torch.randn(2, 3, 5, 24)
    torch.testing.assert_close(PackedLinear(layer)(x), layer(x), atol=1e-6, rtol=0)


@pytest.mark.parametrize("faster", [True, False])
def test_layers_are_packed_where_that_is_faster(
    monkeypatch: pytest.MonkeyPatch, faster: bool
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(fast_linear, "onednn_is_faster", lambda: faster)
    packed_is_faster.cache_clear()
    assert packed_is_faster(torch.float32) is faster
    assert not packed_is_faster(torch.float64)

    def missing(linear: nn.Linear) -> nn.Module:
        raise AttributeError("'_OpNamespace' 'mkldnn' object has no attribute")

    monkeypatch.setattr(fast_linear, "PackedLinear", missing)
    packed_is_faster.cache_clear()
    assert not packed_is_faster(torch.float32) and not packed_is_faster(torch.bfloat16)
    packed_is_faster.cache_clear()
