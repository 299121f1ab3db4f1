"""Turn prompts into polygons with the features in a folder.

Prompts are grouped by patch, and each patch's features are loaded once.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from geosam_processing.contract import (
    DescribeFeaturesRequest,
    FeaturesDescription,
    LogEvent,
    Model,
    ObjectsEvent,
    ProgressEvent,
    Prompt,
    SegmentRequest,
    SegmentResult,
    UnansweredPrompt,
)
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.models import registry
from geosam_processing.engine.segmentation.placing import PatchFinder
from geosam_processing.engine.segmentation.segmenter import Answer, PromptAnswerer, event_of

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

Answers = Callable[[ObjectsEvent], None]
Progress = Callable[[ProgressEvent], None]
Log = Callable[[LogEvent], None]
Cancelled = Callable[[], bool]


def describe(request: DescribeFeaturesRequest) -> FeaturesDescription:
    """What a feature folder contains, from its manifest alone.

    Raises:
        FeaturesError: there is no manifest, or it cannot be read or used.
    """
    folder = FeatureFolder.open(request.features)
    return FeaturesDescription(
        crs=folder.crs_text,
        model=folder.model_id or folder.model_type,
        patch_count=len(folder.chips),
        bounds=folder.bounds,
    )


def segment(
    request: SegmentRequest,
    answers: Answers,
    progress: Progress = lambda event: None,
    log: Log = lambda event: None,
    cancelled: Cancelled = lambda: False,
) -> SegmentResult:
    """Answer every prompt with a polygon or with the reason why there is none.

    Args:
        answers: gets the answers as they come, from this thread: patch by patch in the order of
            the grid, and on a patch those of prompts with equally many points in their order.
        progress: called after each batch, in prompts.
        cancelled: asked before each batch.

    Raises:
        Cancelled: ``cancelled`` answered True; what was answered by then stands.
        FeaturesError: the folder cannot be read, or does not fit the model.
        ModelError: the model is missing, or its checkpoint not the one that encoded.
        DeviceError: the device cannot be used.
    """
    import torch

    folder = FeatureFolder.open(request.features)
    adapter = _load_model(request, folder, log)
    with torch.inference_mode():
        try:
            return _Run(request, folder, adapter, answers, progress, cancelled).run()
        finally:
            release_memory(adapter.device)


def _load_model(request: SegmentRequest, folder: FeatureFolder, log: Log) -> ModelAdapter:
    model = request.model or _model_of(folder)
    resolved = registry.resolve(model)
    if folder.model_id and resolved.entry.id != folder.model_id:
        raise errors.ModelError(
            f"{folder.path} holds features of {folder.model_id}, but {resolved.path} is a "
            f"checkpoint of {resolved.entry.id}: take a checkpoint of {folder.model_id}"
        )
    if not folder.checkpoint_sha256:
        log(
            LogEvent(
                f"{folder.path} does not record which checkpoint encoded it, so that "
                f"{resolved.path} is the same cannot be checked",
                "warning",
            )
        )
    elif folder.checkpoint_sha256 != resolved.sha256:
        raise errors.ModelError(
            f"{resolved.path} (SHA-256 {resolved.sha256[:8]}...) is not the checkpoint that "
            f"encoded {folder.path} (SHA-256 {folder.checkpoint_sha256[:8]}...): name the file "
            "that did as CHECKPOINT, or encode again with this one"
        )
    adapter = registry.load(resolved, request.device, log)
    sizes = {chip.dst_shape for chip in folder.chips} - {(adapter.patch_size,) * 2}
    if sizes:
        raise errors.FeaturesError(
            f"{folder.path} has features of {max(sizes)[1]}-pixel patches, but those of "
            f"{adapter.model_id} are {adapter.patch_size} pixels wide: encode again with it"
        )
    log(LogEvent(f"Model: {adapter.model_id}; device: {adapter.device}"))
    return adapter


def _model_of(folder: FeatureFolder) -> Model:
    """The model that a folder names: the very file it was made with, if that is still there."""
    if not folder.model_id:
        raise errors.FeaturesError(
            f"{folder.path} names no model of the catalogue ({folder.checkpoint_path or 'none'}): "
            "give the checkpoint that encoded it as CHECKPOINT"
        )
    recorded = folder.checkpoint_path
    if recorded and Path(recorded).is_file():
        return Model(folder.model_id, recorded)
    return Model(folder.model_id)


@functools.lru_cache(maxsize=1)
def _finder(folder: FeatureFolder) -> PatchFinder:
    return PatchFinder(folder.chips)


class _Run:
    """One call of ``segment``: what is to be done, and what was."""

    def __init__(
        self,
        request: SegmentRequest,
        folder: FeatureFolder,
        adapter: ModelAdapter,
        answers: Answers,
        progress: Progress,
        cancelled: Cancelled,
    ) -> None:
        self._folder = folder
        self._adapter = adapter
        self._answers = answers
        self._progress = progress
        self._cancelled = cancelled
        self._finder = _finder(folder)
        self._prompts = request.prompts
        self._object_count = self._unanswered_count = self._chips_loaded = 0
        self._answerer = PromptAnswerer(
            adapter,
            request.masks,
            folder.crs,
            request.batch_size,
            self._receive,
            self._require_not_cancelled,
        )

    def run(self) -> SegmentResult:
        waiting = self._by_patch()
        order = deque(sorted(waiting))
        with self._answerer:
            while order:
                index = order.popleft()
                for moved in self._patch(index, waiting.pop(index)):
                    target = moved[1][0]
                    if target not in waiting:
                        waiting[target] = []
                        order.append(target)
                    waiting[target].append(moved)
        return SegmentResult(self._object_count, self._unanswered_count, self._chips_loaded)

    def _by_patch(self) -> dict[int, list[tuple[Prompt, list[int]]]]:
        """Prompts by their best patch, each with all its patches, best first."""
        waiting: dict[int, list[tuple[Prompt, list[int]]]] = {}
        unanswered = []
        for prompt in self._prompts:
            candidates, reason = self._finder.find(prompt)
            if candidates:
                waiting.setdefault(candidates[0], []).append((prompt, candidates))
            else:
                unanswered.append(UnansweredPrompt(prompt.key, reason))
        if unanswered:
            self._deliver(ObjectsEvent(unanswered=tuple(unanswered)))
        return waiting

    def _patch(
        self, index: int, group: list[tuple[Prompt, list[int]]]
    ) -> list[tuple[Prompt, list[int]]]:
        """Answer the prompts of a patch; gives back those that have to go to another one."""
        chip = self._folder.chips[index]
        self._require_not_cancelled()
        try:
            features = self._folder.load(chip)
        except errors.ChipError as error:
            lost = [prompt for prompt, candidates in group if len(candidates) == 1]
            reasons = tuple(UnansweredPrompt(prompt.key, str(error)) for prompt in lost)
            self._deliver(ObjectsEvent(unanswered=reasons))
            return [(prompt, rest[1:]) for prompt, rest in group if len(rest) > 1]
        self._chips_loaded += 1
        placed = [
            self._finder.place(index, prompt, self._adapter.patch_size) for prompt, _ in group
        ]
        self._answerer.answer(chip, features, placed)
        return []

    def _receive(self, chip: Chip, answers: list[Answer]) -> None:
        self._deliver(event_of(answers))

    def _deliver(self, event: ObjectsEvent) -> None:
        self._object_count += len(event.objects)
        self._unanswered_count += len(event.unanswered)
        self._answers(event)
        done, total = self._object_count + self._unanswered_count, len(self._prompts)
        self._progress(ProgressEvent(done, total, f"prompt {done} of {total}"))

    def _require_not_cancelled(self) -> None:
        if self._cancelled():
            raise errors.Cancelled
