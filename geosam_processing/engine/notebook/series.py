"""Objects through dates."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import shapely

from geosam_processing.contract import (
    DEFAULT_MEMORIES,
    DEFAULT_SERIES_SCORE,
    SEEN,
    SERIES_DIRECTIONS,
    SERIES_METHODS,
    SERIES_RANGES,
    SERIES_STARTS,
    ContractError,
    Device,
    MaskOptions,
    Model,
    SeriesEvent,
    SeriesInput,
    SeriesPrompt,
    SeriesRequest,
    SeriesRow,
)
from geosam_processing.contract.dates import date_text, dates_in_names, read_date
from geosam_processing.contract.fields import SERIES_FIELDS
from geosam_processing.engine.compute import machine
from geosam_processing.engine.notebook.arguments import (
    Layer,
    Source,
    crs_of,
    device_of,
    is_feature_folder,
    live_cache,
    model_of,
    model_or_bundled,
    path_of,
    raster_of,
)
from geosam_processing.engine.notebook.progress import watched
from geosam_processing.engine.notebook.prompts import prompts_of
from geosam_processing.engine.notebook.tables import columns_of, joined
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.tracking.follow import segment_series as follow


def segment_series(
    inputs: Mapping[str, Source] | Sequence[Source],
    prompts: Layer | None = None,
    *,
    boxes: Layer | None = None,
    crs: Any = None,
    label_field: str = "",
    object_field: str = "",
    date_pattern: str = "",
    start: str = SERIES_STARTS[0],
    direction: str = SERIES_DIRECTIONS[0],
    method: str = SERIES_METHODS[0],
    memories: int = DEFAULT_MEMORIES,
    minutes: float = 30.0,
    min_score: float = DEFAULT_SERIES_SCORE,
    min_contrast: float = 0.0,
    min_overlap: float = 0.3,
    min_area: float = 0.0,
    masks: str = "auto",
    largest_part: bool = False,
    fill_holes: float = 0.0,
    outline: str = "pixels",
    simplify: float = 0.0,
    whole: bool = True,
    model: str | Model | None = None,
    checkpoint: Source | None = None,
    bands: Sequence[int] | None = None,
    range: tuple[float, float] | None = None,
    ranges: str = SERIES_RANGES[0],
    resolution: float | None = None,
    device: str | Device | None = None,
    cuda_id: int = 0,
    context: RunContext | None = None,
) -> geopandas.GeoDataFrame:
    """Follow objects through rasters or feature folders of several dates.

    Args:
        inputs: by date, such as ``{"2010": "naip_2010.tif", "2014": "naip_2014.tif"}``; or a list,
            whose names contain the dates. The first one gives the CRS and the pixels of all dates.
        prompts: points, boxes or a layer, as in ``segment``; one object each.
        boxes: bounding boxes for the points, or alone.
        crs: of coordinates without a CRS. If not set, that of the first input.
        label_field: column that holds 1 for points on the object and 0 for others.
        object_field: column whose equal values make one object.
        date_pattern: of the names, such as ``naip_%Y``. If not set, common ones.
        start: first, last or best: the date that the prompts are on.
        direction: both, forward or backward.
        method: auto, memory (SAM2 only) or prompts.
        memories: number of dates that an outline is derived from, with ``memory``.
        minutes: ``auto`` takes prompts if memory takes longer.
        min_score: an object with a lower score is gone, 0 to 1.
        min_contrast: an object that stands out less is gone, in gray levels.
        min_overlap: an outline with less in common with that of the date before is gone, 0 to 1.
        min_area: objects with a smaller area in square meters are gone.
        masks: auto, best, smallest, largest or single.
        largest_part: keep the largest part of a mask only.
        fill_holes: fill holes of up to this area in square meters.
        outline: pixels or smooth.
        simplify: how far outlines may move, in pixels.
        whole: complete objects that their patch cuts.
        model: name of a model. If not set, that of the features; with rasters, the bundled one.
        checkpoint: file of a model.
        bands: of rasters, numbers from 1.
        range: of rasters, the values that become 0 and 255.
        ranges: all or each: without a range, that of all rasters together or of each.
        resolution: of rasters, the size of a pixel in meters.
        device: auto, cpu, cuda or mps. If not set, ``GEOSAM_DEVICE``, or else auto.
        cuda_id: number of the CUDA device.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        A row for each object and date: the attributes of the prompt, then object (the number of
        its row), date, state (seen, not seen or gone), reason, score, area_m2 and others. Prompts
        whose object was seen on no date are in ``attrs["unanswered"]``.

    Raises:
        ContractError, LayerError: an argument is invalid, or a date is unknown.
        FeaturesError, RasterError, ModelError, DeviceError: an input or the model cannot be used.
    """
    dated = _dated(inputs, date_pattern)
    sources = list(dated.values())
    folders = all(map(is_feature_folder, sources))
    target = crs_of(sources[0])
    asked = prompts_of(
        prompts,
        boxes,
        target,
        given_crs=crs,
        label_field=label_field,
        object_field=object_field,
    )
    request = SeriesRequest(
        inputs=tuple(
            SeriesInput(date, features=path_of(source))
            if folders
            else SeriesInput(date, raster_of(source, bands))
            for date, source in dated.items()
        ),
        prompts=tuple(map(SeriesPrompt, asked.requests)),
        model=model_of(model, checkpoint) if folders else model_or_bundled(model, checkpoint),
        device=device_of(device, cuda_id),
        start=start,
        direction=direction,
        method=method,
        memories=memories,
        minimum_score=min_score,
        minimum_contrast=min_contrast,
        minimum_overlap=min_overlap,
        value_range=range,
        ranges=ranges,
        resolution=resolution,
        cache=None if folders else live_cache(),
        masks=MaskOptions(
            choice=masks,
            minimum_area=min_area,
            largest_part_only=largest_part,
            fill_holes_up_to=fill_holes,
            simplify=simplify,
            outline=outline,
        ),
        whole=whole,
        acceptable_minutes=minutes,
    )
    rows: list[SeriesRow] = []

    def take(event: SeriesEvent) -> None:
        rows.extend(event.rows)

    with watched("Following objects", context, take) as run, machine.large_run():
        follow(request, run)
    rows.sort(key=lambda row: (row.key, datetime.fromisoformat(row.date)))
    found = columns_of(rows, SeriesRow, SERIES_FIELDS)
    found["date"] = pd.to_datetime(found["date"])
    found["geometry"] = [shapely.from_wkb(row.wkb) if row.wkb else None for row in rows]
    attributes = asked.rows.iloc[[row.key for row in rows]]
    table = geopandas.GeoDataFrame(joined(attributes, found), geometry="geometry", crs=target)
    seen = {row.key for row in rows if row.state == SEEN}
    index = asked.rows.index.tolist()
    table.attrs["unanswered"] = [
        {"prompt": label, "reason": asked.problems.get(key, "It was seen on no date")}
        for key, label in enumerate(index)
        if key not in seen
    ]
    return table


def _dated(inputs: Mapping[str, Source] | Sequence[Source], pattern: str) -> dict[str, Source]:
    """The inputs by their date in ISO 8601, in the order given."""
    if isinstance(inputs, Mapping):
        sources = list(inputs.values())
        moments = [read_date(str(date)) for date in inputs]
        names = list(map(str, inputs))
    else:
        sources = list(inputs)
        names = [Path(os.fspath(source)).name for source in sources]
        _, moments = dates_in_names(names, pattern)
    dated: dict[str, Source] = {}
    for name, moment, source in zip(names, moments, sources):
        if moment is None:
            raise ContractError(
                'No date is known of {}: give the inputs by date, such as {{"2014-07": {}}}',
                name,
                name,
            )
        dated[date_text(moment)] = source
    if len(dated) < len(sources):
        raise ContractError("Two inputs have the same date: {}", ", ".join(names))
    return dated
