"""Precision, recall and average precision over falling scores, as COCO defines them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geosam_processing.engine.assessment.pairs import Flags, Reals

THRESHOLDS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
"""The IoUs of "AP (50:95)"."""

_RECALLS = np.linspace(0, 1, 101)


@dataclass(frozen=True)
class Curve:
    """Precision and recall when only objects of at least a score count.

    All arrays have one value for each object, by falling score.
    """

    scores: Reals
    precisions: Reals
    recalls: Reals

    def average_precision(self) -> float:
        """Return the mean, over 101 recalls, of the best precision at that recall or a higher."""
        best = np.maximum.accumulate(self.precisions[::-1])[::-1]
        at = np.searchsorted(self.recalls, _RECALLS, side="left")
        reached = at < len(best)
        return float(best[at[reached]].sum() / len(_RECALLS))


def curve(
    scores: Reals, matched: Flags, weights: Reals, found: Reals, reference_weight: float
) -> Curve:
    """Return the curve of some objects.

    Args:
        scores: of the objects, [n].
        matched: which objects have a reference, [n].
        weights: what each object counts in precision, [n].
        found: the weight of each object's reference in recall, 0 without one, [n].
        reference_weight: the sum of the weights of all references, above 0.
    """
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(np.where(matched, weights, 0.0)[order])
    total = np.cumsum(weights[order])
    return Curve(scores[order], right / total, np.cumsum(found[order]) / reference_weight)
