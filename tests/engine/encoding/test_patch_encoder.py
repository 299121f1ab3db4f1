"""Patches through the model: batches that fit its memory, and how far they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from geosam_processing.contract import LogEvent, ProgressEvent
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.encoding.patch_encoder import (
    PatchProgress,
    duration,
    encode_pixels,
    suitable_batch_size,
)
from geosam_processing.engine.run import RunContext
from tests.engine.feature_folders import opens_whole
from tests.engine.stand_in_adapter import PATCH, StandInAdapter, encode_request


@pytest.mark.parametrize(
    "shortage",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB)"),
    ],
)
def test_batch_is_halved_until_it_fits(
    adapter: StandInAdapter, raster: Path, output: Path, shortage: RuntimeError
) -> None:
    adapter.largest_batch, adapter.shortage = 2, shortage
    lines: list[LogEvent] = []
    result = encode(encode_request(raster, output, batch_size=5), RunContext(log=lines.append))
    assert result.patch_count == 6
    # No batch is smaller than it must be, and none too large twice.
    assert adapter.batches == [2, 2, 1, 1]
    assert [line.text.split("suffice ")[1] for line in lines if line.level == "warning"] == [
        "for 5 patches at once, going on with 2"
    ]
    opens_whole(output, 6)


@pytest.mark.parametrize(
    ("precision", "factor"),
    [("float16", 1e4), *(("float32", float(factor)) for factor in ("inf", "-inf", "nan"))],
)
def test_features_beyond_their_type_are_said(
    adapter: StandInAdapter, raster: Path, output: Path, precision: str, factor: float
) -> None:
    adapter.factor = factor
    with pytest.raises(errors.ModelError, match="no numbers.*computing and keeping float32"):
        encode(encode_request(raster, output, precision=precision))
    assert not list(output.glob("*/features/*.pt"))


def test_pixels_go_to_a_gpu_from_pinned_memory(
    adapter: StandInAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter.device = torch.device("cuda:0")
    done: list[str] = []

    def pin(images: torch.Tensor) -> torch.Tensor:
        done.append("pinned")
        return images

    def send(images: torch.Tensor, device: torch.device, non_blocking: bool) -> torch.Tensor:
        done.append(f"sent to {device}, waiting: {not non_blocking}")
        return images

    monkeypatch.setattr(torch.Tensor, "pin_memory", pin)
    monkeypatch.setattr(torch.Tensor, "to", send)
    encode_pixels(adapter, np.zeros((2, 3, PATCH, PATCH), np.float32))
    assert done == ["pinned", "sent to cuda:0, waiting: False"]
    assert adapter.batches == [2]


def test_too_little_memory_for_one_patch(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    adapter.largest_batch = 0
    with pytest.raises(errors.DeviceError, match="does not suffice for one patch"):
        encode(encode_request(raster, output, batch_size=4))


def test_progress_counts_every_patch(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    events: list[ProgressEvent] = []
    encode(encode_request(raster, output), RunContext(progress=events.append))
    assert [(event.done, event.total) for event in events] == [(done, 6) for done in range(1, 7)]


def test_progress_tells_rate_and_time_left() -> None:
    events: list[ProgressEvent] = []
    seconds = iter([0.0, 10.0])
    progress = PatchProgress(12, 2, events.append, clock=lambda: next(seconds))
    progress.step()
    assert [event.text for event in events] == [
        "patch 2 of 12, reused",
        "patch 3 of 12, 0.10 patches/s, 1 min 30 s left",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (61, "1 min 1 s"), (3000, "50 min"), (7500, "2 h 5 min")],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("free_gigabytes", "embedding_size", "expected"),
    [(1, 64, 1), (10, 64, 2), (80, 64, 8), (2, 32, 2)],
)
def test_batch_size_follows_free_gpu_memory(
    monkeypatch: pytest.MonkeyPatch, free_gigabytes: int, embedding_size: int, expected: int
) -> None:
    monkeypatch.setattr(
        torch.cuda, "mem_get_info", lambda device: (free_gigabytes << 30, 100 << 30)
    )
    assert suitable_batch_size(torch.device("cuda", 0), embedding_size) == expected
    assert suitable_batch_size(torch.device("cpu"), embedding_size) == 1
