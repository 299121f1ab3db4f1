"""Objects followed by prompts: an outline of one date is the prompt of the next."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from geosam_processing.contract import SEEN, SeriesRow
from geosam_processing.engine import errors
from geosam_processing.engine.tracking.dates import Dates, OpenDate
from geosam_processing.engine.tracking.objects import Followed, Moment
from geosam_processing.engine.tracking.outlines import place_of
from geosam_processing.engine.tracking.progress import Delivery
from geosam_processing.engine.tracking.unread import UnreadDates
from geosam_processing.engine.tracking.verdicts import LEAST_DATA, Rules, gone, no_data, not_seen


class PromptFollower:
    """Asks date by date; all objects of a date together."""

    def __init__(
        self,
        dates: Dates,
        moments: Sequence[Moment],
        rules: Rules,
        unread: UnreadDates,
        delivery: Delivery,
    ) -> None:
        self._dates = dates
        self._moments = moments
        self._rules = rules
        self._unread = unread
        self._delivery = delivery

    def follow(self, objects: Sequence[Followed], direction: str) -> None:
        """Follow objects from their start.

        Raises:
            Cancelled: the caller asked to stop.
        """
        count = len(self._moments)
        if direction != "backward":
            for position in range(count):
                chosen = [each for each in objects if each.start <= position]
                self._step(position, chosen, "forward")
            for each in objects:
                each.turn()
        if direction != "forward":
            own = direction == "backward"
            for position in reversed(range(count)):
                chosen = [each for each in objects if position < each.start + own]
                self._step(position, chosen, "backward")

    def _step(self, position: int, objects: Sequence[Followed], way: str) -> None:
        if not objects:
            return
        step = f"{self._moments[position].date} {way}"
        rows = self._delivery.known(step)
        if rows is not None:
            self._recall(position, objects, rows)
        else:
            self._delivery.deliver(step, self.rows_on(position, objects))

    def _recall(
        self, position: int, objects: Sequence[Followed], rows: Sequence[SeriesRow]
    ) -> None:
        """Learn from rows of an interrupted run what the run itself learned."""
        index = self._moments[position].index
        for each, row in zip(objects, rows, strict=True):
            look = None
            if each.needs_look(row):
                with self._dates.open(index) as date:
                    look = date.difference(shapely.from_wkb(row.wkb))
            each.learn(row, look)

    def rows_on(self, position: int, objects: Sequence[Followed]) -> list[SeriesRow]:
        """The rows of objects on a date, in their order; the objects learn from them.

        Raises:
            Cancelled: the caller asked to stop.
        """
        moment = self._moments[position]
        self._delivery.context.require_not_cancelled()
        reason = self._unread.reason(moment)
        if not reason:
            try:
                with self._dates.open(moment.index) as date:
                    return self._asked(date, position, objects)
            except (errors.FeaturesError, errors.RasterError) as error:
                reason = self._unread.add(moment, error)
        return [
            not_seen(each.key, moment.date, reason, each.is_prompted(position)) for each in objects
        ]

    def _asked(self, date: OpenDate, position: int, objects: Sequence[Followed]) -> list[SeriesRow]:
        text = self._moments[position].date
        rows: dict[int, SeriesRow] = {}
        prompts = []
        for each in objects:
            prompt = each.prompt_on(position)
            own = each.known is None or each.is_prompted(position)
            place = place_of(prompt, self._dates.pixel) if own else each.known
            share = date.data_share(place)
            if share < LEAST_DATA:
                reason = no_data(share)
                rows[each.key] = not_seen(each.key, text, reason, each.is_prompted(position))
            else:
                prompts.append((prompt, each.home))
        answers = date.answers(prompts, self._delivery.context) if prompts else {}
        for each in objects:
            answer = answers.get(each.key)
            if answer is None:
                continue
            prompted = each.is_prompted(position)
            look = None
            if answer.found is not None:
                look = date.difference(shapely.from_wkb(answer.found.wkb))
                row = self._rules.judged(answer.found, text, each, look, prompted)
            elif answer.asked:
                row = gone(each.key, text, answer.reason, prompted)
            else:
                row = not_seen(each.key, text, answer.reason, prompted)
            rows[each.key] = row
            each.learn(row, look)
        return [rows[each.key] for each in objects]


def start_where_best(follower: PromptFollower, objects: Sequence[Followed], count: int) -> None:
    """Let objects start on the date on which their first prompt scores best.

    Objects that no date shows start on the first one.

    Raises:
        Cancelled: the caller asked to stop.
    """
    best: dict[int, tuple[float, int]] = {}
    for position in range(count):
        rows = follower.rows_on(position, objects)
        for each in objects:
            each.forget()
        for row in rows:
            score = row.score if row.state == SEEN and row.score is not None else None
            if score is not None and score > best.get(row.key, (-1.0, 0))[0]:
                best[row.key] = (score, position)
    for each in objects:
        _, each.start = best.get(each.key, (0.0, 0))
