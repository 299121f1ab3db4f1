"""The objects of a run: their prompts by date, and what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import shapely

from geosam_processing.contract import SEEN, Prompt, SeriesPrompt, SeriesRequest, SeriesRow
from geosam_processing.engine.tracking.dates import Difference, Place
from geosam_processing.engine.tracking.outlines import prompt_of, targets_of


@dataclass(frozen=True)
class Moment:
    """A date of a run.

    Attributes:
        index: of its input in the request.
        date: as in the request.
    """

    index: int
    date: str


def moments_of(request: SeriesRequest) -> list[Moment]:
    """The dates of a request, from the earliest to the latest."""
    order = sorted(range(len(request.inputs)), key=lambda index: request.inputs[index].moment)
    return [Moment(index, request.inputs[index].date) for index in order]


@dataclass
class Followed:
    """An object. Positions count dates from the earliest.

    Attributes:
        first: its first prompt.
        start: the position of that.
        corrections: other prompts, by position.
        home: the place of its prompts.
        known: its outline on the last date on which it was seen, None before that.
        look: how it differs from its surroundings, on the date of the last prompt or that on which
            it was seen first; None if that is unknown.
    """

    key: int
    first: Prompt
    start: int
    corrections: dict[int, SeriesPrompt] = field(default_factory=dict)
    home: Place | None = None
    known: shapely.Geometry | None = None
    look: Difference | None = None
    _origin: tuple[shapely.Geometry, Difference | None] | None = None

    def learn(self, row: SeriesRow, look: Difference | None) -> None:
        """Remember the outline of a row, if there is one."""
        if row.state != SEEN:
            return
        self.known = shapely.from_wkb(row.wkb)
        if self._origin is None or row.prompted:
            self.look = look
        if self._origin is None:
            self._origin = self.known, look

    def needs_look(self, row: SeriesRow) -> bool:
        """Whether ``learn`` will remember how the object of a row looks."""
        return row.state == SEEN and (self._origin is None or row.prompted)

    def turn(self) -> None:
        """Go back to where the object was found first, to follow it the other way."""
        self.known, self.look = self._origin or (None, None)

    def forget(self) -> None:
        """Begin again."""
        self.known = self.look = self._origin = None

    def is_prompted(self, position: int) -> bool:
        """Whether a prompt of the user is on a date."""
        return position == self.start or position in self.corrections

    def prompt_on(self, position: int) -> Prompt:
        """What to ask on a date: the user's prompt, else what the last outline suggests."""
        correction = self.corrections.get(position)
        if correction is not None and not correction.refines:
            return correction.prompt
        if self.known is None:
            return self.first
        if position == self.start:
            return self.first
        derived = prompt_of(self.key, self.known)
        if correction is None:
            return derived
        points = (*derived.points, *correction.prompt.points)
        labels = (*derived.labels, *correction.prompt.labels)
        asked = Prompt(self.key, points, labels)
        # The box would forbid what points outside it ask for.
        inside = shapely.contains(self.known.envelope, targets_of(correction.prompt))
        return replace(asked, box=derived.box) if inside else asked


def objects_of(request: SeriesRequest, moments: Sequence[Moment]) -> list[Followed]:
    """The objects of a request; those that start where they score best start on the first date."""
    places = {request.inputs[each.index].moment: p for p, each in enumerate(moments)}
    default = len(moments) - 1 if request.start == "last" else 0
    objects: dict[int, Followed] = {}
    for each in request.prompts:
        position = default if each.moment is None else places[each.moment]
        known = objects.get(each.prompt.key)
        if known is None:
            objects[each.prompt.key] = Followed(each.prompt.key, each.prompt, position)
        else:
            known.corrections[position] = each
    return list(objects.values())


def span_of(followed: Followed, count: int, direction: str) -> range:
    """The positions of the dates on which an object gets rows."""
    first = 0 if direction != "forward" else followed.start
    last = count - 1 if direction != "backward" else followed.start
    return range(first, last + 1)
