"""One run of segmentation: prompts go to patches, patches give features, masks become objects.

Where the features come from is a source's affair: a feature folder, or patches that are
encoded on demand. A source also judges whether an answer is good, or another patch may know
better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from geosam_processing.contract import MaskOptions, ProgressEvent, Prompt, SegmentedObject
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.contrast import Contrast, unknown_contrast
from geosam_processing.engine.segmentation.placing import NO_DATA, PlacedPrompt
from geosam_processing.engine.segmentation.segmenter import Answer, PromptAnswerer, event_of

if TYPE_CHECKING:
    from pyproj import CRS

    from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures


class AskedPrompt(Protocol):
    """A prompt with what its source remembers of it, such as the patches left to try."""

    @property
    def prompt(self) -> Prompt: ...


Asked = TypeVar("Asked", bound=AskedPrompt)
Place = TypeVar("Place")


@dataclass(frozen=True)
class LoadedPatch:
    """A patch that can be asked: its window on the ground, its features, contrasts on it."""

    chip: Chip
    features: PatchFeatures
    contrast: Contrast = unknown_contrast


@dataclass(frozen=True)
class AskAgain(Generic[Asked, Place]):
    """The prompt goes to another patch before it is answered."""

    asked: Asked
    place: Place


class Source(Protocol[Asked, Place]):
    """Where a run gets its patches from; ``crs`` is theirs."""

    @property
    def crs(self) -> CRS: ...

    def plan(self, prompts: Sequence[Asked]) -> tuple[dict[Place, list[Asked]], list[Answer]]:
        """Prompts by the patch to ask first, in the order to ask; answers for the rest.

        Prompts that belong to another shard are in neither.
        """

    def load(self, place: Place) -> LoadedPatch | None:
        """The patch, or None if its pixels have to be fetched before.

        Raises:
            ChipError, RasterError: this patch cannot be used, others can.
        """

    def placed(self, place: Place, prompt: Prompt) -> PlacedPrompt:
        """A prompt in the input of the model that sees the patch, which was loaded last."""

    def has_data(self, place: Place, prompt: Prompt) -> bool:
        """Whether the patch, which was loaded last, has data where the prompt is."""

    def judge(self, asked: Asked, place: Place, answer: Answer) -> Answer | AskAgain[Asked, Place]:
        """What to give to a prompt that a patch answered so."""

    def failed(self, asked: Asked, place: Place, reason: str) -> Answer | AskAgain[Asked, Place]:
        """What to give to a prompt whose patch cannot be used."""


def required(answer: Answer, masks: MaskOptions) -> Answer:
    """The answer, or why its object is not kept: its score or its contrast is too low."""
    for found in answer.objects:
        reason = _lack(found, masks)
        if reason:
            return Answer(answer.prompt, reason=reason)
    return answer


def _lack(found: SegmentedObject, masks: MaskOptions) -> str:
    # 0 is no minimum: SAM's estimate of a poor mask can be negative.
    if masks.minimum_score > 0 and found.score < masks.minimum_score:
        return Text(
            "Its score ({}) is below the minimum ({}): lower that, or place the prompt better",
            f"{found.score:.3f}",
            f"{masks.minimum_score:g}",
        )
    if found.contrast is not None and found.contrast < masks.minimum_contrast:
        return Text(
            "Its contrast ({}) is below the minimum ({}): lower that, or place the prompt better",
            f"{found.contrast:.1f}",
            f"{masks.minimum_contrast:g}",
        )
    return ""


class Run(Generic[Asked, Place]):
    """Answers prompts with the patches of a source.

    Attributes:
        object_count: the objects so far; a prompt yields none, one or several.
        unanswered_count: the prompts that yielded none.
        elsewhere_count: the prompts that belong to other shards.
        waiting: prompts whose patch has to be fetched, and that patch.
    """

    def __init__(
        self,
        source: Source[Asked, Place],
        adapter: ModelAdapter,
        masks: MaskOptions,
        batch_size: int,
        context: RunContext,
    ) -> None:
        self.object_count = self.unanswered_count = self.elsewhere_count = 0
        self.waiting: list[tuple[Asked, Place]] = []
        self._source = source
        self._masks = masks
        self._context = context
        self._done = self._total = 0
        # By the prompt's key, while it is asked.
        self._asked: dict[int, tuple[Asked, Place]] = {}
        self._again: dict[Place, list[Asked]] = {}
        self._answerer = PromptAnswerer(
            adapter, masks, source.crs, batch_size, self._receive, context.require_not_cancelled
        )

    def answer(self, prompts: Sequence[Asked]) -> None:
        """Answer ``prompts``; the objects go to the context's results as they come.

        Raises:
            Cancelled: the caller asked to stop.
        """
        groups, unplaced = self._source.plan(prompts)
        planned = len(unplaced) + sum(map(len, groups.values()))
        self._total += planned
        self.elsewhere_count += len(prompts) - planned
        self._deliver(unplaced)
        with self._answerer:
            while groups:
                for number, (place, group) in enumerate(groups.items(), start=1):
                    self._context.require_not_cancelled()
                    self._report(Text("patch {} of {}", number, len(groups)))
                    self._ask(place, group)
                self._answerer.deliver()
                groups, self._again = self._again, {}

    def _ask(self, place: Place, group: list[Asked]) -> None:
        try:
            patch = self._source.load(place)
        except (errors.ChipError, errors.RasterError) as error:
            self._settle(self._source.failed(each, place, error.text) for each in group)
            return
        if patch is None:
            self.waiting += [(each, place) for each in group]
            return
        seen = [self._source.has_data(place, each.prompt) for each in group]
        on_nothing = [each for each, has_data in zip(group, seen, strict=True) if not has_data]
        self._settle(self._source.failed(each, place, NO_DATA) for each in on_nothing)
        group = [each for each, has_data in zip(group, seen, strict=True) if has_data]
        for each in group:
            self._asked[each.prompt.key] = (each, place)
        placed = [self._source.placed(place, each.prompt) for each in group]
        self._answerer.answer(patch.chip, patch.features, placed, patch.contrast)

    def _receive(self, chip: Chip, answers: list[Answer]) -> None:
        self._settle(
            self._source.judge(*self._asked.pop(answer.prompt.key), answer) for answer in answers
        )

    def _settle(self, verdicts: Iterable[Answer | AskAgain[Asked, Place]]) -> None:
        """Deliver what is final; the other prompts go to their next patch."""
        final = []
        for verdict in verdicts:
            if isinstance(verdict, AskAgain):
                self._again.setdefault(verdict.place, []).append(verdict.asked)
            else:
                final.append(required(verdict, self._masks))
        self._deliver(final)

    def _deliver(self, answers: list[Answer]) -> None:
        if not answers:
            return
        event = event_of(answers)
        self.object_count += len(event.objects)
        self.unanswered_count += len(event.unanswered)
        self._done += len(answers)
        self._context.results(event)
        self._report(Text("prompt {} of {}", self._done, self._total))

    def _report(self, text: str) -> None:
        self._context.progress(ProgressEvent(self._done, self._total, text))
