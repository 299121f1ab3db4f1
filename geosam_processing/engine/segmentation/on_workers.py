"""Prompts on the workers of a cluster, in blocks of prompts whose patches are neighbors."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geosam_processing.contract import (
    ObjectsEvent,
    ProgressEvent,
    Prompt,
    SegmentRequest,
    SegmentResult,
    UnansweredPrompt,
)
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.workers import (
    Question,
    WorkerFacts,
    agreed,
    device_of_workers,
    shared_model,
    shared_path,
)
from geosam_processing.engine.execution.blocks import Outcome, Work, block_size
from geosam_processing.engine.execution.cluster import connected, worker_count
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models import registry
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.folder_run import AnswerPrompts, answering, model_of
from geosam_processing.engine.segmentation.sources.feature_folder import FolderSource

if TYPE_CHECKING:
    from distributed import Client

PromptBlock = tuple[Prompt, ...]

_BLOCKS_PER_WORKER = 8
_LARGEST_BLOCK = 200  # prompts; more only if one patch has them


@dataclass(frozen=True)
class Answered:
    """What a block of prompts got: its events, and how many chips were read for them."""

    events: tuple[ObjectsEvent, ...]
    chips_loaded: int


@dataclass(frozen=True)
class SegmentJob:
    """Answers blocks of prompts with a feature folder.

    Attributes:
        request: without prompts, with absolute paths.
        patch_count: of the folder.
    """

    request: SegmentRequest
    patch_count: int

    @contextlib.contextmanager
    def open(self, context: RunContext) -> Iterator[Work[PromptBlock, Answered]]:
        """Open the folder and the model; see ``answering``.

        Raises:
            FeaturesError: this process sees another folder than the caller.
        """
        folder = FeatureFolder.open(self.request.features)
        if len(folder.chips) != self.patch_count:
            raise errors.FeaturesError(
                "The worker sees {} patches in {}, but this computer {}: give a folder that all "
                "can read",
                len(folder.chips),
                folder.path,
                self.patch_count,
            )
        with answering(self.request, replace(context, log=lambda event: None)) as answer:
            yield _Work(answer)


@dataclass(frozen=True)
class _Work:
    answer: AnswerPrompts

    def __call__(self, block: PromptBlock, context: RunContext) -> Answered:
        events: list[ObjectsEvent] = []
        loaded = 0
        # What is answered when a run is cancelled is kept.
        with contextlib.suppress(errors.Cancelled):
            loaded = self.answer(block, replace(context, results=events.append)).chips_loaded
        return Answered(tuple(events), loaded)


@dataclass(frozen=True)
class FolderQuestion:
    """What is asked of a worker before anything starts; calling it there is the answer."""

    request: SegmentRequest

    def __call__(self) -> WorkerFacts:
        """Return the facts of this process.

        Raises:
            FeaturesError, ModelError, DeviceError: see ``answering``.
        """
        model = self.request.model or model_of(FeatureFolder.open(self.request.features))
        return Question(model, self.request.device)()


def segment_on_workers(
    request: SegmentRequest, cluster: str | Client, context: RunContext
) -> SegmentResult:
    """Answer the prompts of a request on the workers of a cluster, in the order of one process.

    Raises:
        Cancelled: the caller asked to stop; what was answered by then is reported.
        ClusterError: the cluster cannot be used.
        FeaturesError, ModelError, DeviceError: see ``answering``.
    """
    from geosam_processing.engine.execution.spread import Spread

    folder = FeatureFolder.open(request.features)
    resolved = registry.resolve(request.model or model_of(folder))
    on_workers = replace(
        request,
        features=shared_path(request.features),
        prompts=(),
        model=None if request.model is None else shared_model(request.model),
        device=device_of_workers(cluster, request.device),
        cluster="",
    )
    totals = _Totals(context)
    with connected(cluster, request.device, context) as client:
        agreed(client, FolderQuestion(on_workers), resolved.sha256, context)
        context.say(Text("Model: {}", resolved.entry.id))
        patch_size = resolved.entry.patch_size
        blocks = list(_blocks(request, folder, patch_size, worker_count(client)))
        totals.prompts = sum(map(len, blocks))
        spread = Spread[PromptBlock, Answered](client, SegmentJob(on_workers, len(folder.chips)))
        for outcome in spread.run(blocks, replace(context, progress=totals.show), ordered=True):
            totals.take(outcome)
    return SegmentResult(
        totals.objects,
        totals.unanswered,
        totals.chips_loaded,
        len(request.prompts) - totals.prompts,
    )


def _blocks(
    request: SegmentRequest, folder: FeatureFolder, patch_size: int, workers: int
) -> Iterator[PromptBlock]:
    """The prompts in the order in which one process answers them.

    Those of one patch stay together: they are decoded in batches.
    """
    size = block_size(len(request.prompts), workers, _BLOCKS_PER_WORKER, _LARGEST_BLOCK)
    source = FolderSource(folder, patch_size, shard=request.shard)
    groups, unplaced = source.plan(source.prompts(request.prompts))
    block = [answer.prompt for answer in unplaced]
    for group in groups.values():
        if block and len(block) + len(group) > size:
            yield tuple(block)
            block = []
        block += [each.prompt for each in group]
    if block:
        yield tuple(block)


class _Totals:
    """Passes on the results of blocks, and counts them."""

    def __init__(self, context: RunContext) -> None:
        self.prompts = self.objects = self.unanswered = self.chips_loaded = 0
        self._context = context

    def show(self, event: ProgressEvent) -> None:
        text = Text("prompt {} of {}", event.done, self.prompts)
        self._context.progress(ProgressEvent(event.done, self.prompts, text))

    def take(self, outcome: Outcome[PromptBlock, Answered]) -> None:
        """Report the events of a block; a block that failed leaves its prompts without objects."""
        events: tuple[ObjectsEvent, ...] = ()
        if outcome.answer is not None:
            events = outcome.answer.events
            self.chips_loaded += outcome.answer.chips_loaded
        elif outcome.error is not None:
            remark = Text("{} prompts: {}", len(outcome.block), outcome.error)
            self._context.say(remark, "warning")
            reason = outcome.error.text
            lost = tuple(UnansweredPrompt(prompt.key, reason) for prompt in outcome.block)
            events = (ObjectsEvent(unanswered=lost),)
        for event in events:
            self.objects += len(event.objects)
            self.unanswered += len(event.unanswered)
            self._context.results(event)
