"""An engine that stands in for that of ``geosam:segmentseries``, and runs with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import numpy
import pytest
from qgis.core import QgsGeometry

from geosam_processing import contract
from geosam_processing.algorithms.segment_series import SegmentSeries
from geosam_processing.client.client import EngineCancelled
from tests.algorithms.scene import Run, box_wkt, map_box, memory_layer, write_raster

BOXES = ((80, 80, 100), (300, 60, 120))


@dataclass
class StandIn:
    """An engine that answers with given areas and remembers what it was asked.

    Attributes:
        areas: of each object by date; None is not seen, 0 is gone.
        stop_after: rows after which it says that the run was cancelled.
    """

    areas: Sequence[Sequence[Optional[float]]]
    stop_after: Optional[int] = None
    requests: list[contract.SeriesRequest] = field(default_factory=list)

    def call(self, method: Any, request: Any, listener: Any, cancelled: Any) -> Any:
        assert method is contract.SEGMENT_SERIES
        self.requests.append(request)
        dates = sorted(each.date for each in request.inputs)
        keys = sorted({each.prompt.key for each in request.prompts})
        rows = [
            self._row(key, date, self.areas[key][step], step == 0)
            for key in keys
            for step, date in enumerate(dates)
        ]
        # Backward in time, as an engine may that starts at the end.
        for number, row in enumerate(reversed(rows)):
            if number == self.stop_after:
                raise EngineCancelled("The run was cancelled")
            listener.results(contract.SeriesEvent((row,)))
        states = [row.state for row in rows]
        return contract.SeriesResult(
            dates=tuple(dates),
            crs="EPSG:32632",
            method="prompts",
            model="geosam_nano",
            object_count=len(keys),
            seen_count=states.count("seen"),
            not_seen_count=states.count("not seen"),
            gone_count=states.count("gone"),
        )

    def _row(self, key: int, date: str, area: Optional[float], first: bool) -> contract.SeriesRow:
        if area is None:
            return contract.SeriesRow(key, date, "not seen", "No data", first)
        if area == 0:
            return contract.SeriesRow(key, date, "gone", "The score is 0.2", first, score=0.2)
        side = area**0.5
        shape = QgsGeometry.fromWkt(box_wkt((0, 0, side, side)))
        shape.convertToMultiType()
        wkb = bytes(shape.asWkb()).hex()
        return contract.SeriesRow(
            key, date, "seen", "", first, wkb, area, 0.9, contrast=0.3, chip_id="chip_0_0"
        )


Use = Callable[..., StandIn]


def stand_in(monkeypatch: pytest.MonkeyPatch) -> Use:
    """A function that puts a stand-in in the place of the engine."""

    def put(*areas: Sequence[Optional[float]], stop_after: Optional[int] = None) -> StandIn:
        engine = StandIn(areas, stop_after)
        monkeypatch.setattr(SegmentSeries, "engine", lambda self: engine)
        return engine

    return put


def rasters(folder: Path, names: Sequence[str]) -> list[str]:
    values = numpy.full((3, 8, 8), 90, numpy.uint8)
    return [str(write_raster(folder / f"{name}.tif", values)) for name in names]


def prompts(fields: str = "name:string", rows: Sequence[Sequence[Any]] = (("a",), ("b",))) -> Any:
    boxes = [box_wkt(map_box(box)) for box in BOXES]
    return memory_layer("Polygon", [(boxes[k % 2], *row) for k, row in enumerate(rows)], fields)


def run(folder: Path, names: Sequence[str] = ("p_2014", "p_2015"), **parameters: Any) -> Run:
    given: dict[str, Any] = {"PROMPTS": prompts(), "DEVICE": False, "OUTPUT": "memory:"}
    if "FEATURES" not in parameters:
        given["INPUTS"] = rasters(folder, names)
    return Run("geosam:segmentseries", {**given, **parameters})
