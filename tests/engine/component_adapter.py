"""A model whose masks are known: the bright area, in one piece, that the prompt points at."""

from __future__ import annotations

import torch

from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from tests.engine.threshold_adapter import BLOCK, ThresholdAdapter


class ComponentAdapter(ThresholdAdapter):
    """Its only mask of a box or point is what is connected with its middle."""

    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        count = len(prompts.points)
        self.decoded.append((count, multimask))
        whole = (features.image_embedding[0, 0] - 127.5) / 40
        places = prompts.points[:, 0] if prompts.boxes is None else _middles(prompts.boxes)
        masks = torch.stack([_connected(whole, x, y) for x, y in (places / BLOCK).tolist()])
        wanted = 3 if multimask else 1
        return (
            masks[:, None].expand(-1, wanted, -1, -1).clone(),
            torch.tensor(self.scores[:wanted]).expand(count, -1).clone(),
        )


class BlobAdapter(ComponentAdapter):
    """A prompt in the middle of brightness gets a small, unsure mask around it."""

    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        logits, scores = super().decode(features, prompts, multimask)
        for index in range(len(logits)):
            if bool((logits[index] > 0).all()):
                logits[index] = -3
                logits[index, :, 6:10, 6:10] = 0.5
                scores[index] = 0.3
        return logits, scores


class SpeckAdapter(ComponentAdapter):
    """A lone point gets an unsure speck; of its three masks, one shows its object without a score.

    More points get the object.
    """

    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        logits, scores = super().decode(features, prompts, multimask)
        if prompts.points.shape[1] == 1 and prompts.boxes is None:
            specks = slice(1 if multimask else 0, None)
            logits[:, specks] = -3
            logits[:, specks, 6:10, 6:10] = 0.5
            scores[:] = 0.2
            scores[:, specks] = 0.3
        return logits, scores


def _middles(boxes: torch.Tensor) -> torch.Tensor:
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _connected(logits: torch.Tensor, x: float, y: float) -> torch.Tensor:
    """``logits``, but dark wherever no bright path leads to from ``x``, ``y``."""
    height, width = logits.shape
    reached = torch.zeros_like(logits)
    reached[min(int(y), height - 1), min(int(x), width - 1)] = 1
    bright = (logits > 0).float()
    reached = reached * bright
    while True:
        grown = torch.nn.functional.max_pool2d(reached[None], 3, 1, 1)[0] * bright
        if torch.equal(grown, reached):
            return torch.where(reached > 0, logits, torch.full_like(logits, -3))
        reached = grown
