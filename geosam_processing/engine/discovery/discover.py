"""Segment everything on the patches of a feature folder.

Each patch is asked a lattice of points. What several patches saw of an object becomes one
object, and objects that patches cut are followed into the neighboring ones.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geosam_processing.contract import DiscoverRequest, DiscoverResult, LogEvent
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.discovery.asking import factor_of
from geosam_processing.engine.discovery.found_objects import FoundObjects
from geosam_processing.engine.discovery.on_workers import PatchBlock, blocks_for, workers_of
from geosam_processing.engine.discovery.opening import Opened, opened
from geosam_processing.engine.discovery.patch_answers import BlockAnswer, PatchAnswers
from geosam_processing.engine.discovery.record import Record, open_record
from geosam_processing.engine.discovery.shard_merging import Ask, ShardMerging, own_patches
from geosam_processing.engine.encoding.patch_encoder import PatchProgress
from geosam_processing.engine.execution.blocks import Executor, Inline, Outcome
from geosam_processing.engine.merging import Merged, Merger, MergeRules, Piece
from geosam_processing.engine.run import SILENT, RunContext
from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder
from geosam_processing.engine.segmentation.fine_outlines import FineOutlines
from geosam_processing.engine.segmentation.following import Follower, PartAsker
from geosam_processing.engine.segmentation.sources.folder_patches import seen_patches

if TYPE_CHECKING:
    from distributed import Client

_SAMPLE = 50  # patches whose points are counted
# Parts of a redrawn object below this share of its largest one are specks.
_SPECK = 0.05


def discover(
    request: DiscoverRequest,
    context: RunContext = SILENT,
    cluster: str | Client = "",
) -> DiscoverResult:
    """Find all objects on a feature folder or a raster.

    Args:
        context: its results are ``FoundEvent``; its progress counts patches; it is asked before
            each patch whether to stop.
        cluster: whose workers ask the patches, see ``contract.cluster``, or a client of Dask. If
            empty, that of the request.

    Raises:
        ClusterError: the cluster cannot be used.
        Cancelled: the caller asked to stop; with ``resume`` the answers by then are kept.
        FeaturesError: the folder cannot be read, or does not fit the model.
        ModelError: the model is missing, or its checkpoint not the one that encoded.
        DeviceError: the device cannot be used.
        RasterError: the raster cannot be used.
    """
    import torch

    cluster = cluster or request.cluster
    with opened(request, context) as found, torch.inference_mode():
        run = Discovery(request, found, context)
        with open_record(found.record_folder, run.settings, found.keeps_record) as record:
            if not cluster:
                return run.run(record, Inline(run.answers.of_block), 0)
            with workers_of(request, found, cluster, context) as (executor, workers):
                return run.run(record, executor, workers)


class Discovery:
    """One run over patches of one or more scales."""

    def __init__(self, request: DiscoverRequest, found: Opened, context: RunContext) -> None:
        patches, adapter = found.patches, found.adapter
        self._request = request
        self._patches = patches
        self._adapter = adapter
        self._context = context
        self._decoder = BatchDecoder(adapter, request.batch_size)
        self._seen = seen_patches(patches, max(2.0, factor_of(adapter)))
        self._found = FoundObjects(
            request, patches, self._seen, adapter.model_id, found.contrast, context
        )
        self.answers = PatchAnswers(request, patches, adapter, self._decoder)
        self.settings = self.answers.settings
        if request.shard is not None:
            # A file for each, as shared storage may not let several machines write one.
            self.settings = {**self.settings, "shard": str(request.shard)}
        self._rules = MergeRules()
        self._area = shapely.from_wkb(request.area) if request.area else None
        self._calls = 0
        context.log(
            LogEvent(
                Text(
                    "Points every {} pixels; masks of a score of {} and a "
                    "stability of {} or more are kept",
                    self.answers.spacing,
                    f"{self.answers.score:g}",
                    f"{self.answers.stability:g}",
                )
            )
        )

    def run(
        self, record: Record, executor: Executor[PatchBlock, BlockAnswer], workers: int
    ) -> DiscoverResult:
        """Ask all patches with ``executor``, merge what they show, and report the objects.

        Args:
            workers: how many the executor has; 0: it asks patch by patch.
        """
        start = time.monotonic()
        asker = PartAsker(
            self._patches,
            self._adapter,
            self._decoder,
            self._rules.agreement,
            self._request.masks.outline,
        )
        order = self._patches_in_area()
        shard = self._request.shard
        own = frozenset(order) if shard is None else own_patches(self._patches, order, shard)
        asked = [index for index in order if index in own]
        missing = [index for index in asked if record.load(index) is None]
        resumed = len(asked) - len(missing)
        if resumed:
            self._context.say(
                Text("{} of {} patches were asked by an earlier run", resumed, len(asked))
            )
        self._say_amount(missing)
        lost: dict[int, str] = {}
        ask = functools.partial(self._asked, record, executor, workers, lost)
        merged = self._merged(order, own, ask, asker)
        fine = FineOutlines(self._patches, self._seen, asker)
        refined = (self._refined(each, fine) for each in merged)
        made = [each for each in map(self._found.made, refined) if each is not None]
        events = self._found.settled(made) if shard is None else self._found.unsettled(made)
        count = 0
        for event in events:
            count += len(event.objects)
            self._context.results(event)
        return DiscoverResult(
            count,
            len(asked),
            resumed,
            asker.calls + self._calls,
            time.monotonic() - start,
            tuple(lost.values()),
        )

    def _merged(
        self, order: Sequence[int], own: frozenset[int], ask: Ask, asker: PartAsker
    ) -> Iterator[Merged]:
        """Merge what the patches show in their order; of a shard, what belongs to its own ones."""

        def following() -> Merger:
            return Merger(self._seen, self._rules, Follower(self._seen, asker))

        unasked = sorted(set(range(len(self._patches.chips))) - set(order))
        if self._request.shard is None:
            merger = following()
            for index in unasked:
                yield from merger.add(index, ())
            for index, pieces in ask(order):
                yield from merger.add(index, pieces)
            return
        merging = ShardMerging(own, order, unasked)
        yield from merging.objects(ask, lambda: Merger(self._seen, self._rules), following)
        self._context.say(
            Text(
                "Shard {}: {} patches, and {} of other shards at its border",
                str(self._request.shard),
                len(own),
                len(merging.needed) - len(own),
            )
        )
        if merging.open_count:
            self._context.say(
                Text("{} objects reach too far into other shards and stay cut", merging.open_count),
                "warning",
            )

    def _asked(
        self,
        record: Record,
        executor: Executor[PatchBlock, BlockAnswer],
        workers: int,
        lost: dict[int, str],
        indices: Sequence[int],
    ) -> Iterator[tuple[int, Sequence[Piece]]]:
        """The patches with what they show, in their order; ``lost`` gets those without features."""
        missing = [i for i in indices if i not in lost and record.load(i) is None]
        steps = PatchProgress(len(indices), len(indices) - len(missing), self._context.progress)
        counted = replace(self._context, progress=lambda event: steps.at(event.done))
        blocks = blocks_for(workers, missing) if workers else ((index,) for index in missing)
        outcomes = executor.run(blocks, counted, ordered=True)
        for index, pieces in self._pieces(indices, set(missing), record, outcomes):
            if pieces is None:
                lost[index] = self._patches.chips[index].chip_id
            yield index, pieces or ()

    def _pieces(
        self,
        asked: Sequence[int],
        missing: set[int],
        record: Record,
        outcomes: Iterator[Outcome[PatchBlock, BlockAnswer]],
    ) -> Iterator[tuple[int, Sequence[Piece] | None]]:
        """The patches with what they show, None if they are lost; from the record or asked now."""
        known: dict[int, Sequence[Piece] | None] = {}
        for index in asked:
            if index not in missing:
                self._context.require_not_cancelled()
                yield index, record.load(index)
                continue
            while index not in known:
                outcome = next(outcomes, None)
                if outcome is None:
                    # A block that was stopped lacks patches.
                    self._context.require_not_cancelled()
                    raise RuntimeError(f"Patch {index} has no answer")
                known |= self._taken(outcome, record)
            yield index, known.pop(index)
        # A run that ends early raises here at the latest.
        for outcome in outcomes:
            self._taken(outcome, record)

    def _taken(
        self, outcome: Outcome[PatchBlock, BlockAnswer], record: Record
    ) -> dict[int, Sequence[Piece] | None]:
        """What a block shows, which is recorded."""
        found: dict[int, Sequence[Piece] | None] = {}
        if outcome.error is not None:
            lost = Text("{} patches: {}", len(outcome.block), outcome.error)
            self._context.say(lost, "warning")
            return dict.fromkeys(outcome.block)
        if outcome.answer is None:
            return found
        self._calls += outcome.answer.calls
        for answer in outcome.answer.patches:
            found[answer.index] = answer.pieces
            if answer.pieces is None:
                self._context.say(answer.reason, "warning")
            else:
                record.store(answer.index, answer.pieces)
        return found

    def _say_amount(self, patches: Sequence[int]) -> None:
        """Log how many points there are on the patches, going by some of them."""
        sample = patches[:: -(-len(patches) // _SAMPLE)] if patches else ()
        points = sum(len(self.answers.points(index)[0]) for index in sample)
        if points:
            points = round(points * len(patches) / len(sample))
            self._context.say(Text("Up to about {} points on {} patches", points, len(patches)))

    def _patches_in_area(self) -> list[int]:
        """The patches to ask, from the top of the raster to its bottom.

        A patch comes after all that begin above its lower edge, of any scale, so that
        objects are released early.
        """
        indices: Sequence[int] = range(len(self._patches.chips))
        if self._area is not None:
            _, inside = self._seen.meeting(np.array([self._area], dtype=object))
            indices = inside.tolist()
            if not indices:
                raise errors.FeaturesError(
                    "The area lies outside every patch: choose one that overlaps the features"
                )
        inverse = ~self._patches.chips[0].transform

        def place(index: int) -> tuple[float, float, int]:
            chip = self._patches.chips[index]
            column, row = inverse * (chip.transform * (chip.shape[1], chip.shape[0]))
            return round(row, 3), round(column, 3), index

        return sorted(indices, key=place)

    def _refined(self, merged: Merged, fine: FineOutlines) -> Merged:
        """An object of a coarse scale with the outline that fine patches show."""
        if merged.level == self._patches.scales[0]:
            return merged
        self._context.require_not_cancelled()
        patch = max(merged.members, key=lambda piece: piece.geometry.area).patch
        shape, drew = fine.drawn(merged.geometry, patch)
        if drew is None:
            return merged
        parts = shapely.get_parts(shape)
        areas = shapely.area(parts)
        parts = parts[areas >= _SPECK * areas.max()]
        return replace(
            merged, geometry=shapely.multipolygons(parts), level=self._patches.scales[drew]
        )
