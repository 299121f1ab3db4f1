"""From merged objects to those that are sent: shaped, nested, with their contrast."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import shapely

from geosam_processing.contract import DiscoverRequest, FoundEvent, FoundObject
from geosam_processing.engine.discovery.settling import settled
from geosam_processing.engine.merging import Merged, SeenPatches
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.contrast import Contrast
from geosam_processing.engine.segmentation.shaping import finished
from geosam_processing.engine.segmentation.sources.folder_patches import Patches

MadeObject: TypeAlias = tuple[FoundObject, shapely.MultiPolygon]

_OBJECTS_IN_EVENT = 100


class FoundObjects:
    """Makes the objects of a request; ``model`` is the id that they name."""

    def __init__(
        self,
        request: DiscoverRequest,
        patches: Patches,
        seen: SeenPatches,
        model: str,
        contrast: Contrast,
        context: RunContext,
    ) -> None:
        self._request = request
        self._patches = patches
        self._seen = seen
        self._model = model
        self._contrast = contrast
        self._context = context
        self._meter = AreaMeter.of(patches.crs)

    def made(self, merged: Merged) -> MadeObject | None:
        """Return an object with its final shape, None if it is not kept.

        It has no key, parent and level yet.
        """
        self._context.require_not_cancelled()
        pixel = self._patches.chips[merged.members[0].patch].pixel_size
        shape = finished(merged.geometry, self._request.masks, pixel, self._meter)
        if shape.is_empty:
            return None
        area = self._meter.area(shape)
        request = self._request
        if area < request.minimum_area or 0 < request.maximum_area < area:
            return None
        contrast = self._contrast(shape)
        if contrast is not None and contrast < request.masks.minimum_contrast:
            return None
        areas = [piece.geometry.area for piece in merged.members]
        stability = float(
            np.average([p.content["stability"] for p in merged.members], weights=areas)
        )
        best = merged.members[int(np.argmax(areas))]
        found = FoundObject(
            key=0,
            wkb="",
            score=merged.score,
            stability=stability,
            area=area,
            patches=merged.patch_count,
            scale=merged.level,
            chip_id=self._patches.chips[best.patch].chip_id,
            parent=None,
            level=0,
            model=self._model,
            touches_edge=merged.cut or self._seen.reaches_end(shape, merged.level),
            contrast=contrast,
        )
        return found, shape

    def settled(self, objects: Sequence[MadeObject]) -> Iterator[FoundEvent]:
        """The objects as they are sent, those that contain others before these."""
        ranks = [(each.touches_edge, each.scale, -each.score) for each, _ in objects]
        kept, _ = settled([shape for _, shape in objects], ranks, self._request.keep)
        keys = {each.index: key for key, each in enumerate(kept, start=1)}
        return self._events(
            replace(
                objects[each.index][0],
                key=keys[each.index],
                wkb=shapely.to_wkb(each.geometry, hex=True),
                area=self._meter.area(each.geometry),
                parent=None if each.parent is None else keys.get(each.parent),
                level=each.level,
            )
            for each in kept
        )

    def unsettled(self, objects: Iterable[MadeObject]) -> Iterator[FoundEvent]:
        """The objects of a shard as they are sent, without what depends on other shards."""
        return self._events(
            replace(each, key=key, wkb=shapely.to_wkb(shape, hex=True))
            for key, (each, shape) in enumerate(objects, start=1)
        )

    def _events(self, objects: Iterable[FoundObject]) -> Iterator[FoundEvent]:
        sendable: list[FoundObject] = []
        for each in objects:
            self._context.require_not_cancelled()
            sendable.append(each)
            if len(sendable) == _OBJECTS_IN_EVENT:
                yield FoundEvent(tuple(sendable))
                sendable = []
        if sendable:
            yield FoundEvent(tuple(sendable))
