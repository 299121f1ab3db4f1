"""The official image encoders of SAM and SAM2, made as fast as the device allows.

On a CPU attention goes blockwise and linear layers by oneDNN, see ``blockwise_attention`` and
``fast_linear``; elsewhere, and for layers that those do not know, the official code stays.
For half precision the trunk is converted, which takes nearly all the time. The neck after it
stays float32: SAM's squares numbers that float16 cannot hold, and its output is what is stored.
"""

from __future__ import annotations

import functools
from typing import Any

import torch
from torch import Tensor, nn

from geosam_processing.engine.models.fast.blockwise_attention import use_blockwise_attention
from geosam_processing.engine.models.fast.fast_linear import use_fast_linears

_NECK = "neck"


def make_fast(encoder: Any, precision: str, device: torch.device) -> None:
    """Change ``encoder`` in place; what it takes and gives stays float32.

    Args:
        encoder: ``segment_anything.modeling.ImageEncoderViT`` or
            ``sam2.modeling.backbones.image_encoder.ImageEncoder``, in float32, on ``device``.
        precision: ``float32``, ``bfloat16`` or ``float16``.
    """
    dtype: torch.dtype = getattr(torch, precision)
    if dtype != torch.float32:
        _convert_trunk(encoder, dtype)
    if device.type == "cpu":
        use_blockwise_attention(encoder)
        use_fast_linears(encoder)
    if hasattr(encoder, "trunk"):
        # SAM2 resizes its constant position embedding for every image.
        encoder.trunk._get_pos_embed = functools.cache(encoder.trunk._get_pos_embed)


def _convert_trunk(encoder: nn.Module, dtype: torch.dtype) -> None:
    for name, tensor in [*encoder.named_parameters(), *encoder.named_buffers()]:
        if not name.startswith(f"{_NECK}."):
            tensor.data = tensor.data.to(dtype)
    encoder.register_forward_pre_hook(_converting_to(dtype))
    encoder.get_submodule(_NECK).register_forward_pre_hook(_converting_to(torch.float32))


def _converting_to(dtype: torch.dtype) -> Any:
    """A hook that converts what a module is called with: a tensor, or a list of them."""

    def convert(_module: nn.Module, inputs: tuple[Tensor | list[Tensor]]) -> tuple[Any]:
        (given,) = inputs
        if isinstance(given, Tensor):
            return (given.to(dtype),)
        return ([tensor.to(dtype) for tensor in given],)

    return convert
