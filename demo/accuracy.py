"""How well polygons agree with the scene's objects, as geosam:assessaccuracy reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Accuracy:
    """Figures of a comparison, and the page that shows them all.

    ``boundary_distance`` is in meters. Shares are 0 to 1.
    """

    object_count: int
    reference_count: int
    matched_count: int
    precision: float
    recall: float
    mean_iou: float
    boundary_distance: float
    page: Path

    @classmethod
    def of(cls, results: Mapping[str, str]) -> Accuracy:
        """Take the outputs of the algorithm; a figure without a meaning is nan."""

        def number(key: str) -> float:
            try:
                return float(results[key])
            except (KeyError, ValueError):
                return float("nan")

        return cls(
            object_count=int(results["OBJECT_COUNT"]),
            reference_count=int(results["REFERENCE_COUNT"]),
            matched_count=int(results["MATCHED_COUNT"]),
            precision=number("PRECISION"),
            recall=number("RECALL"),
            mean_iou=number("MEAN_IOU"),
            boundary_distance=number("BOUNDARY_DISTANCE"),
            page=Path(results["PAGE"]),
        )

    def __str__(self) -> str:
        return (
            f"{self.matched_count} of {self.reference_count} matched  "
            f"precision {self.precision:.3f}  recall {self.recall:.3f}  "
            f"mean IoU {self.mean_iou:.3f}  boundary distance {self.boundary_distance:.2f} m"
        )
