"""From prompts on a patch to polygons, for features of any program.

While one batch is decoded the masks of the one before become polygons.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely

from geosam_processing.contract import (
    Bounds,
    MaskOptions,
    ObjectsEvent,
    Prompt,
    SegmentedObject,
    UnansweredPrompt,
)
from geosam_processing.contract.texts import Text
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder
from geosam_processing.engine.segmentation.contrast import Contrast, unknown_contrast
from geosam_processing.engine.segmentation.placing import PlacedPrompt, batches, prompt_batch
from geosam_processing.engine.segmentation.vectorize import (
    choose_mask,
    mask_parts,
    outline,
    stability,
    without_padding,
)

if TYPE_CHECKING:
    import torch
    from pyproj import CRS

    from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures

# Answers below this stability, or below this score, are blobs.
_BLOB, _UNSURE = 0.4, 0.5
_EMPTY = Text("The model found nothing at this prompt (an empty mask): move it, or add a point")


def is_blob(found: SegmentedObject) -> bool:
    """Whether the patch shows no border of the object, so that its outline means nothing."""
    return found.stability < _BLOB or found.score < _UNSURE


@dataclass(frozen=True)
class Answer:
    """What a prompt got on a patch: none, one or several objects.

    Attributes:
        objects: the objects; a point or a box yields one at most.
        reason: why there are none.
        pixel_bounds: x0, y0, x1, y1 of the polygon's largest part in pixels of the patch.
    """

    prompt: Prompt
    objects: tuple[SegmentedObject, ...] = ()
    reason: str = ""
    pixel_bounds: Bounds = (0.0, 0.0, 0.0, 0.0)

    def of(self, prompt: Prompt) -> Answer:
        """The same as the answer to a prompt that was asked with points lent to it."""
        count = prompt.labels.count(1)
        objects = tuple(replace(each, foreground_points=count) for each in self.objects)
        return replace(self, prompt=prompt, objects=objects)


def event_of(answers: Iterable[Answer]) -> ObjectsEvent:
    """Answers as they are sent."""
    objects: list[SegmentedObject] = []
    unanswered: list[UnansweredPrompt] = []
    for answer in answers:
        objects += answer.objects
        if not answer.objects:
            unanswered.append(UnansweredPrompt(answer.prompt.key, answer.reason))
    return ObjectsEvent(tuple(objects), tuple(unanswered))


@dataclass(frozen=True)
class _Decoded:
    """A prompt with the mask that was kept of it."""

    prompt: Prompt
    score: float
    stability: float
    logits: torch.Tensor | None  # None: all masks are empty


@dataclass
class _Pending:
    """A batch whose masks are to become polygons, or become them in ``work``."""

    chip: Chip
    resolution: float
    decoded: list[_Decoded]
    contrast: Contrast
    work: Future[list[Answer]] | None = None


class PromptAnswerer:
    """Answers the prompts of one patch after the other; a context, whose end delivers the last.

    ``receive`` gets each batch's answers, in the calling thread and one batch later.
    ``require_not_cancelled`` is called before each batch.
    """

    def __init__(
        self,
        adapter: ModelAdapter,
        options: MaskOptions,
        crs: CRS,
        batch_size: int,
        receive: Callable[[Chip, list[Answer]], None],
        require_not_cancelled: Callable[[], None],
    ) -> None:
        """``crs`` is that of the patches; ``batch_size`` 0 chooses a suitable one."""
        self._adapter = adapter
        self._options = options
        self._meter = AreaMeter.of(crs)
        self._decoder = BatchDecoder(adapter, batch_size)
        self._receive = receive
        self._require_not_cancelled = require_not_cancelled
        self._pool = ThreadPoolExecutor(1, "geosam-polygons")
        self._pending: _Pending | None = None

    def __enter__(self) -> PromptAnswerer:
        return self

    def __exit__(self, *exception: object) -> None:
        try:
            self.deliver()
        finally:
            self._pool.shutdown()

    def answer(
        self,
        chip: Chip,
        features: PatchFeatures,
        placed: Sequence[PlacedPrompt],
        contrast: Contrast = unknown_contrast,
    ) -> None:
        """Decode the prompts of a patch; ``contrast`` is that of outlines on it."""
        resolution = _resolution(self._meter, chip)
        for batch in batches(placed, self._decoder.batch_size):
            self._require_not_cancelled()
            if self._pending is not None:
                self._pending.work = self._pool.submit(self._polygons, self._pending)
            decoded = self._decode(features, chip, batch)
            self.deliver()
            self._pending = _Pending(chip, resolution, decoded, contrast)

    def deliver(self) -> None:
        """Hand on the answers to the batch that was decoded last."""
        pending, self._pending = self._pending, None
        if pending is not None:
            work = pending.work
            answers = self._polygons(pending) if work is None else work.result()
            self._receive(pending.chip, answers)

    def _decode(
        self, features: PatchFeatures, chip: Chip, batch: Sequence[PlacedPrompt]
    ) -> list[_Decoded]:
        choice = self._options.choice
        multimask = choice not in ("auto", "single") or (choice == "auto" and batch[0].lone_point)
        all_logits, all_scores = self._decoder.decode(features, prompt_batch(batch), multimask)
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

    def _polygons(self, pending: _Pending) -> list[Answer]:
        """The answers to a batch; in the worker thread, while another one is decoded."""
        answers = []
        for item in pending.decoded:
            try:
                answers.append(
                    self._polygon(pending.chip, pending.resolution, item, pending.contrast)
                )
            except (ValueError, shapely.errors.ShapelyError) as error:
                reason = Text(
                    "Its mask could not be made a polygon ({}): please report this", error
                )
                answers.append(Answer(item.prompt, reason=reason))
        return answers

    def _polygon(self, chip: Chip, resolution: float, item: _Decoded, contrast: Contrast) -> Answer:
        options, prompt = self._options, item.prompt
        if item.logits is None:
            return Answer(prompt, reason=_EMPTY)
        parts = mask_parts(
            item.logits,
            chip,
            self._adapter.patch_size,
            options.outline,
            options.largest_part_only,
        )
        shape = outline(parts, chip, options, self._meter)
        if shape is None:
            return Answer(prompt, reason=_EMPTY)
        if shape.area < options.minimum_area:
            return Answer(
                prompt,
                reason=Text(
                    "Its area ({} m2) is below the minimum "
                    "({} m2): lower that, or place the prompt better",
                    f"{shape.area:.1f}",
                    f"{options.minimum_area:g}",
                ),
            )
        labels = prompt.labels
        found = SegmentedObject(
            key=prompt.key,
            wkb=shapely.to_wkb(shape.geometry).hex(),
            score=item.score,
            stability=item.stability,
            area=shape.area,
            foreground_points=labels.count(1),
            background_points=labels.count(0),
            chip_id=chip.chip_id,
            model=self._adapter.model_id,
            touches_edge=shape.touches_edge,
            resolution=resolution,
            contrast=contrast(shape.geometry),
        )
        return Answer(prompt, (found,), pixel_bounds=shape.pixel_bounds)


@functools.lru_cache(maxsize=1)
def _resolution(meter: AreaMeter, chip: Chip) -> float:
    """Meters on the ground that a pixel of the patch is wide, on average."""
    return meter.pixel_side(chip.polygon, chip.shape)
