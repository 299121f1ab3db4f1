"""Objects of one place, through the memory of a model from their start to all other dates."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from geosam_processing.contract import Prompt, SeriesRow
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.models.families import family_of
from geosam_processing.engine.segmentation.placing import prompt_batch
from geosam_processing.engine.segmentation.run import LoadedPatch
from geosam_processing.engine.segmentation.segmenter import Answer
from geosam_processing.engine.tracking.dates import Dates, Difference, OpenDate, Place
from geosam_processing.engine.tracking.masks import MaskReader
from geosam_processing.engine.tracking.objects import Followed, Moment, span_of
from geosam_processing.engine.tracking.outlines import place_of
from geosam_processing.engine.tracking.unread import UnreadDates
from geosam_processing.engine.tracking.verdicts import LEAST_DATA, Rules, no_data, not_seen

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter
    from geosam_processing.engine.models.tracker import Tracked, Tracker
    from geosam_processing.engine.run import RunContext

_NO_PATCH = Text("It lies outside every patch, or none holds all its points")
_NO_DATA = Text("Its patch has no data")


@dataclass(frozen=True)
class MemoryRun:
    """What all passes of a run have in common; see ``SeriesRequest``."""

    dates: Dates
    moments: Sequence[Moment]
    direction: str
    memories: int
    rules: Rules
    adapter: ModelAdapter
    reader: MaskReader
    unread: UnreadDates
    context: RunContext


@dataclass(frozen=True)
class _Frame:
    """The patch of a place on a date."""

    position: int
    date: OpenDate
    patch: LoadedPatch


class _LostFrame(Exception):
    """A frame cannot be read after all; the date is reported as unread."""


class MemoryPass:
    """One pass over the dates. All objects are prompted on the same ones.

    Attributes:
        better: places that show more of objects that are cut here, by their keys.
    """

    def __init__(
        self, run: MemoryRun, place: Place | None, objects: Sequence[Followed], is_last: bool
    ) -> None:
        """``is_last``: look for no better places."""
        self.better: dict[int, Place] = {}
        self._run = run
        self._place = place
        self._is_last = is_last
        self._objects = objects
        self._rows: dict[tuple[int, int], SeriesRow] = {}
        self._looks: dict[tuple[int, int], Difference | None] = {}
        self._reasons: dict[int, str] = {}
        self._frames: list[int] = []

    def rows(self) -> list[SeriesRow]:
        """The rows of all objects that have no better place, object by object.

        Raises:
            Cancelled: the caller asked to stop.
        """
        span = span_of(self._objects[0], len(self._run.moments), self._run.direction)
        self._frames = [p for p in span if self._place is not None and self._has_data(p)]
        while self._frames:
            try:
                self._track()
                break
            except _LostFrame as lost:
                self._frames.remove(lost.args[0])
                self._rows.clear()
        reason = _NO_PATCH if self._place is None else _NO_DATA
        return [
            self._rows.get((each.key, p))
            or not_seen(
                each.key,
                self._run.moments[p].date,
                self._reasons.get(p, reason),
                each.is_prompted(p),
            )
            for each in self._objects
            if each.key not in self.better
            for p in span
        ]

    def _has_data(self, position: int) -> bool:
        known = self._run.unread.reason(self._run.moments[position])
        if known:
            self._reasons[position] = known
            return False
        try:
            with self._opened(position) as date:
                return date.has_data(self._place)
        except (errors.FeaturesError, errors.RasterError) as error:
            self._lose(position, error)
            return False

    def _track(self) -> None:
        """Rows of all frames."""
        run, objects = self._run, self._objects
        start = self._nearest(objects[0].start)
        tracker = family_of(run.adapter.family).track
        if tracker is None:
            raise RuntimeError(f"{run.adapter.model_id} has no memory")
        self._tracker: Tracker = tracker(run.adapter, len(self._frames), run.memories)
        for each in objects:
            each.forget()
        self._prompted(start, [each.first for each in objects])
        corrections = objects[0].corrections
        described = [p for p, c in corrections.items() if not c.refines and p in self._frames]
        for position in described:
            if position != start:
                own = [each.corrections[position].prompt for each in objects]
                self._prompted(position, own)
        done = {start, *described}
        for position in sorted(corrections, key=lambda p: abs(p - start)):
            if position in self._frames and position not in done:
                self._refined(start, position, done)
                done.add(position)
        for backward in (False, True):
            self._walk(start, None, done, backward)
            for each in objects:
                each.turn()

    def _nearest(self, start: int) -> int:
        """The frame on which the objects start: the first one from there on, else the last."""
        later = [p for p in self._frames if p >= start]
        return later[0] if later else self._frames[-1]

    def _prompted(self, position: int, prompts: Sequence[Prompt]) -> None:
        with self._frame(position) as frame:
            placed = [frame.date.placed(self._place, prompt) for prompt in prompts]
            batches = [prompt_batch([each]) for each in placed]
            number = self._frames.index(position)
            found = self._tracker.prompt(number, frame.patch.features, batches)
            self._read(frame, found, prompted=True)

    def _refined(self, start: int, position: int, done: set[int]) -> None:
        backward = position < start
        self._walk(start, position, done, backward)
        prompts = [each.corrections[position].prompt for each in self._objects]
        with self._frame(position) as frame:
            placed = [frame.date.placed(self._place, prompt) for prompt in prompts]
            batches = [prompt_batch([each]) for each in placed]
            number = self._frames.index(position)
            found = self._tracker.refine(number, frame.patch.features, batches, backward)
            self._read(frame, found, prompted=True)
        for each in self._objects:
            each.turn()

    def _walk(self, start: int, last: int | None, done: set[int], backward: bool) -> None:
        """Step through the frames on one side of the start, up to ``last``."""
        for position in reversed(self._frames) if backward else self._frames:
            away = start - position if backward else position - start
            if away < 0:
                continue
            if position in done:
                self._learn(position)
                continue
            if len(self.better) == len(self._objects):
                return
            with self._frame(position) as frame:
                number = self._frames.index(position)
                found = self._tracker.step(number, frame.patch.features, backward)
                self._read(frame, found)
            self._learn(position)
            if position == last:
                return

    def _learn(self, position: int) -> None:
        for each in self._objects:
            place = each.key, position
            each.learn(self._rows[place], self._looks.get(place))

    def _read(self, frame: _Frame, found: Tracked, prompted: bool = False) -> None:
        """The rows of a frame; objects that are cut may get a better place."""
        run = self._run
        date = run.moments[frame.position].date
        for number, each in enumerate(self._objects):
            place = place_of(each.first, run.dates.pixel) if each.known is None else each.known
            share = frame.date.data_share(place)
            score, object_score = float(found.scores[number]), float(found.object_scores[number])
            if share < LEAST_DATA:
                row = not_seen(each.key, date, no_data(share), prompted)
            else:
                answer = run.reader.answer(each.first, found.logits[number], score, frame.patch)
                if answer.objects:
                    self._look_for_better(each, answer)
                    (whole,) = frame.date.completed(answer, self._place).objects
                    look = frame.date.difference(shapely.from_wkb(whole.wkb))
                    row = run.rules.judged(whole, date, each, look, prompted, object_score)
                    self._looks[each.key, frame.position] = look
                else:
                    row = run.rules.empty(each.key, date, score, prompted, object_score)
            self._rows[each.key, frame.position] = row

    def _look_for_better(self, followed: Followed, answer: Answer) -> None:
        if not self._is_last:
            better = self._run.dates.better(followed.first, self._place, answer)
            if better is not None:
                self.better[followed.key] = better

    @contextlib.contextmanager
    def _frame(self, position: int) -> Iterator[_Frame]:
        """A frame, while its date is open.

        Raises:
            _LostFrame: it cannot be read.
            Cancelled: the caller asked to stop.
        """
        self._run.context.require_not_cancelled()
        with contextlib.ExitStack() as stack:
            try:
                date = stack.enter_context(self._opened(position))
                patch = date.load(self._place)
            except (errors.FeaturesError, errors.RasterError) as error:
                self._lose(position, error)
                raise _LostFrame(position) from error
            yield _Frame(position, date, patch)

    def _opened(self, position: int) -> contextlib.AbstractContextManager[OpenDate]:
        return self._run.dates.open(self._run.moments[position].index)

    def _lose(self, position: int, error: errors.GeoSamError) -> None:
        self._reasons[position] = self._run.unread.add(self._run.moments[position], error)
