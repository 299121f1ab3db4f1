"""Objects through dates."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import geopandas

from geosam_processing.contract import (
    DEFAULT_LIKENESS,
    DEFAULT_MEMORIES,
    DEFAULT_SERIES_SCORE,
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
from geosam_processing.contract.dates import date_text, dates_of_files, read_date
from geosam_processing.engine.compute import machine
from geosam_processing.engine.features.manifest import MANIFEST_NAME
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
from geosam_processing.engine.notebook.series_tables import series_table
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.tracking.follow import segment_series as follow

# Dates as text, as ``date`` or ``datetime``; or a pattern of the names that have them.
Dates: TypeAlias = str | Iterable[str | date]


def segment_series(
    inputs: Mapping[Any, Source] | Sequence[Source],
    prompts: Layer | None = None,
    dates: Dates | None = None,
    *,
    boxes: Layer | None = None,
    crs: Any = None,
    label_field: str = "",
    object_field: str = "",
    start: str = SERIES_STARTS[0],
    direction: str = SERIES_DIRECTIONS[0],
    method: str = SERIES_METHODS[0],
    memories: int = DEFAULT_MEMORIES,
    minutes: float = 30.0,
    min_score: float = DEFAULT_SERIES_SCORE,
    min_contrast: float = 0.0,
    min_likeness: float = DEFAULT_LIKENESS,
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
        inputs: a list of rasters or of feature folders, or a mapping from dates to them, such as
            ``{"2010": "naip_2010.tif", "2014": "naip_2014.tif"}``. The first one gives the CRS
            and the pixels of all dates.
        prompts: points, boxes or a layer, as in ``segment``; one object each.
        dates: a date for each input: a ``date``, a ``datetime``, or text such as 2014-07-01 or
            2014. Or a pattern of the names, such as ``naip_%Y`` or ``(?P<year>\\d{4})``. If not
            set, common patterns are tried.
        boxes: bounding boxes for the points, or alone.
        crs: of coordinates without a CRS. If not set, that of the first input.
        label_field: column that holds 1 for points on the object and 0 for others.
        object_field: column whose equal values make one object.
        start: first, last or best: the date that the prompts are on.
        direction: both, forward or backward.
        method: auto, memory (SAM2 only) or prompts.
        memories: number of dates that an outline is derived from, with ``memory``.
        minutes: ``auto`` takes prompts if memory takes longer.
        min_score: an object with a lower score is gone, 0 to 1.
        min_contrast: an object that differs less from its surroundings is gone, in gray levels.
        min_likeness: an object that differs from its surroundings in another way than on its first
            date is gone, 0 to 1. 0 does not check, for fields and others that change color.
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
        A row for each object and date: the attributes of the prompt, then object (from 1), step,
        date, date_end, state (seen, not seen or gone), reason, score, area_m2, change_m2 since the
        date before, and others. The geometry is None unless the object is seen.
        ``attrs["summary"]`` lists first_m2, last_m2, trend_m2_per_year and others of each object,
        ``attrs["unanswered"]`` the prompts whose object was seen on no date, with the reason.

    Raises:
        ContractError, LayerError: an argument is invalid, or a date is unknown.
        FeaturesError, RasterError, ModelError, DeviceError: an input or the model cannot be used.
    """
    dated = _dated(inputs, dates)
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
            SeriesInput(date_text(moment), features=path_of(source))
            if folders
            else SeriesInput(date_text(moment), raster_of(source, bands))
            for moment, source in dated.items()
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
        minimum_likeness=min_likeness,
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
    return series_table(rows, list(dated), asked, target)


def _dated(
    inputs: Mapping[Any, Source] | Sequence[Source], dates: Dates | None
) -> dict[datetime, Source]:
    """The inputs by their date, in the order given."""
    if isinstance(inputs, Mapping):
        if dates is not None:
            raise ContractError("The inputs have dates already: give a list, or no dates")
        sources, moments = list(inputs.values()), [_read(each) for each in inputs]
    else:
        sources = [inputs] if isinstance(inputs, str | os.PathLike) else list(inputs)
        moments = _moments(sources, dates)
    if not sources:
        raise ContractError("There is no input: give rasters or feature folders")
    dated: dict[datetime, Source] = {}
    for moment, source in zip(moments, sources, strict=True):
        if moment in dated:
            raise ContractError(
                "Two inputs have the date {}: {} and {}. Give every date once",
                date_text(moment),
                _file(dated[moment]).name,
                _file(source).name,
            )
        dated[moment] = source
    return dated


def _moments(sources: Sequence[Source], dates: Dates | None) -> list[datetime]:
    """The dates of a list of inputs: those given, or those in the names."""
    if dates is not None and not isinstance(dates, str):
        moments = [_read(each) for each in dates]
        if len(moments) != len(sources):
            raise ContractError(
                "There are {} dates of {} inputs: give one for each", len(moments), len(sources)
            )
        return moments
    files = [_file(each) for each in sources]
    _, found = dates_of_files(
        [each.name for each in files], [str(each.absolute()) for each in files], dates or ""
    )
    known = [moment for moment in found if moment is not None]
    if len(known) == len(files):
        return known
    name = files[found.index(None)].name
    if dates:
        raise ContractError("{} has no date by the pattern {}: change the pattern", name, dates)
    raise ContractError(
        'No date is known of {}: give dates, such as dates=["2010", "2014-07-01"]', name
    )


def _read(value: Any) -> datetime:
    moment = read_date(str(value))
    if moment is None:
        raise ContractError(
            "Invalid date ({}): give year, month and day, such as 2014-07-01", repr(value)
        )
    return moment


def _file(source: Source) -> Path:
    """The raster or folder that has the date in its name."""
    path = Path(path_of(source))
    return path.parent if path.name == MANIFEST_NAME else path
