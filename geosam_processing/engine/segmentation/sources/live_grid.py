"""Where patches lie that are encoded as prompts need them: pure arithmetic on pixels.

Patches start at multiples of an eighth of their size from the origin of the CRS. So prompts of
different runs meet the same ones, as do a tile layer and a raster that was cut from it. A
patch of level n has pixels 2^n as large as those of the grid. One of level -1 is half as wide and
enlarged for the model, which outlines small objects better.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from affine import Affine

from geosam_processing.contract import Bounds, LivePatch, Prompt
from geosam_processing.contract.texts import Text
from geosam_processing.engine.raster.letterbox import SMALL

OUTSIDE = Text("It lies outside the raster: check its coordinates and their CRS")
PARTLY_OUTSIDE = Text("One of its points lies outside the raster: remove that, or move it")

# Patches start at multiples of their size / _STEPS; a prompt keeps the same distance from the
# edge of its patch, as what it points at is larger than itself.
_STEPS = 8
# Rounding alone may put a point off the raster by this share of a pixel.
_EDGE = 1e-6
_HIGHEST_LEVEL = 16


# Level, first column and first row of a patch.
_Position = tuple[int, int, int]


@dataclass(frozen=True)
class _Span:
    """Where a prompt or an object lies along one axis, in pixels of the grid."""

    start: float
    stop: float

    def joined(self, other: _Span) -> _Span:
        return _Span(min(self.start, other.start), max(self.stop, other.stop))

    @property
    def centre(self) -> float:
        return (self.start + self.stop) / 2


@dataclass(frozen=True)
class _Axis:
    """One axis of the grid, of ``size`` pixels; windows start at steps from pixel ``anchor``."""

    size: int
    anchor: int
    patch_size: int

    def length(self, level: int) -> int:
        """The length of a window; an axis that is shorter has one window, as long as itself."""
        return min(self._full_length(level), self.size)

    def clipped(self, span: _Span, margin: float = 0.0) -> _Span:
        return _Span(max(span.start - margin, 0.0), min(span.stop + margin, self.size))

    def starts(self, level: int, span: _Span) -> list[int]:
        """Where the windows start that hold ``span`` with a margin."""
        length, step = self.length(level), self._step(level)
        wanted = self.clipped(span, step)
        last_start = self.size - length
        low = math.ceil((wanted.stop - length - self.anchor) / step)
        high = math.floor((wanted.start - self.anchor) / step)
        starts = {self.anchor + number * step for number in range(low, high + 1)}
        starts = {start for start in starts if 0 <= start <= last_start}
        # The grid need not meet the ends, so there are windows of their own.
        ends = {0, last_start}
        starts |= {x for x in ends if x <= wanted.start and wanted.stop <= x + length}
        return sorted(starts)

    def start_around(self, level: int, span: _Span, cut: tuple[bool, bool]) -> int:
        """Where the window starts that shows most of the object beyond ``span``.

        ``cut``: whether it continues at its start and at its stop. If at one of them only, the
        other gets no more than its margin.
        """
        length, step = self.length(level), self._step(level)
        first, last = span.start - self.anchor, span.stop - self.anchor
        if cut == (False, True):
            start = math.floor(first / step) * step - step
        elif cut == (True, False):
            start = math.ceil(last / step) * step + step - length
        else:
            start = math.floor(((first + last - length) / 2) / step + 0.5) * step
        return min(max(self.anchor + start, 0), self.size - length)

    def covering(self, level: int, span: _Span) -> list[int]:
        """Where windows start that overlap by a quarter and cover ``span``."""
        length, apart = self.length(level), self._step(level) * _STEPS * 3 // 4
        first = math.floor((span.start - self.anchor) / apart)
        last = max(math.ceil((span.stop - self.anchor - length) / apart), first)
        wanted = (self.anchor + number * apart for number in range(first, last + 1))
        return sorted({min(max(start, 0), self.size - length) for start in wanted})

    def fineness(self, level: int, start: int) -> int:
        """0 for starts every half patch, 1 for the quarters between them, else 2."""
        number, off = divmod(start - self.anchor, self._step(level))
        return next((n for n, every in enumerate((4, 2)) if not off and number % every == 0), 2)

    def _step(self, level: int) -> int:
        return self._full_length(level) // _STEPS

    def _full_length(self, level: int) -> int:
        return self.patch_size << level if level >= 0 else self.patch_size >> -level


class LiveGrid:
    """The patches over a raster or a tile layer of ``columns`` x ``rows`` pixels.

    ``transform`` takes its pixels to coordinates.
    """

    def __init__(self, transform: Affine, columns: int, rows: int, patch_size: int) -> None:
        self.transform = transform
        self._inverse = ~transform
        x, y = map(round, self._inverse * (0.0, 0.0))
        # Smaller boxes are asked on level -1.
        self._small = SMALL * patch_size
        self._columns = _Axis(columns, x, patch_size)
        self._rows = _Axis(rows, y, patch_size)

    def locate(self, prompt: Prompt) -> tuple[_Span, _Span] | str:
        """Where a prompt lies in columns and rows, or why it cannot be placed.

        A box is cut to the raster.
        """
        points = [self._inverse * point for point in prompt.points]
        corners = _corners(prompt.box)
        xs, ys = zip(*points, *(self._inverse * corner for corner in corners), strict=True)
        if not all(map(math.isfinite, (*xs, *ys))):
            return OUTSIDE
        inside = [self._holds(x, y) for x, y in points]
        columns, rows = _Span(min(xs), max(xs)), _Span(min(ys), max(ys))
        if corners and not self._overlaps(columns, rows):
            return OUTSIDE
        if not all(inside):
            return PARTLY_OUTSIDE if any(inside) or corners else OUTSIDE
        return self._columns.clipped(columns), self._rows.clipped(rows)

    def plan(self, prompts: Sequence[Prompt]) -> tuple[dict[LivePatch, list[int]], dict[int, str]]:
        """As few patches as hold all prompts well inside.

        Depends on the prompts and the grid alone, so that the same prompts have the same
        patches in every run.

        Returns:
            Indices of ``prompts`` by patch, and reasons of those that cannot be placed.
        """
        reasons: dict[int, str] = {}
        places: dict[int, tuple[_Span, _Span]] = {}
        holding: dict[_Position, set[int]] = {}
        for index, prompt in enumerate(prompts):
            place = self.locate(prompt)
            if isinstance(place, str):
                reasons[index] = place
                continue
            places[index] = place
            for position in self._positions(*place, self._first_level(prompt, *place)):
                holding.setdefault(position, set()).add(index)
        planned: dict[LivePatch, list[int]] = {}
        for position, indices in self._cover(holding, places):
            planned[self._patch(*position)] = sorted(indices)
        return planned, reasons

    def better(self, prompt: Prompt, patch: LivePatch, pixel_bounds: Bounds) -> LivePatch | None:
        """The next patch for an object that ``patch`` cuts, None if there is none.

        It has the same resolution if what was seen of the object fits well into it, moved to
        where the object continues; else it is coarser.

        Args:
            pixel_bounds: x0, y0, x1, y1 of the object in pixels of the patch.
        """
        place = self.locate(prompt)
        if isinstance(place, str):
            return None
        seen_columns, seen_rows = self._seen(patch, pixel_bounds)
        columns, rows = seen_columns.joined(place[0]), seen_rows.joined(place[1])
        cut_columns, cut_rows = self._cuts(patch, pixel_bounds)
        for level in range(patch.level, _HIGHEST_LEVEL + 1):
            x = self._columns.start_around(level, columns, cut_columns)
            y = self._rows.start_around(level, rows, cut_rows)
            candidate = self._patch(level, x, y)
            if candidate != patch and self._fits(candidate, columns, rows):
                return candidate
        return None

    def coarser(self, prompt: Prompt, patch: LivePatch) -> LivePatch | None:
        """A patch around a prompt of the next level that shows more, None if there is none."""
        place = self.locate(prompt)
        if isinstance(place, str):
            return None
        columns, rows = place
        for level in range(patch.level + 1, _HIGHEST_LEVEL + 1):
            x = self._columns.start_around(level, columns, (False, False))
            y = self._rows.start_around(level, rows, (False, False))
            candidate = self._patch(level, x, y)
            if candidate.width > patch.width or candidate.height > patch.height:
                return candidate
        return None

    def covering(self, level: int, bounds: Bounds) -> list[LivePatch]:
        """Patches of a level that overlap by a quarter and cover bounds in the grid's CRS."""
        points = [self._inverse * corner for corner in _corners(bounds)]
        xs, ys = zip(*points, strict=True)
        starts = [
            axis.covering(level, axis.clipped(_Span(min(values), max(values))))
            for axis, values in ((self._columns, xs), (self._rows, ys))
        ]
        return [self._patch(level, x, y) for y in starts[1] for x in starts[0]]

    def cuts(self, patch: LivePatch, pixel_bounds: Bounds) -> bool:
        """Whether an object reaches an edge of its patch inside the raster."""
        return any(map(any, self._cuts(patch, pixel_bounds)))

    def patch_transform(self, patch: LivePatch) -> Affine:
        """Takes pixels of a patch to coordinates."""
        scale = Affine.scale(patch.width / patch.columns, patch.height / patch.rows)
        return self.transform * Affine.translation(patch.x, patch.y) * scale

    def _holds(self, x: float, y: float) -> bool:
        return -_EDGE <= x <= self._columns.size + _EDGE and -_EDGE <= y <= self._rows.size + _EDGE

    def _overlaps(self, columns: _Span, rows: _Span) -> bool:
        return (
            columns.start < self._columns.size
            and columns.stop > 0
            and rows.start < self._rows.size
            and rows.stop > 0
        )

    def _first_level(self, prompt: Prompt, columns: _Span, rows: _Span) -> int:
        """The finest level for a prompt; how large an object is is known of its box alone."""
        side = max(span.stop - span.start for span in (columns, rows))
        return -1 if prompt.box is not None and side < self._small else 0

    def _positions(self, columns: _Span, rows: _Span, first_level: int) -> list[_Position]:
        """All patches for a prompt of the finest level that has one."""
        for level in range(first_level, _HIGHEST_LEVEL + 1):
            xs, ys = self._columns.starts(level, columns), self._rows.starts(level, rows)
            if xs and ys:
                return [(level, x, y) for y in ys for x in xs]
        return []

    def _cover(
        self, holding: dict[_Position, set[int]], places: dict[int, tuple[_Span, _Span]]
    ) -> Iterator[tuple[_Position, list[int]]]:
        """Patches that hold all prompts, and the prompts that each is nearest to.

        The next one is always the one that holds most of the rest. Among equals it is the
        rarest on the grid (every half patch, then every quarter), because prompts of other
        runs will meet it most often, and then that whose center is nearest.
        """

        def distance(position: _Position, index: int) -> float:
            level, x, y = position
            columns, rows = places[index]
            across = columns.centre - x - self._columns.length(level) / 2
            return max(abs(across), abs(rows.centre - y - self._rows.length(level) / 2))

        def rank(position: _Position, indices: set[int]) -> tuple[float, ...]:
            level, x, y = position
            fineness = self._columns.fineness(level, x) + self._rows.fineness(level, y)
            return (-len(indices), fineness, sum(distance(position, i) for i in sorted(indices)))

        queue = [(rank(position, indices), position) for position, indices in holding.items()]
        heapq.heapify(queue)
        chosen: dict[int, _Position] = {}
        waiting = set().union(*holding.values())
        while waiting:
            ranked, position = heapq.heappop(queue)
            rest = holding[position] & waiting
            if rest and -ranked[0] != len(rest):
                # Others took some of its prompts since it was ranked.
                heapq.heappush(queue, (rank(position, rest), position))
            elif rest:
                waiting -= rest
                for index in holding[position]:
                    known = chosen.get(index)
                    if known is None or distance(position, index) < distance(known, index):
                        chosen[index] = position
        by_position: dict[_Position, list[int]] = {}
        for index, position in sorted(chosen.items()):
            by_position.setdefault(position, []).append(index)
        yield from sorted(by_position.items())

    def _fits(self, patch: LivePatch, columns: _Span, rows: _Span) -> bool:
        # Patches move by whole steps, so half of the margin may be missing at one side.
        margin = max(patch.width, patch.height) / _STEPS / 2
        columns, rows = self._columns.clipped(columns, margin), self._rows.clipped(rows, margin)
        return (
            patch.x <= columns.start
            and columns.stop <= patch.x + patch.width
            and patch.y <= rows.start
            and rows.stop <= patch.y + patch.height
        )

    def _cuts(
        self, patch: LivePatch, pixel_bounds: Bounds
    ) -> tuple[tuple[bool, bool], tuple[bool, bool]]:
        """Of the columns, then of the rows: whether it is cut at their start and their stop."""
        x0, y0, x1, y1 = pixel_bounds
        return (
            (
                x0 <= 0 and patch.x > 0,
                x1 >= patch.columns and patch.x + patch.width < self._columns.size,
            ),
            (
                y0 <= 0 and patch.y > 0,
                y1 >= patch.rows and patch.y + patch.height < self._rows.size,
            ),
        )

    def _seen(self, patch: LivePatch, pixel_bounds: Bounds) -> tuple[_Span, _Span]:
        x_scale, y_scale = patch.width / patch.columns, patch.height / patch.rows
        x0, y0, x1, y1 = pixel_bounds
        return (
            _Span(patch.x + x0 * x_scale, patch.x + x1 * x_scale),
            _Span(patch.y + y0 * y_scale, patch.y + y1 * y_scale),
        )

    def _patch(self, level: int, x: int, y: int) -> LivePatch:
        width, height = self._columns.length(level), self._rows.length(level)
        corners = [
            self.transform * (across, down) for across in (x, x + width) for down in (y, y + height)
        ]
        xs, ys = zip(*corners, strict=True)
        return LivePatch(
            level=level,
            x=x,
            y=y,
            width=width,
            height=height,
            columns=-(-width >> max(level, 0)),
            rows=-(-height >> max(level, 0)),
            bounds=(min(xs), min(ys), max(xs), max(ys)),
        )


def _corners(box: Bounds | None) -> list[tuple[float, float]]:
    return [] if box is None else [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
