"""Linear layers by oneDNN, with weights that are laid out for it once.

``torch.nn.functional.linear`` multiplies float32 matrices by MKL, which on processors that are
not Intel's reaches half of oneDNN's speed; in bfloat16 it takes oneDNN, but lays out the weights
anew in each call. ``PackedLinear`` computes the same x W' + b as ``torch.nn.Linear``, and equals
it up to the order of the sums (about 1e-6). Which of the two is faster depends on the processor,
so that is tried.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

# A layer of about the size of those in the encoders, for the trial.
_ROWS, _WIDTH = 1024, 768
_ROUNDS = 3
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
        multiply = torch.ops.mkldnn._linear_pointwise
        y: Tensor = multiply(x, self.weight, self.bias, "none", [], "")
        return y


def use_fast_linears(module: nn.Module) -> None:
    """Replace the linear layers in ``module``, which is on a CPU, if that is faster here."""
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.Linear and packed_is_faster(child.weight.dtype):
                setattr(parent, name, PackedLinear(child))


@functools.cache
def packed_is_faster(dtype: torch.dtype) -> bool:
    """Try on this processor, once; False where this build of torch has no oneDNN."""
    linear = nn.Linear(_WIDTH, _WIDTH, dtype=dtype).requires_grad_(False)
    x = torch.ones(_ROWS, _WIDTH, dtype=dtype)
    try:
        packed = PackedLinear(linear)
        packed(x)
    except (AttributeError, RuntimeError, NotImplementedError):
        return False
    linear(x)
    # In turn, so that whatever else the machine does weighs on both alike.
    seconds = [(_seconds(linear, x), _seconds(packed, x)) for _ in range(_ROUNDS)]
    ours, theirs = (min(times) for times in zip(*seconds, strict=True))
    return theirs < ours


def _seconds(layer: Callable[[Tensor], Tensor], x: Tensor) -> float:
    start = time.perf_counter()
    layer(x)
    return time.perf_counter() - start
