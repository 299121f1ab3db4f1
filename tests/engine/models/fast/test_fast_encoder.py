"""The fast image encoders against the official ones with the same random weights."""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from geosam_processing.engine.models.fast import blockwise_attention
from geosam_processing.engine.models.fast.blockwise_attention import attend
from geosam_processing.engine.models.fast.fast_encoder import fast_hiera, fast_vit
from geosam_processing.engine.models.fast.hiera_encoder import FastHiera
from geosam_processing.engine.models.fast.matrix_products import has_onednn
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


@pytest.fixture(params=[True, False], ids=["fused", "in steps"])
def attention(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever way this processor takes, both are tested."""
    monkeypatch.setattr(blockwise_attention, "fused_is_fast", lambda dtype: request.param)


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
def sam2_network(name: str = "") -> Any:
    """A network of SAM2, or as much of a small one as encodes."""
    if name:
        from geosam_processing.engine.models.sam2 import build_sam2_network

        torch.manual_seed(0)
        network = build_sam2_network(name, CPU)
        trunk = network.image_encoder.trunk
    else:
        network = _small_sam2()
        trunk = network.image_encoder.trunk
    nn.init.normal_(trunk.pos_embed)
    nn.init.normal_(trunk.pos_embed_window)
    return network


def _small_sam2(windows: tuple[int, ...] = (8, 4, 14, 7)) -> Any:
    from sam2.modeling.backbones.hieradet import Hiera
    from sam2.modeling.backbones.image_encoder import FpnNeck, ImageEncoder
    from sam2.modeling.position_encoding import PositionEmbeddingSine
    from sam2.modeling.sam2_base import SAM2Base

    torch.manual_seed(0)
    trunk = Hiera(embed_dim=16, stages=(1, 2, 2, 1), global_att_blocks=(4,), window_spec=windows)
    position = PositionEmbeddingSine(num_pos_feats=32, normalize=True, warmup_cache=False)
    neck = FpnNeck(
        position, 32, trunk.channel_list, fpn_interp_model="nearest", fpn_top_down_levels=[2, 3]
    )
    network: Any = nn.Module()
    network.image_encoder = ImageEncoder(trunk, neck, scalp=1)
    network.sam_mask_decoder = nn.Module()
    network.sam_mask_decoder.conv_s0 = nn.Conv2d(32, 4, 1)
    network.sam_mask_decoder.conv_s1 = nn.Conv2d(32, 8, 1)
    network.image_size, network.use_high_res_features_in_sam = 256, True
    network.forward_image = functools.partial(SAM2Base.forward_image, network)
    return network.eval()


def official(model: Any) -> Any:
    """The official encoder as a function from images to a list of features."""
    if hasattr(model, "forward_image"):
        return lambda images: model.forward_image(images)["backbone_fpn"]
    return lambda images: [model(images)]


def fast(model: Any, precision: str = "float32", device: torch.device = CPU) -> Any:
    """Our encoder of the same kind, with the same weights."""
    model = copy.deepcopy(model)
    if hasattr(model, "image_encoder"):
        # A bound method of the copy, not of the original.
        if isinstance(model.forward_image, functools.partial):
            model.forward_image = functools.partial(model.forward_image.func, model)
        return fast_hiera(model, precision, device)
    encoder = fast_vit(model, precision, device)
    return lambda images: [encoder(images)]


@torch.inference_mode()
def features_of(encode: Any, images: torch.Tensor) -> list[torch.Tensor]:
    return list(encode(images))


def images_for(model: Any, count: int = 1) -> torch.Tensor:
    side = model.image_size if hasattr(model, "image_size") else model.img_size
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(1))


@contextlib.contextmanager
def torch_threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


MODELS = [sam_encoder, sam2_network]


@pytest.mark.usefixtures("attention")
@pytest.mark.parametrize("model_of", MODELS)
@pytest.mark.parametrize("count", [1, 3])
def test_features_equal_the_official_ones(model_of: Any, count: int) -> None:
    model = model_of()
    images = images_for(model, count)
    expected, found = features_of(official(model), images), features_of(fast(model), images)
    assert float(expected[-1].std()) > 0.1
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


@pytest.mark.parametrize("windows", [(8, 4, 14, 7), (4, 2, 2, 1), (16, 8, 6, 4), (8, 4, 4, 8)])
def test_features_of_any_windows_equal_the_official_ones(windows: tuple[int, ...]) -> None:
    network = _small_sam2(windows)
    images = images_for(network)
    expected = features_of(official(network), images)
    for ours, theirs in zip(features_of(fast(network), images), expected, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vit_b", "sam2.1_hiera_tiny"])
def test_full_size_features_equal_the_official_ones(name: str) -> None:
    if name == "vit_b":
        # A block of each kind: all twelve take the official code a minute.
        model = sam_encoder(replace(SAM_ARCHITECTURES[name], depth=2, global_attn_indexes=(1,)))
    else:
        model = sam2_network(name)
    images = images_for(model)
    # The official code adds in another order on more.
    with torch_threads(1):
        expected, found = features_of(official(model), images), features_of(fast(model), images)
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5 * max(1.0, float(theirs.std())), rtol=0)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("model_of", MODELS)
def test_a_patch_does_not_depend_on_its_batch(model_of: Any, precision: str) -> None:
    model = model_of()
    if precision == "bfloat16" and not has_onednn(torch.bfloat16):
        pytest.skip("this processor has no bfloat16")
    images = images_for(model, 3)
    encode = fast(model, precision)
    together, alone = features_of(encode, images), features_of(encode, images[1:2])
    for level, own in zip(together, alone, strict=True):
        assert torch.equal(level[1:2], own)


@pytest.mark.parametrize("model_of", MODELS)
def test_features_do_not_depend_on_the_number_of_threads(
    model_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of()
    images, encode = images_for(model), fast(model)
    found = []
    for threads in (1, 2, 3, 8):
        with torch_threads(threads):
            found.append(features_of(encode, images))
    for other in found[1:]:
        assert all(torch.equal(a, b) for a, b in zip(found[0], other, strict=True))


def test_an_encoder_of_another_kind_stays_as_it_is() -> None:
    encoder = copy.deepcopy(sam_encoder())
    for block in encoder.blocks:
        block.attn.use_rel_pos = False
    assert fast_vit(encoder, "float32", CPU) is encoder
    network = copy.deepcopy(sam2_network())
    network.image_encoder.scalp = 0
    assert not isinstance(fast_hiera(network, "float32", CPU), FastHiera)


def test_elsewhere_than_on_a_cpu_the_official_layers_stay() -> None:
    encoder: Any = copy.deepcopy(sam_encoder())
    found: Any = fast_vit(encoder, "float16", GPU)
    assert found is encoder
    types = {name.split(".")[0]: tensor.dtype for name, tensor in encoder.named_parameters()}
    assert types.pop("neck") == torch.float32
    assert set(types.values()) == {torch.float16}


@pytest.mark.usefixtures("attention")
@pytest.mark.parametrize(("precision", "device"), [("bfloat16", CPU), ("float16", GPU)])
@pytest.mark.parametrize("model_of", MODELS)
def test_half_precision_is_close_and_comes_out_as_float32(
    model_of: Any, precision: str, device: torch.device
) -> None:
    model = model_of()
    images = images_for(model)
    found = features_of(fast(model, precision, device), images)
    for ours, theirs in zip(found, features_of(official(model), images), strict=True):
        assert ours.dtype == torch.float32
        difference = (ours - theirs).std() / theirs.std()
        assert 0 < float(difference) < 0.05


@pytest.mark.usefixtures("attention")
@pytest.mark.parametrize("block", [1, 7 * 30, 3 * 11 * 30, 1 << 21])
@pytest.mark.parametrize("biased", [True, False])
def test_attention_in_blocks_of_any_size_is_exact(block: int, biased: bool) -> None:
    generator = torch.Generator().manual_seed(0)
    queries = torch.randn(5, 2, 11, 8, generator=generator)
    keys, values = torch.randn(2, 5, 2, 30, 8, generator=generator)
    bias = torch.randn(10, 11, 30, generator=generator)

    def write_bias(part: blockwise_attention.Part, scores: torch.Tensor) -> None:
        scores.copy_(bias[part])

    added = biased * bias.view(5, 2, 11, 30)
    expected = torch.softmax(queries @ keys.mT / 8**0.5 + added, dim=-1) @ values
    found = attend(queries, keys, values, write_bias if biased else None, block=block)
    torch.testing.assert_close(found.transpose(1, 2), expected, atol=1e-6, rtol=0)
