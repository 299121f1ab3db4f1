"""The image encoders of SAM and SAM2, made as fast as the device allows.

On a CPU the official encoders are rearranged, see ``vit_encoder`` and ``hiera_encoder``.
Elsewhere, and for encoders of another kind, the official code computes. For half precision its
trunk is converted, which takes nearly all the time. The neck after it stays float32: SAM's
squares numbers that float16 cannot hold, and its output is what is stored.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from geosam_processing.engine.models.fast.hiera_encoder import FastHiera
from geosam_processing.engine.models.fast.vit_encoder import FastVit

_NECK = "neck"


def fast_vit(encoder: Any, precision: str, device: torch.device) -> Callable[[Tensor], Tensor]:
    """An encoder from normalized images to embeddings, both float32.

    Args:
        encoder: ``segment_anything.modeling.ImageEncoderViT`` in float32 on ``device``. It is
            used up: only what is returned may encode afterwards.
        precision: ``float32``, ``bfloat16`` or ``float16``.
    """
    dtype: torch.dtype = getattr(torch, precision)
    if device.type == "cpu" and _is_known_vit(encoder):
        return FastVit(encoder, dtype)
    convert_trunk(encoder, dtype)
    official: Callable[[Tensor], Tensor] = encoder
    return official


def fast_hiera(
    network: Any, precision: str, device: torch.device
) -> Callable[[Tensor], list[Tensor]]:
    """An encoder from normalized images to what ``network.forward_image`` makes, finest first.

    Args:
        network: ``sam2.modeling.sam2_base.SAM2Base`` in float32 on ``device``, whose image
            encoder is used up.
        precision: ``float32``, ``bfloat16`` or ``float16``.
    """
    dtype: torch.dtype = getattr(torch, precision)
    encoder, decoder = network.image_encoder, network.sam_mask_decoder
    if device.type == "cpu" and _is_known_hiera(network):
        return FastHiera(encoder, decoder.conv_s0, decoder.conv_s1, network.image_size, dtype)
    convert_trunk(encoder, dtype)
    # SAM2 resizes its constant position embedding for every image.
    encoder.trunk._get_pos_embed = functools.cache(encoder.trunk._get_pos_embed)
    # The positions of the levels are for a memory of videos.
    encoder.neck.position_encoding = nn.Identity()

    def encode(images: Tensor) -> list[Tensor]:
        levels: list[Tensor] = network.forward_image(images)["backbone_fpn"]
        return levels

    return encode


def convert_trunk(encoder: Any, dtype: torch.dtype) -> None:
    """Let an official image encoder compute in ``dtype`` up to its neck, in place."""
    if dtype == torch.float32:
        return
    for name, tensor in [*encoder.named_parameters(), *encoder.named_buffers()]:
        if not name.startswith(f"{_NECK}."):
            tensor.data = tensor.data.to(dtype)
    encoder.register_forward_pre_hook(_converting_to(dtype))
    encoder.get_submodule(_NECK).register_forward_pre_hook(_converting_to(torch.float32))


def _is_known_vit(encoder: Any) -> bool:
    return (
        _is(encoder, "segment_anything.modeling.image_encoder", "ImageEncoderViT")
        and encoder.pos_embed is not None
        and all(block.attn.use_rel_pos for block in encoder.blocks)
    )


def _is_known_hiera(network: Any) -> bool:
    encoder = network.image_encoder
    neck = encoder.neck
    return (
        _is(encoder.trunk, "sam2.modeling.backbones.hieradet", "Hiera")
        and _is(neck, "sam2.modeling.backbones.image_encoder", "FpnNeck")
        and (encoder.scalp, len(neck.convs), neck.fpn_top_down_levels) == (1, 4, [2, 3])
        and (neck.fpn_interp_model, neck.fuse_type) == ("nearest", "sum")
        and tuple(encoder.trunk.q_stride) == (2, 2)
        and network.use_high_res_features_in_sam
    )


def _is(module: nn.Module, package: str, name: str) -> bool:
    return (type(module).__module__, type(module).__name__) == (package, name)


def _converting_to(dtype: torch.dtype) -> Any:
    """A hook that converts what a module is called with: a tensor, or a list of them."""

    def convert(_module: nn.Module, inputs: tuple[Tensor | list[Tensor]]) -> tuple[Any]:
        (given,) = inputs
        if isinstance(given, Tensor):
            return (given.to(dtype),)
        return ([tensor.to(dtype) for tensor in given],)

    return convert
