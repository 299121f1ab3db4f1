"""What making polygons of masks costs, against what is usually done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
import torch
from pyproj import CRS
from rasterio.features import shapes
from torch.nn.functional import interpolate

from benchmarks.workplace import Finding, Seconds
from geosam_processing.contract import MaskOptions
from geosam_processing.engine.features.manifest import Affine, Chip
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.segmentation.vectorize import mask_parts, outline

SIDE, LOW = 1024, 256
_MASKS = 32
IDENTITY = Affine.identity()


def naive_polygons(mask: np.ndarray) -> shapely.MultiPolygon:
    """The polygons of a whole patch's mask, by rasterio and shapely."""
    parts = [
        shapely.Polygon(shape["coordinates"][0], shape["coordinates"][1:])
        for shape, _ in shapes(mask.astype(np.uint8), mask=mask, connectivity=4)
    ]
    return shapely.MultiPolygon(parts)


def polygons_of_masks(rounds: int) -> Finding:
    """From low resolution logits to polygons, ours also with the area in square meters."""
    chip = Chip("chip_000000", Path(), IDENTITY, (SIDE, SIDE), (SIDE, SIDE))
    meter = AreaMeter(CRS("EPSG:32633"))
    logits = [_blob(seed) for seed in range(_MASKS)]

    def naive(mask: torch.Tensor) -> shapely.MultiPolygon:
        large = interpolate(mask[None, None], (SIDE, SIDE), mode="bilinear")
        return naive_polygons(large[0, 0].numpy() > 0)

    def ours(mask: torch.Tensor) -> shapely.Geometry:
        shape = outline(mask_parts(mask, chip, SIDE, "pixels"), chip, MaskOptions(), meter)
        assert shape is not None
        return shape.geometry

    for mask in logits:
        if not shapely.equals(ours(mask).normalize(), naive(mask).normalize()):
            raise AssertionError("The polygons differ")
    theirs_seconds, our_seconds = Seconds(), Seconds()
    for _ in range(rounds):
        theirs_seconds.measure(lambda: [naive(mask) for mask in logits])
        our_seconds.measure(lambda: [ours(mask) for mask in logits])
    theirs, own = theirs_seconds.median_cpu / _MASKS, our_seconds.median_cpu / _MASKS
    return Finding(
        "G9 naive polygonizing / ours with areas, same geometry, CPU",
        f"blobs in {LOW} x {LOW} logits",
        f"{theirs / own:.1f}",
        ">= 10",
        f"naive {1000 * theirs:.2f} ms a mask, ours {1000 * own:.2f} ms; median of {rounds} "
        f"rounds of {_MASKS} masks, of "
        f"{np.median([float((mask > 0).sum()) * (SIDE / LOW) ** 2 for mask in logits]):,.0f} "
        "pixels",
    )


def _blob(seed: int) -> torch.Tensor:
    """Logits [LOW, LOW] of one object with a ragged outline."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:LOW, :LOW].astype(np.float32)
    y, x = rng.uniform(0.2 * LOW, 0.8 * LOW, 2)
    high, wide = rng.uniform(5, 25, 2)
    distance = np.hypot((rows - y) / high, (columns - x) / wide)
    ragged = distance + 0.1 * np.sin(5 * np.arctan2(rows - y, columns - x))
    return torch.from_numpy((8 * (1 - ragged)).astype(np.float32))
