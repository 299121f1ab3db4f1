"""Runs on series of bright rectangles, with models whose masks are known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import torch

from geosam_processing.contract import (
    LiveCache,
    Model,
    Prompt,
    Raster,
    SeriesEvent,
    SeriesInput,
    SeriesPrompt,
    SeriesRequest,
    SeriesRow,
)
from geosam_processing.engine.models.tracker import Tracked
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.tracking.follow import segment_series
from tests.engine.component_adapter import _connected
from tests.engine.live_runs import HEIGHT, WIDTH
from tests.engine.rasters import NORTH_UP
from tests.engine.stand_in_adapter import write_raster

Rectangle = tuple[int, int, int, int]
NODATA = 0


def write_date(
    folder: Path,
    year: int,
    *rectangles: Rectangle,
    clouds: Sequence[Rectangle] = (),
    transform: Any = NORTH_UP,
    crs: str = "EPSG:32633",
    dtype: str = "uint8",
    bright: Sequence[int] = (245, 245, 245),
) -> SeriesInput:
    """A dark raster with bright rectangles: columns and rows left, top, right, bottom."""
    values = np.full((3, HEIGHT, WIDTH), 10, dtype=dtype)
    for left, top, right, bottom in rectangles:
        values[:, top:bottom, left:right] = np.reshape(bright, (3, 1, 1))
    for left, top, right, bottom in clouds:
        values[:, top:bottom, left:right] = NODATA
    path = folder / f"{year}.tif"
    write_raster(path, WIDTH, HEIGHT, transform, crs, values, nodata=NODATA)
    return SeriesInput(f"{year}-07-01", Raster(str(path)))


def box_at(rectangle: Rectangle, key: int = 1) -> Prompt:
    left, top, right, bottom = rectangle
    corners = [NORTH_UP * (left, bottom), NORTH_UP * (right, top)]
    return Prompt(key, box=(*corners[0], *corners[1]))


def area_of(rectangle: Rectangle) -> float:
    left, top, right, bottom = rectangle
    return 4.0 * (right - left) * (bottom - top)


class Series:
    """What a run gave."""

    def __init__(
        self,
        inputs: Sequence[SeriesInput],
        prompts: Sequence[Prompt | SeriesPrompt],
        folder: Path,
        cancelled: Any = None,
        **changes: Any,
    ) -> None:
        self.events: list[tuple[SeriesRow, ...]] = []
        self.log: list[str] = []
        self.rows: dict[tuple[int, int], SeriesRow] = {}
        self.request = SeriesRequest(
            tuple(inputs),
            tuple(
                each if isinstance(each, SeriesPrompt) else SeriesPrompt(each) for each in prompts
            ),
            **{
                "model": Model("stand_in"),
                "cache": LiveCache(str(folder / "cache"), 100),
                "method": "prompts",
                **changes,
            },
        )
        context = RunContext(
            results=self._receive,
            log=lambda event: self.log.append(event.text),
            cancelled=cancelled or (lambda: False),
        )
        self.result = segment_series(self.request, context)

    def _receive(self, event: SeriesEvent) -> None:
        self.events.append(event.rows)
        for row in event.rows:
            place = (row.key, int(row.date[:4]))
            assert place not in self.rows
            self.rows[place] = row

    def states(self, key: int = 1) -> list[str]:
        return [row.state for (own, _), row in sorted(self.rows.items()) if own == key]

    def outlines(self, key: int = 1) -> list[Rectangle | None]:
        """In columns and rows, from the earliest date to the latest."""
        found: list[Rectangle | None] = []
        for (own, _), row in sorted(self.rows.items()):
            if own != key:
                continue
            if not row.wkb:
                found.append(None)
                continue
            left, bottom, right, top = shapely.from_wkb(row.wkb).bounds
            corners = (*(~NORTH_UP * (left, top)), *(~NORTH_UP * (right, bottom)))
            x0, y0, x1, y1 = (round(value) for value in corners)
            found.append((x0, y0, x1, y1))
        return found


class ComponentTracker:
    """The memory of ``ComponentAdapter``: what is bright and connected with the last mask."""

    def __init__(self, adapter: Any, frame_count: int, memories: int) -> None:
        self.frame_count = frame_count
        self.steps: list[tuple[int, bool]] = []
        self._adapter = adapter
        self._masks: dict[int, torch.Tensor] = {}

    def prompt(self, frame: int, features: Any, prompts: Sequence[Any]) -> Tracked:
        logits = torch.cat(
            [self._adapter.decode(features, each, False)[0][:, 0] for each in prompts]
        )
        return self._found(frame, logits)

    def step(self, frame: int, features: Any, backward: bool = False) -> Tracked:
        self.steps.append((frame, backward))
        whole = (features.image_embedding[0, 0] - 127.5) / 40
        last = self._masks[frame + 1 if backward else frame - 1]
        return self._found(frame, torch.stack([_next(whole, mask) for mask in last]))

    def refine(
        self, frame: int, features: Any, prompts: Sequence[Any], backward: bool = False
    ) -> Tracked:
        return self.prompt(frame, features, prompts)

    def _found(self, frame: int, logits: torch.Tensor) -> Tracked:
        masks = logits > 0
        there = masks.flatten(1).any(1)
        last = self._masks.get(frame - 1, self._masks.get(frame + 1))
        # What is absent is remembered where it was.
        self._masks[frame] = (
            masks if last is None else torch.where(there[:, None, None], masks, last)
        )
        return Tracked(logits, torch.full((len(logits),), 0.8), 2.0 * there - 1)


def _next(whole: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    places = torch.nonzero(mask & (whole > 0))
    if not len(places):
        return torch.full_like(whole, -1024.0)
    y, x = places[0].tolist()
    return _connected(whole, x, y)
