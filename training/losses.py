"""SAM's losses: focal and dice for masks, squared error for predicted quality.

The network answers one logit per cell of 2 x 2 pixels; a mask is its logits, interpolated
to pixels, above 0. Small objects are a few cells large, so what counts is where between two
cells the interpolated logits pass 0. Dice on cells knows nothing of that: it makes every
cell all or nothing. So dice is taken of interpolated logits at pixels chosen at random round
the object (as PointRend does, Kirillov et al. 2020, arXiv:1912.08193), and of cells
elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from training.prompts import bounding_box

FOCAL_WEIGHT = 20.0
CELL = 2
"""Pixels a side of a cell: a quarter of a token."""
GRID = 64
"""Pixels are chosen in as many rows and columns."""


@dataclass(frozen=True)
class Truth:
    """True masks of the objects of one picture, as the losses look at them.

    Attributes:
        cells: (objects, 1, rows, columns) float, the object's share of each cell, 0 to 1.
        outside: the same shape, 1 in cells outside the object's window, 0 inside.
        positions: (objects, GRID, GRID, 2) float, centres of pixels in the window as
            ``grid_sample`` takes them: (x, y), -1 to 1 over the picture.
        pixels: (objects, 1, GRID, GRID) float, 1 where such a pixel is the object's.
        area: (objects, 1), cells in the window.
    """

    cells: Tensor
    outside: Tensor
    positions: Tensor
    pixels: Tensor
    area: Tensor

    def __getitem__(self, objects: Tensor | slice) -> Truth:
        """The truth of some objects: an index for each, or a slice of all."""
        return Truth(*(getattr(self, field.name)[objects] for field in fields(self)))


def look_at(rng: np.random.Generator, masks: NDArray[np.bool_]) -> Truth:
    """The truth of masks (objects, side, side), none empty; the side a multiple of a cell."""
    side = masks.shape[1]
    cells, outside, positions, pixels, area = [], [], [], [], []
    for mask in masks:
        share = cv2.resize(
            mask.astype(np.float32), None, fx=1 / CELL, fy=1 / CELL, interpolation=cv2.INTER_AREA
        )
        left, top, right, bottom = _window(mask)
        beyond = np.ones_like(share)
        beyond[top // CELL : bottom // CELL, left // CELL : right // CELL] = 0
        steps = (np.arange(GRID) + rng.random((2, GRID, GRID))) / GRID
        columns = (left + steps[0] * (right - left)).astype(np.intp)
        rows = (top + steps[1].T * (bottom - top)).astype(np.intp)
        cells.append(share)
        outside.append(beyond)
        positions.append((np.stack([columns, rows], -1) + 0.5) * 2 / side - 1)
        pixels.append(mask[rows, columns])
        area.append([(right - left) * (bottom - top) / CELL**2])
    return Truth(
        torch.from_numpy(np.stack(cells)[:, None]),
        torch.from_numpy(np.stack(outside)[:, None]),
        torch.from_numpy(np.stack(positions).astype(np.float32)),
        torch.from_numpy(np.stack(pixels)[:, None].astype(np.float32)),
        torch.tensor(area),
    )


def _window(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Whole cells round a mask, a quarter of its extent and 8 pixels wider, in pixels."""
    left, top, right, bottom = bounding_box(mask)
    wider, higher = (right - left) // 4 + 8, (bottom - top) // 4 + 8
    rows, columns = mask.shape
    return (
        max(0, left - wider) // CELL * CELL,
        max(0, top - higher) // CELL * CELL,
        min(columns, -(-(right + wider) // CELL) * CELL),
        min(rows, -(-(bottom + higher) // CELL) * CELL),
    )


def at_pixels(logits: Tensor, truth: Truth) -> Tensor:
    """Logits (prompts, masks, rows, columns) at the chosen pixels, as the product enlarges them."""
    return F.grid_sample(
        logits, truth.positions, mode="bilinear", padding_mode="border", align_corners=False
    )


def mask_loss(logits: Tensor, truth: Truth) -> Tensor:
    """20 focal of cells, dice, and cross entropy of the chosen pixels, of each mask.

    Args:
        logits: (prompts, masks, rows, columns) float.
        truth: of as many objects as there are prompts.

    Returns:
        (prompts, masks).
    """
    cells = truth.cells.expand_as(logits)
    probability = logits.sigmoid()
    entropy = F.binary_cross_entropy_with_logits(logits, cells, reduction="none")
    focal = ((probability - cells).square() * entropy).mean((-2, -1))
    seen = at_pixels(logits, truth)
    guess, real = seen.sigmoid(), truth.pixels.expand_as(seen)
    overlap = (guess * real).mean((-2, -1)) * truth.area
    total = (guess + real).mean((-2, -1)) * truth.area + (probability * truth.outside).sum((-2, -1))
    nearby = F.binary_cross_entropy_with_logits(seen, real, reduction="none").mean((-2, -1))
    # focal counts cells of the whole picture, in which a small object hardly shows
    return FOCAL_WEIGHT * focal + 1 - (2 * overlap + 1) / (total + 1) + nearby


def intersection_over_union(logits: Tensor, truth: Truth) -> Tensor:
    """IoU (prompts, masks) of logits above 0 with the truth, estimated from chosen pixels."""
    guess = at_pixels(logits, truth) > 0
    real = (truth.pixels > 0).expand_as(guess)
    elsewhere = ((logits > 0) * truth.outside).sum((-2, -1))
    overlap = (guess & real).float().mean((-2, -1)) * truth.area
    union = (guess | real).float().mean((-2, -1)) * truth.area + elsewhere
    return overlap / union.clamp(min=1 / CELL**2)


def decoder_loss(
    logits: Tensor, scores: Tensor, truth: Truth, single: Tensor
) -> tuple[Tensor, Tensor]:
    """The loss of one decoding, and its IoUs.

    Args:
        logits: (prompts, 4, rows, columns), the single mask first.
        scores: (prompts, 4) predicted IoU.
        truth: of as many objects as there are prompts.
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
