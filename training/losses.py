"""SAM's losses: focal and dice for masks, squared error for predicted quality."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

FOCAL_WEIGHT = 20.0


def mask_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """20 focal + dice of each mask.

    Args:
        logits: (prompts, masks, rows, columns) float.
        truth: (prompts, 1, rows, columns), the object's share of each cell, 0 to 1.

    Returns:
        (prompts, masks).
    """
    truth = truth.expand_as(logits)
    probability = logits.sigmoid()
    entropy = F.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    focal = ((probability - truth).square() * entropy).mean((-2, -1))
    overlap = (probability * truth).sum((-2, -1))
    total = probability.sum((-2, -1)) + truth.sum((-2, -1))
    # focal counts cells of the whole picture, in which a small object hardly shows
    return FOCAL_WEIGHT * focal + 1 - (2 * overlap + 1) / (total + 1)


def intersection_over_union(logits: Tensor, truth: Tensor) -> Tensor:
    """IoU (prompts, masks) of logits above 0 with truth above one half."""
    guess, real = logits > 0, (truth > 0.5).expand_as(logits)
    return (guess & real).sum((-2, -1)) / (guess | real).sum((-2, -1)).clamp(min=1)


def decoder_loss(
    logits: Tensor, scores: Tensor, truth: Tensor, single: Tensor
) -> tuple[Tensor, Tensor]:
    """The loss of one decoding, and its IoUs.

    Args:
        logits: (prompts, 4, rows, columns), the single mask first.
        scores: (prompts, 4) predicted IoU.
        truth: (prompts, 1, rows, columns).
        single: (prompts,) weight of the single mask; the best of three has 1 less it.

    Returns:
        The loss, a scalar, and IoU (prompts, 4).
    """
    losses = mask_loss(logits, truth)
    best = losses[:, 1:].min(1)[0]
    masks = (single * losses[:, 0] + (1 - single) * best).mean()
    with torch.no_grad():
        quality = intersection_over_union(logits, truth)
    return masks + F.mse_loss(scores, quality), quality
