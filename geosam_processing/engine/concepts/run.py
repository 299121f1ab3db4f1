"""Segment all objects of some kinds on the patches of a feature folder."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geosam_processing.contract import (
    Concept,
    ConceptCount,
    ConceptObject,
    ConceptObjectsEvent,
    ConceptsRequest,
    ConceptsResult,
    SegmentRequest,
)
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.concepts.examples import Example, chosen, prompt_of
from geosam_processing.engine.concepts.pointing import examples_of
from geosam_processing.engine.concepts.spreading import Spreading
from geosam_processing.engine.concepts.waves import neighbors_of, waves_of
from geosam_processing.engine.encoding.patch_encoder import PatchProgress, duration
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.merging import Merged, Merger, Piece, SeenPatches
from geosam_processing.engine.merging.duplicates import without_duplicates
from geosam_processing.engine.merging.pieces import MergeRules
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.run import SILENT, RunContext
from geosam_processing.engine.segmentation.contrast import Contrast, folder_contrast
from geosam_processing.engine.segmentation.folder_run import load_model
from geosam_processing.engine.segmentation.shaping import finished, shape_of

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter
    from geosam_processing.engine.models.sam3.concepts import ConceptDetector, ConceptMasks

# A patch with this share of the objects that it can have at most may have had more.
_SATURATED = 0.9
# An object belongs to the area searched if at least so much of it lies inside.
_LEAST_INSIDE = 0.5
_OBJECTS_IN_EVENT = 100
# What a kind takes on a patch on one core of a processor; measured with the true sizes.
_SECONDS = 4.2


def segment_concepts(request: ConceptsRequest, context: RunContext = SILENT) -> ConceptsResult:
    """Find the objects that words and examples describe.

    Args:
        context: its results are ``ConceptObjectsEvent``; its progress counts patches; it is asked
            before each patch whether to stop.

    Raises:
        Cancelled: the caller asked to stop.
        FeaturesError: the folder cannot be read, does not fit the model, or was encoded without
            what words and examples need.
        ModelError: the model is missing, knows points and boxes only, or a phrase is too long.
        DeviceError: the device cannot be used.
    """
    import torch

    folder = FeatureFolder.open(request.features)
    if not folder.has_concepts:
        raise errors.FeaturesError(
            "{} has no features for words and examples. Encode the raster with the "
            "model sam3, and keep features for words and examples (CONCEPTS)",
            folder.path,
        )
    adapter = load_model(
        SegmentRequest(request.features, (), request.model, request.device), folder, context
    )
    detector = getattr(adapter, "concepts", None)
    if detector is None:
        raise errors.ModelError(
            "{} takes points and boxes only. Encode with the model sam3 to find "
            "objects by words and examples",
            adapter.model_id,
        )
    with torch.inference_mode(), folder_contrast(folder, context) as contrast:
        try:
            return _Run(request, folder, adapter, detector, contrast, context).run()
        finally:
            release_memory(adapter.device)


@dataclass
class _Tally:
    """What the patches had of a kind."""

    best_score: float = 0.0
    best_presence: float = 0.0
    searched: int = 0
    with_examples: int = 0
    found: int = 0
    saturated: int = 0
    objects: int = 0
    area: float = 0.0


@dataclass(frozen=True)
class _Asked:
    """A kind that a patch is asked for, and the boxes that go with it."""

    concept: Concept
    boxes: list[tuple[tuple[float, float, float, float], bool]] = field(default_factory=list)

    @property
    def by_example(self) -> bool:
        return any(positive for _, positive in self.boxes)


class _Run:
    """One call of ``segment_concepts``."""

    def __init__(
        self,
        request: ConceptsRequest,
        folder: FeatureFolder,
        adapter: ModelAdapter,
        detector: ConceptDetector,
        contrast: Contrast,
        context: RunContext,
    ) -> None:
        self._contrast = contrast
        self._request = request
        self._folder = folder
        self._adapter = adapter
        self._detector = detector
        self._context = context
        self._meter = AreaMeter.of(folder.crs)
        self._chips = folder.chips
        self._seen = SeenPatches(
            [chip.polygon for chip in self._chips], [chip.pixel_size for chip in self._chips]
        )
        self._rules = MergeRules()
        self._area = shapely.from_wkb(request.area) if request.area else None
        self._tallies = {concept.name: _Tally() for concept in request.concepts}
        self._saturated: Counter[str] = Counter()
        self._lost: list[str] = []
        own = examples_of(request.examples, folder, adapter, context)
        neighbors = neighbors_of([chip.polygon for chip in self._chips])
        self._spreading = Spreading(self._chips, neighbors, own, request.spread)
        first = [i for i in range(len(self._chips)) if self._spreading.has_own(i)]
        if own and not first:
            context.say(
                Text("No patch shows a whole example, so words alone are searched"), "warning"
            )
        self._waves = waves_of(neighbors, first)
        self._objects = 0

    def run(self) -> ConceptsResult:
        start = time.monotonic()
        merger = Merger(self._seen, self._rules)
        wanted = self._patches_in_area()
        for index in sorted(set(range(len(self._chips))) - set(wanted)):
            merger.add(index, ())
        kinds = len(self._request.concepts)
        self._context.say(
            Text("{} patches are searched for {} kinds of objects", len(wanted), kinds)
        )
        if self._adapter.device.type == "cpu":
            seconds = duration(_SECONDS * len(wanted) * kinds)
            self._context.say(Text("That takes about {} of a processor's core", seconds))
        steps = PatchProgress(len(wanted), 0, self._context.progress)
        objects: list[Merged] = []
        for index in sorted(wanted, key=lambda index: (self._waves[index], index)):
            self._context.require_not_cancelled()
            objects += merger.add(index, self._pieces(index))
            steps.step()
        for event in self._events(without_duplicates(objects, self._rules.duplicate)):
            self._context.results(event)
        self._tell()
        return ConceptsResult(
            tuple(self._count(concept) for concept in self._request.concepts),
            self._objects,
            len(wanted),
            time.monotonic() - start,
            tuple(sorted(self._saturated)),
            tuple(self._lost),
        )

    def _patches_in_area(self) -> list[int]:
        if self._area is None:
            return list(range(len(self._chips)))
        _, inside = self._seen.meeting(np.array([self._area], dtype=object))
        if not len(inside):
            raise errors.FeaturesError(
                "The area lies outside every patch. Choose one that overlaps the features"
            )
        return sorted(inside.tolist())

    def _pieces(self, index: int) -> list[Piece]:
        """What a patch has of every kind; what was found from examples is passed on."""
        chip = self._chips[index]
        asked = self._asked(index)
        if not asked:
            return []
        try:
            trunk = self._folder.load_trunk(chip)
        except errors.ChipError as error:
            self._context.say(error.text, "warning")
            self._lost.append(chip.chip_id)
            return []
        prompts = [prompt_of(each.concept.phrase, each.boxes) for each in asked]
        pieces: list[Piece] = []
        passed_on: list[Example] = []
        for each, masks in zip(asked, self._detector.detect(trunk, prompts), strict=True):
            new = self._pieces_of(index, each, masks, len(pieces))
            pieces += new
            if each.by_example and new:
                whole = ~self._seen.cuts(
                    np.array([piece.geometry for piece in new], dtype=object),
                    np.full(len(new), index, dtype=np.intp),
                )
                passed_on += [
                    Example(each.concept.name, piece.geometry, True, piece.score)
                    for piece, is_whole in zip(new, whole, strict=True)
                    if is_whole
                ]
        self._spreading.add(index, passed_on)
        return pieces

    def _asked(self, index: int) -> list[_Asked]:
        """The kinds to look for in a patch: those with words, and those with examples there."""
        asked = []
        for concept in self._request.concepts:
            boxes = chosen(
                self._chips[index],
                self._spreading.examples(index, concept.name),
                self._adapter.patch_size,
            )
            each = _Asked(concept, boxes)
            if concept.phrase or each.by_example:
                asked.append(each)
        return asked

    def _pieces_of(self, index: int, asked: _Asked, masks: ConceptMasks, first: int) -> list[Piece]:
        chip, tally = self._chips[index], self._tallies[asked.concept.name]
        scores = masks.scores.float().cpu().numpy()
        tally.searched += 1
        tally.with_examples += asked.by_example
        tally.best_score = max(tally.best_score, float(scores.max(initial=0.0)))
        tally.best_presence = max(tally.best_presence, masks.presence)
        (kept,) = np.nonzero(scores >= self._request.minimum_score)
        tally.found += len(kept) > 0
        if len(kept) >= _SATURATED * self._detector.most_objects:
            tally.saturated += 1
            self._saturated[chip.chip_id] += 1
        pieces: list[Piece] = []
        content = {"presence": masks.presence, "examples": len(asked.boxes)}
        for query in kept.tolist():
            shape = shape_of(
                masks.logits[query].float().cpu(),
                chip,
                self._adapter.patch_size,
                self._request.masks.outline,
            )
            if shape is not None:
                pieces.append(
                    Piece(
                        shape,
                        index,
                        first + len(pieces),
                        float(scores[query]),
                        asked.concept.name,
                        content,
                    )
                )
        return pieces

    def _events(self, objects: Sequence[Merged]) -> Iterator[ConceptObjectsEvent]:
        sendable: list[ConceptObject] = []
        for merged in sorted(objects, key=lambda each: each.members[0].place):
            made = self._object(merged)
            if made is None:
                continue
            sendable.append(made)
            if len(sendable) == _OBJECTS_IN_EVENT:
                yield ConceptObjectsEvent(tuple(sendable))
                sendable = []
        if sendable:
            yield ConceptObjectsEvent(tuple(sendable))

    def _object(self, merged: Merged) -> ConceptObject | None:
        """An object as it is sent, None if it is too small or outside the area."""
        best = max(merged.members, key=lambda piece: (piece.geometry.area, piece.place))
        chip = self._chips[best.patch]
        geometry = finished(merged.geometry, self._request.masks, chip.pixel_size, self._meter)
        if geometry.is_empty:
            return None
        if self._area is not None:
            inside = shapely.area(shapely.intersection(geometry, self._area))
            if inside < _LEAST_INSIDE * geometry.area:
                return None
        area = self._meter.area(geometry)
        if area < self._request.minimum_area:
            return None
        contrast = self._contrast(geometry)
        if contrast is not None and contrast < self._request.masks.minimum_contrast:
            return None
        tally = self._tallies[str(best.kind)]
        tally.objects += 1
        tally.area += area
        self._objects += 1
        return ConceptObject(
            key=self._objects,
            wkb=shapely.to_wkb(geometry, hex=True),
            concept=str(best.kind),
            score=merged.score,
            presence=max(piece.content["presence"] for piece in merged.members),
            examples=max(piece.content["examples"] for piece in merged.members),
            area=area,
            patches=merged.patch_count,
            chip_id=chip.chip_id,
            model=self._adapter.model_id,
            touches_edge=merged.cut or self._seen.reaches_end(geometry, merged.level),
            contrast=contrast,
        )

    def _count(self, concept: Concept) -> ConceptCount:
        tally = self._tallies[concept.name]
        return ConceptCount(
            concept=concept.name,
            phrase=concept.phrase,
            object_count=tally.objects,
            area=tally.area,
            best_score=tally.best_score,
            best_presence=tally.best_presence,
            searched=tally.searched,
            with_examples=tally.with_examples,
            found=tally.found,
            saturated=tally.saturated,
        )

    def _tell(self) -> None:
        """Log each kind with its objects, above all those that have none."""
        say = self._context.say
        for concept in self._request.concepts:
            tally = self._tallies[concept.name]
            if tally.objects:
                say(Text("{}: {} objects on {} patches", concept.name, tally.objects, tally.found))
            elif not tally.searched:
                say(Text("{}: no patch shows an example of it", concept.name), "warning")
            else:
                say(
                    Text(
                        "{}: no objects. The best score was {}, the minimum is {}",
                        concept.name,
                        f"{tally.best_score:.2f}",
                        f"{self._request.minimum_score:g}",
                    ),
                    "warning",
                )
        if self._saturated:
            say(
                Text(
                    "{} patches have nearly {} "
                    "objects of a kind, the most that a patch can have, so more may be missing: "
                    "{}. Encode at a finer resolution",
                    len(self._saturated),
                    self._detector.most_objects,
                    ", ".join(sorted(self._saturated)[:10]),
                ),
                "warning",
            )
