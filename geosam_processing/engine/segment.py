"""Turn prompts into polygons with the features in a folder.

Prompts are grouped by patch, each patch's features are loaded once, and while one
batch is decoded the masks of the one before become polygons.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import shapely

from geosam_processing.contract import (
    DescribeFeaturesRequest,
    FeaturesDescription,
    LogEvent,
    Model,
    ObjectsEvent,
    ProgressEvent,
    Prompt,
    SegmentedObject,
    SegmentRequest,
    SegmentResult,
    UnansweredPrompt,
)
from geosam_processing.engine import errors, registry
from geosam_processing.engine.cache import Chip, FeatureFolder
from geosam_processing.engine.prompts import PatchFinder, PlacedPrompt, batches, prompt_batch
from geosam_processing.engine.vectorize import (
    AreaMeter,
    choose_mask,
    mask_on_chip,
    outline,
    stability,
    without_padding,
)

if TYPE_CHECKING:
    import torch

    from geosam_processing.engine.models.adapter import (
        ModelAdapter,
        PatchFeatures,
        PromptBatch,
    )

Answers = Callable[[ObjectsEvent], None]
Progress = Callable[[ProgressEvent], None]
Log = Callable[[LogEvent], None]
Cancelled = Callable[[], bool]

_EMPTY = "The model found nothing at this prompt (an empty mask): move it, or add a point"
# Larger batches only cost memory on a CPU; prompts of a 1024-pixel patch.
_CPU_BATCH, _GPU_BATCH, _BATCH_PATCH = 8, 64, 1024


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
        answers: gets the answers as they come, from this thread, in any order.
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
        return _Run(request, folder, adapter, answers, progress, cancelled).run()


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
    adapter = registry.load(model, request.device, log)
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


@dataclass(frozen=True)
class _Decoded:
    """A prompt with the mask that was kept of it."""

    prompt: Prompt
    score: float
    stability: float
    logits: torch.Tensor | None  # None: all masks are empty


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
        self._options = request.masks
        self._folder = folder
        self._adapter = adapter
        self._answers = answers
        self._progress = progress
        self._cancelled = cancelled
        self._finder = PatchFinder(folder.chips)
        self._meter = AreaMeter(folder.crs)
        self._batch_size = request.batch_size or _suitable_batch_size(adapter)
        self._prompts = request.prompts
        self._object_count = self._unanswered_count = self._chips_loaded = 0
        self._pending: Future[ObjectsEvent] | None = None

    def run(self) -> SegmentResult:
        waiting = self._by_patch()
        order = deque(sorted(waiting))
        with ThreadPoolExecutor(1, "geosam-polygons") as pool:
            try:
                while order:
                    index = order.popleft()
                    for moved in self._patch(index, waiting.pop(index), pool):
                        target = moved[1][0]
                        if target not in waiting:
                            waiting[target] = []
                            order.append(target)
                        waiting[target].append(moved)
            finally:
                self._deliver_pending()
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
        self, index: int, group: list[tuple[Prompt, list[int]]], pool: ThreadPoolExecutor
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
        for batch in batches(placed, self._batch_size):
            self._require_not_cancelled()
            decoded = self._decode(features, chip, batch)
            self._deliver_pending()
            self._pending = pool.submit(self._answer, chip, decoded)
        return []

    def _decode(
        self, features: PatchFeatures, chip: Chip, batch: list[PlacedPrompt]
    ) -> list[_Decoded]:
        choice = self._options.choice
        multimask = choice not in ("auto", "single") or (choice == "auto" and batch[0].lone_point)
        all_logits, all_scores = _decode_halving(
            self._adapter, features, prompt_batch(batch), multimask
        )
        decoded = []
        for prompt, logits, scores in zip(batch, all_logits, all_scores, strict=True):
            shown = without_padding(logits, chip, self._adapter.patch_size).numpy()
            kept = choose_mask(shown, scores.numpy(), choice)
            if kept is None:
                decoded.append(_Decoded(prompt.prompt, float(scores.max()), 0.0, None))
                continue
            # A copy of its own, so that the batch's other masks are freed.
            own = logits[kept].clone()
            score = float(scores[kept])
            decoded.append(_Decoded(prompt.prompt, score, stability(shown[kept]), own))
        return decoded

    def _answer(self, chip: Chip, decoded: list[_Decoded]) -> ObjectsEvent:
        """The answers to a batch; runs in the worker thread."""
        objects: list[SegmentedObject] = []
        unanswered: list[UnansweredPrompt] = []
        for item in decoded:
            try:
                answer = self._polygon(chip, item)
            except (ValueError, shapely.errors.ShapelyError) as error:
                answer = f"Its mask could not be made a polygon ({error}): please report this"
            if isinstance(answer, str):
                unanswered.append(UnansweredPrompt(item.prompt.key, answer))
            else:
                objects.append(answer)
        return ObjectsEvent(tuple(objects), tuple(unanswered))

    def _polygon(self, chip: Chip, item: _Decoded) -> SegmentedObject | str:
        """The object, or the reason why there is none."""
        options = self._options
        if item.logits is None:
            return _EMPTY
        # 0 is no minimum: SAM's estimate of a poor mask can be negative.
        if options.minimum_score > 0 and item.score < options.minimum_score:
            return (
                f"Its score ({item.score:.3f}) is below the minimum ({options.minimum_score:g}): "
                "lower that, or place the prompt better"
            )
        crop = mask_on_chip(item.logits, chip, self._adapter.patch_size)
        shape = None if crop is None else outline(crop, chip, options, self._meter)
        if shape is None:
            return _EMPTY
        if shape.area < options.minimum_area:
            return (
                f"Its area ({shape.area:.1f} m2) is below the minimum "
                f"({options.minimum_area:g} m2): lower that, or place the prompt better"
            )
        labels = item.prompt.labels
        return SegmentedObject(
            key=item.prompt.key,
            wkb=shapely.to_wkb(shape.geometry, hex=True),
            score=item.score,
            stability=item.stability,
            area=shape.area,
            foreground_points=labels.count(1),
            background_points=labels.count(0),
            chip_id=chip.chip_id,
            model=self._adapter.model_id,
            touches_edge=shape.touches_edge,
        )

    def _deliver_pending(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            self._deliver(pending.result())

    def _deliver(self, event: ObjectsEvent) -> None:
        self._object_count += len(event.objects)
        self._unanswered_count += len(event.unanswered)
        self._answers(event)
        done, total = self._object_count + self._unanswered_count, len(self._prompts)
        self._progress(ProgressEvent(done, total, f"prompt {done} of {total}"))

    def _require_not_cancelled(self) -> None:
        if self._cancelled():
            raise errors.Cancelled


def _suitable_batch_size(adapter: ModelAdapter) -> int:
    at_once = _GPU_BATCH if adapter.device.type == "cuda" else _CPU_BATCH
    return max(1, int(at_once * (_BATCH_PATCH / adapter.patch_size) ** 2))


def _decode_halving(
    adapter: ModelAdapter, features: PatchFeatures, prompts: PromptBatch, multimask: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Decode, in halves if the device's memory does not suffice. Results are on the CPU."""
    import torch

    from geosam_processing.engine.models.adapter import PromptBatch

    count = len(prompts.points)
    try:
        logits, scores = adapter.decode(features, prompts, multimask)
        return logits.cpu(), scores.cpu()
    except torch.OutOfMemoryError:
        if count == 1:
            raise
    torch.cuda.empty_cache()
    boxes, half = prompts.boxes, count // 2
    halves = [
        _decode_halving(
            adapter,
            features,
            PromptBatch(
                prompts.points[part], prompts.labels[part], None if boxes is None else boxes[part]
            ),
            multimask,
        )
        for part in (slice(0, half), slice(half, count))
    ]
    return torch.cat([logits for logits, _ in halves]), torch.cat([scores for _, scores in halves])
