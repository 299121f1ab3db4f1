"""Matrix products, by the library that is faster on this processor.

PyTorch multiplies float32 matrices on a CPU with MKL, which on some processors (AMD's)
reaches half the speed of oneDNN, the library that PyTorch brings for convolutions and that
answers ``torch.ops.mkldnn._linear_pointwise``. Both are tried once in a process. Results
differ by rounding alone.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

# The probe: a product as the mask decoder has them, under a millisecond a round.
_ROWS, _WIDTH, _ROUNDS = 1024, 256, 5


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``torch.nn.functional.linear``: [..., C] with [D, C] to [..., D]; has no gradient."""
    if _is_for_onednn(x):
        return by_onednn(x, weight, bias)
    return functional.linear(x, weight, bias)


def linear_gelu(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``gelu(linear(x, weight, bias))`` in one pass over the result where that is possible."""
    if _is_for_onednn(x):
        return by_onednn(x, weight, bias, "gelu")
    return functional.gelu(functional.linear(x, weight, bias))


def times_transposed(left: Tensor, right: Tensor) -> Tensor:
    """[B, K, C] with [1 or B, N, C] to [B, K, N]; one product if ``right`` is shared."""
    if len(right) == 1:
        return linear(left, right[0])
    if _is_for_onednn(left):
        return torch.stack([by_onednn(*pair) for pair in zip(left, right, strict=True)])
    return torch.bmm(left, right.transpose(1, 2))


def _is_for_onednn(x: Tensor) -> bool:
    return x.device.type == "cpu" and x.dtype == torch.float32 and onednn_is_faster()


def by_onednn(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, and_then: str = "none"
) -> Tensor:
    """``linear`` by oneDNN, of CPU tensors; ``and_then`` may be ``gelu``. ``weight`` may be packed.

    Raises:
        AttributeError, RuntimeError, NotImplementedError: this build of PyTorch cannot.
    """
    # The last one is the kind of the GELU: the exact one.
    made: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, bias, and_then, [], "none")
    return made


@functools.cache
def onednn_is_faster() -> bool:
    """Whether oneDNN is there and multiplies faster; tried on the first call."""
    if not torch.backends.mkldnn.is_available() or not torch.backends.mkldnn.enabled:
        return False
    x, weight = torch.ones(_ROWS, _WIDTH), torch.ones(_WIDTH, _WIDTH)
    with torch.inference_mode():
        try:
            if not torch.equal(by_onednn(x, weight), functional.linear(x, weight)):
                return False
        except (AttributeError, RuntimeError, NotImplementedError):
            # A build of PyTorch without the operator, or with another signature.
            return False
        onednn = _fastest(lambda: by_onednn(x, weight))
        return onednn < _fastest(lambda: functional.linear(x, weight))


def _fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some rounds: what else runs can only add to it."""
    seconds = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)
