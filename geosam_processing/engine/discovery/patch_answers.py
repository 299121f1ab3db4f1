"""What single patches show: each is asked its points, and their masks become pieces of objects."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.contract import (
    COARSE_POINTS,
    DEFAULT_SPACING,
    MAXIMUM_SPACING,
    MINIMUM_SPACING,
    DiscoverRequest,
    ProgressEvent,
)
from geosam_processing.engine import errors
from geosam_processing.engine.discovery.asking import Filters, PatchAsker
from geosam_processing.engine.discovery.lattice import Lattice
from geosam_processing.engine.merging import Piece
from geosam_processing.engine.models.families import family_of
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder
from geosam_processing.engine.segmentation.shaping import shape_of
from geosam_processing.engine.segmentation.sources.folder_patches import Patches

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

# The side of the smallest object, as a share of the spacing, that its points find reliably.
_SMALLEST = 0.75
_SPECK_SIDE = 12  # masks of fewer pixels are specks
# Coarser scales look for what the finer ones do not show whole: with fewer points, and only
# objects of at least this share of a patch.
_COARSE_SIDE = 1 / 4
# Raised when other answers come of the same settings, so that older records are not used.
_RECORD_VERSION = 5


@dataclass(frozen=True)
class PatchAnswer:
    """What a patch shows; its pieces are None if its features are damaged, as ``reason`` says."""

    index: int
    pieces: tuple[Piece, ...] | None
    reason: str = ""


@dataclass(frozen=True)
class BlockAnswer:
    """What the patches of a block show, and how many points were asked."""

    patches: tuple[PatchAnswer, ...]
    calls: int


class PatchAnswers:
    """Asks patches of one or more scales.

    Attributes:
        spacing: distance of the finest points in pixels.
        score, stability: the least that masks must have.
        settings: all that decides what a patch shows, in the types of JSON.
    """

    def __init__(
        self,
        request: DiscoverRequest,
        patches: Patches,
        adapter: ModelAdapter,
        decoder: BatchDecoder,
    ) -> None:
        self._request = request
        self._patches = patches
        self._adapter = adapter
        self._area = shapely.from_wkb(request.area) if request.area else None
        self.spacing = request.spacing or self._suitable_spacing()
        self.score, self.stability = family_of(adapter.family).thresholds_of(adapter.model_id)
        if request.minimum_score is not None:
            self.score = request.minimum_score
        if request.minimum_stability is not None:
            self.stability = request.minimum_stability
        least = min(_SMALLEST * self.spacing, _SPECK_SIDE) ** 2
        coarse = adapter.patch_size * _COARSE_SIDE
        self._askers = {
            scale: PatchAsker(
                adapter,
                decoder,
                Filters(
                    self.score, self.stability, least, 0.0 if scale == patches.scales[0] else coarse
                ),
            )
            for scale in set(patches.scales)
        }
        self.settings: dict[str, Any] = {
            "version": _RECORD_VERSION,
            "features": patches.fingerprint,
            "model": adapter.model_id,
            "spacing": self.spacing,
            "score": self.score,
            "stability": self.stability,
            "area": request.area,
            "outline": request.masks.outline,
        }

    def of_block(self, block: Sequence[int], context: RunContext) -> BlockAnswer:
        """Ask the patches of a block; those asked by then if it is cancelled."""
        import torch

        before = sum(each.calls for each in self._askers.values())
        answers: list[PatchAnswer] = []
        with torch.inference_mode():
            for index in block:
                if context.cancelled():
                    break
                try:
                    answers.append(PatchAnswer(index, tuple(self._pieces(index))))
                except errors.ChipError as error:
                    answers.append(PatchAnswer(index, None, error.text))
                context.progress(ProgressEvent(len(answers), len(block)))
        calls = sum(each.calls for each in self._askers.values()) - before
        return BlockAnswer(tuple(answers), calls)

    def points(self, index: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """The points of a patch and their steps, see ``Lattice.points``."""
        lattice, first = self._lattices[self._patches.scales[index]]
        return lattice.points(index - first)

    def _pieces(self, index: int) -> list[Piece]:
        """What a patch shows.

        Raises:
            ChipError: its features are missing or damaged.
        """
        chip, scale = self._patches.chips[index], self._patches.scales[index]
        points, steps = self.points(index)
        if not len(points):
            return []
        features = self._patches.load(index)
        if features is None:
            return []
        masks = self._askers[scale].masks(chip, features, points, steps)
        pieces = []
        for number, mask in enumerate(masks):
            shape = shape_of(
                mask.logits, chip, self._adapter.patch_size, self._request.masks.outline
            )
            if shape is not None:
                content = {"stability": round(mask.stability, 4)}
                pieces.append(Piece(shape, index, number, round(mask.score, 4), content=content))
        return pieces

    def _suitable_spacing(self) -> int:
        """The spacing that finds objects of the smallest area wanted."""
        if not self._request.minimum_area:
            return DEFAULT_SPACING
        chip = self._patches.chips[0]
        pixel = AreaMeter.of(self._patches.crs).area(chip.polygon) / (chip.shape[0] * chip.shape[1])
        side = float(np.sqrt(self._request.minimum_area / pixel))
        return int(np.clip(round(side / _SMALLEST), MINIMUM_SPACING, MAXIMUM_SPACING))

    @functools.cached_property
    def _lattices(self) -> dict[int, tuple[Lattice, int]]:
        """The lattice of each scale, and the index of the scale's first patch."""
        scales = np.asarray(self._patches.scales)
        coarse = max(self.spacing, self._adapter.patch_size // COARSE_POINTS)
        made = {}
        for scale in sorted(set(scales.tolist())):
            own = np.flatnonzero(scales == scale).tolist()
            chips = [self._patches.chips[index] for index in own]
            spacing = self.spacing if scale == scales[0] else coarse
            made[scale] = Lattice(chips, spacing, self._area), own[0]
        return made
