"""Batches that follow the memory of the device, with a model that runs out of it."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from geosam_processing.engine import errors
from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder, suitable_batch_size
from tests.engine.stand_in_adapter import StandInAdapter

FEATURES = PatchFeatures(torch.zeros(1, 1, 4, 4))


class SmallMemoryAdapter(StandInAdapter):
    """Has memory for ``room`` prompts; the masks of a prompt hold its x."""

    def __init__(self, room: int, shortage: str = "CUDA out of memory") -> None:
        super().__init__()
        self.room = room
        self.shortage = RuntimeError(shortage)
        self.tried: list[int] = []

    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        count = len(prompts.points)
        self.tried.append(count)
        if count > self.room:
            raise self.shortage
        x = prompts.points[:, 0, 0]
        if prompts.boxes is not None:
            x = x + prompts.boxes[:, 0]
        return x[:, None, None, None].expand(-1, 3, 2, 2), x[:, None].expand(-1, 3)


def prompts(count: int, boxes: bool = False) -> PromptBatch:
    points = torch.arange(2 * count, dtype=torch.float32).view(count, 1, 2)
    corners = torch.arange(4 * count, dtype=torch.float32).view(count, 4) if boxes else None
    return PromptBatch(points, torch.ones(count, 1, dtype=torch.int64), corners)


@pytest.mark.parametrize("boxes", [False, True])
def test_what_is_left_is_decoded_in_smaller_batches(boxes: bool) -> None:
    adapter = SmallMemoryAdapter(room=3)
    decoder = BatchDecoder(adapter, 8)
    logits, scores = decoder.decode(FEATURES, prompts(10, boxes), True)
    assert scores[:, 0].tolist() == [(6.0 if boxes else 2.0) * i for i in range(10)]
    assert torch.equal(logits[:, 1, 0, 0], scores[:, 0])
    # Nothing that was decoded is decoded again, and no batch is too large twice.
    assert adapter.tried == [8, 4, 2, 2, 2, 2, 2]
    decoder.decode(FEATURES, prompts(4), True)
    assert adapter.tried[7:] == [2, 2]


@pytest.mark.parametrize(
    "shortage", ["MPS backend out of memory (MPS allocated: 8.00 GB)", "CUBLAS_STATUS_ALLOC_FAILED"]
)
def test_lack_of_memory_of_any_device_halves(shortage: str) -> None:
    adapter = SmallMemoryAdapter(room=4, shortage=shortage)
    BatchDecoder(adapter, 8).decode(FEATURES, prompts(8), True)
    assert adapter.tried == [8, 4, 4]


def test_memory_that_does_not_suffice_for_one_prompt() -> None:
    decoder = BatchDecoder(SmallMemoryAdapter(room=0), 4)
    with pytest.raises(errors.DeviceError, match="does not suffice for one prompt with stand_in"):
        decoder.decode(FEATURES, prompts(3), True)


def test_other_errors_are_not_taken_for_a_lack_of_memory() -> None:
    class Broken(StandInAdapter):
        def decode(self, *arguments: Any) -> Any:
            raise RuntimeError("the driver crashed")

    with pytest.raises(RuntimeError, match="the driver crashed"):
        BatchDecoder(Broken(), 4).decode(FEATURES, prompts(3), True)


@pytest.mark.parametrize(
    ("free_gigabytes", "embedding_size", "expected"),
    [(0, 64, 1), (1, 64, 6), (8, 64, 51), (8, 32, 204), (80, 64, 256)],
)
def test_batch_size_follows_free_gpu_memory(
    monkeypatch: pytest.MonkeyPatch, free_gigabytes: int, embedding_size: int, expected: int
) -> None:
    free = (free_gigabytes << 30, 100 << 30)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: free)
    assert suitable_batch_size(torch.device("cuda", 0), embedding_size) == expected


@pytest.mark.parametrize(("embedding_size", "expected"), [(64, 8), (32, 16), (1024, 1)])
def test_batch_size_on_a_cpu(embedding_size: int, expected: int) -> None:
    assert suitable_batch_size(torch.device("cpu"), embedding_size) == expected
