"""Objects without prompts: all of them, or those that words and examples describe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import geopandas
import shapely
from pyproj import CRS

from geosam_processing.contract import (
    DEFAULT_CONCEPT_SCORE,
    Bounds,
    Concept,
    ConceptCount,
    ConceptExample,
    ConceptObject,
    ConceptObjectsEvent,
    ConceptsRequest,
    ContractError,
    Device,
    DiscoverRequest,
    EncodeRequest,
    FoundObject,
    MaskOptions,
    Model,
    Shard,
)
from geosam_processing.contract.fields import CONCEPT_COUNT_FIELDS, CONCEPT_FIELDS, FOUND_FIELDS
from geosam_processing.engine.compute import machine
from geosam_processing.engine.concepts.run import segment_concepts as segment_by_concepts
from geosam_processing.engine.discovery.discover import discover
from geosam_processing.engine.notebook.arguments import (
    Layer,
    Source,
    area_wkb,
    cluster_of,
    crs_of,
    device_of,
    is_feature_folder,
    layer_of,
    model_of,
    model_or_bundled,
    path_of,
    raster_of,
    stem_of,
)
from geosam_processing.engine.notebook.progress import watched
from geosam_processing.engine.notebook.tables import columns_of, objects_of
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from distributed import Client

UNNAMED = "example"  # the class of examples without one


def segment_everything(
    source: Source,
    *,
    extent: Bounds | None = None,
    mask: Layer | None = None,
    spacing: int | None = None,
    min_area: float = 0.0,
    max_area: float = 0.0,
    keep: str = "all",
    largest_part: bool = False,
    fill_holes: float = 0.0,
    outline: str = "pixels",
    simplify: float = 0.0,
    min_score: float | None = None,
    min_contrast: float = 0.0,
    min_stability: float | None = None,
    model: str | Model | None = None,
    checkpoint: Source | None = None,
    bands: Sequence[int] | None = None,
    range: tuple[float, float] | None = None,
    stride: int | None = None,
    scales: Sequence[int] = (1,),
    device: str | Device | None = None,
    cuda_id: int = 0,
    batch_size: int = 0,
    resume: bool = True,
    shard: str = "",
    cluster: str | Client | None = None,
    context: RunContext | None = None,
) -> geopandas.GeoDataFrame:
    """Segment all objects without prompts.

    Args:
        source: a feature folder, or a raster, whose features are then not kept.
        extent: xmin, ymin, xmax, ymax in the CRS of the source.
        mask: polygons to search in, in any CRS.
        spacing: distance of the finest points in pixels. If not set, it follows from ``min_area``.
        min_area: smallest area of an object in square meters.
        max_area: largest area in square meters. 0 is no limit.
        keep: all, leaves, largest or coverage, as in Segment everything.
        largest_part: keep the largest part of a mask only.
        fill_holes: fill holes of up to this area in square meters.
        outline: pixels or smooth.
        simplify: how far outlines may move, in pixels.
        min_score: lowest score, 0 to 1. If not set, the value that suits the model.
        min_stability: lowest stability, 0 to 1. If not set, the value that suits the model.
        min_contrast: objects that stand out less are left out, in gray levels.
        model: name of a model. If not set, the one that encoded the features; on a raster, the
            bundled one.
        checkpoint: file of a model.
        bands: of a raster, as in ``encode``.
        range: of a raster, as in ``encode``.
        stride: of a raster, as in ``encode``.
        scales: of a raster, as in ``encode``.
        device: auto, cpu, cuda or mps. If not set, ``GEOSAM_DEVICE``, or else auto.
        cuda_id: number of the CUDA device.
        batch_size: points that are decoded together. 0 chooses it.
        resume: keep the answers of each patch next to the features, to continue after a stop.
        shard: only the objects on a part of the patches, such as ``3/16``. ``merge_shards`` makes
            one layer of all parts.
        cluster: processes or computers that share the work: ``local``, ``local:4``, the
            address of a Dask scheduler, or a ``distributed.Client``. If not set,
            ``GEOSAM_CLUSTER``.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        A row for each object with object_id, score, stability, area_m2, parent_id, level and the
        other fields of Segment everything, in the CRS of the source.

    Raises:
        ContractError, LayerError: an argument is invalid.
        FeaturesError, RasterError, ModelError, DeviceError: the input or the model cannot be used.
    """
    crs, place = crs_of(source), device_of(device, cuda_id)
    from_folder = is_feature_folder(source)
    encode = None
    if not from_folder:
        encode = EncodeRequest(
            raster=raster_of(source, bands),
            model=model_or_bundled(model, checkpoint),
            output=".",
            layer_name=stem_of(source),
            stride=stride,
            device=place,
            value_range=range,
            scales=tuple(scales),
        )
    request = DiscoverRequest(
        features=path_of(source) if from_folder else "",
        encode=encode,
        model=model_of(model, checkpoint) if from_folder else None,
        device=place,
        batch_size=batch_size,
        area=area_wkb(extent, mask, crs),
        spacing=spacing,
        minimum_score=min_score,
        minimum_stability=min_stability,
        minimum_area=min_area,
        maximum_area=max_area,
        keep=keep,
        masks=_shape(min_contrast, largest_part, fill_holes, outline, simplify),
        resume=resume,
        shard=Shard.parse(shard) if shard else None,
    )
    objects: list[FoundObject] = []
    with (
        watched(
            "Segmenting everything", context, lambda event: objects.extend(event.objects)
        ) as run,
        machine.large_run(),
    ):
        discover(request, run, cluster_of(cluster))
    return objects_of(objects, FoundObject, FOUND_FIELDS, crs)


def segment_concepts(
    source: Source,
    text: str | Sequence[str] = (),
    *,
    examples: Layer | None = None,
    class_field: str = "",
    label_field: str = "",
    min_score: float = DEFAULT_CONCEPT_SCORE,
    min_contrast: float = 0.0,
    extent: Bounds | None = None,
    mask: Layer | None = None,
    min_area: float = 0.0,
    largest_part: bool = False,
    fill_holes: float = 0.0,
    outline: str = "pixels",
    simplify: float = 0.0,
    spread: bool = True,
    checkpoint: Source | None = None,
    device: str | Device | None = None,
    cuda_id: int = 0,
    context: RunContext | None = None,
) -> geopandas.GeoDataFrame:
    """Segment all objects that words or examples describe, with SAM3.

    Args:
        source: a feature folder that SAM3 encoded.
        text: a phrase, or several, such as ``["roof", "swimming pool"]``.
        examples: polygons around objects, or points in them, in any CRS.
        class_field: column of the examples with the phrase that they show.
        label_field: column of the examples that holds 1, or 0 for counterexamples.
        min_score: objects with a lower score are left out, 0 to 1.
        min_contrast: objects that stand out less are left out, in gray levels.
        extent: xmin, ymin, xmax, ymax in the CRS of the features.
        mask: polygons to search in, in any CRS.
        min_area: objects with a smaller area in square meters are left out.
        largest_part: keep the largest part of a mask only.
        fill_holes: fill holes of up to this area in square meters.
        outline: pixels or smooth.
        simplify: how far outlines may move, in pixels.
        spread: use objects that examples found as examples in neighboring patches.
        checkpoint: file of the model.
        device: auto, cpu, cuda or mps. If not set, ``GEOSAM_DEVICE``, or else auto.
        cuda_id: number of the CUDA device.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        A row for each object with class, score, presence, area_m2 and the other fields of Segment
        by words and examples. ``attrs["counts"]`` lists what was found of each phrase.

    Raises:
        ContractError, LayerError: an argument is invalid.
        FeaturesError, ModelError, DeviceError: the features or the model cannot be used.
    """
    crs = crs_of(source)
    phrases = [text] if isinstance(text, str) else list(text)
    shown: list[ConceptExample] = []
    if examples is not None:
        shown = _examples(examples, phrases, class_field, label_field, crs)
    names = {phrase: phrase for phrase in phrases}
    for example in shown:
        names.setdefault(example.concept, "")
    request = ConceptsRequest(
        features=path_of(source),
        concepts=tuple(Concept(name, phrase) for name, phrase in names.items()),
        examples=tuple(shown),
        model=model_of(None, checkpoint),
        device=device_of(device, cuda_id),
        area=area_wkb(extent, mask, crs),
        minimum_score=min_score,
        minimum_area=min_area,
        spread=spread,
        masks=_shape(min_contrast, largest_part, fill_holes, outline, simplify),
    )
    objects: list[ConceptObject] = []

    def take(event: ConceptObjectsEvent) -> None:
        objects.extend(event.objects)

    with watched("Searching", context, take) as run, machine.large_run():
        result = segment_by_concepts(request, run)
    table = objects_of(objects, ConceptObject, CONCEPT_FIELDS, crs)
    counts = columns_of(result.counts, ConceptCount, CONCEPT_COUNT_FIELDS)
    table.attrs["counts"] = counts.to_dict("records")
    return table


def _shape(
    min_contrast: float, largest_part: bool, fill_holes: float, outline: str, simplify: float
) -> MaskOptions:
    return MaskOptions(
        minimum_contrast=min_contrast,
        largest_part_only=largest_part,
        fill_holes_up_to=fill_holes,
        outline=outline,
        simplify=simplify,
    )


def _examples(
    layer: Layer, phrases: Sequence[str], class_field: str, label_field: str, crs: CRS
) -> list[ConceptExample]:
    if len(phrases) > 1 and not class_field:
        raise ContractError(
            "Nothing links the examples to one of the phrases {}: give a class_field",
            "; ".join(phrases),
        )
    frame = layer_of(layer, crs, "examples").to_crs(crs)
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    classes: Sequence[Any] = frame[class_field] if class_field else [None] * len(frame)
    labels: Sequence[Any] = frame[label_field] if label_field else [1] * len(frame)
    return [
        ConceptExample(
            str(name) if class_field else next(iter(phrases), UNNAMED),
            shapely.to_wkb(geometry, hex=True),
            bool(label),
        )
        for geometry, name, label in zip(frame.geometry, classes, labels)
    ]
