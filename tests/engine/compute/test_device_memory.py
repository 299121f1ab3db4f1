"""What counts as a lack of memory, what the user is told, and what is given back."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.engine.compute.device import (
    is_out_of_memory,
    memory_too_small,
    release_memory,
)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB)"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate"),
    ],
)
def test_lack_of_memory_is_recognised(error: BaseException) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize(
    "error", [RuntimeError("the driver crashed"), ValueError("out of memory"), OSError(12, "")]
)
def test_other_errors_are_no_lack_of_memory(error: BaseException) -> None:
    assert not is_out_of_memory(error)


def test_the_way_out_fits_the_device() -> None:
    on_gpu = str(memory_too_small(torch.device("cuda", 1), "one patch with vit_h"))
    assert "The memory of cuda:1 does not suffice for one patch with vit_h" in on_gpu
    assert on_gpu.endswith("use the CPU")
    on_cpu = str(memory_too_small(torch.device("cpu"), "vit_h"))
    assert "The memory of this computer does not suffice for vit_h" in on_cpu
    assert "use the CPU" not in on_cpu and "smaller model" in on_cpu


@pytest.mark.parametrize(
    ("device", "released"), [("cuda:0", ["cuda"]), ("mps", ["mps"]), ("cpu", [])]
)
def test_memory_is_given_back(
    monkeypatch: pytest.MonkeyPatch, device: str, released: list[str]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: done.append("cuda"))
    monkeypatch.setattr(torch.mps, "empty_cache", lambda: done.append("mps"))
    release_memory(torch.device(device))
    assert done == released
