"""True objects of real rasters: ponds, lakes and roofs of the public repository opengeos/data.

Nothing of these rasters is trained on. Ponds and lakes are where the infrared is dark, in aerial
imagery a band that the model does not see. Roofs were outlined by hand in the surface model;
the height halfway up each wall moves the outlines to the walls.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rasterio
from numpy.typing import NDArray

LEAST_PIXELS = 36
"""Smaller waters are left out."""
_DRAWN_ROOFS = Path(__file__).with_name("real_roofs.geojson")
_GROUND_WINDOW = 61
"""Side in pixels (122 m) of the window in which the lowest surface counts as ground."""


@dataclass(frozen=True)
class RealRaster:
    """A raster and the objects that it truly shows.

    Attributes:
        name: of the objects, for tables.
        path: the raster file.
        bands: the bands that the model sees.
        value_range: mapped to 0 to 255.
        view: (rows, columns) uint8, what the model sees, gray.
        bright: whether the objects are brighter than their surroundings in ``view``.
        instances: (rows, columns) int32; 0 is no object, k is object k.
        empty: (rows, columns) bool, true where a box may stand that holds no object.
    """

    name: str
    path: Path
    bands: tuple[int, ...]
    value_range: tuple[float, float]
    view: NDArray[np.uint8]
    bright: bool
    instances: NDArray[np.int32]
    empty: NDArray[np.bool_]


def real_rasters(folder: Path) -> list[RealRaster]:
    """The rasters of a folder that holds all four."""
    return [
        _waters(folder / "naip_2010.tif", "ponds 2010", {4: 70}),
        _waters(folder / "naip_2014.tif", "ponds 2014", {4: 50}),
        _waters(folder / "landsat_2010.tif", "lakes", {1: 60, 2: 110}),
        _roofs(folder / "dsm.tif"),
    ]


def _waters(path: Path, name: str, darkest: dict[int, int]) -> RealRaster:
    """Waters are where every one of some infrared bands is below its level."""
    with rasterio.open(path) as image:
        planes = image.read()
        water = image.dataset_mask() > 0
    for band, level in darkest.items():
        water &= cv2.medianBlur(planes[band - 1], 3) < level
    gray = planes[:3].mean(0)
    return RealRaster(
        name=name,
        path=path,
        bands=(1, 2, 3),
        value_range=(0, 255),
        view=gray.astype(np.uint8),
        bright=False,
        instances=_whole_parts(water),
        empty=cv2.dilate(water.astype(np.uint8), np.ones((7, 7), np.uint8)) == 0,
    )


def _whole_parts(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Number the connected parts that are large enough and away from the raster's edge.

    Holes of less than ``LEAST_PIXELS`` are filled.
    """
    holes, labels, statistics, _ = cv2.connectedComponentsWithStats(
        (~mask).astype(np.uint8), connectivity=4
    )
    small = np.flatnonzero(statistics[:, cv2.CC_STAT_AREA] < LEAST_PIXELS)
    filled = mask | np.isin(labels, small[small > 0])
    parts, labels, statistics, _ = cv2.connectedComponentsWithStats(
        filled.astype(np.uint8), connectivity=4
    )
    result = np.zeros(mask.shape, np.int32)
    count = 0
    rows, columns = mask.shape
    for part in range(1, parts):
        left, top, width, height, area = statistics[part].tolist()
        inside = left > 0 and top > 0 and left + width < columns and top + height < rows
        if area >= LEAST_PIXELS and min(width, height) >= 5 and inside:
            count += 1
            result[labels == part] = count
    return result


def _roofs(path: Path) -> RealRaster:
    with rasterio.open(path) as image:
        surface = image.read(1).astype(np.float32)
        transform = image.transform
    window = np.ones((_GROUND_WINDOW, _GROUND_WINDOW), np.uint8)
    ground = cv2.GaussianBlur(cv2.morphologyEx(surface, cv2.MORPH_OPEN, window), (0, 0), 10)
    height = surface - ground
    instances = np.zeros(surface.shape, np.int32)
    drawn: dict[str, Any] = json.loads(_DRAWN_ROOFS.read_text())
    for number, feature in enumerate(drawn["features"], 1):
        outline = feature["geometry"]["coordinates"][0]
        corners = np.array([~transform * tuple(corner) for corner in outline])
        instances[_roof(height, corners) & (instances == 0)] = number
    low, high = np.percentile(surface, [1, 99])
    view = np.clip((surface - low) / (high - low), 0, 1) * 255
    return RealRaster(
        name="roofs",
        path=path,
        bands=(1,),
        value_range=(float(low), float(high)),
        view=view.astype(np.uint8),
        bright=True,
        instances=instances,
        empty=(height < 2) & (instances == 0),
    )


def _roof(height: NDArray[np.float32], corners: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The largest part, inside a drawn outline, that is over half as high as its roof."""
    drawn = np.zeros(height.shape, np.uint8)
    cv2.fillPoly(drawn, [np.round((corners - 0.5) * 16).astype(np.int32)], (1,), shift=4)
    roof = float(np.percentile(height[drawn > 0], 60))
    near = cv2.dilate(drawn, np.ones((3, 3), np.uint8)) > 0
    tall = (near & (height > roof / 2)).astype(np.uint8)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(tall, connectivity=4)
    return np.asarray(labels == 1 + int(statistics[1:, cv2.CC_STAT_AREA].argmax()))
