"""Patches that are placed around the prompts and encoded when they are asked.

An object that its patch cuts is asked again on a patch around it, then on coarser ones. If complete
objects are wanted, so is one of which a patch shows no border, and what a coarse patch shows is
drawn on fine ones. The rules are those of ``WholeObjects``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyproj import CRS
from shapely import from_wkb, to_wkb

from geosam_processing.contract import (
    LivePatch,
    LivePrompt,
    MaskOptions,
    Prompt,
    SegmentedObject,
)
from geosam_processing.engine import errors
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.segmentation.following import CLEAR, with_points_on
from geosam_processing.engine.segmentation.placing import PatchFinder, PlacedPrompt
from geosam_processing.engine.segmentation.run import AskAgain, LoadedPatch, required
from geosam_processing.engine.segmentation.segmenter import Answer, is_blob
from geosam_processing.engine.segmentation.shaping import finished

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geosam_processing.engine.segmentation.sources.live_features import LiveFeatures
    from geosam_processing.engine.segmentation.sources.live_outlines import LiveOutlines
    from geosam_processing.engine.segmentation.sources.live_source import PatchSource

# Below this share of a coarse patch, an object fits well into the finer one that showed no border.
_DETAIL = 1 / 4

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
        outlines: LiveOutlines | None = None,
    ) -> None:
        """``attempts``: how many patches an object may be tried on until it lies in one.

        What is not kept by ``masks`` is not tried again. With ``outlines`` objects are complete.
        """
        self.crs = CRS.from_user_input(patches.crs_text)
        self._grid = patches.grid
        self._features = features
        self._attempts = attempts
        self._masks = masks
        self._outlines = outlines
        self._meter = AreaMeter.of(self.crs)
        self._patch_size = patch_size
        self._finder: PatchFinder | None = None

    def plan(
        self, prompts: Sequence[LivePrompt]
    ) -> tuple[dict[LivePatch, list[LivePrompt]], list[Answer]]:
        new = [each for each in prompts if each.patch is None]
        planned, reasons = self._grid.plan([each.prompt for each in new])
        groups = {patch: [new[index] for index in indices] for patch, indices in planned.items()}
        answers = [Answer(new[index].prompt, reason=text) for index, text in reasons.items()]
        for each in prompts:
            if each.patch is None:
                continue
            verdict = self._outlined(each) if each.shown_on is not None else None
            if isinstance(verdict, Answer):
                answers.append(verdict)
            elif verdict is not None:
                groups.setdefault(verdict.place, []).append(verdict.asked)
            else:
                groups.setdefault(each.patch, []).append(each)
        return groups, answers

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
        if asked.shown_on is not None:
            return self._outlined(asked)
        answer = answer.of(asked.own)
        other = self._larger(asked, place, answer) or self._coarser(asked, place, answer)
        if other is not None:
            return other
        answer = required(answer, self._masks)
        if not answer.objects:
            return self._settled(asked, place, answer.reason)
        (found,) = answer.objects
        # What was cut can only be larger when it is whole: anything else is another object.
        if asked.answer is not None and found.area < asked.answer.area / 2:
            return self._settled(asked, place, answer.reason)
        found = replace(found, touches_edge=self._grid.cuts(place, answer.pixel_bounds))
        attempts = asked.attempts + 1
        if found.touches_edge and attempts < self._attempts:
            better = self._grid.better(answer.prompt, place, answer.pixel_bounds)
            if better is not None:
                kept = found if asked.detail_on is None else asked.answer
                again = replace(asked, patch=better, attempts=attempts, answer=kept)
                return AskAgain(self._lent(again, found, place), better)
        if asked.answer is not None and asked.detail_on is not None:
            unsure = found.touches_edge or is_blob(found)
            if unsure or found.score <= asked.answer.score:
                return self._settled(asked, place, answer.reason)
        if self._outlines is not None and place.level > 0 and not found.touches_edge:
            return self._outlined(
                LivePrompt(answer.prompt, attempts=attempts, answer=found, shown_on=place)
            )
        return replace(answer, objects=(found,))

    def _larger(
        self, asked: LivePrompt, place: LivePatch, answer: Answer
    ) -> AskAgain[LivePrompt, LivePatch] | None:
        """The same coarse patch with more points, if it answers a lone point with a blob.

        The points are on something large that the patch shows clearly around it.
        """
        if not answer.objects or self._outlines is None or place.level == 0 or asked.lent:
            return None
        if not is_blob(answer.objects[0]):
            return None
        try:
            part = self._outlines.clear_part(place, asked.prompt, _DETAIL)
        except errors.RasterError:
            return None
        if part is None:
            return None
        again = _with_points_on(asked, part, self._outlines.chip(place))
        return AskAgain(again, place) if again.lent else None

    def _coarser(
        self, asked: LivePrompt, place: LivePatch, answer: Answer
    ) -> AskAgain[LivePrompt, LivePatch] | None:
        """A coarser patch for points of whose object the patch shows no border.

        Or at most a detail: after finer patches that showed no border, what would fit into those
        is rarely what was meant. It waits for a larger object that the model trusts more.
        """
        attempts = asked.attempts + 1
        # A box says how large its object is.
        if not answer.objects or self._outlines is None or asked.prompt.box is not None:
            return None
        found, known = answer.objects[0], asked.answer
        borderless = known is None or is_blob(known) or asked.detail_on is not None
        detail = borderless and self._is_detail(place, answer)
        if not is_blob(found) and not detail:
            return None
        coarser = self._grid.coarser(asked.prompt, place)
        if coarser is None or attempts >= self._attempts:
            return None
        usable = required(answer, self._masks).objects
        detail_on = asked.detail_on
        if detail and detail_on is None and usable:
            known, detail_on = usable[0], place
        elif known is None and usable:
            known = usable[0]
        again = replace(asked, patch=coarser, attempts=attempts, answer=known, detail_on=detail_on)
        return AskAgain(again, coarser)

    def _is_detail(self, place: LivePatch, answer: Answer) -> bool:
        """Whether a coarse patch shows something clearly that is much smaller than itself."""
        x0, y0, x1, y1 = answer.pixel_bounds
        share = max((x1 - x0) / place.columns, (y1 - y0) / place.rows)
        clear = place.level > 0 and not is_blob(answer.objects[0])
        return clear and share < _DETAIL and not self._grid.cuts(place, answer.pixel_bounds)

    def _lent(self, again: LivePrompt, found: SegmentedObject, place: LivePatch) -> LivePrompt:
        """With points on what ``place`` shows clearly, if a coarser patch is asked next."""
        if self._outlines is None or again.patch is None or found.stability < CLEAR:
            return again
        if not again.patch.level > place.level > 0:
            return again
        return _with_points_on(again, from_wkb(found.wkb), self._outlines.chip(place))

    def _settled(
        self, asked: LivePrompt, place: LivePatch, reason: str
    ) -> Answer | AskAgain[LivePrompt, LivePatch]:
        """What is known by now: a detail with its outline, or what ``failed`` returns."""
        if asked.detail_on is None:
            return self.failed(asked, place, reason)
        return self._outlined(
            LivePrompt(
                asked.own,
                attempts=asked.attempts + 1,
                answer=asked.answer,
                shown_on=asked.detail_on,
            )
        )

    def _outlined(self, asked: LivePrompt) -> Answer | AskAgain[LivePrompt, LivePatch]:
        """The object that a coarse patch shows with a fine outline, or what that waits for."""
        found, coarse, outlines = asked.answer, asked.shown_on, self._outlines
        if found is None or coarse is None or outlines is None:
            raise RuntimeError("only objects that are known wait for their outline")
        as_it_is = Answer(asked.prompt, (found,))
        shape = from_wkb(found.wkb)
        fine = outlines.patches(shape, coarse)
        missing = outlines.missing(fine)
        if not fine:
            return as_it_is
        # Without a cache, patches that were fetched before are missing again.
        if missing and asked.patch is not None and len(missing) > len(asked.others):
            return as_it_is
        try:
            if missing:
                for patch in fine:
                    if patch not in missing:
                        self._features.find(patch)
                waiting = replace(asked, patch=missing[0], others=tuple(missing[1:]))
                return AskAgain(waiting, missing[0])
            shape, drew = outlines.drawn(shape, coarse, fine, asked.prompt)
        except errors.RasterError:
            return as_it_is
        if drew is None:
            return as_it_is
        chip = outlines.chip(drew)
        shape = finished(shape, self._masks, chip.pixel_size, self._meter)
        found = replace(
            found,
            wkb=to_wkb(shape, hex=True),
            area=self._meter.area(shape),
            resolution=self._meter.pixel_side(chip.polygon, chip.shape),
        )
        return Answer(asked.prompt, (found,))

    def failed(self, asked: LivePrompt, place: LivePatch, reason: str) -> Answer:
        """What the prompt got on an earlier patch, else the reason."""
        return Answer(asked.own, () if asked.answer is None else (asked.answer,), reason)


def _with_points_on(asked: LivePrompt, shape: BaseGeometry, chip: Chip) -> LivePrompt:
    """With points that are lent to it, on what a patch shows."""
    prompt = with_points_on(asked.own, shape, chip)
    return replace(asked, prompt=prompt, lent=len(prompt.points) - len(asked.own.points))
