"""Held-out scenes as rasters, their true outlines, and outlines that are compared with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin
from shapely import STRtree

from benchmarks.workplace import EPSG, LEFT, METRES, TOP
from geosam_processing.engine.overlap import intersection_over_union
from geosam_processing.engine.segmentation.mask_polygons import mask_polygons
from training.scenes import HELD_OUT_SEEDS, Scene

FIRST_SEED = HELD_OUT_SEEDS + 5_000
# Objects that are worth finding: pixels, and pixels of the shorter side.
LEAST, SIDE = 150, 12
EMPTY = shapely.to_wkb(shapely.Polygon(), hex=True)
TRANSFORM = from_origin(LEFT, TOP, METRES, METRES)

Shapes = NDArray[np.object_]


def write_picture(path: Path, picture: NDArray[np.uint8], corner: tuple[int, int] = (0, 0)) -> None:
    """A picture [rows, columns, 3] as a GeoTIFF whose first pixel is ``corner`` of the scene."""
    transform = TRANSFORM * TRANSFORM.translation(*corner)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=3,
        dtype="uint8",
        height=picture.shape[0],
        width=picture.shape[1],
        crs=f"EPSG:{EPSG}",
        transform=transform,
    ) as target:
        target.write(picture.transpose(2, 0, 1))


def truth_of(scene: Scene) -> tuple[Shapes, list[str]]:
    """Outlines in map units, and classes, of the objects that are worth finding."""
    shapes, classes = [], []
    for number, name in enumerate(scene.classes, start=1):
        rows, columns = np.nonzero(scene.instances == number)
        if len(rows) < LEAST or min(np.ptp(rows), np.ptp(columns)) + 1 < SIDE:
            continue
        top, left = rows.min(), columns.min()
        mask = np.zeros((np.ptp(rows) + 1, np.ptp(columns) + 1), dtype=bool)
        mask[rows - top, columns - left] = True
        parts = shapely.multipolygons(mask_polygons(mask))
        shapes.append(
            shapely.transform(
                parts,
                lambda xy, by=(left, top): np.stack(TRANSFORM * (xy + by).T, 1),
            )
        )
        classes.append(name)
    return as_array(shapes), classes


def as_array(shapes: Sequence[Any]) -> Shapes:
    """Geometries as an array."""
    found: Shapes = np.empty(len(shapes), dtype=object)
    found[:] = list(shapes)
    return found


def pairs_of(one: Shapes, other: Shapes) -> list[tuple[float, int, int]]:
    """IoU and indices of all pairs that overlap, the best first."""
    if not len(one) or not len(other):
        return []
    left, right = STRtree(other).query(one)
    ious = intersection_over_union(one[left], other[right])
    found = zip(ious.tolist(), left.tolist(), right.tolist(), strict=True)
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def matched(pairs: Sequence[tuple[float, int, int]], limit: float) -> list[tuple[int, int]]:
    """One to one, the best pairs first."""
    firsts: set[int] = set()
    seconds: set[int] = set()
    found = []
    for value, one, other in pairs:
        if value >= limit and one not in firsts and other not in seconds:
            firsts.add(one)
            seconds.add(other)
            found.append((one, other))
    return found


def shapes_of(found: Sequence[Any]) -> Shapes:
    """The outlines of objects that were found."""
    return read_shapes([each.wkb for each in found])


def read_shapes(wkbs: Sequence[str]) -> Shapes:
    """Geometries of WKB in hex, an empty one for an empty text."""
    return as_array([shapely.from_wkb(each or EMPTY) for each in wkbs])
