"""What Geo-SAM's own package ``geosam`` takes for the same work; it runs SAM2 by ultralytics."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rasterio.features import rasterize
from shapely import from_wkb

from benchmarks.decoding import points_request
from benchmarks.workplace import (
    EPSG,
    METRES,
    Benchmarked,
    Finding,
    Seconds,
    encode_request,
    encoded_patch,
    random_pixels,
    to_map,
    trained_decoder_model,
    write_raster,
)
from geosam_processing.contract import MaskOptions, ObjectsEvent
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.overlap import mask_intersection_over_union
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import segment

# By this name ultralytics knows the architecture.
_MODEL, _FILE = "sam2.1_hiera_tiny", "sam2.1_t.pt"


def compared(folder: Path, patches_a_side: int, points: int) -> list[Finding]:
    """Encoding a raster, and points on a patch, by ``geosam`` and by us with the same weights."""
    folder = folder / "geo_sam"
    folder.mkdir()
    trained = trained_decoder_model(_MODEL, folder)
    # Ours under its official name, as Download model saves it.
    official = Path(shutil.move(trained.model.checkpoint, folder / f"{_MODEL}.pt"))
    benchmarked = replace(trained, model=replace(trained.model, checkpoint=str(official)))
    engines, spec = geosam_engines(folder), _spec(Path(shutil.copyfile(official, folder / _FILE)))
    return [
        _encoding(folder, benchmarked, engines, spec, patches_a_side),
        _points(folder, benchmarked, engines, spec, points),
    ]


def geosam_engines(folder: Path) -> Any:
    """``geosam.engines``, kept from writing settings, going online and installing packages."""
    os.environ.update(YOLO_CONFIG_DIR=str(folder), YOLO_AUTOINSTALL="false", YOLO_OFFLINE="true")
    ensure_torchvision()
    import geosam.engines

    return geosam.engines


def _spec(checkpoint: Path) -> Any:
    from geosam.models import ModelSpec

    return ModelSpec(model_type="sam2", checkpoint_path=checkpoint, device="cpu")


def _encoding(
    folder: Path, benchmarked: Benchmarked, engines: Any, spec: Any, patches_a_side: int
) -> Finding:
    from geosam.datasets import RasterDataset

    adapter = benchmarked.adapter()
    count = patches_a_side**2
    raster = write_raster(folder / "raster.tif", adapter.patch_size * patches_a_side)
    builder = engines.FeatureCacheBuilder(RasterDataset(raster), spec, folder / "theirs")
    request = encode_request(raster, benchmarked, folder / "ours")
    theirs, ours = Seconds(), Seconds()
    for _ in range(2):  # the first round loads and warms both
        theirs.measure(partial(_on_one_thread, builder.build))
        shutil.rmtree(request.output, ignore_errors=True)
        ours.measure(partial(encode, request))
    if len(FeatureFolder.open(folder / "theirs").chips) != count:
        raise RuntimeError("geosam encoded another number of patches")
    return Finding(
        f"geosam {version('geosam')} / ours, encoding {count} patches, CPU",
        benchmarked.title,
        f"{theirs.cpu[-1] / ours.cpu[-1]:.2f}",
        "",
        f"{theirs.cpu[-1] / count:.2f} and {ours.cpu[-1] / count:.2f} s a patch of "
        f"{adapter.patch_size} px, files included",
    )


def _points(folder: Path, benchmarked: Benchmarked, engines: Any, spec: Any, count: int) -> Finding:
    from geosam.query import Points

    features = encoded_patch(folder, benchmarked)
    side = benchmarked.adapter().patch_size
    # Whole meters: geosam keeps coordinates in float32.
    pixels = np.round(random_pixels(count, side) * METRES) / METRES
    queries = [Points([point], labels=[1], crs=f"EPSG:{EPSG}") for point in to_map(pixels)]
    engine = engines.FeatureQueryEngine(features, spec)
    request = replace(points_request(features, benchmarked, pixels), masks=MaskOptions("single"))
    masks: list[np.ndarray] = []
    polygons: dict[int, Any] = {}

    def query() -> None:
        masks[:] = [engine.query(each).mask_array.any(axis=0) for each in queries]

    def answer(event: ObjectsEvent) -> None:
        polygons.update({item.key: from_wkb(item.wkb) for item in event.objects})

    theirs, ours = Seconds(), Seconds()
    _on_one_thread(partial(engine.query, queries[0]))
    segment(replace(request, prompts=request.prompts[:1]), RunContext(results=answer))
    theirs.measure(partial(_on_one_thread, query))
    ours.measure(partial(segment, request, RunContext(results=answer)))
    transform = FeatureFolder.open(features).chips[0].transform
    ious = []
    for key, polygon in polygons.items():
        mask = rasterize([polygon], (side, side), transform=transform).astype(bool)
        if masks[key].any():
            ious.append(float(mask_intersection_over_union(mask, masks[key])))
    return Finding(
        f"geosam {version('geosam')}, a query a point to a mask / ours to polygons, CPU, "
        f"{count} points",
        benchmarked.title,
        f"{theirs.cpu[0] / ours.cpu[0]:.2f}",
        "",
        f"{1000 * theirs.cpu[0] / count:.1f} and {1000 * ours.cpu[0] / count:.1f} ms a point; "
        f"median IoU of {len(ious)} masks that both found {np.median(ious):.4f}",
    )


def _on_one_thread(work: Any) -> None:
    # ultralytics chooses a number of its own whenever it sets up a device.
    try:
        work()
    finally:
        torch.set_num_threads(1)
