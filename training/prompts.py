"""Prompts as people place them: points off centre, loose boxes, corrective clicks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class PromptedObjects:
    """Objects of one picture and first prompts for them.

    Attributes:
        masks: (objects, rows, columns) bool.
        points: (objects, 2) float32, (x, y) in pixels, on the object.
        boxes: (objects, 4) float32, (left, top, right, bottom), within the picture.
    """

    masks: Mask
    points: NDArray[np.float32]
    boxes: NDArray[np.float32]


def _depth(mask: Mask) -> NDArray[np.float32]:
    """Distance of each pixel to the outside of a mask; the picture's edge counts as outside."""
    padded = np.pad(mask.astype(np.uint8), 1)
    return np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1], np.float32)


def place_point(rng: np.random.Generator, mask: Mask, eccentricity: float) -> tuple[float, float]:
    """A click (x, y) on a mask, in pixels from the upper left corner of pixel (0, 0).

    ``eccentricity`` 0 clicks near the thickest place, 1 anywhere inside.
    """
    depth = _depth(mask)
    limit = float(depth.max()) * float(np.clip(1 - eccentricity, 0, 0.9))
    rows, columns = np.nonzero(mask & (depth >= limit))
    chosen = int(rng.integers(len(rows)))
    return float(columns[chosen]) + 0.5, float(rows[chosen]) + 0.5


def bounding_box(mask: Mask) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of a mask that is not empty, pixels."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def draw_box(
    rng: np.random.Generator, mask: Mask, looseness: float = 0.06, slack: float = 1.0
) -> tuple[float, float, float, float]:
    """A box round a mask as drawn by hand: each side off, more often outwards.

    The deviation of a side is ``looseness`` of the box's extent plus about ``slack`` pixels.
    """
    left, top, right, bottom = bounding_box(mask)
    width, height = right - left, bottom - top
    error = rng.normal(0.35, 0.8, 4) * (looseness * np.array([width, height] * 2) + slack)
    error = np.clip(error, -0.12 * np.array([width, height] * 2), None)
    rows, columns = mask.shape
    return (
        float(np.clip(left - error[0], 0, columns - 2)),
        float(np.clip(top - error[1], 0, rows - 2)),
        float(np.clip(right + error[2], 2, columns)),
        float(np.clip(bottom + error[3], 2, rows)),
    )


def choose_objects(
    rng: np.random.Generator,
    instances: NDArray[np.uint16],
    count: int,
    minimum_area: int,
    minimum_side: int,
) -> PromptedObjects | None:
    """Choose up to ``count`` objects of a picture at random and prompt each.

    Large objects are as likely as small ones are many: half of the choice goes by
    area. None where no object is large enough.
    """
    numbers, areas = np.unique(instances, return_counts=True)
    keep = (numbers > 0) & (areas >= minimum_area)
    numbers, areas = numbers[keep], areas[keep]
    if not len(numbers):
        return None
    weight = 0.5 / len(numbers) + 0.5 * np.sqrt(areas) / np.sqrt(areas).sum()
    size = min(2 * count, len(numbers))
    order = rng.choice(len(numbers), size, replace=False, p=weight / weight.sum())
    masks, points, boxes = [], [], []
    for index in order:
        mask = instances == numbers[index]
        mask = one_part(rng, mask)
        left, top, right, bottom = bounding_box(mask)
        if min(right - left, bottom - top) < minimum_side or mask.sum() < minimum_area:
            continue
        if mask.mean() > 0.85:
            continue
        masks.append(mask)
        window = mask[top:bottom, left:right]
        x, y = place_point(rng, window, float(rng.choice([0.3, 0.5, 0.9])))
        points.append((x + left, y + top))
        boxes.append(draw_box(rng, mask))
        if len(masks) == count:
            break
    if not masks:
        return None
    return PromptedObjects(
        np.stack(masks), np.array(points, np.float32), np.array(boxes, np.float32)
    )


def one_part(rng: np.random.Generator, mask: Mask) -> Mask:
    """One connected part of a mask, by area at random: a crop may cut an object in two."""
    left, top, right, bottom = bounding_box(mask)
    window = mask[top:bottom, left:right]
    parts, labels = cv2.connectedComponents(window.astype(np.uint8), connectivity=4)
    if parts <= 2:
        return mask
    inside = labels[window]
    chosen = np.zeros_like(mask)
    chosen[top:bottom, left:right] = labels == inside[int(rng.integers(len(inside)))]
    return chosen


def correct(rng: np.random.Generator, truth: Mask, guess: Mask) -> tuple[tuple[float, float], int]:
    """The next click (x, y) and its label (1 missing, 0 too much) after looking at a guess.

    It goes into the middle of the largest wrong area; where nothing is wrong, inside
    the object.
    """
    missing, excess = truth & ~guess, guess & ~truth
    depth_missing, depth_excess = _depth(missing), _depth(excess)
    if max(depth_missing.max(), depth_excess.max()) <= 0:
        return place_point(rng, truth, 0.6), 1
    label = int(depth_missing.max() >= depth_excess.max())
    depth = depth_missing if label else depth_excess
    rows, columns = np.nonzero(depth >= 0.6 * depth.max())
    chosen = int(rng.integers(len(rows)))
    return (float(columns[chosen]) + 0.5, float(rows[chosen]) + 0.5), label
