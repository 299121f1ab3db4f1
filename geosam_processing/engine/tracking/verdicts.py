"""Whether an object is seen on a date, not seen, or gone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import shapely

from geosam_processing.contract import (
    GONE,
    NOT_SEEN,
    SEEN,
    SegmentedObject,
    SeriesRequest,
    SeriesRow,
)
from geosam_processing.contract.texts import Text
from geosam_processing.engine.tracking.outlines import overlap

# Least share of the ground of an object that has to have data for it to be seen.
LEAST_DATA = 0.5


@dataclass(frozen=True)
class Rules:
    """What an object has to be to be seen; see ``SeriesRequest``."""

    minimum_score: float
    minimum_contrast: float
    minimum_overlap: float

    @classmethod
    def of(cls, request: SeriesRequest) -> Rules:
        """Those of a request."""
        return cls(request.minimum_score, request.minimum_contrast, request.minimum_overlap)

    def judged(
        self,
        found: SegmentedObject,
        date: str,
        known: shapely.Geometry | None,
        prompted: bool = False,
        object_score: float | None = None,
    ) -> SeriesRow:
        """The row of an object that a model outlined on a date.

        Args:
            known: its outline on the date from which this one was derived.
            prompted: whether a prompt of the user is on the date: it need not overlap then.
            object_score: of the memory; None without one.
        """
        shape = shapely.from_wkb(found.wkb)
        common = None if known is None else overlap(shape, known)
        reason = self._lack(found, None if prompted else common, object_score)
        row = SeriesRow(
            key=found.key,
            date=date,
            state=GONE if reason else SEEN,
            reason=reason,
            prompted=prompted,
            score=found.score,
            overlap=common,
            contrast=found.contrast,
            object_score=object_score,
            resolution=found.resolution,
            chip_id=found.chip_id,
        )
        if reason:
            return row
        return replace(row, wkb=found.wkb, area=found.area, touches_edge=found.touches_edge)

    def empty(
        self, key: int, date: str, score: float, prompted: bool, object_score: float
    ) -> SeriesRow:
        """The row of an object of which the memory has an empty mask."""
        reason = _absence(object_score) or "Its mask is empty"
        return SeriesRow(key, date, GONE, reason, prompted, score=score, object_score=object_score)

    def _lack(
        self, found: SegmentedObject, common: float | None, object_score: float | None
    ) -> str:
        absence = _absence(object_score)
        if absence:
            return absence
        if found.score < self.minimum_score:
            return Text(
                "Its score ({}) is below the minimum ({})",
                f"{found.score:.3f}",
                f"{self.minimum_score:g}",
            )
        if found.contrast is not None and found.contrast < self.minimum_contrast:
            return Text(
                "Its contrast ({}) is below the minimum ({})",
                f"{found.contrast:.1f}",
                f"{self.minimum_contrast:g}",
            )
        if common is not None and common < self.minimum_overlap:
            return Text(
                "Its overlap with the last outline ({}) is below the minimum ({})",
                f"{common:.2f}",
                f"{self.minimum_overlap:g}",
            )
        return ""


def _absence(object_score: float | None) -> str:
    if object_score is None or object_score > 0:
        return ""
    return Text("The memory does not find it (object score {})", f"{object_score:.2f}")


def gone(key: int, date: str, reason: str, prompted: bool = False) -> SeriesRow:
    """The row of an object of which a date shows nothing."""
    return SeriesRow(key, date, GONE, reason, prompted)


def not_seen(key: int, date: str, reason: str, prompted: bool = False) -> SeriesRow:
    """The row of an object of whose place a date has no pixels."""
    return SeriesRow(key, date, NOT_SEEN, reason, prompted)


def no_data(share: float) -> str:
    """Why an object is not seen where only ``share`` of its place has data."""
    return Text("{} of its place have no data", f"{1 - share:.0%}")
