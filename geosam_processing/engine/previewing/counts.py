"""How many patches an encoding makes, and how many points segmenting everything asks on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geosam_processing.contract import COARSE_POINTS
from geosam_processing.engine.encoding.plan import EncodePlan


@dataclass(frozen=True)
class Counts:
    """Patches of one scale or several."""

    patches: int
    skipped: int
    cached: int

    @property
    def remaining(self) -> int:
        """Those that a run would encode."""
        return max(self.patches - self.skipped - self.cached, 0)

    def plus(self, other: Counts) -> Counts:
        return Counts(
            self.patches + other.patches,
            self.skipped + other.skipped,
            self.cached + other.cached,
        )


def points_of_everything(
    plan: EncodePlan, scales: Sequence[int], spacing: int, counts: Counts
) -> int:
    """The points that segmenting everything asks at most: each place is asked once a scale.

    Args:
        plan: of the finest scale.
        spacing: of its points, in pixels.
        counts: of all scales.
    """
    coarse = max(spacing, plan.patch_size // COARSE_POINTS)
    points = sum(
        plan.width * plan.height / (scale * (spacing if scale == 1 else coarse)) ** 2
        for scale in scales
    )
    return round(points * (1 - counts.skipped / max(counts.patches, 1)))
