"""A model whose masks are known: whatever is brighter than mid-grey in the patch."""

from __future__ import annotations

import torch

from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from tests.engine.stand_in_adapter import StandInAdapter

BLOCK = 4
"""Low resolution pixels: edges at multiples of it in a patch come out exactly."""


class ThresholdAdapter(StandInAdapter):
    """Its three masks are the bright area, its left half, and an empty one."""

    scores = (0.7, 0.9, 0.95)

    def __init__(self) -> None:
        super().__init__()
        self.decoded: list[tuple[int, bool]] = []

    def encode(self, images: torch.Tensor) -> list[PatchFeatures]:
        super().encode(images)
        pooled = torch.nn.functional.avg_pool2d(images, BLOCK)
        return [PatchFeatures(pooled[i : i + 1]) for i in range(len(images))]

    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        count = len(prompts.points)
        self.decoded.append((count, multimask))
        whole = (features.image_embedding[0, 0] - 127.5) / 40
        left = whole.clone()
        left[:, whole.shape[1] // 2 :] = -3
        masks = torch.stack([whole, left, torch.full_like(whole, -3)])
        wanted = 3 if multimask else 1
        logits = masks[:wanted].expand(count, -1, -1, -1).clone()
        return logits, torch.tensor(self.scores[:wanted]).expand(count, -1).clone()
