"""Prompts to objects, on a feature folder or straight on a raster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import geopandas
from pyproj import CRS

from geosam_processing.contract import (
    DEFAULT_ATTEMPTS,
    Device,
    LivePrompt,
    LiveSource,
    MaskOptions,
    Model,
    ObjectsEvent,
    SegmentedObject,
    SegmentLiveRequest,
    SegmentRequest,
)
from geosam_processing.contract.fields import SEGMENTED_FIELDS
from geosam_processing.engine.compute import machine
from geosam_processing.engine.notebook.arguments import (
    Layer,
    Source,
    cluster_of,
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
from geosam_processing.engine.notebook.prompts import Prompts, prompts_of
from geosam_processing.engine.notebook.tables import joined, objects_of
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.live import segment_live
from geosam_processing.engine.segmentation.segment import segment as segment_prompts

if TYPE_CHECKING:
    from distributed import Client

TITLE = "Segmenting"


def segment(
    source: Source,
    prompts: Layer | None = None,
    *,
    boxes: Layer | None = None,
    crs: Any = None,
    label_field: str = "",
    object_field: str = "",
    masks: str = "auto",
    min_score: float = 0.0,
    min_contrast: float = 0.0,
    min_area: float = 0.0,
    largest_part: bool = False,
    fill_holes: float = 0.0,
    outline: str = "pixels",
    simplify: float = 0.0,
    whole: bool = True,
    model: str | Model | None = None,
    checkpoint: Source | None = None,
    bands: Sequence[int] | None = None,
    range: tuple[float, float] | None = None,
    resolution: float | None = None,
    attempts: int = DEFAULT_ATTEMPTS,
    device: str | Device | None = None,
    cuda_id: int = 0,
    batch_size: int = 0,
    cluster: str | Client | None = None,
    context: RunContext | None = None,
) -> geopandas.GeoDataFrame:
    """Segment the objects that points and boxes show.

    Args:
        source: a feature folder, or a raster. On a raster, only the patches around the prompts
            are encoded, and their features are kept in a cache.
        prompts: a file, a GeoDataFrame, a point (x, y), or a list of points. A layer of polygons
            or lines gives boxes. A feature of several points is one object.
        boxes: bounding boxes for the points, or alone: a layer, or boxes (xmin, ymin, xmax, ymax).
        crs: of coordinates without a CRS, such as ``"EPSG:4326"``. If not set, the CRS of the
            raster or features.
        label_field: column that holds 1 for points on the object and 0 for others.
        object_field: column whose equal values make one object.
        masks: auto, best, smallest, largest or single, as in Segment from prompts.
        min_score: prompts whose mask has a lower score remain unanswered, 0 to 1.
        min_contrast: prompts whose object stands out less remain unanswered, in gray levels.
        min_area: prompts whose object is smaller remain unanswered, in square meters.
        largest_part: keep the largest part of a mask only.
        fill_holes: fill holes of up to this area in square meters.
        outline: pixels or smooth.
        simplify: how far outlines may move, in pixels. Geo-SAM uses 1.5.
        whole: with features, complete objects that their patch cuts.
        model: name of a model. If not set, the one that encoded the features; on a raster, the
            bundled one.
        checkpoint: file of a model.
        bands: of a raster, numbers from 1. If not set, the first one to three.
        range: of a raster, the values that become 0 and 255.
        resolution: of a raster, the size of a pixel in meters that the model sees first.
        attempts: of a raster, the most patches that an object is tried on.
        device: auto, cpu, cuda or mps. If not set, ``GEOSAM_DEVICE``, or else auto.
        cuda_id: number of the CUDA device.
        batch_size: prompts that are decoded together. 0 chooses it.
        cluster: with features, processes or computers that share the work: ``local``,
            ``local:4``, the address of a Dask scheduler, or a ``distributed.Client``. If not set,
            ``GEOSAM_CLUSTER``.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        A row for each object, in the CRS of the raster or features: the attributes of its prompt,
        then score, stability, area_m2 and the other fields of Segment from prompts. The index is
        that of the prompts. ``attrs["unanswered"]`` lists the others: prompt (the index), reason.

    Raises:
        ContractError, LayerError: an argument is invalid.
        FeaturesError, RasterError, ModelError, DeviceError: the input or the model cannot be used.
    """
    options = MaskOptions(
        choice=masks,
        minimum_score=min_score,
        minimum_contrast=min_contrast,
        minimum_area=min_area,
        largest_part_only=largest_part,
        fill_holes_up_to=fill_holes,
        simplify=simplify,
        outline=outline,
    )
    place = device_of(device, cuda_id)
    target = crs_of(source)
    asked = prompts_of(
        prompts,
        boxes,
        target,
        given_crs=crs,
        label_field=label_field,
        object_field=object_field,
    )
    answers = _Answers(asked, target)
    with watched(TITLE, context, answers.take) as run, machine.large_run():
        if is_feature_folder(source):
            segment_prompts(
                SegmentRequest(
                    features=path_of(source),
                    prompts=asked.requests,
                    model=model_of(model, checkpoint),
                    device=place,
                    batch_size=batch_size,
                    masks=options,
                    whole=whole,
                ),
                run,
                cluster_of(cluster),
            )
        else:
            segment_live(
                SegmentLiveRequest(
                    source=LiveSource(raster_of(source, bands), resolution),
                    prompts=tuple(map(LivePrompt, asked.requests)),
                    model=model_or_bundled(model, checkpoint),
                    cache=live_cache(),
                    device=place,
                    batch_size=batch_size,
                    masks=options,
                    value_range=range,
                    attempts=attempts,
                ),
                run,
            )
    return answers.table()


class _Answers:
    """The objects of a run and the prompts without one, in the order of the prompts."""

    def __init__(self, asked: Prompts, crs: CRS) -> None:
        self._asked, self._crs = asked, crs
        self._objects: list[SegmentedObject] = []
        self._reasons = dict(asked.problems)

    def take(self, event: ObjectsEvent) -> None:
        self._objects += event.objects
        self._reasons.update({each.key: each.reason for each in event.unanswered})

    def table(self) -> geopandas.GeoDataFrame:
        rows, objects = self._asked.rows, sorted(self._objects, key=lambda each: each.key)
        found = objects_of(objects, SegmentedObject, SEGMENTED_FIELDS, self._crs)
        attributes = rows.iloc[[each.key for each in objects]]
        table = geopandas.GeoDataFrame(joined(attributes, found), crs=self._crs)
        # Plain values, as files of tables take nothing else along.
        index = rows.index.tolist()
        table.attrs["unanswered"] = [
            {"prompt": index[key], "reason": reason}
            for key, reason in sorted(self._reasons.items())
        ]
        return table
