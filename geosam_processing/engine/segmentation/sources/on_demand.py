"""Patches that are placed around the prompts and encoded when they are asked.

An object that its patch cuts is asked again on a patch around it, then on coarser ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyproj import CRS

from geosam_processing.contract import LivePatch, LivePrompt, MaskOptions, Prompt
from geosam_processing.engine import errors
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.segmentation.placing import PatchFinder, PlacedPrompt
from geosam_processing.engine.segmentation.run import AskAgain, LoadedPatch, required
from geosam_processing.engine.segmentation.segmenter import Answer

if TYPE_CHECKING:
    from geosam_processing.engine.segmentation.sources.live_features import LiveFeatures
    from geosam_processing.engine.segmentation.sources.live_source import PatchSource

_NO_DATA = "Its patch has no data: move it, or check the raster's nodata value and BANDS"


class OnDemandSource:
    """Patches of a raster or tile layer as a source; a place is a ``LivePatch``."""

    def __init__(
        self,
        patches: PatchSource,
        features: LiveFeatures,
        attempts: int,
        patch_size: int,
        masks: MaskOptions,
    ) -> None:
        """``attempts``: how many patches an object may be tried on until it lies in one.

        What is not kept by ``masks`` is not tried again.
        """
        self.crs = CRS.from_user_input(patches.crs_text)
        self._grid = patches.grid
        self._features = features
        self._attempts = attempts
        self._masks = masks
        self._patch_size = patch_size
        self._finder: PatchFinder | None = None

    def plan(
        self, prompts: Sequence[LivePrompt]
    ) -> tuple[dict[LivePatch, list[LivePrompt]], list[Answer]]:
        new = [each for each in prompts if each.patch is None]
        planned, reasons = self._grid.plan([each.prompt for each in new])
        groups = {patch: [new[index] for index in indices] for patch, indices in planned.items()}
        for each in prompts:
            if each.patch is not None:
                groups.setdefault(each.patch, []).append(each)
        return groups, [Answer(new[index].prompt, reason=text) for index, text in reasons.items()]

    def load(self, place: LivePatch) -> LoadedPatch | None:
        known = self._features.find(place)
        if known is None:
            return None
        if known.features is None:
            raise errors.RasterError(_NO_DATA)
        chip = Chip(
            chip_id=place.name,
            path=Path(),
            transform=self._grid.patch_transform(place),
            shape=(place.rows, place.columns),
            dst_shape=(self._patch_size,) * 2,
            empty_cells=known.empty_cells,
        )
        self._finder = PatchFinder([chip])
        return LoadedPatch(chip, known.features, known.picture.contrast(chip.transform, chip.shape))

    def placed(self, place: LivePatch, prompt: Prompt) -> PlacedPrompt:
        return self._loaded().place(0, prompt, self._patch_size)

    def has_data(self, place: LivePatch, prompt: Prompt) -> bool:
        return self._loaded().has_data(0, prompt)

    def _loaded(self) -> PatchFinder:
        if self._finder is None:
            raise RuntimeError("no patch was loaded")
        return self._finder

    def judge(
        self, asked: LivePrompt, place: LivePatch, answer: Answer
    ) -> Answer | AskAgain[LivePrompt, LivePatch]:
        answer = required(answer, self._masks)
        if not answer.objects:
            return self.failed(asked, place, answer.reason)
        (found,) = answer.objects
        # What was cut can only be larger when it is whole: anything else is another object.
        if asked.answer is not None and found.area < asked.answer.area / 2:
            return self.failed(asked, place, answer.reason)
        found = replace(found, touches_edge=self._grid.cuts(place, answer.pixel_bounds))
        attempts = asked.attempts + 1
        if found.touches_edge and attempts < self._attempts:
            better = self._grid.better(answer.prompt, place, answer.pixel_bounds)
            if better is not None:
                return AskAgain(LivePrompt(answer.prompt, better, attempts, found), better)
        return replace(answer, objects=(found,))

    def failed(self, asked: LivePrompt, place: LivePatch, reason: str) -> Answer:
        """What the prompt got on an earlier patch, else the reason."""
        return Answer(asked.prompt, () if asked.answer is None else (asked.answer,), reason)
