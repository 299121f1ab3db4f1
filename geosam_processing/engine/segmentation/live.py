"""Segment prompts straight on a raster or tile layer, encoding what they need.

Patches are placed around the prompts; their features come from the cache or are encoded and
kept there. An object that its patch cuts is asked again on a patch around it, then on coarser
ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyproj import CRS

from geosam_processing.contract import (
    LivePatch,
    LivePrompt,
    LogEvent,
    ObjectsEvent,
    ProgressEvent,
    SegmentLiveRequest,
    SegmentLiveResult,
)
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.encoding.patch_encoder import require_reusable_features
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.models import registry
from geosam_processing.engine.segmentation.placing import PatchFinder
from geosam_processing.engine.segmentation.segmenter import Answer, PromptAnswerer, event_of
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache
from geosam_processing.engine.segmentation.sources.live_features import LiveFeatures
from geosam_processing.engine.segmentation.sources.live_source import PatchSource, open_patches

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

Answers = Callable[[ObjectsEvent], None]
Progress = Callable[[ProgressEvent], None]
Log = Callable[[LogEvent], None]
Cancelled = Callable[[], bool]

_NO_DATA = "Its patch has no data: move it, or check the raster's nodata value and BANDS"


def segment_live(
    request: SegmentLiveRequest,
    answers: Answers,
    progress: Progress = lambda event: None,
    log: Log = lambda event: None,
    cancelled: Cancelled = lambda: False,
) -> SegmentLiveResult:
    """Answer every prompt with a polygon or a reason, or tell which patch has to be fetched.

    Args:
        answers: gets the answers as they come, from this thread: patch by patch as the prompts
            need them, and on a patch those of prompts with equally many points in their order.
        progress: called before each patch and after each batch, in prompts.
        cancelled: asked before each patch and batch.

    Raises:
        Cancelled: ``cancelled`` answered True; what was answered and encoded by then is kept.
        RasterError: the raster cannot be opened, or has no range of values.
        ModelError: the model cannot be used, or has no reusable features.
        DeviceError: the device cannot be used or has too little memory.
    """
    import torch

    resolved = registry.resolve(request.model)
    adapter = registry.load(resolved, request.device, log, "auto")
    require_reusable_features(adapter)
    cache = FeatureCache(request.cache.folder, request.cache.megabytes, log)
    with open_patches(request, adapter.patch_size, cache) as source, torch.inference_mode():
        features = LiveFeatures(source, adapter, cache, resolved.sha256, request.value_range)
        try:
            return _Run(request, source, features, adapter, answers, progress, cancelled).run()
        finally:
            release_memory(adapter.device)


class _Run:
    """One call of ``segment_live``: what is to be done, and what was."""

    def __init__(
        self,
        request: SegmentLiveRequest,
        source: PatchSource,
        features: LiveFeatures,
        adapter: ModelAdapter,
        answers: Answers,
        progress: Progress,
        cancelled: Cancelled,
    ) -> None:
        self._prompts = request.prompts
        self._attempts = request.attempts
        self._grid = source.grid
        self._features = features
        self._adapter = adapter
        self._answers = answers
        self._progress = progress
        self._cancelled = cancelled
        self._object_count = self._unanswered_count = 0
        self._asked: dict[int, LivePrompt] = {}
        self._again: dict[LivePatch, list[LivePrompt]] = {}
        self._answerer = PromptAnswerer(
            adapter,
            request.masks,
            CRS.from_user_input(source.crs_text),
            request.batch_size,
            self._receive,
            self._require_not_cancelled,
        )

    def run(self) -> SegmentLiveResult:
        waiting: list[LivePrompt] = []
        with self._answerer:
            groups = self._placed()
            while groups:
                for number, (patch, prompts) in enumerate(groups.items(), start=1):
                    self._require_not_cancelled()
                    self._report(f"Patch {number} of {len(groups)}")
                    if not self._ask(patch, prompts):
                        waiting += [replace(each, patch=patch) for each in prompts]
                self._answerer.deliver()
                groups, self._again = self._again, {}
        return SegmentLiveResult(
            self._object_count,
            self._unanswered_count,
            tuple(self._features.encoded),
            tuple(self._features.cached),
            tuple(waiting),
        )

    def _placed(self) -> dict[LivePatch, list[LivePrompt]]:
        """All prompts by their patches; those without one are answered with the reason."""
        new = [each for each in self._prompts if each.patch is None]
        planned, reasons = self._grid.plan([each.prompt for each in new])
        groups = {patch: [new[index] for index in indices] for patch, indices in planned.items()}
        for each in self._prompts:
            if each.patch is not None:
                groups.setdefault(each.patch, []).append(each)
        self._deliver([Answer(new[index].prompt, reason=text) for index, text in reasons.items()])
        return groups

    def _ask(self, patch: LivePatch, prompts: list[LivePrompt]) -> bool:
        """Answer the prompts of a patch; False if it has to be fetched first."""
        try:
            known = self._features.find(patch)
        except errors.RasterError as error:
            self._deliver([_without(each, str(error)) for each in prompts])
            return True
        if known is None:
            return False
        if known.features is None:
            self._deliver([_without(each, _NO_DATA) for each in prompts])
            return True
        chip = Chip(
            chip_id=patch.name,
            path=Path(),
            transform=self._grid.patch_transform(patch),
            shape=(patch.rows, patch.columns),
            dst_shape=(self._adapter.patch_size,) * 2,
        )
        finder = PatchFinder([chip])
        for each in prompts:
            self._asked[each.prompt.key] = replace(each, patch=patch)
        placed = [finder.place(0, each.prompt, self._adapter.patch_size) for each in prompts]
        self._answerer.answer(chip, known.features, placed)
        return True

    def _receive(self, chip: Chip, answers: list[Answer]) -> None:
        """Deliver the answers, except for those to ask again on another patch."""
        final = []
        for answer in answers:
            asked = self._asked.pop(answer.prompt.key)
            judged = self._judged(asked, answer)
            if judged is not None:
                final.append(judged)
        self._deliver(final)

    def _judged(self, asked: LivePrompt, answer: Answer) -> Answer | None:
        """The answer to give, None if the prompt goes to another patch first."""
        patch, found = asked.patch, answer.found
        if patch is None or found is None:
            return _without(asked, answer.reason)
        # What was cut can only be larger when it is whole: anything else is another object.
        if asked.answer is not None and found.area < asked.answer.area / 2:
            return _without(asked, answer.reason)
        found = replace(found, touches_edge=self._grid.cuts(patch, answer.pixel_bounds))
        attempts = asked.attempts + 1
        if found.touches_edge and attempts < self._attempts:
            better = self._grid.better(answer.prompt, patch, answer.pixel_bounds)
            if better is not None:
                again = LivePrompt(answer.prompt, better, attempts, found)
                self._again.setdefault(better, []).append(again)
                return None
        return replace(answer, found=found)

    def _deliver(self, answers: list[Answer]) -> None:
        if not answers:
            return
        event = event_of(answers)
        self._object_count += len(event.objects)
        self._unanswered_count += len(event.unanswered)
        self._answers(event)
        self._report()

    def _report(self, text: str = "") -> None:
        done = self._object_count + self._unanswered_count
        self._progress(ProgressEvent(done, len(self._prompts), text))

    def _require_not_cancelled(self) -> None:
        if self._cancelled():
            raise errors.Cancelled


def _without(prompt: LivePrompt, reason: str) -> Answer:
    """What a prompt gets where a patch gave nothing: what it had before, else the reason."""
    return Answer(prompt.prompt, prompt.answer, reason)
