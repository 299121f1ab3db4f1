"""The figures of a comparison, for all polygons, a class or a size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from geosam_processing.contract import Measures
from geosam_processing.engine.assessment.area_bias import area_bias
from geosam_processing.engine.assessment.average_precision import THRESHOLDS, Curve, curve
from geosam_processing.engine.assessment.boundary import BoundaryAgreement
from geosam_processing.engine.assessment.fragmentation import Corresponding, Group
from geosam_processing.engine.assessment.layer import MeasuredLayer
from geosam_processing.engine.assessment.pairs import Flags, Indices, Pairs, Reals

_SIZES = 3  # size classes with equally many references, where no limits are given


@dataclass(frozen=True)
class Shifts:
    """Displacement of the objects' centroids from those of the references in meters, [pairs]."""

    east: Reals
    north: Reals


@dataclass(frozen=True)
class Comparison:
    """Two measured layers and what was found out about their pairs.

    Attributes:
        overlapping: pairs of any classes.
        matched: pairs of the optimal matching, within classes.
        compared: which of ``matched`` the border of the assessed area does not cut, [matched].
        boundary, shifts: of those, [compared].
        by_score: the greedy matching for each threshold of IoU; empty without scores.
    """

    objects: MeasuredLayer
    references: MeasuredLayer
    overlapping: Pairs
    matched: Pairs
    compared: Flags
    boundary: BoundaryAgreement
    shifts: Shifts
    corresponding: Corresponding
    splits: list[Group]
    merges: list[Group]
    by_score: Mapping[float, Pairs]


@dataclass(frozen=True)
class Subset:
    """The polygons of one row of the table.

    A matched object belongs where its reference belongs; ``objects`` gives those of the others.
    """

    kind: str
    name: str
    objects: Flags
    references: Flags


def subsets(objects: MeasuredLayer, references: MeasuredLayer, limits: Reals) -> Iterator[Subset]:
    """Yield all polygons, then each class, then each size between the limits in square meters."""
    everything = Subset("all", "", np.ones(len(objects), bool), np.ones(len(references), bool))
    yield everything
    if objects.classes is not None and references.classes is not None:
        for name in sorted({*objects.classes, *references.classes}):
            yield Subset("class", name, objects.classes == name, references.classes == name)
    sizes = [np.digitize(layer.areas / layer.weights, limits) for layer in (objects, references)]
    for number in range(len(limits) + 1 if len(limits) else 0):
        yield Subset("size", _size_name(limits, number), sizes[0] == number, sizes[1] == number)


def usual_limits(references: MeasuredLayer) -> Reals:
    """Return areas that part the references into small, medium and large ones, equally many.

    They have two significant digits.
    """
    if len(references) < _SIZES:
        return np.zeros(0)
    complete = references.areas / references.weights
    shares = np.arange(1, _SIZES) / _SIZES
    return np.unique([float(f"{limit:.2g}") for limit in np.quantile(complete, shares)])


def _size_name(limits: Reals, number: int) -> str:
    if number == 0:
        return f"below {limits[0]:.15g} m²"
    if number == len(limits):
        return f"{limits[-1]:.15g} m² and more"
    return f"{limits[number - 1]:.15g} to {limits[number]:.15g} m²"


def measures_of(comparison: Comparison, subset: Subset) -> Measures:
    """Return the figures of a subset; None for each one that has no meaning there."""
    objects, references, matched = comparison.objects, comparison.references, comparison.matched
    belongs = subset.references[matched.references]
    pairs = matched.where(belongs)
    false_alarms, missed = subset.objects.copy(), subset.references.copy()
    false_alarms[matched.objects] = False
    missed[matched.references] = False
    right = objects.weights[pairs.objects].sum()
    claimed = right + objects.weights[false_alarms].sum()
    found = references.weights[pairs.references].sum()
    present = found + references.weights[missed].sum()
    precision, recall = _share(right, claimed), _share(found, present)
    f1 = _f1(precision, recall)
    mean_iou = _mean(pairs.ious, _pair_weights(comparison, pairs.objects, pairs.references))
    compared = belongs[comparison.compared]
    boundary, shifts = comparison.boundary, comparison.shifts
    fragments = comparison.corresponding
    chosen = subset.references[fragments.references]
    weights = _pair_weights(comparison, fragments.objects[chosen], fragments.references[chosen])
    nothing = np.zeros
    bias = area_bias(
        np.concatenate(
            [objects.areas[pairs.objects], objects.areas[false_alarms], nothing(missed.sum())]
        ),
        np.concatenate(
            [
                references.areas[pairs.references],
                nothing(false_alarms.sum()),
                references.areas[missed],
            ]
        ),
    )
    return Measures(
        kind=subset.kind,
        name=subset.name,
        object_count=len(pairs) + int(false_alarms.sum()),
        reference_count=len(pairs) + int(missed.sum()),
        matched_count=len(pairs),
        precision=precision,
        recall=recall,
        f1=f1,
        mean_iou=mean_iou,
        ap50=_average_precision(comparison, subset, (0.5,)),
        ap=_average_precision(comparison, subset, THRESHOLDS),
        panoptic_quality=None if f1 is None else f1 * (mean_iou or 0.0),
        boundary_f1=_mean(boundary.f1[compared]),
        boundary_mean=_mean(boundary.means[compared]),
        boundary_95=_mean(boundary.percentiles_95[compared]),
        shift_east=_mean(shifts.east[compared]),
        shift_north=_mean(shifts.north[compared]),
        oversegmentation=_mean(fragments.oversegmentation[chosen], weights),
        undersegmentation=_mean(fragments.undersegmentation[chosen], weights),
        split_count=sum(bool(subset.references[group.complete]) for group in comparison.splits),
        merged_count=sum(bool(subset.objects[group.complete]) for group in comparison.merges),
        object_area=float(objects.areas[pairs.objects].sum() + objects.areas[false_alarms].sum()),
        reference_area=float(
            references.areas[pairs.references].sum() + references.areas[missed].sum()
        ),
        area_bias=None if bias is None else bias.percent,
        area_bias_low=None if bias is None else bias.low,
        area_bias_high=None if bias is None else bias.high,
    )


def curve_of(comparison: Comparison, subset: Subset, threshold: float) -> Curve | None:
    """Return precision and recall over falling scores; None without scores or references."""
    objects, references = comparison.objects, comparison.references
    present = references.weights[subset.references].sum()
    if objects.scores is None or present == 0:
        return None
    pairs = comparison.by_score[threshold]
    partner = np.full(len(objects), -1, dtype=np.intp)
    partner[pairs.objects] = pairs.references
    matched = partner >= 0
    belongs = subset.objects.copy()
    belongs[matched] = subset.references[partner[matched]]
    found = np.zeros(len(objects))
    found[matched] = references.weights[partner[matched]]
    return curve(
        objects.scores[belongs],
        matched[belongs],
        objects.weights[belongs],
        found[belongs],
        float(present),
    )


def _average_precision(
    comparison: Comparison, subset: Subset, thresholds: tuple[float, ...]
) -> float | None:
    """Return the mean over thresholds, and of several classes over those with references."""
    classes = comparison.references.classes
    if comparison.objects.classes is None or classes is None or subset.kind == "class":
        parts = [subset]
    else:
        parts = [
            Subset(
                subset.kind,
                name,
                subset.objects & (comparison.objects.classes == name),
                subset.references & (classes == name),
            )
            for name in sorted(set(classes[subset.references]))
        ]
    curves = [curve_of(comparison, part, each) for part in parts for each in thresholds]
    values = [each.average_precision() for each in curves if each is not None]
    return float(np.mean(values)) if values else None


def _pair_weights(comparison: Comparison, objects: Indices, references: Indices) -> Reals:
    """Return what each pair counts: the mean of its object's and its reference's weight."""
    mean: Reals = comparison.objects.weights[objects] + comparison.references.weights[references]
    return mean / 2


def _mean(values: Reals, weights: Reals | None = None) -> float | None:
    return float(np.average(values, weights=weights)) if len(values) else None


def _share(part: float, total: float) -> float | None:
    return float(part / total) if total > 0 else None


def _f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None and recall is None:
        return None
    total = (precision or 0.0) + (recall or 0.0)
    return 2 * (precision or 0.0) * (recall or 0.0) / total if total else 0.0
