"""What a run asks of its dates, whether they are rasters or feature folders.

A place names the same ground on all dates; a patch is a place on one date.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.contract import MaskOptions, ObjectsEvent, Prompt, SegmentedObject
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.placing import PlacedPrompt
from geosam_processing.engine.segmentation.run import AskAgain, LoadedPatch, Run, Source
from geosam_processing.engine.segmentation.segmenter import Answer

if TYPE_CHECKING:
    from pyproj import CRS

    from geosam_processing.engine.models.adapter import ModelAdapter

# ``LivePatch`` of rasters, the index of a chip of feature folders.
Place = Any
# Mean gray level inside an outline minus that outside, [bands].
Difference = NDArray[np.float64]


class OpenDate(Protocol):
    """One date, while its files are open."""

    def answers(
        self, prompts: Sequence[tuple[Prompt, Place | None]], context: RunContext
    ) -> dict[int, DatedAnswer]:
        """What prompts get on this date, by their keys.

        Args:
            prompts: each with the place to ask first, if one is known.

        Raises:
            Cancelled: the caller asked to stop.
        """
        ...

    def data_share(self, shape: shapely.Geometry) -> float:
        """Which share of an area has data, 0 to 1."""
        ...

    def difference(self, shape: shapely.Geometry) -> Difference | None:
        """How an object differs from its surroundings, None if that is unknown."""
        ...

    def has_data(self, place: Place) -> bool:
        """Whether a patch has data anywhere.

        Raises:
            ChipError, RasterError: it cannot be read.
        """
        ...

    def load(self, place: Place) -> LoadedPatch:
        """A patch.

        Raises:
            ChipError, RasterError: it cannot be read.
        """
        ...

    def placed(self, place: Place, prompt: Prompt) -> PlacedPrompt:
        """A prompt in the input of the model that sees a patch."""
        ...

    def completed(self, answer: Answer, place: Place) -> Answer:
        """The answer of a patch, with what other patches of the date show of its object."""
        ...


class Dates(Protocol):
    """All dates of a run, on one grid of patches.

    Attributes:
        crs: of all coordinates.
        crs_text: the same as ``EPSG:n`` or WKT.
        pixel: size of a pixel in units of the CRS.
        encoded_count: patches that were encoded.
        cached_count: patches whose features were there before.
    """

    crs: CRS
    crs_text: str
    pixel: float
    encoded_count: int
    cached_count: int

    def open(self, index: int) -> contextlib.AbstractContextManager[OpenDate]:
        """The date of an input of the request.

        Raises:
            FeaturesError, RasterError: it cannot be read.
        """
        ...

    def plan(self, prompts: Sequence[Prompt]) -> list[Place | None]:
        """The place of each prompt, None for those on which there are no patches."""
        ...

    def better(self, prompt: Prompt, place: Place, answer: Answer) -> Place | None:
        """A place that shows more of an object that is cut, None if there is none."""
        ...


@dataclass(frozen=True)
class DatedAnswer:
    """What a prompt gets on a date.

    Attributes:
        found: its object; None if it has none.
        reason: why it has none.
        asked: whether a patch was asked at all.
    """

    found: SegmentedObject | None
    reason: str = ""
    asked: bool = True


class AskedDate:
    """Asks the patches of a date by ``Run``, and remembers which prompts no patch could answer."""

    def __init__(self, source: Source[Any, Any], adapter: ModelAdapter, masks: MaskOptions) -> None:
        self._source = source
        self._adapter = adapter
        self._masks = masks
        self._answered: set[int] = set()

    @property
    def crs(self) -> CRS:
        """That of the patches."""
        return self._source.crs

    def ask(self, asked: Sequence[Any], context: RunContext) -> dict[int, DatedAnswer]:
        """The answers to prompts as the source takes them, by their keys.

        Raises:
            Cancelled: the caller asked to stop.
        """
        objects: dict[int, SegmentedObject] = {}
        reasons: dict[int, str] = {}

        def receive(event: ObjectsEvent) -> None:
            objects.update({each.key: each for each in event.objects})
            reasons.update({each.key: each.reason for each in event.unanswered})

        silent = RunContext(results=receive, cancelled=context.cancelled, log=context.log)
        Run(self, self._adapter, self._masks, 0, silent).answer(asked)
        keys = [each.prompt.key for each in asked]
        return {
            key: DatedAnswer(objects.get(key), reasons.get(key, ""), key in self._answered)
            for key in keys
        }

    def plan(self, prompts: Sequence[Any]) -> tuple[dict[Place, list[Any]], list[Answer]]:
        """See ``Source.plan``."""
        return self._source.plan(prompts)

    def load(self, place: Place) -> LoadedPatch | None:
        """See ``Source.load``."""
        return self._source.load(place)

    def placed(self, place: Place, prompt: Prompt) -> PlacedPrompt:
        """See ``Source.placed``."""
        return self._source.placed(place, prompt)

    def has_data(self, place: Place, prompt: Prompt) -> bool:
        """See ``Source.has_data``."""
        return self._source.has_data(place, prompt)

    def judge(self, asked: Any, place: Place, answer: Answer) -> Answer | AskAgain[Any, Place]:
        """See ``Source.judge``."""
        self._answered.add(asked.prompt.key)
        return self._source.judge(asked, place, answer)

    def failed(self, asked: Any, place: Place, reason: str) -> Answer | AskAgain[Any, Place]:
        """See ``Source.failed``."""
        return self._source.failed(asked, place, reason)
