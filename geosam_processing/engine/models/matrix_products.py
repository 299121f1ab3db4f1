"""Matrix products by oneDNN where it is faster than MKL, as ``fast_linear`` finds out.

Here the second matrix is made of the prompts or of the image, so that there are no weights to
lay out in advance. Results differ from those of ``torch.nn.functional`` by rounding alone.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from geosam_processing.engine.models.fast_linear import packed_is_faster


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``torch.nn.functional.linear``: [..., C] with [D, C] to [..., D]; has no gradient."""
    if _is_for_onednn(x):
        return _by_onednn(x, weight, bias)
    return functional.linear(x, weight, bias)


def linear_gelu(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``gelu(linear(x, weight, bias))`` in one pass over the result where that is possible."""
    if _is_for_onednn(x):
        made: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, bias, "gelu", [], "none")
        return made
    return functional.gelu(functional.linear(x, weight, bias))


def times_transposed(left: Tensor, right: Tensor) -> Tensor:
    """[B, K, C] with [1 or B, N, C] to [B, K, N]; one product if ``right`` is shared."""
    if len(right) == 1:
        return linear(left, right[0])
    if _is_for_onednn(left):
        return torch.stack([_by_onednn(*pair, None) for pair in zip(left, right, strict=True)])
    return torch.bmm(left, right.transpose(1, 2))


def _is_for_onednn(x: Tensor) -> bool:
    suits = x.device.type == "cpu" and x.dtype == torch.float32
    return suits and packed_is_faster(torch.float32)


def _by_onednn(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    made: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
    return made
