"""Ponds on aerial images of nine years, followed and compared with their water index.

python -m benchmarks.pond_years FOLDER [--score S] [--likeness L] [--rows FILE]

The images are made of naip_2010.tif and naip_2014.tif of the public repository opengeos/data, in
the folder that the environment variable GEOSAM_SAMPLE_DATA names: in other colors and pixel sizes,
shifted, and with ponds that shrink and dry out. The bed of what has dried is pale, or green as its
surroundings. Water is where the infrared, which the model does not see, is dark.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import geopandas
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.warp import Resampling, reproject
from shapely.geometry import box

from benchmarks.series import ALONE, FOLLOWED, Limits
from benchmarks.workplace import CPU
from geosam_processing.contract import (
    LiveCache,
    Model,
    Prompt,
    Raster,
    SeriesEvent,
    SeriesInput,
    SeriesPrompt,
    SeriesRequest,
    SeriesRow,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.tracking.follow import segment_series
from training.fractals import fractal
from training.prompts import draw_box

COUNT = 20
SEED = 7
DARKEST = {2010: 70, 2014: 50}
"""Water is where the infrared is below."""
# How wet a year is, 1 full; and the image that it is made of.
YEARS = {
    2009: (1.0, 2014),
    2010: (0.9, 2010),
    2011: (0.7, 2014),
    2012: (0.45, 2010),
    2013: (0.3, 2014),
    2014: (0.5, 2014),
    2015: (0.75, 2010),
    2016: (1.0, 2014),
    2017: (0.85, 2010),
}
# Pixels of other sizes than the first year's, meters.
SIZES = {2011: 4.0, 2015: 6.0}
_LEAST, _MOST = 100, 4000  # pixels of a pond
_DRY = 0.05  # share of the largest area below which a pond is dry
_HECTARE = 1e4

Mask = NDArray[np.bool_]
Planes = NDArray[np.float32]


@dataclass(frozen=True)
class Bed:
    """What lies under water: its relief in pixels, and its brightness relative to its mean."""

    relief: Planes
    texture: Planes


@dataclass(frozen=True)
class PondYear:
    """A pond in a year: the area of its water in hectares, and what was found."""

    way: str
    key: int
    year: int
    water: float
    state: str
    area: float
    score: float | None
    contrast: float | None
    overlap: float | None
    likeness: float | None


def make_years(folder: Path) -> dict[tuple[int, int], float]:
    """Write ``naip_YEAR.tif`` and ``boxes.gpkg``; return the water of each pond and year, ha."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    data = Path(os.environ["GEOSAM_SAMPLE_DATA"])
    images: dict[int, Planes] = {}
    waters: dict[int, Mask] = {}
    for year, darkest in DARKEST.items():
        with rasterio.open(data / f"naip_{year}.tif") as image:
            profile = image.profile
            planes = image.read()
        images[year] = planes.astype(np.float32)
        waters[year] = cv2.medianBlur(planes[3], 3) < darkest
    basins = _basins(waters)
    # A shallow pond dries out earlier.
    depths = {key: rng.uniform(0.15, 1.0) for key in range(1, int(basins.max()) + 1)}
    pale = {key: bool(rng.random() < 0.5) for key in depths}
    truth = {}
    for year, (wetness, source) in YEARS.items():
        planes, water = images[source].copy(), waters[source].copy()
        shape = (water.shape[0], water.shape[1])
        bed = Bed(fractal(rng, shape, 20, 2), 1 + 0.06 * fractal(rng, shape, 12, 1))
        for key, depth in depths.items():
            level = np.clip((wetness - 1) / depth + 1 + rng.normal(0, 0.05), 0, 1)
            level = 1.0 if year == min(YEARS) else float(level)
            _lower(planes, water, basins == key, level, pale[key], bed)
            pixels = float((water & (basins == key)).sum())
            truth[key, year] = pixels * abs(profile["transform"].a) ** 2 / _HECTARE
        _write(folder / f"naip_{year}.tif", _recolored(rng, planes), profile, SIZES.get(year))
    _write_boxes(folder / "boxes.gpkg", rng, basins, waters[YEARS[min(YEARS)][1]], profile)
    return truth


def _basins(waters: dict[int, Mask]) -> NDArray[np.int32]:
    """Number up to ``COUNT`` ponds that both images show, with a margin around each."""
    one, two = waters.values()
    either = cv2.dilate((one | two).astype(np.uint8), np.ones((7, 7), np.uint8))
    parts, labels, statistics, _ = cv2.connectedComponentsWithStats(either, connectivity=4)
    rows, columns = one.shape
    chosen = []
    for part in range(1, parts):
        left, top, width, height, _ = statistics[part].tolist()
        mask = labels == part
        sizes = [int((water & mask).sum()) for water in (one, two)]
        inside = left > 2 and top > 2 and left + width < columns - 2 and top + height < rows - 2
        if inside and min(sizes) >= _LEAST and max(sizes) <= _MOST:
            chosen.append(part)
    result = np.zeros(one.shape, np.int32)
    for key, part in enumerate(chosen[:COUNT], 1):
        result[labels == part] = key
    return result


def _lower(planes: Planes, water: Mask, basin: Mask, level: float, pale: bool, bed: Bed) -> None:
    """Leave a share of a pond's water, where it is deepest, and paint its bed."""
    pond = water & basin
    if level >= 1 or not pond.any():
        return
    depth = cv2.distanceTransform(pond.astype(np.uint8), cv2.DIST_L2, 5)
    depth = depth + 0.5 * bed.relief
    dried = pond if level <= 0 else pond & (depth < np.quantile(depth[pond], 1 - level))
    shore = (cv2.dilate(pond.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0) & ~water
    color = planes[:, shore].mean(1)
    if pale:
        color = 0.5 * color + 0.5 * np.array([196, 190, 176, 150], np.float32)
    color[3] = max(float(color[3]), 110.0)
    # The bed begins softly, as the pixels of a camera do.
    share = cv2.GaussianBlur(dried.astype(np.float32), (0, 0), 0.7)
    for band in range(4):
        planes[band] = (1 - share) * planes[band] + share * color[band] * bed.texture
    water[dried] = False


def _recolored(rng: np.random.Generator, planes: Planes) -> NDArray[np.uint8]:
    """As another flight shows it: light, haze, colors and a shift of up to a pixel."""
    gain = rng.uniform(0.85, 1.15) * (1 + rng.normal(0, 0.03, (4, 1, 1)))
    result = 255 * np.clip(planes * gain / 255, 0, 1) ** rng.uniform(0.85, 1.15)
    result = result + rng.uniform(-8, 12) + rng.normal(0, 2, planes.shape)
    matrix = np.array([[1, 0, rng.uniform(-1, 1)], [0, 1, rng.uniform(-1, 1)]])
    moved = [
        cv2.warpAffine(
            band.astype(np.float32),
            matrix,
            band.shape[::-1],
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for band in result
    ]
    return np.clip(np.stack(moved), 1, 255).astype(np.uint8)


def _write(
    path: Path, planes: NDArray[np.uint8], profile: dict[str, object], size: float | None
) -> None:
    transform = profile["transform"]
    profile = {**profile, "driver": "GTiff", "compress": "deflate"}
    profile.update(photometric="RGB", alpha="NO")
    if size is not None:
        factor = size / abs(transform.a)  # type: ignore[attr-defined]
        height, width = (round(side / factor) for side in planes.shape[1:])
        other = transform * transform.scale(factor)  # type: ignore[attr-defined]
        target = np.zeros((4, height, width), np.uint8)
        reproject(
            planes,
            target,
            src_transform=transform,
            dst_transform=other,
            src_crs=profile["crs"],
            dst_crs=profile["crs"],
            resampling=Resampling.average if factor > 1 else Resampling.bilinear,
        )
        planes = target
        profile = {**profile, "height": height, "width": width, "transform": other}
    with rasterio.open(path, "w", **profile) as image:
        image.write(planes)


def _write_boxes(
    path: Path,
    rng: np.random.Generator,
    basins: NDArray[np.int32],
    water: Mask,
    profile: dict[str, object],
) -> None:
    rows = []
    for key in range(1, int(basins.max()) + 1):
        left, top, right, bottom = draw_box(rng, water & (basins == key))
        west, north = profile["transform"] * (left, top)  # type: ignore[operator]
        east, south = profile["transform"] * (right, bottom)  # type: ignore[operator]
        rows.append({"pond": key, "geometry": box(west, south, east, north)})
    frame = geopandas.GeoDataFrame(rows, crs=profile["crs"])
    frame.to_file(path, driver="GPKG", layer="boxes")


def follow(
    folder: Path, truth: dict[tuple[int, int], float], way: str, limits: Limits
) -> list[PondYear]:
    """The ponds in all years, followed from the boxes, or asked for by them in each year."""
    boxes = geopandas.read_file(folder / "boxes.gpkg")
    inputs = tuple(
        SeriesInput(f"{year}-01-01", Raster(str(folder / f"naip_{year}.tif"), bands=(1, 2, 3)))
        for year in YEARS
    )
    dates = [each.date for each in inputs] if way == ALONE else [inputs[0].date]
    prompts = tuple(
        SeriesPrompt(Prompt(int(key), box=shape.bounds), date)
        for key, shape in zip(boxes["pond"], boxes.geometry, strict=True)
        for date in dates
    )
    rows: list[SeriesRow] = []
    request = SeriesRequest(
        inputs=inputs,
        prompts=prompts,
        model=Model(BUNDLED_MODEL),
        device=CPU,
        method="prompts",
        minimum_score=limits.score,
        minimum_contrast=limits.contrast,
        minimum_overlap=limits.overlap,
        minimum_likeness=limits.likeness,
        cache=LiveCache(str(folder / "cache"), 4096),
    )

    def collect(event: SeriesEvent) -> None:
        rows.extend(event.rows)

    segment_series(request, RunContext(results=collect))
    return [
        PondYear(
            way,
            row.key,
            int(row.date[:4]),
            truth[row.key, int(row.date[:4])],
            row.state,
            row.area / _HECTARE,
            row.score,
            row.contrast,
            row.overlap,
            row.likeness,
        )
        for row in rows
    ]


def report(rows: Sequence[PondYear]) -> str:
    """The figures as lines of text."""
    keys = sorted({row.key for row in rows})
    years = sorted({row.year for row in rows})
    table = {(row.key, row.year): row for row in rows}
    water = np.array([[table[key, year].water for year in years] for key in keys])
    area = np.array([[table[key, year].area for year in years] for key in keys])
    gone = np.array([[table[key, year].state == "gone" for year in years] for key in keys])
    dry = water < _DRY * water.max(1, keepdims=True)
    within = [
        np.corrcoef(own, found)[0, 1] if found.std() > 0 else 0.0
        for own, found in zip(water, area, strict=True)
        if own.std() > 0
    ]
    bias = [found[~rest].sum() / own[~rest].sum() for own, found, rest in zip(water, area, dry)]
    every = np.corrcoef(water.ravel(), area.ravel())[0, 1]
    return "\n".join(
        [
            f"  {len(keys)} ponds, {len(years)} years, {int(dry.sum())} dry pond-years",
            f"  correlation of all pond-years: {every:.3f}",
            f"  of yearly totals: {np.corrcoef(water.sum(0), area.sum(0))[0, 1]:.3f}",
            f"  of each pond over the years: mean {np.mean(within):.3f}, "
            f"median {np.median(within):.3f}",
            f"  dry told: {int((gone & dry).sum())} of {int(dry.sum())}",
            f"  with water, said to be gone: {int((gone & ~dry).sum())} of {int((~dry).sum())}",
            f"  area where there is water, relative to it: median {np.median(bias):.2f}",
        ]
    )


def main() -> None:
    """Make the years, follow the ponds and print the figures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--score", type=float, default=Limits.score)
    parser.add_argument("--contrast", type=float, default=Limits.contrast)
    parser.add_argument("--overlap", type=float, default=Limits.overlap)
    parser.add_argument("--likeness", type=float, default=Limits.likeness)
    parser.add_argument("--rows", type=Path, help="a file for all rows, JSON")
    arguments = parser.parse_args()
    truth = make_years(arguments.folder)
    limits = Limits(arguments.score, arguments.contrast, arguments.overlap, arguments.likeness)
    rows = []
    for way, asked, allowed in (
        ("by hand: the boxes in each year, nothing refused", ALONE, Limits(0, 0, 0, 0)),
        (ALONE, ALONE, limits),
        (FOLLOWED, FOLLOWED, limits),
    ):
        found = follow(arguments.folder, truth, asked, allowed)
        print(f"{way}:\n{report(found)}", flush=True)
        rows += [{**asdict(each), "way": way} for each in found]
    if arguments.rows is not None:
        arguments.rows.write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
