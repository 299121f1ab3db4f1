"""What a preview answers, gathered; and objects to preview."""

from __future__ import annotations

from typing import Any

from geosam_processing import contract
from geosam_processing.contract import (
    ExampleObject,
    PatchesEvent,
    PatchPreview,
    PreviewRequest,
    PreviewResult,
)
from geosam_processing.engine.previewing.preview import preview
from geosam_processing.engine.run import RunContext
from tests.engine.stand_in_adapter import NORTH_UP


class Shown:
    """What a preview answered: its result, its patches, its log."""

    def __init__(self, request: contract.EncodeRequest, **changes: Any) -> None:
        values = {"patch_limit": 10_000, "seconds_per_patch": 2.0, **changes}
        self.events: list[PatchesEvent] = []
        self.lines: list[contract.LogEvent] = []
        self.result: PreviewResult = preview(
            PreviewRequest(request, **values),
            RunContext(results=self.events.append, log=self.lines.append),
        )

    @property
    def patches(self) -> list[PatchPreview]:
        return [patch for event in self.events for patch in event.patches]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def boxes(*places: tuple[float, float, float, float]) -> tuple[ExampleObject, ...]:
    """Objects from left, top, right, bottom in pixels of a north-up raster."""
    found = []
    for key, (left, top, right, bottom) in enumerate(places):
        x0, y1 = NORTH_UP * (left, top)
        x1, y0 = NORTH_UP * (right, bottom)
        found.append(ExampleObject(key, (x0, y0, x1, y1)))
    return tuple(found)
