"""Matrix products of the networks, by the library that is chosen for the processor.

PyTorch multiplies float32 matrices on a CPU with MKL. oneDNN, which PyTorch contains for
convolutions and which ``torch.ops.mkldnn._linear_pointwise`` calls, is twice as fast on AMD's
processors and equally fast on Intel's. It also adds a bias, a GELU or a residual sum without
another pass over the result, and it gives the same result with any number of threads, which
MKL does not. So on x86 processors oneDNN multiplies wherever this build of PyTorch has the
operator. Elsewhere, and on GPUs, PyTorch's own functions multiply.

The choice is a rule, not a measurement: the same machine gives the same bits each time.
Results of the two libraries differ by rounding alone.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor, nn
from torch.nn import functional

from geosam_processing.engine.compute.machine import is_x86

_DTYPES = (torch.float32, torch.bfloat16)
# The number of rows for which weights are laid out; others work as well.
_TYPICAL_ROWS = 4096
# Shapes of an input, a weight, a bias and a residual to try the operators with.
_PROBE = ((2, 16), (8, 16), (8,), (2, 8))


class Linear:
    """x W' + b with constant weights, as ``torch.nn.Linear``; has no gradient.

    For oneDNN the weights are laid out once.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        """``weight`` is [out, in] and decides the type and the device; ``bias`` is [out]."""
        self._bias = None if bias is None else bias.detach().to(weight.dtype)
        self._weight = weight.detach()
        self._by_onednn = _is_for_onednn(weight)
        if self._by_onednn:
            weight = self._weight.contiguous()
            self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, _TYPICAL_ROWS)

    def __call__(self, x: Tensor) -> Tensor:
        """[..., in] to [..., out]."""
        if self._by_onednn:
            return _by_onednn(x, self._weight, self._bias)
        return functional.linear(x, self._weight, self._bias)

    def gelu(self, x: Tensor) -> Tensor:
        """GELU of the product."""
        if self._by_onednn:
            return _by_onednn(x, self._weight, self._bias, "gelu")
        return functional.gelu(functional.linear(x, self._weight, self._bias))

    def relu(self, x: Tensor) -> Tensor:
        """ReLU of the product."""
        if self._by_onednn:
            return _by_onednn(x, self._weight, self._bias, "relu")
        return functional.relu(functional.linear(x, self._weight, self._bias))

    def plus(self, x: Tensor, other: Tensor) -> Tensor:
        """The product plus ``other`` [..., out]."""
        if self._by_onednn:
            return _sum_by_onednn(x, other, self._weight, self._bias)
        return functional.linear(x, self._weight, self._bias) + other


class FastLinear(nn.Module):
    """Takes the place of ``torch.nn.Linear`` in a network that is used as it is."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self._linear = Linear(layer.weight, layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] to [..., out]."""
        return self._linear(x)


def use_fast_linears(module: nn.Module) -> None:
    """Replace the linear layers in ``module``, which is on a CPU, where oneDNN multiplies."""
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.Linear and has_onednn(child.weight.dtype):
                setattr(parent, name, FastLinear(child))


def times_transposed(left: Tensor, right: Tensor, plus: Tensor | None = None) -> Tensor:
    """[B, K, C] with [1 or B, N, C] to [B, K, N]; one product if ``right`` is shared.

    Args:
        plus: [B, K, N] to add to the product.
    """
    if len(right) > 1:
        product = torch.bmm(left, right.transpose(1, 2))
        return product if plus is None else product.add_(plus)
    if _is_for_onednn(left):
        if plus is None:
            return _by_onednn(left, right[0], None)
        return _sum_by_onednn(left, plus, right[0], None)
    product = functional.linear(left, right[0])
    return product if plus is None else product.add_(plus)


def library_name() -> str:
    """Which library multiplies matrices on the CPU, for a report."""
    return "oneDNN" if has_onednn(torch.float32) else "PyTorch's default"


@functools.cache
def has_onednn(dtype: torch.dtype) -> bool:
    """Whether this processor and this build of PyTorch multiply matrices of ``dtype`` by oneDNN."""
    if dtype not in _DTYPES or not is_x86() or not torch.backends.mkldnn.is_available():
        return False
    x, weight, bias, other = (torch.ones(*shape, dtype=dtype) for shape in _PROBE)
    try:
        packed = torch.ops.mkldnn._reorder_linear_weight(weight, _TYPICAL_ROWS)
        found = _by_onednn(x, packed, bias, "relu"), _sum_by_onednn(x, other, weight, bias)
    except (AttributeError, RuntimeError, NotImplementedError):
        # A build of PyTorch without the operators, or with another signature.
        return False
    return all(bool((each == value).all()) for each, value in zip(found, (17, 18), strict=True))


def _is_for_onednn(x: Tensor) -> bool:
    return x.device.type == "cpu" and has_onednn(x.dtype)


def _by_onednn(x: Tensor, weight: Tensor, bias: Tensor | None, and_then: str = "none") -> Tensor:
    # The last argument selects the exact GELU.
    made: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, bias, and_then, [], "none")
    return made


def _sum_by_onednn(x: Tensor, other: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    made: Tensor = torch.ops.mkldnn._linear_pointwise.binary(x, other, weight, bias, "add")
    return made
