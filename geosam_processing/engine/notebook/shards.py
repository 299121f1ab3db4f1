"""A raster encoded and segmented by several machines, each a shard, and the merging."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import shapely

from geosam_processing.contract import (
    KEEP,
    SHARD_VARIABLE,
    ContractError,
    MergeFeaturesRequest,
    chosen_shard,
)
from geosam_processing.contract.checks import require_choice
from geosam_processing.engine.compute import machine
from geosam_processing.engine.discovery.settling import settled
from geosam_processing.engine.encoding.encode import encode as encode_raster
from geosam_processing.engine.encoding.merge_shards import merge_features as merge
from geosam_processing.engine.notebook.arguments import Layer, Source, layer_of, path_of
from geosam_processing.engine.notebook.encoding import Features, request_of
from geosam_processing.engine.notebook.progress import watched
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.run import RunContext


def encode_shard(
    input: Source,
    output: Source,
    shard: str = "",
    *,
    context: RunContext | None = None,
    **options: Any,
) -> Path:
    """Encode a part of the patches of a raster. A run that was stopped continues.

    Args:
        input: a file, or what GDAL opens.
        output: the feature folder that all shards share, or a folder of this machine.
        shard: such as ``3/16``. If not set, that of ``GEOSAM_SHARD`` or of a Slurm array task.
        context: own callbacks instead of a progress bar and the log.
        options: the other keywords of ``encode``, the same for all shards.

    Returns:
        The part of the manifest.

    Raises:
        ContractError: an argument is invalid, or there is no shard.
        RasterError, ModelError, DeviceError: the raster or the model cannot be used.
        FeaturesError: the other shards were encoded with other settings.
        OutputError: the folder cannot be written, or another run encodes the shard.
    """
    chosen, _ = chosen_shard(shard, os.environ)
    if chosen is None:
        raise ContractError(
            "There is no shard: give one, such as 3/16, or set the variable {}", SHARD_VARIABLE
        )
    request = replace(request_of(input, path_of(output), **options), shard=chosen)
    all_cores = request.compute_precision == "bfloat16"
    with watched("Encoding", context) as run, machine.large_run(all_cores=all_cores):
        return Path(encode_raster(request, run).manifest)


def merge_features(
    folders: Source | Sequence[Source],
    output: Source | None = None,
    *,
    allow_missing: bool = False,
    context: RunContext | None = None,
) -> Features:
    """Make one feature folder from all shards.

    Args:
        folders: the folder that the shards share, a folder of several such folders, or a list.
        output: a folder to which chips are copied. If not set, the shards lie in one folder, which
            becomes the feature folder.
        allow_missing: merge also if shards are missing.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        The features.

    Raises:
        FeaturesError: there are no shards, they do not belong together, or patches are missing.
        OutputError: the output cannot be written.
    """
    several = [folders] if isinstance(folders, str | os.PathLike | Features) else folders
    request = MergeFeaturesRequest(
        tuple(path_of(each) for each in several),
        path_of(output) if output else "",
        allow_missing,
    )
    with watched("Merging", context) as run:
        return Features(merge(request, run).output)


def merge_shards(objects: Sequence[Layer], keep: str = KEEP[0]) -> geopandas.GeoDataFrame:
    """Make one layer of the objects that ``segment_everything`` found in all shards.

    Args:
        objects: the layer of each shard, in any order.
        keep: all, leaves, largest or coverage, as in Segment everything.

    Returns:
        The same rows as those of one run without shards.

    Raises:
        ContractError, LayerError: an argument is invalid.
    """
    require_choice("objects to keep", keep, KEEP)
    frames = [layer_of(each, None, "objects") for each in objects]
    table = pd.concat(frames, ignore_index=True)
    shapes = [shapely.MultiPolygon(shapely.get_parts(each).tolist()) for each in table.geometry]
    columns = (table["touches_edge"], table["scale"], table["score"])
    ranks = [(bool(edge), int(scale), -score) for edge, scale, score in zip(*columns, strict=True)]
    kept, _ = settled(shapes, ranks, keep)
    keys = {each.index: key for key, each in enumerate(kept, start=1)}
    meter = AreaMeter.of(frames[0].crs)
    found = table.iloc[[each.index for each in kept]].reset_index(drop=True)
    found["object_id"] = range(1, len(kept) + 1)
    parents = [None if each.parent is None else keys.get(each.parent) for each in kept]
    found["parent_id"] = pd.array(parents, dtype=table["parent_id"].dtype)
    found["level"] = [each.level for each in kept]
    found["area_m2"] = [meter.area(each.geometry) for each in kept]
    return found.set_geometry([each.geometry for each in kept], crs=frames[0].crs)
