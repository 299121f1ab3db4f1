"""Linear layers by oneDNN, with weights that are laid out for it once.

``PackedLinear`` computes the same x W' + b as ``torch.nn.Linear`` and equals it up to the order
of the sums. That is faster in float32 where oneDNN is, see ``matrix_products``; in bfloat16
``torch.nn.Linear`` takes oneDNN as well, but lays out the weights anew in each call.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor, nn

from geosam_processing.engine.models.fast.matrix_products import by_onednn, onednn_is_faster

# The number of rows for which weights are laid out; others work as well.
_TYPICAL_ROWS = 4096


class PackedLinear(nn.Module):
    """Takes the place of ``torch.nn.Linear`` on a CPU."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.bias = linear.bias
        self.weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight, _TYPICAL_ROWS)

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] to [..., out]."""
        return by_onednn(x, self.weight, self.bias)


def use_fast_linears(module: nn.Module) -> None:
    """Replace the linear layers in ``module``, which is on a CPU, if that is faster here."""
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.Linear and packed_is_faster(child.weight.dtype):
                setattr(parent, name, PackedLinear(child))


@functools.cache
def packed_is_faster(dtype: torch.dtype) -> bool:
    """Whether to pack layers of ``dtype``; False where this build of torch has no oneDNN."""
    try:
        PackedLinear(nn.Linear(8, 8, dtype=dtype))(torch.ones(1, 8, dtype=dtype))
    except (AttributeError, RuntimeError, NotImplementedError):
        return False
    return dtype == torch.bfloat16 or (dtype == torch.float32 and onednn_is_faster())
