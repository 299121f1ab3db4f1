"""SAM3's memory, which is SAM2's in another size."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.models.families import family_of
from geosam_processing.engine.models.sam2_memory import Sam2Tracker
from geosam_processing.engine.models.sam3.point_head import build_point_head


def test_only_heads_with_a_memory_have_one() -> None:
    family = family_of("sam3")
    assert family.has_memory("sam3") and not family.has_memory("sam3.1")


@pytest.mark.slow
def test_a_frame_from_the_one_before_it() -> None:
    torch.manual_seed(0)
    network = build_point_head(256)
    sizes = ((256, 72), (32, 288), (64, 144))

    def frame() -> PatchFeatures:
        top, *finer = (torch.randn(1, channels, side, side) for channels, side in sizes)
        return PatchFeatures(top, tuple(finer))

    tracker = Sam2Tracker(network, 2, memories=3)
    point = PromptBatch(torch.full((1, 1, 2), 500.0), torch.ones(1, 1, dtype=torch.int64))
    first = tracker.prompt(0, frame(), [point])
    second = tracker.step(1, frame())
    for found in (first, second):
        assert found.logits.shape == (1, 288, 288)
        assert torch.isfinite(found.logits).all()
        assert found.scores.shape == found.object_scores.shape == (1,)
