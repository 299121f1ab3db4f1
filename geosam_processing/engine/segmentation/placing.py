"""From prompts in the CRS of a feature folder to batches of prompts on its patches."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine
from shapely import STRtree
from shapely import box as shapely_box

from geosam_processing.contract import Bounds, Prompt
from geosam_processing.contract.texts import Text
from geosam_processing.engine.features.empty_cells import is_empty
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.features.outlines import outlines
from geosam_processing.engine.raster.letterbox import letterbox_shape

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import PromptBatch

OUTSIDE = Text("It lies outside every patch: encode an extent that holds it")
SCATTERED = Text(
    "No patch holds all its points: encode with a smaller stride or a coarser resolution, "
    "or split the object"
)
NO_DATA = "The raster has no data there: place the prompt on its pixels"
# Places a side at which a box is looked at; a patch has 32 cells a side.
_LOOKS = 33
# Pixels by which a point may miss a patch that it lies on the edge of: rounding alone.
_EDGE = 1e-6
# Patches tried for a prompt if the chip of the best one is damaged.
_ALTERNATIVES = 4


@dataclass(frozen=True)
class PlacedPrompt:
    """A prompt on a patch, in pixels of the model's input.

    Attributes:
        box: x0, y0, x1, y1, cut to the patch; None without one.
    """

    prompt: Prompt
    points: tuple[tuple[float, float], ...]
    box: Bounds | None

    @property
    def shape(self) -> tuple[int, bool]:
        """Prompts of equal shape can be decoded together."""
        return len(self.points), self.box is not None

    @property
    def lone_point(self) -> bool:
        return self.shape == (1, False)


class PatchFinder:
    """Finds the patches that can answer a prompt."""

    def __init__(self, chips: Sequence[Chip]) -> None:
        self._chips = chips
        self._inverses: list[Affine] = [~chip.transform for chip in chips]
        self._centres = [chip.centre for chip in chips]
        self._tree = STRtree(outlines(chips))
        self._margin = 2 * _EDGE * max(math.sqrt(abs(c.transform.determinant)) for c in chips)

    def find(self, prompt: Prompt) -> tuple[list[int], str]:
        """The patches for ``prompt``, best first, and why there are none.

        A patch has to hold all points, and to have data where they are. Of these the ones that
        hold most of the box come first, then those whose center is nearest: that is the patch in
        which most is seen of what surrounds the object. A box larger than every patch is cut.
        """
        near = self._near(prompt)
        holding = [index for index in near if self._holds_points(index, prompt)]
        filled = [index for index in holding if self.has_data(index, prompt)]
        if holding and not filled:
            return [], NO_DATA
        holding = filled
        shares = [round(self._box_share(index, prompt), 6) for index in holding]
        best = max(shares, default=0.0)
        if best <= 0:
            return [], SCATTERED if near and len(prompt.points) > 1 else OUTSIDE
        chosen = [i for i, share in zip(holding, shares, strict=True) if share == best]
        centre = _centre(prompt)
        chosen.sort(key=lambda index: (math.dist(self._centres[index], centre), index))
        return chosen[:_ALTERNATIVES], ""

    def place(self, index: int, prompt: Prompt, patch_size: int) -> PlacedPrompt:
        """``prompt`` in the input of a model that sees patch ``index``."""
        height, width = self._chips[index].shape
        new_height, new_width = letterbox_shape(height, width, patch_size)
        x_scale, y_scale = new_width / width, new_height / height
        points = tuple(
            (x * x_scale, y * y_scale)
            for x, y in (self._inverses[index] * point for point in prompt.points)
        )
        box = None
        if prompt.box is not None:
            x0, y0, x1, y1 = self._cut_box(index, prompt.box)
            box = (x0 * x_scale, y0 * y_scale, x1 * x_scale, y1 * y_scale)
        return PlacedPrompt(prompt, points, box)

    def _near(self, prompt: Prompt) -> list[int]:
        xs = [x for x, _ in prompt.points]
        ys = [y for _, y in prompt.points]
        if prompt.box is not None:
            xs += [prompt.box[0], prompt.box[2]]
            ys += [prompt.box[1], prompt.box[3]]
        if not all(map(math.isfinite, xs + ys)):
            return []
        low, high = -self._margin, self._margin
        area = shapely_box(min(xs) + low, min(ys) + low, max(xs) + high, max(ys) + high)
        return sorted(int(index) for index in self._tree.query(area))

    def _holds_points(self, index: int, prompt: Prompt) -> bool:
        height, width = self._chips[index].shape
        return all(
            -_EDGE <= x <= width + _EDGE and -_EDGE <= y <= height + _EDGE
            for x, y in (self._inverses[index] * point for point in prompt.points)
        )

    def has_data(self, index: int, prompt: Prompt) -> bool:
        """Whether patch ``index`` has data at a point on the object, or anywhere in the box."""
        chip = self._chips[index]
        if not chip.empty_cells:
            return True
        height, width = chip.shape
        places = [
            self._inverses[index] * point
            for point, label in zip(prompt.points, prompt.labels, strict=True)
            if label
        ]
        if prompt.box is not None:
            x0, y0, x1, y1 = self._cut_box(index, prompt.box)
            steps = np.linspace(0, 1, _LOOKS)
            places += [(x0 + (x1 - x0) * i, y0 + (y1 - y0) * j) for i in steps for j in steps]
        return not places or not all(
            is_empty(chip.empty_cells, x / width, y / height) for x, y in places
        )

    def _box_share(self, index: int, prompt: Prompt) -> float:
        """Share of the box that lies in the patch; 1 for a prompt without a box."""
        if prompt.box is None:
            return 1.0
        x0, y0, x1, y1 = self._pixel_box(index, prompt.box)
        left, top, right, bottom = self._cut_box(index, prompt.box)
        return _share(right - left, x1 - x0) * _share(bottom - top, y1 - y0)

    def _cut_box(self, index: int, box: Bounds) -> Bounds:
        height, width = self._chips[index].shape
        x0, y0, x1, y1 = self._pixel_box(index, box)
        return max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height))

    def _pixel_box(self, index: int, box: Bounds) -> Bounds:
        """The box in pixels of the chip that fits ``box`` best.

        On a rotated raster a box is turned, and the smallest box around it is too large for the
        object in it: at 20 degrees by 28 %. There the ellipse that touches the middles of the
        sides represents the object, and its bounding box is taken.
        """
        to_pixels = self._inverses[index]
        if to_pixels.b == 0 == to_pixels.d:
            ends = (to_pixels * (box[0], box[1]), to_pixels * (box[2], box[3]))
            columns, rows = zip(*ends, strict=True)
            return min(columns), min(rows), max(columns), max(rows)
        column, row = to_pixels * ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        x_half, y_half = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        width = math.hypot(to_pixels.a * x_half, to_pixels.b * y_half)
        height = math.hypot(to_pixels.d * x_half, to_pixels.e * y_half)
        return column - width, row - height, column + width, row + height


def batches(placed: Sequence[PlacedPrompt], size: int) -> Iterator[list[PlacedPrompt]]:
    """Group the prompts of one patch so that each group can be one ``PromptBatch``."""
    groups: dict[tuple[int, bool], list[PlacedPrompt]] = {}
    for prompt in placed:
        groups.setdefault(prompt.shape, []).append(prompt)
    for group in groups.values():
        for start in range(0, len(group), size):
            yield group[start : start + size]


def prompt_batch(placed: Sequence[PlacedPrompt]) -> PromptBatch:
    """Prompts of equal shape as tensors, on the CPU."""
    import torch

    from geosam_processing.engine.models.adapter import PromptBatch

    count, (points, has_box) = len(placed), placed[0].shape
    coordinates = np.array([prompt.points for prompt in placed], dtype=np.float32)
    labels = np.array([prompt.prompt.labels for prompt in placed], dtype=np.int64)
    boxes = np.array([prompt.box for prompt in placed], dtype=np.float32) if has_box else None
    return PromptBatch(
        points=torch.from_numpy(coordinates.reshape(count, points, 2)),
        labels=torch.from_numpy(labels.reshape(count, points)),
        boxes=None if boxes is None else torch.from_numpy(boxes),
    )


def _share(part: float, whole: float) -> float:
    """A side without length, as of a horizontal line's box, counts if it is inside."""
    if whole <= _EDGE:
        return 1.0 if part >= -_EDGE else 0.0
    return max(part, 0.0) / whole


def _centre(prompt: Prompt) -> tuple[float, float]:
    if prompt.box is not None:
        x0, y0, x1, y1 = prompt.box
        return (x0 + x1) / 2, (y0 + y1) / 2
    count = len(prompt.points)
    return sum(x for x, _ in prompt.points) / count, sum(y for _, y in prompt.points) / count
