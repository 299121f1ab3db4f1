"""Which number types a device may compute in."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.engine.compute import device as compute_precision
from geosam_processing.engine.compute.device import choose_compute_precision
from geosam_processing.engine.errors import DeviceError

CPU, CUDA, MPS = (torch.device(name) for name in ("cpu", "cuda:0", "mps"))


@pytest.fixture
def bfloat16(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(compute_precision, "_has_bfloat16", lambda device: request.param)


@pytest.mark.parametrize(
    ("device", "chosen"), [(CPU, "float32"), (CUDA, "float16"), (MPS, "float32")]
)
def test_auto_is_exact_but_on_cuda(device: torch.device, chosen: str) -> None:
    assert choose_compute_precision("auto", device, "vit_b") == chosen


@pytest.mark.parametrize(
    ("model_id", "has_amx", "chosen"),
    [
        ("geosam_nano", True, "bfloat16"),
        ("geosam_nano", False, "float32"),
        ("vit_b", True, "float32"),
        ("", True, "float32"),
    ],
)
def test_auto_is_bfloat16_where_that_is_faster_and_costs_nothing(
    monkeypatch: pytest.MonkeyPatch, model_id: str, has_amx: bool, chosen: str
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: has_amx, raising=False)
    assert choose_compute_precision("auto", CPU, model_id) == chosen
    assert choose_compute_precision("auto", MPS, model_id) == "float32"


@pytest.mark.parametrize("bfloat16", [True], indirect=True)
@pytest.mark.parametrize("device", [CPU, CUDA])
def test_bfloat16_where_there_is_one(bfloat16: None, device: torch.device) -> None:
    assert choose_compute_precision("bfloat16", device) == "bfloat16"


@pytest.mark.parametrize("device", [CUDA, MPS])
def test_float16_on_a_gpu(device: torch.device) -> None:
    assert choose_compute_precision("float16", device) == "float16"


@pytest.mark.parametrize("bfloat16", [True, False], indirect=True)
def test_float16_on_a_processor_is_refused(bfloat16: None, request: pytest.FixtureRequest) -> None:
    with pytest.raises(
        DeviceError, match="computation precision float16 .* this processor"
    ) as caught:
        choose_compute_precision("float16", CPU)
    has_bfloat16 = request.node.callspec.params["bfloat16"]
    choices = "auto or float32 or bfloat16" if has_bfloat16 else "auto or float32"
    assert str(caught.value).endswith(f"choose {choices}")


@pytest.mark.parametrize("bfloat16", [False], indirect=True)
@pytest.mark.parametrize("device", [CPU, CUDA, MPS])
def test_bfloat16_where_there_is_none_is_refused(bfloat16: None, device: torch.device) -> None:
    with pytest.raises(DeviceError, match="computation precision bfloat16 .* no fast bfloat16"):
        choose_compute_precision("bfloat16", device)


@pytest.mark.parametrize(
    ("avx512", "amx", "has"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_bfloat16_of_a_processor(
    monkeypatch: pytest.MonkeyPatch, avx512: bool, amx: bool, has: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx512, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx, raising=False)
    assert compute_precision._has_bfloat16(CPU) is has
