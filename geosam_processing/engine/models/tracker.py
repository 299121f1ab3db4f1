"""The protocol of a model's memory: outlines on a frame from those on other frames.

A frame is the features of one patch on one date; a tracker follows some objects of that patch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch

    from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch


@dataclass(frozen=True)
class Tracked:
    """Masks of all objects of a tracker on a frame.

    Attributes:
        logits: float32 [B, 4 embedding_size, 4 embedding_size] on the CPU; a mask is where they
            are above 0.
        scores: float32 [B], the model's estimate of each mask's IoU.
        object_scores: float32 [B], logits: objects at 0 and below are not on the frame, and
            have empty masks.
    """

    logits: torch.Tensor
    scores: torch.Tensor
    object_scores: torch.Tensor


class Tracker(Protocol):
    """Follows B objects of a patch through frames, which count from 0 in the order of time."""

    def prompt(
        self, frame: int, features: PatchFeatures, prompts: Sequence[PromptBatch]
    ) -> Tracked:
        """The objects that prompts describe on a frame, without regard to other frames.

        Args:
            prompts: those of all objects in their order, in batches of equally many points.
        """
        ...

    def step(self, frame: int, features: PatchFeatures, backward: bool = False) -> Tracked:
        """The objects on a frame, from those on frames that were prompted or stepped to.

        Args:
            backward: whether frames are stepped to from the last to the first.
        """
        ...

    def refine(
        self,
        frame: int,
        features: PatchFeatures,
        prompts: Sequence[PromptBatch],
        backward: bool = False,
    ) -> Tracked:
        """The objects on a frame that was stepped to, changed by points.

        From then on, the frame counts as prompted.
        """
        ...
