"""Outlines of many objects made as people draw them, within limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from geosam_processing.contract import SIMPLIFIED, UNCHANGED
from geosam_processing.engine.outlines import directions, limits
from geosam_processing.engine.outlines.buildings import BuildingFit
from geosam_processing.engine.outlines.coverage import neighborhoods, shared_borders
from geosam_processing.engine.outlines.curves import smooth_outlines
from geosam_processing.engine.outlines.lots import Progress, each_lot, in_lots
from geosam_processing.engine.outlines.rings import Flags, Geometries, Indices, Reals

# What became of an object, besides the methods for buildings.
SMOOTH, SHARED_BORDERS = "smooth", "shared borders"

# Widths of the filter for curves, in tolerances: the next one for those that it moves too far.
_WIDTHS = (1.5, 0.75, 0.35)
# Shares of the tolerance that objects are simplified by, likewise: for fewest vertices, and
# where nothing else is left to do.
_FEWEST, _REST = (0.9, 0.4), (0.5, 0.25)


@dataclass(frozen=True)
class Limits:
    """How far outlines may be moved.

    Attributes:
        tolerance: no point of an outline is farther than this from the other one, in meters.
        area: greatest change of the area, as a share of what it was.
    """

    tolerance: float
    area: float

    def met(self, before: Geometries, after: Geometries, moved: Reals) -> Flags:
        """[N] whether each outline is valid and within the limits, if it was ``moved`` so far."""
        return limits.within_limits(before, after, moved, self.tolerance, self.area)


@dataclass(frozen=True)
class Cleaned:
    """Objects with clean outlines.

    Attributes:
        geometries: [N] in meters, valid; as they were where nothing could be done.
        methods: [N] one of the constants of this module.
        moved: [N] greatest distance between the outlines before and after, in meters.
    """

    geometries: Geometries
    methods: Geometries
    moved: Reals

    @classmethod
    def unchanged(cls, geometries: Geometries) -> Cleaned:
        """The geometries as they are, to be replaced."""
        count = len(geometries)
        unchanged = np.full(count, UNCHANGED, dtype=object)
        return cls(geometries.copy(), unchanged, np.zeros(count))

    def offer(
        self,
        places: Indices,
        geometries: Geometries,
        methods: Geometries | str,
        most: Limits,
        moved: Reals | None = None,
    ) -> None:
        """Replace those objects whose new outline is within the limits.

        Args:
            places: [n] objects that nothing was done with.
            geometries, methods: [n].
            moved: [n] as ``limits.moved`` gives it, if it is known already.
        """
        before = self.geometries[places]
        if moved is None:
            moved = limits.moved(before, geometries, most.tolerance)
        good = most.met(before, geometries, moved)
        chosen = places[good]
        self.geometries[chosen] = geometries[good]
        self.methods[chosen] = methods if isinstance(methods, str) else methods[good]
        self.moved[chosen] = moved[good]


def as_buildings(
    geometries: Geometries, most: Limits, groups: Indices | None, progress: Progress
) -> Cleaned:
    """Right angles, straight walls and circles.

    Args:
        geometries: [N] valid polygons or multipolygons, not empty, in meters.
        groups: [N] numbers from 0, of objects that share a direction if theirs are alike;
            None: neighbors do.
        progress: receives the share that is done.
    """
    cleaned = Cleaned.unchanged(geometries)
    own = np.zeros(len(geometries))

    def look(lot: Indices) -> None:
        own[lot] = BuildingFit(geometries[lot], most.tolerance).directions()

    in_lots(len(geometries), look, lambda share: progress(0.4 * share))
    spread = directions.uncertainty(geometries, most.tolerance)
    shared = directions.shared(geometries, own, spread, groups)

    def draw(lot: Indices) -> None:
        _put_walls(cleaned, lot, own[lot], shared[lot], most)
        _simplify(cleaned, lot, most)

    in_lots(len(geometries), draw, lambda share: progress(0.4 + 0.6 * share))
    return cleaned


def _put_walls(cleaned: Cleaned, lot: Indices, own: Reals, shared: Reals, most: Limits) -> None:
    """Walls along the shared directions, or else along the objects' own, or else finer ones."""
    before = cleaned.geometries[lot].copy()
    for direction, share in ((shared, 1.0), (own, 1.0), (own, 0.5)):
        rest = np.flatnonzero(cleaned.methods[lot] == UNCHANGED)
        if not len(rest):
            break
        fit = BuildingFit(before[rest], share * most.tolerance).along(direction[rest])
        cleaned.offer(lot[rest], fit.geometries, fit.methods, most)


def as_curves(geometries: Geometries, most: Limits, progress: Progress) -> Cleaned:
    """Smooth outlines of the same areas; arguments as those of ``as_buildings``."""
    cleaned = Cleaned.unchanged(geometries)

    def draw(lot: Indices) -> None:
        for width in _WIDTHS:
            rest = lot[cleaned.methods[lot] == UNCHANGED]
            if len(rest):
                after = smooth_outlines(geometries[rest], most.tolerance, width * most.tolerance)
                cleaned.offer(rest, after, SMOOTH, most)
        _simplify(cleaned, lot, most)

    in_lots(len(geometries), draw, progress)
    return cleaned


def as_fields(
    geometries: Geometries, most: Limits, gap: float, groups: Indices | None, progress: Progress
) -> Cleaned:
    """Straight borders that neighbors share.

    Args:
        gap: gaps of up to this width in meters are closed.
        groups: [N] numbers from 0, of objects that may be neighbors; None: all may.
        progress: receives the share that is done.
    """
    cleaned = Cleaned.unchanged(geometries)

    def draw(group: Indices) -> None:
        before = geometries[group]
        try:
            after, moved = shared_borders(before, most.tolerance, gap)
        except shapely.errors.GEOSException:
            # GEOS cannot overlay them, whatever their precision.
            pass
        else:
            cleaned.offer(group, after, SHARED_BORDERS, most, moved)
        _simplify(cleaned, group, most)

    lots = list(neighborhoods(geometries, max(gap, most.tolerance), groups))
    each_lot(lots, draw, progress)
    return cleaned


def as_they_are(geometries: Geometries, most: Limits, progress: Progress) -> Cleaned:
    """Fewer vertices; arguments as those of ``as_buildings``."""
    cleaned = Cleaned.unchanged(geometries)
    in_lots(len(geometries), lambda lot: _simplify(cleaned, lot, most, _FEWEST), progress)
    return cleaned


def _simplify(
    cleaned: Cleaned, lot: Indices, most: Limits, shares: tuple[float, ...] = _REST
) -> None:
    """Leave out vertices of the objects that nothing was done with."""
    for share in shares:
        rest = lot[cleaned.methods[lot] == UNCHANGED]
        before = cleaned.geometries[rest]
        after = shapely.simplify(before, share * most.tolerance)
        fewer = shapely.get_num_coordinates(after) < shapely.get_num_coordinates(before)
        cleaned.offer(rest[fewer], after[fewer], SIMPLIFIED, most)
