"""Runs of live prompts on rasters of rectangles, with a model whose masks are known."""

from __future__ import annotations

import numpy as np
import shapely
from affine import Affine
from shapely.affinity import affine_transform

from geosam_processing.contract import (
    LiveCache,
    LivePrompt,
    LiveSource,
    MaskOptions,
    Model,
    ObjectsEvent,
    Prompt,
    Raster,
    SegmentedObject,
    SegmentLiveRequest,
)
from geosam_processing.engine.overlap import intersection_over_union
from geosam_processing.engine.raster.view import open_source
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.live import segment_live
from tests.engine.rasters import NORTH_UP
from tests.engine.stand_in_adapter import PATCH, write_raster

WIDTH, HEIGHT = 640, 480
SMALL = (324, 192, 348, 208)  # columns and rows: left, top, right, bottom
LARGE = (128, 256, 128 + 3 * PATCH, 256 + 3 * PATCH)
CORNER = (0, 0, 20, 20)
# Its pixels meet those of the model's masks, as the other rasters' do.
TURNED = Affine.rotation(30) * Affine.scale(2, -2) * Affine.translation(1666496, -2386496)


def write_scene(
    folder, *rectangles, transform=NORTH_UP, crs="EPSG:32633", dtype="uint8", bright=245
):
    """A dark raster with bright rectangles."""
    values = np.full((3, HEIGHT, WIDTH), 10, dtype=dtype)
    for left, top, right, bottom in rectangles:
        values[:, top:bottom, left:right] = bright
    return write_raster(folder / "scene.tif", WIDTH, HEIGHT, transform, crs, values)


def request_on(raster, prompts, folder, megabytes=100, source=None, **changes):
    return SegmentLiveRequest(
        source or LiveSource(Raster(str(raster))),
        tuple(each if isinstance(each, LivePrompt) else LivePrompt(each) for each in prompts),
        Model("stand_in"),
        LiveCache(str(folder), megabytes),
        masks=changes.pop("masks", MaskOptions("single")),
        **changes,
    )


def many_prompts():
    """Points all over the scene."""
    places = np.random.default_rng(5).uniform(0, 470, (60, 2))
    return [at(NORTH_UP, x, y, key) for key, (x, y) in enumerate(places)]


class Live:
    """What a call gave."""

    def __init__(self, raster, prompts, folder, megabytes=100, cancelled=None, **changes):
        self.objects: dict[int, SegmentedObject] = {}
        self.reasons: dict[int, str] = {}
        self.log: list[str] = []
        request = request_on(raster, prompts, folder, megabytes, **changes)
        self.result = segment_live(
            request,
            RunContext(
                results=self._receive,
                log=lambda event: self.log.append(event.text),
                cancelled=cancelled or (lambda: False),
            ),
        )
        answered = self.objects.keys() | self.reasons.keys()
        waiting = {each.prompt.key for each in self.result.waiting}
        assert answered.isdisjoint(waiting)
        assert answered | waiting == {each.prompt.key for each in request.prompts}

    def _receive(self, event: ObjectsEvent) -> None:
        self.objects.update({item.key: item for item in event.objects})
        self.reasons.update({item.key: item.reason for item in event.unanswered})

    @property
    def counts(self):
        return len(self.result.encoded), len(self.result.cached)

    def geometry(self, key=1):
        return shapely.from_wkb(self.objects[key].wkb)


def at(transform, column, row, key=1):
    return Prompt(key, (tuple(transform * (column, row)),), (1,))


def middle(transform, rectangle, key=1):
    left, top, right, bottom = rectangle
    return at(transform, (left + right) / 2, (top + bottom) / 2, key)


def box_of(transform, rectangle, key=1):
    return Prompt(key, box=affine_transform(shapely.box(*rectangle), transform.to_shapely()).bounds)


def iou(geometry, transform, rectangle):
    truth = affine_transform(shapely.box(*rectangle), transform.to_shapely())
    return float(intersection_over_union(geometry, truth))


def fetch(raster, patch, folder):
    """Cuts a patch out of a raster as QGIS would fetch it."""
    path = folder / f"{patch.name}.tif"
    with open_source(Raster(str(raster), extent=patch.bounds)) as view:
        values, _ = view.read(0, 0, view.width, view.height)
        factor = 2 ** max(patch.level, 0)
        small = values[:, ::factor, ::factor][:, : patch.rows, : patch.columns]
        write_raster(
            path,
            patch.columns,
            patch.rows,
            view.transform * view.transform.scale(factor),
            view.crs_text,
            small.astype("uint8"),
        )
    return str(path)
