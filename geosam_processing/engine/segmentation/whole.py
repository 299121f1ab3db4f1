"""Complete objects from prompts: what a patch cuts, or is too small to show.

A point deep inside something larger than its patch shows no border: the answer is a blob. So a
coarser scale is asked, in which the object is smaller than a patch, and then its outline is
asked for again on the fine patches that it crosses. Without coarser scales, an object that its
patch cuts is followed into the neighboring patches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely

from geosam_processing.contract import MaskOptions, Prompt, SegmentedObject, Shard
from geosam_processing.engine import errors
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.merging import MergeRules, Piece, followed
from geosam_processing.engine.models.adapter import ModelAdapter
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder
from geosam_processing.engine.segmentation.contrast import Contrast, unknown_contrast
from geosam_processing.engine.segmentation.fine_outlines import FineOutlines
from geosam_processing.engine.segmentation.following import (
    CLEAR,
    Follower,
    PartAsker,
    share_of_patch,
    with_points_on,
)
from geosam_processing.engine.segmentation.placing import PatchFinder
from geosam_processing.engine.segmentation.segmenter import Answer, PromptAnswerer, is_blob
from geosam_processing.engine.segmentation.shaping import finished, part_of
from geosam_processing.engine.segmentation.sources.feature_folder import (
    FolderPrompt,
    FolderSource,
)
from geosam_processing.engine.segmentation.sources.folder_patches import (
    FolderPatches,
    folders_by_scale,
    seen_patches,
)

# Least share of a cut answer that a coarser one has to cover, to be of the same object.
_SAME = 0.5


@dataclass(frozen=True)
class _Complete:
    """What a coarser patch shows completely."""

    answer: Answer
    shape: shapely.Geometry
    patch: int
    scale: int

    @property
    def score(self) -> float:
        return self.answer.objects[0].score


class WholeSource(FolderSource):
    """A feature folder whose answers are completed."""

    def __init__(
        self,
        folder: FeatureFolder,
        adapter: ModelAdapter,
        options: MaskOptions,
        contrast: Contrast = unknown_contrast,
        shard: Shard | None = None,
    ) -> None:
        super().__init__(folder, adapter.patch_size, contrast, shard)
        self._whole = WholeObjects(folder, adapter, options, contrast)

    def plan(
        self, prompts: Sequence[FolderPrompt]
    ) -> tuple[dict[int, list[FolderPrompt]], list[Answer]]:
        groups, unplaced = super().plan(prompts)
        return groups, [self._whole.without_patch(each.prompt) or each for each in unplaced]

    def judge(self, asked: FolderPrompt, place: int, answer: Answer) -> Answer:
        return self._whole.complete(answer)


class WholeObjects:
    """Completes the answers of a feature folder's finest scale."""

    def __init__(
        self,
        folder: FeatureFolder,
        adapter: ModelAdapter,
        options: MaskOptions,
        contrast: Contrast = unknown_contrast,
    ) -> None:
        folders = folders_by_scale(folder)
        self._contrast = contrast
        self._adapter = adapter
        self._options = options
        self._meter = AreaMeter.of(folder.crs)
        self._patches = FolderPatches(folders)
        self._seen = seen_patches(
            self._patches, max(2.0, adapter.patch_size / (4 * adapter.embedding_size))
        )
        self._rules = MergeRules()
        decoder = BatchDecoder(adapter)
        self._asker = PartAsker(
            self._patches, adapter, decoder, self._rules.agreement, options.outline
        )
        self._fine = FineOutlines(self._patches, self._seen, self._asker)
        self._places = {chip.chip_id: index for index, chip in enumerate(folder.chips)}
        # Shaped once, at the end.
        plain = replace(options, simplify=0.0, fill_holes_up_to=0.0, largest_part_only=False)
        self._coarser = [
            _Scale(self._patches, scale, finer, adapter, plain)
            for finer, scale in pairwise(sorted(folders))
        ]

    def complete(self, answer: Answer) -> Answer:
        """The answer with the complete object, where its patch cuts it or shows no border."""
        if len(answer.objects) != 1:
            return answer
        (found,) = answer.objects
        patch = self._places[found.chip_id]
        shape = shapely.from_wkb(found.wkb)
        cut = bool(self._seen.cuts(np.array([shape], dtype=object), np.array([patch]))[0])
        blob = is_blob(found) and bool(self._coarser)
        if not (cut or blob):
            return self._with_edge(answer, shape, 1, cut)
        better = self._from_coarser(answer, shape, blob)
        if better is not None:
            return better
        return self._followed(answer, shape, patch) if cut else answer

    def without_patch(self, prompt: Prompt) -> Answer | None:
        """The answer to a prompt that no patch of the finest scale holds; None if there is none."""
        return self._from_coarser(Answer(prompt), None, blob=True)

    def _from_coarser(
        self, answer: Answer, known: shapely.Geometry | None, blob: bool
    ) -> Answer | None:
        """The first coarser answer that is complete, with a fine outline.

        Where a finer patch shows no border, something that fits well into that patch is rarely
        what was meant: it waits for a larger object that the model trusts more. Where a scale cuts
        the object but shows it clearly, the next one is asked with points from all over that part:
        one point on a large object may mean a detail of it. A box says how large its object is, so
        that an unsure answer to it is better than that of a patch that shows no border.
        """
        prompt = answer.prompt
        detail: _Complete | None = None
        unsure: _Complete | None = None
        for scale in self._coarser:
            coarse, patch, prompt = self._asked(scale, prompt)
            if coarse is None or len(coarse.objects) != 1:
                continue
            coarse = coarse.of(answer.prompt)
            (found,) = coarse.objects
            shape = shapely.from_wkb(found.wkb)
            cut = bool(self._seen.cuts(np.array([shape], dtype=object), np.array([patch]))[0])
            if cut and found.stability >= CLEAR:
                prompt = with_points_on(answer.prompt, shape, self._patches.chips[patch])
            if cut or self._ends_early(shape, scale.number):
                continue
            if 0 < self._options.minimum_score > found.score:
                continue
            if known is not None and not blob and not _covers(shape, known):
                continue
            complete = _Complete(coarse, shape, patch, scale.number)
            if is_blob(found):
                if blob and answer.prompt.box is not None:
                    unsure = unsure or complete
                continue
            if blob and share_of_patch(shape, self._patches.chips[patch]) < scale.detail:
                detail = detail or complete
                continue
            if detail is None or detail.score < found.score:
                return self._with_fine_outline(complete)
        rest = detail or unsure
        return None if rest is None else self._with_fine_outline(rest)

    def _asked(self, scale: _Scale, prompt: Prompt) -> tuple[Answer | None, int, Prompt]:
        """What a scale answers, the patch that does, and the prompt that got it.

        Where the scale answers a lone point with a blob, but shows something large around it
        clearly, that is asked for with more points on it.
        """
        coarse, patch = scale.answer(prompt)
        if coarse is None or not any(map(is_blob, coarse.objects)):
            return coarse, patch, prompt
        part = self._asker.clear_part(patch, prompt, scale.detail)
        if part is not None:
            asked = with_points_on(prompt, part, self._patches.chips[patch])
            larger, shown_on = scale.answer(asked)
            if larger is not None and larger.objects and not any(map(is_blob, larger.objects)):
                return larger, shown_on, asked
        return coarse, patch, prompt

    def _with_fine_outline(self, complete: _Complete) -> Answer:
        answer = complete.answer
        (found,) = answer.objects
        outlined, drew = self._fine.drawn(complete.shape, complete.patch)
        outlined = part_of(outlined, answer.prompt)
        if drew is not None:
            found = replace(found, resolution=self._resolution(drew))
        answer = replace(answer, objects=(self._shaped(found, outlined),))
        return self._with_edge(answer, outlined, complete.scale, False)

    def _ends_early(self, shape: shapely.Geometry, scale: int) -> bool:
        """Whether an object ends where its scale does, but not the finest one."""
        ends = self._seen.reaches_end(shape, scale)
        return ends and not self._seen.reaches_end(shape, 1, seen_at=scale)

    def _resolution(self, patch: int) -> float:
        """Meters on the ground that a pixel of a patch is wide."""
        chip = self._patches.chips[patch]
        return self._meter.pixel_side(chip.polygon, chip.shape)

    def _followed(self, answer: Answer, shape: shapely.Geometry, patch: int) -> Answer:
        """The answer with what neighboring patches show of the object."""
        (found,) = answer.objects
        piece = Piece(shape, patch, 0, found.score)
        merged = followed(piece, self._seen, self._rules, Follower(self._seen, self._asker))
        own = part_of(merged.geometry, answer.prompt)
        answer = replace(answer, objects=(self._shaped(found, own),))
        return self._with_edge(answer, own, 1, merged.cut)

    def _shaped(self, found: SegmentedObject, shape: shapely.Geometry) -> SegmentedObject:
        pixel = self._patches.chips[0].pixel_size
        polished = finished(shape, self._options, pixel, self._meter)
        return replace(
            found,
            wkb=shapely.to_wkb(polished, hex=True),
            area=self._meter.area(polished),
            contrast=self._contrast(polished),
        )

    def _with_edge(self, answer: Answer, shape: shapely.Geometry, scale: int, cut: bool) -> Answer:
        """The answer, which touches an edge only where the encoded area ends or it stays cut."""
        touches = cut or self._seen.reaches_end(shape, scale)
        objects = tuple(replace(each, touches_edge=touches) for each in answer.objects)
        return replace(answer, objects=objects)


class _Scale:
    """A coarser scale that answers single prompts."""

    def __init__(
        self,
        patches: FolderPatches,
        number: int,
        finer: int,
        adapter: ModelAdapter,
        options: MaskOptions,
    ) -> None:
        self.number = number
        # The share of a patch that half a patch of the next finer scale takes.
        self.detail = finer / number / 2
        self._patches = patches
        self._adapter = adapter
        self._options = options
        self._indices = np.flatnonzero(np.asarray(patches.scales) == number).tolist()
        self._chips = [patches.chips[index] for index in self._indices]
        self._finder = PatchFinder(self._chips)

    def answer(self, prompt: Prompt) -> tuple[Answer | None, int]:
        """What the best patch that is there answers, and its index among all patches."""
        candidates, _ = self._finder.find(prompt)
        for candidate in candidates:
            index = self._indices[candidate]
            try:
                features = self._patches.load(index)
            except errors.ChipError:
                continue
            if features is None:
                continue
            answers: list[Answer] = []

            def receive(chip: Chip, found: list[Answer], answers: list[Answer] = answers) -> None:
                answers.extend(found)

            placed = self._finder.place(candidate, prompt, self._adapter.patch_size)
            with PromptAnswerer(
                self._adapter, self._options, self._patches.crs, 1, receive, lambda: None
            ) as answerer:
                answerer.answer(self._chips[candidate], features, [placed])
            return answers[0], index
        return None, -1


def _covers(shape: shapely.Geometry, known: shapely.Geometry) -> bool:
    return bool(shapely.intersection(shape, known).area >= _SAME * known.area)
