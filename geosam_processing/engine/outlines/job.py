"""Outlines of a layer: from any geometries in a CRS to clean ones, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS

from geosam_processing.contract import OUTLINE_KINDS, UNCHANGED, OutlineOptions
from geosam_processing.engine.outlines import limits
from geosam_processing.engine.outlines.clean import (
    Cleaned,
    Limits,
    as_buildings,
    as_curves,
    as_fields,
    as_they_are,
)
from geosam_processing.engine.outlines.ground import GroundFrame
from geosam_processing.engine.outlines.lots import Progress, in_lots
from geosam_processing.engine.outlines.rings import Geometries, Indices, Reals
from geosam_processing.engine.outlines.usable import usable
from geosam_processing.engine.overlap import intersection_over_union

BUILDINGS, FIELDS, CURVES, AS_THEY_ARE = OUTLINE_KINDS


@dataclass(frozen=True)
class Outlines:
    """Clean outlines of a layer.

    Attributes:
        geometries: [N] valid multipolygons in the CRS; None where there was no polygon.
        moved: [N] greatest distance between the outlines before and after, in meters.
        area_change: [N] in percent of the area before.
        iou: [N] of the polygons before and after, 0 to 1.
        methods: [N] how each outline was drawn.
        repaired: number of invalid geometries.
    """

    geometries: Geometries
    moved: Reals
    area_change: Reals
    iou: Reals
    methods: Geometries
    repaired: int


def clean_outlines(
    geometries: Geometries,
    crs: CRS,
    options: OutlineOptions,
    groups: Indices | None = None,
    progress: Progress = lambda share: None,
) -> Outlines:
    """Draw the outlines of objects as people do.

    Args:
        geometries: [N] of any kind. What is no polygon is left out, what is invalid repaired.
        groups: [N] numbers from 0. Only objects of one group are neighbors; None: all may be.
        progress: receives the share that is done. It may raise.
    """
    count = len(geometries)
    polygons, good, invalid = usable(geometries)
    (places,) = np.nonzero(good)
    result = Outlines(
        np.full(count, None, dtype=object),
        np.zeros(count),
        np.zeros(count),
        np.ones(count),
        np.full(count, UNCHANGED, dtype=object),
        int((good & invalid).sum()),
    )
    if not len(places):
        return result
    frame = GroundFrame.of(polygons[places], crs, common=options.kind == FIELDS)
    before = frame.to_ground(polygons[places])
    # An outline that nearly touches itself may do so once its coordinates are rounded.
    valid = shapely.is_valid(before)
    result.geometries[places[~valid]] = _as_multipolygons(polygons[places[~valid]])
    places, before, frame = places[valid], before[valid], frame.part(valid)
    group = None if groups is None else np.unique(groups[places], return_inverse=True)[1]
    cleaned = _cleaned(before, options, group, lambda share: progress(0.75 * share))
    after = frame.to_crs(cleaned.geometries)
    cleaned.methods[~shapely.is_valid(after)] = UNCHANGED
    _measure(cleaned, before, places, result, lambda share: progress(0.75 + 0.25 * share))
    # An object that is as it was keeps its coordinates to the last digit.
    after = np.where(cleaned.methods == UNCHANGED, polygons[places], after)
    result.geometries[places] = _as_multipolygons(after)
    return result


def _cleaned(
    before: Geometries, options: OutlineOptions, groups: Indices | None, progress: Progress
) -> Cleaned:
    most = Limits(options.tolerance, options.area_change / 100)
    if options.kind == BUILDINGS:
        return as_buildings(before, most, groups, progress)
    if options.kind == FIELDS:
        return as_fields(before, most, options.gap, groups, progress)
    if options.kind == CURVES:
        return as_curves(before, most, progress)
    return as_they_are(before, most, progress)


def _measure(
    cleaned: Cleaned,
    before: Geometries,
    places: Indices,
    result: Outlines,
    progress: Progress,
) -> None:
    """Fill in what was changed; of what was not, nothing is to be measured."""
    (changed,) = np.nonzero(cleaned.methods != UNCHANGED)
    result.methods[places] = cleaned.methods

    def measure(lot: Indices) -> None:
        some = changed[lot]
        one, other, place = before[some], cleaned.geometries[some], places[some]
        result.moved[place] = cleaned.moved[some]
        result.area_change[place] = 100 * limits.area_change(one, other)
        result.iou[place] = intersection_over_union(one, other)

    in_lots(len(changed), measure, progress)


def _as_multipolygons(geometries: Geometries) -> Geometries:
    parts, owner = shapely.get_parts(geometries, return_index=True)
    return np.asarray(shapely.multipolygons(parts, indices=owner))
