"""Prompts for what is known already: an index, a height model, a mask, older polygons."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import geopandas

from geosam_processing.contract import (
    PROMPT_MODES,
    SELECTIONS,
    Bounds,
    MakePromptsRequest,
    PromptPlaces,
    Selection,
)
from geosam_processing.engine.discovery.from_raster import make_prompts
from geosam_processing.engine.notebook.arguments import (
    Layer,
    Source,
    layer_of,
    polygon_file,
    raster_of,
)
from geosam_processing.engine.notebook.progress import watched
from geosam_processing.engine.run import RunContext


class PointsAndBoxes(NamedTuple):
    """Prompts of the same objects.

    Attributes:
        points: with the columns object and label (1 on the object, 0 next to it).
        boxes: with the columns object and area_m2.
        threshold: that was used; None without a raster.
    """

    points: geopandas.GeoDataFrame
    boxes: geopandas.GeoDataFrame
    threshold: float | None


def prompts_from_raster(
    input: Source | None = None,
    *,
    band: int = 1,
    method: str = SELECTIONS[0],
    threshold: float | None = None,
    range: tuple[float, float] | None = None,
    polygons: Layer | None = None,
    mode: str = PROMPT_MODES[0],
    distance: float = 3.0,
    min_area: float = 0.0,
    max_area: float = 0.0,
    positive: int = 1,
    negative: int = 0,
    padding: float = 5.0,
    padding_meters: float = 0.0,
    necks: float = 0.0,
    extent: Bounds | None = None,
    context: RunContext | None = None,
) -> PointsAndBoxes:
    """Make points and boxes for ``segment`` of a raster's band, or of polygons.

    Args:
        input: a raster, such as a water index or a canopy height model.
        band: number from 1.
        method: above or below the threshold, or between the values of ``range``.
        threshold: if not set, the value that splits the values best (Otsu 1979).
        range: smallest and largest value.
        polygons: objects, instead of a raster, such as an older inventory.
        mode: regions, or maxima such as the tops of trees.
        distance: the least distance of two maxima in meters.
        min_area: smallest area of an object in square meters.
        max_area: largest area in square meters. 0 is no limit.
        positive: points on each object.
        negative: points next to each object.
        padding: of the boxes in percent on each side.
        padding_meters: of the boxes in meters, in addition.
        necks: regions are cut where they are narrower than this in meters.
        extent: xmin, ymin, xmax, ymax in the raster's CRS.
        context: own callbacks instead of a progress bar and the log.

    Raises:
        ContractError, LayerError: an argument is invalid.
        RasterError: the raster cannot be read.
    """
    with (
        tempfile.TemporaryDirectory(prefix="geosam_prompts_") as name,
        watched("Making prompts", context) as run,
    ):
        folder = Path(name)
        objects = None
        if polygons is not None:
            objects = polygon_file(layer_of(polygons, None, "polygons"), folder, "polygons", {})
        request = MakePromptsRequest(
            points=str(folder / "points.gpkg"),
            boxes=str(folder / "boxes.gpkg"),
            raster=None if input is None else raster_of(input, (band,), extent),
            polygons=objects,
            selection=Selection(method, threshold, range),
            places=PromptPlaces(
                mode=mode,
                spacing=distance,
                neck=necks,
                minimum_area=min_area,
                maximum_area=max_area,
                positive=positive,
                negative=negative,
                padding=padding,
                padding_meters=padding_meters,
            ),
        )
        result = make_prompts(request, run)
        points, boxes = (geopandas.read_file(path) for path in (request.points, request.boxes))
    return PointsAndBoxes(points, boxes, result.threshold)
