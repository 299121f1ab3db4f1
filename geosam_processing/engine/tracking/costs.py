"""How long the memory takes here, before it is used."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from geosam_processing.engine.models.families import family_of

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

# How many times as long a frame takes with 1 to 7 memories as with one: measured with SAM2.1.
_GROWTH = (1.0, 1.26, 1.49, 1.75, 2.05, 2.27, 2.59)


def seconds_of_memory(adapter: ModelAdapter, memories: int) -> float:
    """About how long one object takes on one date, from one step that is timed here.

    Raises:
        ValueError: the model has no memory.
    """
    import torch

    from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch

    family, side = family_of(adapter.family), adapter.embedding_size
    if family.track is None:
        raise ValueError(f"{adapter.model_id} has no memory")
    coarse, *finer = (
        torch.zeros(1, channels, cells, cells)
        for channels, cells in zip(family.channels, family.sides(side), strict=False)
    )
    features = PatchFeatures(coarse, tuple(finer))
    middle = torch.full((1, 1, 2), adapter.patch_size / 2)
    tracker = family.track(adapter, 2, 1)
    tracker.prompt(0, features, [PromptBatch(middle, torch.ones(1, 1, dtype=torch.int64))])
    begin = time.perf_counter()
    tracker.step(1, features)
    return (time.perf_counter() - begin) * _GROWTH[memories - 1]
