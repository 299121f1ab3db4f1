"""Whether an object is seen on a date, not seen, or gone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
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
from geosam_processing.engine.tracking.dates import Difference
from geosam_processing.engine.tracking.objects import Followed
from geosam_processing.engine.tracking.outlines import overlap

# Objects whose contrast in gray levels is lower look like their surroundings already.
_LEAST_CONTRAST = 10.0
# Share of the first difference from which an object may look as on that date: two flights
# can differ by so much in contrast.
_LEAST_LEFT = 0.25
# Least share of the ground of an object that has to have data for it to be seen.
LEAST_DATA = 0.5


@dataclass(frozen=True)
class Rules:
    """What an object has to be to be seen; see ``SeriesRequest``."""

    minimum_score: float
    minimum_contrast: float
    minimum_overlap: float
    minimum_likeness: float

    @classmethod
    def of(cls, request: SeriesRequest) -> Rules:
        """Those of a request."""
        return cls(
            request.minimum_score,
            request.minimum_contrast,
            request.minimum_overlap,
            request.minimum_likeness,
        )

    def judged(
        self,
        found: SegmentedObject,
        date: str,
        followed: Followed,
        look: Difference | None,
        prompted: bool = False,
        object_score: float | None = None,
    ) -> SeriesRow:
        """The row of an object that a model outlined on a date.

        Args:
            followed: what is known of it.
            look: how it differs from its surroundings on this date.
            prompted: whether a prompt of the user is on the date: it may lie elsewhere and look
                otherwise then.
            object_score: of the memory; None without one.
        """
        shape = shapely.from_wkb(found.wkb)
        common = None if followed.known is None else overlap(shape, followed.known)
        # Beyond the edge that cuts it, an object looks as it does within.
        like = None if found.touches_edge else likeness(look, followed.look)
        reason = self._lack(found, object_score)
        if not (reason or prompted):
            reason = self._change(common, like)
        row = SeriesRow(
            key=found.key,
            date=date,
            state=GONE if reason else SEEN,
            reason=reason,
            prompted=prompted,
            score=found.score,
            overlap=common,
            contrast=found.contrast,
            likeness=like,
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

    def _lack(self, found: SegmentedObject, object_score: float | None) -> str:
        """Why what was found is no object; empty if it is one."""
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
        return ""

    def _change(self, common: float | None, like: float | None) -> str:
        """Why what was found is another object; empty if it may be the same."""
        if common is not None and common < self.minimum_overlap:
            return Text(
                "Its overlap with the last outline ({}) is below the minimum ({})",
                f"{common:.2f}",
                f"{self.minimum_overlap:g}",
            )
        if like is not None and like < self.minimum_likeness and self.minimum_likeness:
            return Text(
                "It differs from its surroundings in another way (likeness {}, minimum {})",
                f"{like:.2f}",
                f"{self.minimum_likeness:g}",
            )
        return ""


def likeness(look: Difference | None, first: Difference | None) -> float | None:
    """How much an object differs from its surroundings in the way it did first; see ``SeriesRow``.

    It is the cosine between both differences, which haze and light leave as it is, less where
    hardly any difference is left.
    """
    if look is None or first is None or np.abs(first).max() < _LEAST_CONTRAST:
        return None
    length, expected = np.linalg.norm(look), np.linalg.norm(first)
    if not length:
        return 0.0
    left = min(length / (_LEAST_LEFT * expected), 1.0)
    return float(look @ first / (length * expected) * left)


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
