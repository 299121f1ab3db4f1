"""Points and boxes of objects, into files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geosam_processing.contract import (
    AREA_COLUMN,
    OBJECT_COLUMN,
    POINT_LABEL_COLUMN,
    MakePromptsRequest,
    PromptPlaces,
)
from geosam_processing.engine.discovery.prompt_places import (
    RING,
    negative_points,
    positive_points,
)
from geosam_processing.engine.discovery.regions import Geometries, Reals
from geosam_processing.engine.errors import OutputError
from geosam_processing.engine.outlines.ground import GroundFrame


@dataclass(frozen=True)
class Objects:
    """What gets prompts.

    Attributes:
        surfaces: [N] polygons in ``crs``.
        areas: [N] in square meters.
        numbers: [N] their names.
        tops: [N, 2] the first point of each; nan for the one that is farthest from its border.
        limit: where points and boxes may be. If None, everywhere.
        small, large, unusable: how many were left out.
        threshold: that was used, None for none.
    """

    surfaces: Geometries
    areas: Reals
    numbers: NDArray[np.int64]
    tops: Reals
    crs: CRS
    limit: shapely.Polygon | None = None
    small: int = 0
    large: int = 0
    unusable: int = 0
    threshold: float | None = None


def write_prompts(
    objects: Objects, request: MakePromptsRequest, progress: Callable[[float], None]
) -> int:
    """Write the points and boxes of objects; return how many points there are.

    Raises:
        OutputError: a file cannot be written.
    """
    count = len(objects.surfaces)
    points: list[Reals] = []
    labels: list[int] = []
    owners: list[int] = []
    boxes = np.empty((count, 4))
    for index, place in enumerate(_Places(objects, request.places)):
        progress(index / count)
        positive, negative, boxes[index] = place
        points += [positive, negative]
        labels += [1] * len(positive) + [0] * len(negative)
        owners += [int(objects.numbers[index])] * (len(positive) + len(negative))
    coordinates = np.concatenate([np.empty((0, 2)), *points])
    _to_file(
        request.points,
        {OBJECT_COLUMN: np.array(owners, np.int64), POINT_LABEL_COLUMN: np.array(labels, np.int64)},
        shapely.points(coordinates),
        objects.crs,
        "Point",
    )
    _to_file(
        request.boxes,
        {OBJECT_COLUMN: objects.numbers, AREA_COLUMN: objects.areas},
        shapely.box(*boxes.T),
        objects.crs,
        "Polygon",
    )
    return len(coordinates)


class _Places:
    """For each object: points on it, points outside it, its box; in the CRS."""

    def __init__(self, objects: Objects, places: PromptPlaces) -> None:
        self._objects, self._places = objects, places
        self._tree = shapely.STRtree(objects.surfaces)

    def __iter__(self) -> Iterator[tuple[Reals, Reals, Reals]]:
        surfaces = self._objects.surfaces
        if not len(surfaces):
            return
        # Meters about each object, so that distances are those on the ground.
        frame = GroundFrame.of(surfaces, self._objects.crs, common=False)
        for index in range(len(surfaces)):
            yield self._of(index, frame.origins[index], frame.scales[index])

    def _of(self, index: int, origin: Reals, scale: Reals) -> tuple[Reals, Reals, Reals]:
        objects, places = self._objects, self._places

        def to_meters(geometries: Any) -> Any:
            return shapely.transform(geometries, lambda points: (points - origin) * scale)

        surface = to_meters(objects.surfaces[index])
        top = None if np.isnan(objects.tops[index, 0]) else (objects.tops[index] - origin) * scale
        positive = positive_points(surface, places.positive, top)
        negative = np.empty((0, 2))
        if places.negative:
            reach = RING * np.sqrt(surface.area) / scale
            left, bottom, right, high = objects.surfaces[index].bounds
            window = (left - reach[0], bottom - reach[1], right + reach[0], high + reach[1])
            near = self._tree.query(shapely.box(*window))
            # Of large neighbors only what is near, as all of them would take long.
            others = shapely.clip_by_rect(objects.surfaces[near[near != index]], *window)
            others = to_meters(shapely.make_valid(others[~shapely.is_empty(others)]))
            limit = None if objects.limit is None else to_meters(objects.limit)
            negative = negative_points(surface, others, limit, places.negative)
        return (
            positive / scale + origin,
            negative / scale + origin,
            self._box(surface, origin, scale),
        )

    def _box(self, surface: shapely.Geometry, origin: Reals, scale: Reals) -> Reals:
        low, high = np.array(surface.bounds).reshape(2, 2)
        padding = (high - low) * self._places.padding / 100 + self._places.padding_meters
        low, high = (low - padding) / scale + origin, (high + padding) / scale + origin
        if self._objects.limit is not None:
            least, most = np.array(self._objects.limit.bounds).reshape(2, 2)
            low, high = np.maximum(low, least), np.minimum(high, most)
        return np.concatenate([low, high])


def _to_file(
    path: str, columns: dict[str, Any], geometries: Geometries, crs: CRS, kind: str
) -> None:
    table = geopandas.GeoDataFrame(columns, geometry=geometries, crs=crs)
    try:
        # The version that the GDAL of every QGIS knows.
        table.to_file(path, driver="GPKG", geometry_type=kind, SPATIAL_INDEX="NO", VERSION="1.2")
    except (OSError, RuntimeError) as error:
        raise OutputError(
            "{} cannot be written ({}). Make room on its disk.", path, error
        ) from error
