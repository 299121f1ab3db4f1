"""Compare objects with a reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geosam_processing.contract import AssessmentOptions, Measures
from geosam_processing.contract.texts import Text
from geosam_processing.engine.assessment.average_precision import THRESHOLDS, Curve
from geosam_processing.engine.assessment.boundary import boundary_agreement
from geosam_processing.engine.assessment.fragmentation import (
    corresponding,
    merging_objects,
    split_references,
)
from geosam_processing.engine.assessment.layer import (
    MeasuredLayer,
    PolygonLayer,
    equal_area_crs,
    in_meters,
    measured,
)
from geosam_processing.engine.assessment.matching import greedy_matching, optimal_matching
from geosam_processing.engine.assessment.measures import (
    Comparison,
    Shifts,
    curve_of,
    measures_of,
    subsets,
    usual_limits,
)
from geosam_processing.engine.assessment.pairs import (
    Indices,
    Pairs,
    Reals,
    overlapping_pairs,
)
from geosam_processing.engine.errors import AssessmentError

Progress = Callable[[int, int, str], None]

MAXIMUM_CLASSES = 200

_IDS_SHOWN = 3
_TOLERANCE_SHARE = 1 / 20  # of the median reference's side
# What the steps take of 100, about.
_REPAIR, _OVERLAP, _OUTLINES = 20, 60, 95


@dataclass(frozen=True)
class Confusion:
    """Numbers of polygons by class.

    Polygons match within their class first. The remaining ones may then match any class.

    Attributes:
        names: the classes.
        counts: references in rows, objects in columns. The last column has the references
            without a match, the last row the objects without one, [names + 1, names + 1].
    """

    names: tuple[str, ...]
    counts: NDArray[np.intp]


@dataclass(frozen=True)
class Assessment:
    """How well objects agree with a reference.

    Attributes:
        measures: the figures of all polygons, then of each class and each size.
        comparison: the measured layers and their pairs.
        crs: the equal-area CRS of the measured layers.
        boundary_tolerance: as used, in meters; None without references.
        curve: precision and recall at the IoU of a match; None without scores or references.
        confusion: None without classes.
    """

    measures: tuple[Measures, ...]
    comparison: Comparison
    crs: CRS
    boundary_tolerance: float | None
    curve: Curve | None
    confusion: Confusion | None

    @property
    def total(self) -> Measures:
        """The figures of all polygons."""
        return self.measures[0]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The measures, one row each."""
        return pd.DataFrame(self.measures)

    @cached_property
    def matches(self) -> pd.DataFrame:
        """One row for each matched pair; distances in meters, areas in square meters."""
        found, pairs = self.comparison, self.comparison.matched
        frame = pd.DataFrame(
            {
                "object_id": found.objects.ids[pairs.objects],
                "reference_id": found.references.ids[pairs.references],
                "iou": pairs.ious,
                "object_area": found.objects.areas[pairs.objects],
                "reference_area": found.references.areas[pairs.references],
            }
        )
        for name, values in (
            ("boundary_mean", found.boundary.means),
            ("boundary_95", found.boundary.percentiles_95),
            ("shift_east", found.shifts.east),
            ("shift_north", found.shifts.north),
        ):
            frame[name] = np.nan
            frame.loc[found.compared, name] = values
        return frame

    @cached_property
    def missed(self) -> pd.DataFrame:
        """One row for each reference without a match, with the object of greatest IoU, if any."""
        found, pairs = self.comparison, self.comparison.overlapping
        return _unmatched(
            ("reference", found.references, pairs.references),
            ("object", found.objects, pairs.objects),
            pairs.ious,
            found.matched.references,
        )

    @cached_property
    def false_alarms(self) -> pd.DataFrame:
        """One row for each object without a match, with the reference of greatest IoU, if any."""
        found, pairs = self.comparison, self.comparison.overlapping
        return _unmatched(
            ("object", found.objects, pairs.objects),
            ("reference", found.references, pairs.references),
            pairs.ious,
            found.matched.objects,
        )

    @cached_property
    def splits(self) -> pd.DataFrame:
        """One row for each split reference and each object that merges references.

        ``kind`` is split or merged, ``complete_id`` the reference or the object, ``piece_ids``
        the objects or the references that share it.
        """
        found = self.comparison
        rows = [
            (kind, complete.ids[group.complete], tuple(pieces.ids[list(group.pieces)].tolist()))
            for kind, groups, complete, pieces in (
                ("split", found.splits, found.references, found.objects),
                ("merged", found.merges, found.objects, found.references),
            )
            for group in groups
        ]
        return pd.DataFrame(rows, columns=["kind", "complete_id", "piece_ids"])

    def notes(self) -> Iterator[str]:
        """Yield remarks on polygons that were repaired or left out."""
        for layer, name in (
            (self.comparison.objects, Text("Objects")),
            (self.comparison.references, Text("References")),
        ):
            if layer.repaired:
                yield Text(
                    "{} with an invalid geometry, which was repaired: {}", name, layer.repaired
                )
            if len(layer.unusable_ids):
                shown = ", ".join(map(str, layer.unusable_ids[:_IDS_SHOWN].tolist()))
                more = ", ..." if len(layer.unusable_ids) > _IDS_SHOWN else ""
                yield (
                    Text(
                        "{} without an area, which do not count: {} (ids {}{})",
                        name,
                        len(layer.unusable_ids),
                        shown,
                        more,
                    )
                )
            if layer.outside:
                yield Text(
                    "{} outside the assessed area, which do not count: {}", name, layer.outside
                )
        scores = self.comparison.objects.scores
        without = 0 if scores is None else int(np.isneginf(scores).sum())
        if without:
            yield Text("Objects without a score, which rank below all others: {}", without)


def assess(
    objects: PolygonLayer,
    reference: PolygonLayer,
    area: PolygonLayer | None = None,
    options: AssessmentOptions | None = None,
    progress: Progress = lambda done, total, text: None,
) -> Assessment:
    """Compare objects with a reference.

    Everything is measured in a Lambert azimuthal equal-area projection, centered on the data, so
    layers can be in any CRS. With ``area``, both layers are cut to it first, and each polygon
    counts with the share of its area that lies inside: precision weighs objects, recall weighs
    references, and what is said of pairs has the mean of the two weights. Outlines are compared
    only where neither is cut. If both layers have classes, only polygons of the same class match.

    Args:
        area: polygons within which the reference is complete. If None, everywhere.
        progress: gets the finished steps, their number, and a text. It may raise, to cancel.

    Raises:
        AssessmentError: there are more than ``MAXIMUM_CLASSES``.
    """
    options = options or AssessmentOptions()
    _require_few_classes(objects, reference)
    crs = equal_area_crs([objects, reference])
    inside = None if area is None else _union(area, crs)
    found = measured(
        _with_lowest_scores(objects), crs, inside, _part(progress, 0, _REPAIR, "object")
    )
    present = measured(reference, crs, inside, _part(progress, _REPAIR, 2 * _REPAIR, "reference"))
    overlapping = overlapping_pairs(
        found.geometries,
        present.geometries,
        _part(progress, 2 * _REPAIR, _OVERLAP, "overlap of object"),
    )
    pairs = overlapping
    if found.classes is not None and present.classes is not None:
        same = found.classes[pairs.objects] == present.classes[pairs.references]
        pairs = pairs.where(same.astype(bool))
    tolerance = options.boundary_tolerance or _usual_tolerance(present)
    comparison = _compared(
        found,
        present,
        overlapping,
        pairs,
        options.iou,
        tolerance or 0.0,
        _part(progress, _OVERLAP, _OUTLINES, "outlines of match"),
    )
    limits = np.array(options.size_limits) if options.size_limits else usual_limits(present)
    rows = list(subsets(found, present, limits))
    result = Assessment(
        measures=tuple(measures_of(comparison, row) for row in rows),
        comparison=comparison,
        crs=crs,
        boundary_tolerance=tolerance,
        curve=curve_of(comparison, rows[0], options.iou),
        confusion=_confusion(comparison, options.iou),
    )
    progress(100, 100, "")
    return result


def _compared(
    objects: MeasuredLayer,
    references: MeasuredLayer,
    overlapping: Pairs,
    pairs: Pairs,
    iou: float,
    tolerance: float,
    progress: Callable[[int, int], None],
) -> Comparison:
    matched = pairs.where(optimal_matching(pairs, iou))
    compared = objects.whole[matched.objects] & references.whole[matched.references]
    left = objects.geometries[matched.objects[compared]]
    right = references.geometries[matched.references[compared]]
    moved = shapely.get_coordinates(shapely.centroid(left)) - shapely.get_coordinates(
        shapely.centroid(right)
    )
    by_score = {}
    if objects.scores is not None:
        by_score = {
            each: pairs.where(greedy_matching(pairs, objects.scores, each))
            for each in {*THRESHOLDS, iou}
        }
    return Comparison(
        objects=objects,
        references=references,
        overlapping=overlapping,
        matched=matched,
        compared=compared,
        boundary=boundary_agreement(left, right, tolerance, progress),
        shifts=Shifts(*moved.T),
        corresponding=corresponding(pairs, objects.areas, references.areas),
        splits=split_references(pairs, objects.geometries, references.geometries),
        merges=merging_objects(pairs, objects.geometries, references.geometries),
        by_score=by_score,
    )


def _require_few_classes(objects: PolygonLayer, reference: PolygonLayer) -> None:
    if objects.classes is None or reference.classes is None:
        return
    count = len({*objects.classes, *reference.classes})
    if count > MAXIMUM_CLASSES:
        raise AssessmentError(
            "The layers have {} classes, and at most {} can be compared. "
            "Choose a field with the names of classes, not with ids.",
            count,
            MAXIMUM_CLASSES,
        )


def _with_lowest_scores(layer: PolygonLayer) -> PolygonLayer:
    """Let objects without a score be the last to choose."""
    if layer.scores is None:
        return layer
    scores = np.where(np.isnan(layer.scores), -np.inf, layer.scores)
    return PolygonLayer(layer.geometries, layer.crs, layer.ids, scores, layer.classes)


def _union(area: PolygonLayer, crs: CRS) -> shapely.Geometry:
    polygons, _ = in_meters(area.geometries, area.crs, crs)
    return shapely.union_all(polygons)


def _usual_tolerance(references: MeasuredLayer) -> float | None:
    if not len(references):
        return None
    side = float(np.sqrt(np.median(references.areas / references.weights)))
    return side * _TOLERANCE_SHARE


def _part(progress: Progress, start: int, end: int, what: str) -> Callable[[int, int], None]:
    """Return a listener that shows a step as its part of 100."""

    def show(done: int, total: int) -> None:
        progress(start + (end - start) * done // max(total, 1), 100, f"{what} {done} of {total}")

    return show


def _unmatched(
    own: tuple[str, MeasuredLayer, Indices],
    other: tuple[str, MeasuredLayer, Indices],
    ious: Reals,
    matched: Indices,
) -> pd.DataFrame:
    """Return the polygons of a layer without a match, and what each one overlaps best.

    ``own`` and ``other`` are the layers' names, the layers, and their rows in the pairs.
    """
    name, layer, rows = own
    other_name, other_layer, other_rows = other
    best = np.full(len(layer), -1, dtype=np.intp)
    order = np.argsort(ious, kind="stable")
    best[rows[order]] = order  # the last one written stays
    lonely = np.ones(len(layer), bool)
    lonely[matched] = False
    best = best[lonely]
    some = best >= 0
    frame = pd.DataFrame({f"{name}_id": layer.ids[lonely], "best_iou": np.zeros(len(best))})
    frame.loc[some, "best_iou"] = ious[best[some]]
    frame[f"best_{other_name}_id"] = pd.Series(pd.NA, frame.index, dtype="Int64")
    frame.loc[some, f"best_{other_name}_id"] = other_layer.ids[other_rows[best[some]]]
    frame["area"], frame["weight"] = layer.areas[lonely], layer.weights[lonely]
    return frame


def _confusion(comparison: Comparison, iou: float) -> Confusion | None:
    objects, references = comparison.objects, comparison.references
    if objects.classes is None or references.classes is None:
        return None
    rest = ~np.isin(comparison.overlapping.objects, comparison.matched.objects)
    rest &= ~np.isin(comparison.overlapping.references, comparison.matched.references)
    left = comparison.overlapping.where(rest)
    confused = left.where(optimal_matching(left, iou))
    names, position = np.unique(
        np.concatenate([references.classes, objects.classes]).astype(str), return_inverse=True
    )
    true, claimed = position[: len(references)], position[len(references) :]
    present = np.concatenate([comparison.matched.references, confused.references])
    found = np.concatenate([comparison.matched.objects, confused.objects])
    counts = np.zeros((len(names) + 1, len(names) + 1), dtype=np.intp)
    np.add.at(counts, (true[present], claimed[found]), 1)
    counts[:-1, -1] = np.bincount(np.delete(true, present), minlength=len(names))
    counts[-1, :-1] = np.bincount(np.delete(claimed, found), minlength=len(names))
    return Confusion(tuple(names.tolist()), counts)
