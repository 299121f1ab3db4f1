"""From a mask of the memory to an answer, as a prompt gets one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import shapely

from geosam_processing.contract import MaskOptions, Prompt, SegmentedObject
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.segmentation.run import LoadedPatch
from geosam_processing.engine.segmentation.segmenter import Answer
from geosam_processing.engine.segmentation.vectorize import (
    mask_parts,
    outline,
    stability,
    without_padding,
)

if TYPE_CHECKING:
    import torch

    from geosam_processing.engine.models.adapter import ModelAdapter


class MaskReader:
    """Makes polygons of masks in the CRS of their patches."""

    def __init__(self, adapter: ModelAdapter, options: MaskOptions, meter: AreaMeter) -> None:
        self._adapter = adapter
        self._options = options
        self._meter = meter

    def answer(
        self, prompt: Prompt, logits: torch.Tensor, score: float, patch: LoadedPatch
    ) -> Answer:
        """The object of a mask, none if it is empty.

        Args:
            prompt: of the object.
            logits: float32 [h, w] of the model's complete input.
        """
        chip, side = patch.chip, self._adapter.patch_size
        shown = without_padding(logits, chip, side)
        parts = mask_parts(
            logits, chip, side, self._options.outline, self._options.largest_part_only
        )
        shape = outline(parts, chip, self._options, self._meter)
        if shape is None:
            return Answer(prompt)
        height, width = chip.shape
        found = SegmentedObject(
            key=prompt.key,
            wkb=shapely.to_wkb(shape.geometry, hex=True),
            score=score,
            stability=stability(shown.numpy()),
            area=shape.area,
            foreground_points=prompt.labels.count(1),
            background_points=prompt.labels.count(0),
            chip_id=chip.chip_id,
            model=self._adapter.model_id,
            touches_edge=shape.touches_edge,
            resolution=math.sqrt(self._meter.area(chip.polygon) / (height * width)),
            contrast=patch.contrast(shape.geometry),
        )
        return Answer(prompt, (found,), pixel_bounds=shape.pixel_bounds)
