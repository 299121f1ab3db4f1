"""Image encoders of SAM and SAM2 that compute in half precision.

The trunk takes nearly all the time and is converted. The neck after it stays float32: SAM's
squares numbers that float16 cannot hold, and its output is what is stored.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

_NECK = "neck"


def compute_in(encoder: nn.Module, precision: str) -> None:
    """Let ``encoder``, all but its ``neck``, compute in ``precision``; it still gives float32.

    Args:
        encoder: ``segment_anything.modeling.ImageEncoderViT`` or
            ``sam2.modeling.backbones.image_encoder.ImageEncoder``, in float32; changed in place.
        precision: ``float32``, ``bfloat16`` or ``float16``.
    """
    dtype: torch.dtype = getattr(torch, precision)
    if dtype == torch.float32:
        return
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
