"""Objects that a patch cuts, asked for again in the patches that show how they continue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.contract import Prompt
from geosam_processing.engine import errors
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.merging import Merged, Piece, SeenPatches
from geosam_processing.engine.segmentation.shaping import ground_of, part_of, shape_of
from geosam_processing.engine.segmentation.sources.folder_patches import Patches
from geosam_processing.engine.segmentation.vectorize import stability, without_padding

if TYPE_CHECKING:
    import torch

    from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures
    from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder

Reals = NDArray[np.float64]

# Stability from which on the part of an object that a patch shows is taken for its own.
CLEAR = 0.8
# Points well inside the part that is known; one alone may mean a part of it.
_POINTS = 3
# Of these, as many are lent to a coarser patch.
_LENT = 2
# Cells along a patch in which they are looked for.
_CELLS = 64
# A patch shows how an object continues if its own edge is this share of it further away.
_INSET = 1 / 8
# Patches that are tried for one open end.
_TRIES = 3
# Least share of a patch that is known of an object to ask for it.
_LEAST_KNOWN = 4e-4
# Among masks that agree nearly alike, the score decides.
_SCORE_WEIGHT = 0.2
# Pieces that are found here are counted from here on.
_FIRST_NUMBER = 1_000_000


@dataclass(frozen=True)
class FoundPart:
    """What a patch shows of an object of which a part is known."""

    shape: shapely.MultiPolygon
    score: float
    stability: float


class PartAsker:
    """Asks patches for objects of which a part is known."""

    def __init__(
        self,
        patches: Patches,
        adapter: ModelAdapter,
        decoder: BatchDecoder,
        agreement: float,
        outline: str,
    ) -> None:
        """``outline``: one of ``contract.OUTLINES``."""
        self._patches = patches
        self._adapter = adapter
        self._decoder = decoder
        self._agreement = agreement
        self._outline = outline
        self.calls = 0

    def ask(
        self,
        patch: int,
        known: shapely.Geometry,
        seen: shapely.Geometry,
        box_too: bool = False,
    ) -> FoundPart | None:
        """The mask on a patch that agrees best with what is known; None if none does.

        Args:
            known: what is known of the object on the patch, in the CRS of the patches.
            seen: the part of the patch in which all of the object is known.
            box_too: ask with the bounding box of what is known as well.
        """
        chip = self._patches.chips[patch]
        points = deep_points(known, chip, _POINTS)
        if known.area < _LEAST_KNOWN * chip.polygon.area or not len(points):
            return None
        features = self._features(patch)
        if features is None:
            return None
        answers = list(self._decoded(chip, features, points, None))
        if box_too:
            answers += self._decoded(chip, features, points, _box_on(known, chip))
        best: tuple[float, FoundPart] | None = None
        for logits, score in answers:
            shape = shape_of(logits, chip, self._adapter.patch_size, self._outline)
            if shape is None:
                continue
            common = shapely.intersection(shape, known).area
            within = shapely.intersection(shape, seen).area
            agreement = common / (within + known.area - common)
            rank = agreement + _SCORE_WEIGHT * score
            if agreement >= self._agreement and (best is None or rank > best[0]):
                shown = without_padding(logits, chip, self._adapter.patch_size)
                best = rank, FoundPart(shape, score, stability(shown.numpy()))
        return None if best is None else best[1]

    def clear_part(
        self, patch: int, prompt: Prompt, least_share: float
    ) -> shapely.MultiPolygon | None:
        """What a patch shows clearly around a lone point, if not with the best score.

        A point on something large may get a better score for a speck of it.

        Args:
            least_share: of the patch's width or height that it takes at least.

        Returns:
            Of the masks that are, that with the best score; None if none is.
        """
        if prompt.box is not None or prompt.labels != (1,):
            return None
        features = self._features(patch)
        if features is None:
            return None
        chip = self._patches.chips[patch]
        points = np.array([~chip.transform * prompt.points[0]])
        answers = self._decoded(chip, features, points, None)
        for logits, _ in sorted(answers, key=lambda answer: -answer[1]):
            shown = without_padding(logits, chip, self._adapter.patch_size)
            if stability(shown.numpy()) < CLEAR:
                continue
            shape = shape_of(logits, chip, self._adapter.patch_size, self._outline)
            if shape is not None and share_of_patch(shape, chip) >= least_share:
                return shape
        return None

    def _features(self, patch: int) -> PatchFeatures | None:
        """Those of a patch; None where they are damaged or it has no data."""
        try:
            return self._patches.load(patch)
        except errors.ChipError:
            return None

    def _decoded(
        self, chip: Chip, features: PatchFeatures, points: Reals, box: Reals | None
    ) -> list[tuple[torch.Tensor, float]]:
        """Masks and scores of points, three of them, or of points in a box, one."""
        import torch

        from geosam_processing.engine.models.adapter import PromptBatch

        self.calls += 1
        factor = self._adapter.patch_size / max(chip.shape)
        places = torch.from_numpy((points * factor).astype(np.float32))[None]
        labels = torch.ones(places.shape[:2], dtype=torch.int64)
        boxes = None
        if box is not None:
            boxes = torch.from_numpy((box * factor).astype(np.float32))[None]
        batch = PromptBatch(places, labels, boxes)
        logits, scores = self._decoder.decode(features, batch, box is None)
        return list(zip(logits[0], scores[0].tolist(), strict=True))


class Follower:
    """Asks neighboring patches for the rest of an object."""

    def __init__(self, seen: SeenPatches, asker: PartAsker) -> None:
        self._seen = seen
        self._asker = asker
        # By the place of a piece, the patches that were asked for its object.
        self._asked: dict[tuple[int, int], set[int]] = {}
        self._count = 0

    def __call__(self, cut: Merged) -> list[Piece]:
        """The piece that a patch at an open end sees, none if none agrees with what is known."""
        members = sorted({piece.patch for piece in cut.members})
        known_area = shapely.union_all(self._seen.polygons[members])
        for patch in self._candidates(cut, members):
            for piece in cut.members:
                self._asked.setdefault(piece.place, set()).add(patch)
            shared = shapely.intersection(self._seen.polygons[patch], known_area)
            known = shapely.intersection(cut.geometry, shared)
            found = self._asker.ask(patch, known, shared)
            if found is not None:
                self._count += 1
                number = _FIRST_NUMBER + self._count
                content = {"stability": round(found.stability, 4)}
                kind = cut.members[0].kind
                return [Piece(found.shape, patch, number, round(found.score, 4), kind, content)]
        return []

    def _candidates(self, cut: Merged, members: Sequence[int]) -> list[int]:
        """Patches that show an open end well inside, those that show most of it first."""
        tolerance = 2 * float(self._seen.pixels[members].max())
        open_ends = shapely.intersection(
            shapely.buffer(cut.geometry, tolerance), self._seen.open_ends(members)
        )
        _, near = self._seen.meeting(np.array([open_ends], dtype=object))
        level = max(self._seen.levels[member] for member in members)
        asked = self._asked.get(cut.members[0].place, set())
        found = []
        for patch in near.tolist():
            if patch in members or patch in asked or self._seen.levels[patch] != level:
                continue
            polygon = self._seen.polygons[patch]
            inner = shapely.buffer(polygon, -_INSET * np.sqrt(polygon.area))
            shown = shapely.length(shapely.intersection(open_ends, inner))
            if shown > 0:
                found.append((-shown, patch))
        return [patch for _, patch in sorted(found)[:_TRIES]]


def deep_points(shape: shapely.Geometry, chip: Chip, count: int) -> Reals:
    """Up to ``count`` points well inside a geometry, far from its border and from each other.

    Returns:
        x and y [n, 2] in pixels of the chip.
    """
    height, width = chip.shape
    xs = (np.arange(_CELLS) + 0.5) * width / _CELLS
    ys = (np.arange(_CELLS) + 0.5) * height / _CELLS
    columns, rows = np.meshgrid(xs, ys)
    cells = np.stack([columns.ravel(), rows.ravel()], 1)
    inside = shapely.contains_xy(shape, ground_of(chip, cells))
    depth = _depth(inside.reshape(_CELLS, _CELLS))
    found: list[tuple[float, float]] = []
    while len(found) < count and depth.max() > 0:
        row, column = np.unravel_index(depth.argmax(), depth.shape)
        found.append((columns[row, column], rows[row, column]))
        radius = max(int(depth[row, column]), _CELLS // 12)
        away = np.hypot(*np.ogrid[-row : _CELLS - row, -column : _CELLS - column])
        depth[away < radius] = 0
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def share_of_patch(shape: shapely.Geometry, chip: Chip) -> float:
    """How much of its patch's width or height an object takes."""
    left, bottom, right, top = chip.polygon.bounds
    object_left, object_bottom, object_right, object_top = shape.bounds
    width = (object_right - object_left) / (right - left)
    height = (object_top - object_bottom) / (top - bottom)
    return float(max(width, height))


def with_points_on(prompt: Prompt, shape: shapely.Geometry, chip: Chip) -> Prompt:
    """A prompt of points, with more of them on the part of its object that a patch shows.

    One point on a large object may mean a detail of it.
    """
    if prompt.box is not None:
        return prompt
    places = ground_of(chip, deep_points(part_of(shape, prompt), chip, _LENT))
    points = tuple((float(x), float(y)) for x, y in places)
    return replace(prompt, points=prompt.points + points, labels=prompt.labels + (1,) * len(points))


def _depth(inside: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Steps from each cell to the nearest one outside."""
    depth = np.zeros(inside.shape, dtype=np.int16)
    rest = inside
    while rest.any():
        depth += rest
        padded = np.pad(rest, 1)
        rest = rest & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return depth


def _box_on(shape: shapely.Geometry, chip: Chip) -> Reals:
    """Bounding box of a geometry in pixels of a chip: x0, y0, x1, y1."""
    a, b, c, d, e, f = tuple(~chip.transform)[:6]
    points = shapely.get_coordinates(shape) @ np.array([[a, d], [b, e]]) + (c, f)
    height, width = chip.shape
    low = np.clip(points.min(0), 0, (width, height))
    high = np.clip(points.max(0), 0, (width, height))
    return np.concatenate([low, high])
