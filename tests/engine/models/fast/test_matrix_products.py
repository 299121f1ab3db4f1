"""The products of the networks against PyTorch's own, by either library."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import gelu, linear, relu

from geosam_processing.engine.models.fast import matrix_products
from geosam_processing.engine.models.fast.matrix_products import (
    Linear,
    has_onednn,
    times_transposed,
)


@pytest.fixture(params=[True, False], ids=["oneDNN", "PyTorch"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param and not has_onednn(torch.float32):
        pytest.skip("this build of PyTorch has no oneDNN")
    monkeypatch.setattr(matrix_products, "has_onednn", lambda dtype: request.param)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("has_bias", [True, False])
@torch.inference_mode()
def test_a_layer_equals_that_of_torch(has_bias: bool) -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(2, 3, 5, 24, generator=generator)
    weight = torch.randn(40, 24, generator=generator)
    bias = torch.randn(40, generator=generator) if has_bias else None
    other = torch.randn(2, 3, 5, 40, generator=generator)
    layer, expected = Linear(weight, bias), linear(x, weight, bias)
    torch.testing.assert_close(layer(x), expected)
    torch.testing.assert_close(layer.gelu(x), gelu(expected))
    torch.testing.assert_close(layer.relu(x), relu(expected))
    before = other.clone()
    torch.testing.assert_close(layer.plus(x, other), expected + other)
    assert torch.equal(other, before)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("count", [1, 3])
@torch.inference_mode()
def test_products_of_two_inputs_equal_those_of_torch(count: int) -> None:
    generator = torch.Generator().manual_seed(0)
    left = torch.randn(3, 5, 7, generator=generator)
    right = torch.randn(count, 11, 7, generator=generator)
    plus = torch.randn(3, 5, 11, generator=generator)
    expected = left @ right.mT
    torch.testing.assert_close(times_transposed(left, right), expected)
    torch.testing.assert_close(times_transposed(left, right, plus), expected + plus)


def test_a_build_without_the_operators_multiplies_as_torch_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(*arguments: object) -> torch.Tensor:
        raise AttributeError("'_OpNamespace' 'mkldnn' object has no attribute")

    monkeypatch.setattr(matrix_products, "_by_onednn", missing)
    has_onednn.cache_clear()
    assert not has_onednn(torch.float32)
    has_onednn.cache_clear()


@pytest.mark.parametrize("machine", [False, True])
def test_only_x86_multiplies_by_onednn(monkeypatch: pytest.MonkeyPatch, machine: bool) -> None:
    """Whether or not this build of PyTorch has the operators."""
    monkeypatch.setattr(matrix_products, "is_x86", lambda: machine)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: True)
    monkeypatch.setattr(
        torch.ops.mkldnn, "_reorder_linear_weight", lambda weight, rows: weight, raising=False
    )
    monkeypatch.setattr(matrix_products, "_by_onednn", lambda *_: torch.full((2, 8), 17.0))
    monkeypatch.setattr(matrix_products, "_sum_by_onednn", lambda *_: torch.full((2, 8), 18.0))
    has_onednn.cache_clear()
    assert has_onednn(torch.float32) == machine
    assert not has_onednn(torch.float64)
    has_onednn.cache_clear()
