"""Examples as the boxes that the model takes, in the patches that show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import Geometry

from geosam_processing.contract import Bounds
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.raster.letterbox import letterbox_shape

if TYPE_CHECKING:
    from geosam_processing.engine.models.sam3.concepts import ConceptPrompt

# A patch that shows less of an object would learn a wrong size and shape from it.
LEAST_SHOWN = 0.8
# Examples beyond these make a patch slower and not better.
MOST_EXAMPLES = 8
# Boxes of a higher IoU are of the same object, seen by two patches.
_SAME_BOX = 0.5


@dataclass(frozen=True)
class Example:
    """An example or counterexample in the CRS of the patches.

    Attributes:
        score: how sure it is: 1 for the user's own.
    """

    concept: str
    geometry: Geometry
    positive: bool = True
    score: float = 1.0


def shown_in(chip: Chip, examples: Sequence[Example]) -> list[Example]:
    """The examples of which a patch shows enough."""
    if not examples:
        return []
    shapes = np.array([each.geometry for each in examples], dtype=object)
    inside = shapely.area(shapely.intersection(shapes, chip.polygon))
    enough = inside >= LEAST_SHOWN * shapely.area(shapes)
    return [example for example, shown in zip(examples, enough, strict=True) if shown]


def chosen(chip: Chip, examples: Sequence[Example], patch_size: int) -> list[tuple[Bounds, bool]]:
    """The boxes to give of the examples that a patch shows, in input pixels, with their signs.

    The surest come first; of several boxes of one object only the first is taken.
    """
    taken: list[tuple[Bounds, bool]] = []
    # The order in which patches were searched does not matter.
    for example in sorted(examples, key=lambda each: (-each.score, each.geometry.bounds)):
        box = _box_in(chip, example.geometry, patch_size)
        if box[0] >= box[2] or box[1] >= box[3]:
            continue
        if len(taken) < MOST_EXAMPLES and all(_iou(box, known) <= _SAME_BOX for known, _ in taken):
            taken.append((box, example.positive))
    return taken


def prompt_of(phrase: str, boxes: Sequence[tuple[Bounds, bool]]) -> ConceptPrompt:
    """What the model is asked on a patch."""
    import torch

    from geosam_processing.engine.models.sam3.concepts import ConceptPrompt

    if not boxes:
        return ConceptPrompt(phrase)
    return ConceptPrompt(
        phrase,
        torch.tensor([box for box, _ in boxes], dtype=torch.float32),
        torch.tensor([int(positive) for _, positive in boxes]),
    )


def _box_in(chip: Chip, geometry: Geometry, patch_size: int) -> Bounds:
    """Bounding box of what a patch shows of a geometry, in pixels of the model's input."""
    inverse = ~chip.transform
    pixels: Any = shapely.transform(geometry, lambda x, y: inverse * (x, y), interleaved=False)
    height, width = chip.shape
    x0, y0, x1, y1 = pixels.bounds
    new_height, new_width = letterbox_shape(height, width, patch_size)
    x_scale, y_scale = new_width / width, new_height / height
    return (
        max(x0, 0.0) * x_scale,
        max(y0, 0.0) * y_scale,
        min(x1, float(width)) * x_scale,
        min(y1, float(height)) * y_scale,
    )


def _iou(one: Bounds, other: Bounds) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return common / (areas - common)
