"""From merged objects to those that are sent: shaped, nested, with their contrast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely

from geosam_processing.contract import DiscoverRequest, FoundEvent, FoundObject
from geosam_processing.engine.discovery.nesting import nested
from geosam_processing.engine.merging import Merged, SeenPatches
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.contrast import Contrast
from geosam_processing.engine.segmentation.shaping import finished
from geosam_processing.engine.segmentation.sources.folder_patches import Patches

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

    def events(self, objects: Sequence[Merged]) -> Iterator[FoundEvent]:
        """The objects as they are sent, those that contain others before these."""
        shaped = [made for each in objects if (made := self._shaped(each)) is not None]
        kept = nested([shape for _, shape, _ in shaped], self._request.keep)
        keys = {each.index: key for key, each in enumerate(kept, start=1)}
        sendable: list[FoundObject] = []
        for each in kept:
            self._context.require_not_cancelled()
            merged, _, contrast = shaped[each.index]
            parent = None if each.parent is None else keys.get(each.parent)
            found = self._object(keys[each.index], merged, each.geometry, parent, each.level)
            sendable.append(replace(found, contrast=contrast))
            if len(sendable) == _OBJECTS_IN_EVENT:
                yield FoundEvent(tuple(sendable))
                sendable = []
        if sendable:
            yield FoundEvent(tuple(sendable))

    def _shaped(self, merged: Merged) -> tuple[Merged, shapely.MultiPolygon, float | None] | None:
        """An object with its final shape and its contrast, None if it is not kept."""
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
        return merged, shape, contrast

    def _object(
        self,
        key: int,
        merged: Merged,
        geometry: shapely.MultiPolygon,
        parent: int | None,
        level: int,
    ) -> FoundObject:
        areas = [piece.geometry.area for piece in merged.members]
        stability = float(
            np.average([p.content["stability"] for p in merged.members], weights=areas)
        )
        best = merged.members[int(np.argmax(areas))]
        return FoundObject(
            key=key,
            wkb=shapely.to_wkb(geometry, hex=True),
            score=merged.score,
            stability=stability,
            area=self._meter.area(geometry),
            patches=merged.patch_count,
            scale=merged.level,
            chip_id=self._patches.chips[best.patch].chip_id,
            parent=parent,
            level=level,
            model=self._model,
            touches_edge=merged.cut or self._seen.reaches_end(geometry, merged.level),
        )
