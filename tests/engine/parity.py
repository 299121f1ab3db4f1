"""What the comparisons with the official predictors share."""

from __future__ import annotations

import numpy as np
import torch

from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.overlap import mask_intersection_over_union

# Points, their labels and a box, in shares of the patch's side.
PROMPTS: dict[str, tuple[list[list[float]], list[int], list[float] | None]] = {
    "point": ([[0.4, 0.6]], [1], None),
    "points with background": ([[0.3, 0.3], [0.45, 0.35], [0.8, 0.7]], [1, 1, 0], None),
    "box": ([], [], [0.2, 0.25, 0.7, 0.6]),
    "box with points": ([[0.4, 0.4], [0.65, 0.55]], [1, 0], [0.2, 0.25, 0.7, 0.6]),
}


def picture(height: int, width: int) -> np.ndarray:
    """A uint8 RGB image [height, width, 3] of blobs and noise."""
    generator = np.random.default_rng(7)
    y, x = np.mgrid[:height, :width] / max(height, width)
    waves = [np.sin(2 * np.pi * (a * x + b * y)) for a, b in ((3, 1), (1, 4), (5, 5))]
    noise = generator.normal(0, 20, (height, width, 3))
    return np.clip(128 + 90 * np.stack(waves, axis=-1) + noise, 0, 255).astype(np.uint8)


def model_images(image: np.ndarray) -> torch.Tensor:
    """The image as an adapter takes it, [1, 3, height, width]."""
    return torch.from_numpy(image).permute(2, 0, 1)[None].float()


def prompts_of(kind: str, patch_size: int, count: int) -> PromptBatch:
    """``count`` prompts of a kind, each a little further to the right."""
    shares, labels, box = PROMPTS[kind]
    shifts = torch.arange(count).float().view(-1, 1, 1) * 0.03 * patch_size
    shift = torch.cat([shifts, torch.zeros_like(shifts)], dim=2)
    points = torch.tensor(shares).reshape(1, -1, 2) * patch_size + shift
    boxes = None
    if box is not None:
        corners = torch.tensor(box).reshape(1, 2, 2) * patch_size + shift
        boxes = corners.reshape(count, 4)
    return PromptBatch(
        points=points.reshape(count, len(labels), 2),
        labels=torch.tensor(labels, dtype=torch.int64).repeat(count, 1),
        boxes=boxes,
    )


def full_size(logits: torch.Tensor, patch_size: int) -> torch.Tensor:
    """Low resolution logits as the predictors enlarge them."""
    return torch.nn.functional.interpolate(
        logits, (patch_size, patch_size), mode="bilinear", align_corners=False
    )


def ious(logits: torch.Tensor, reference: torch.Tensor) -> np.ndarray:
    """The IoU of each mask with its reference; both [B, M, H, W], the answer [B, M]."""
    return mask_intersection_over_union(logits > 0, reference > 0, empty=1.0)


def smallest_iou(logits: torch.Tensor, reference: torch.Tensor) -> float:
    """The IoU of the masks that agree least; both [B, M, H, W]."""
    return float(ious(logits, reference).min())


def stored_as(features: PatchFeatures, dtype: torch.dtype) -> PatchFeatures:
    """The features as a cache of that precision hands them out."""
    return PatchFeatures(
        features.image_embedding.to(dtype),
        tuple(level.to(dtype) for level in features.high_resolution),
    )
