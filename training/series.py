"""Series of scenes of one place with the exact mask of every followed object on every date.

python -m training.series OUTPUT_DIR [--seed SEED]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import cv2
import geopandas
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine, from_origin
from shapely import MultiPolygon, unary_union
from shapely.geometry import box, shape

from training import materials, objects
from training.canvas import Canvas
from training.fractals import fractal
from training.materials import Material, pick
from training.prompts import draw_box
from training.scenes import HELD_OUT_SEEDS
from training.sensors import take_picture
from training.shapes import Polygon, Stamp, blob, rasterize
from training.varied_nature import add_mottled_ground, mottle

SEED = HELD_OUT_SEEDS + 21_000
HEIGHT = WIDTH = 512
METRES = 2.0
CELL = 128  # pixels; each followed object stays in a cell of its own
DATE_COUNT = 8
CLOUDY = 4  # the date that clouds cover a part of
EPSG = 32633
ORIGIN = (452_000.0, 5_411_500.0)
SEEN, NOT_SEEN, GONE = "seen", "not seen", "gone"
_HIDDEN = 0.5  # share of an object under clouds from which it is not seen
_KINDS = {"pond": materials.WATER, "bare soil": materials.SOIL, "snow": materials.SNOW}


@dataclass(frozen=True)
class Moment:
    """A followed object on a date.

    Attributes:
        scale: its size relative to its outline; 0 if it is not there.
        shift: where it has moved to (x, y), pixels.
    """

    scale: float
    shift: tuple[float, float] = (0.0, 0.0)


Behaviour = Callable[[float, np.random.Generator], Moment]


def _grows(time: float, rng: np.random.Generator) -> Moment:
    return Moment(0.6 + 0.6 * time + rng.normal(0, 0.01))


def _shrinks(time: float, rng: np.random.Generator) -> Moment:
    return Moment(1.2 - 0.6 * time + rng.normal(0, 0.01))


def _moves(time: float, rng: np.random.Generator) -> Moment:
    return Moment(0.75 + rng.normal(0, 0.01), (36 * time - 18, 22 * time - 11))


def _vanishes(time: float, rng: np.random.Generator) -> Moment:
    return Moment(0.0 if time > 0.65 else 1.0 - 0.3 * time)


def _returns(time: float, rng: np.random.Generator) -> Moment:
    return Moment(0.0 if 0.25 < time < 0.5 else 0.9 + rng.normal(0, 0.02))


def _stays(time: float, rng: np.random.Generator) -> Moment:
    return Moment(1.0 + rng.normal(0, 0.01))


BEHAVIOURS: dict[str, Behaviour] = {
    "grows": _grows,
    "shrinks": _shrinks,
    "moves": _moves,
    "vanishes": _vanishes,
    "returns": _returns,
    "stays": _stays,
}


@dataclass(frozen=True)
class Followed:
    """An object that is followed: its outline in pixels, its class and what it does."""

    outline: Polygon
    kind: str
    behaviour: str
    surface: Material

    def stamp(self, moment: Moment) -> Stamp | None:
        """What it covers on a date; None if it is not there."""
        if moment.scale <= 0:
            return None
        center = self.outline.mean(0)
        outline = center + (self.outline - center) * moment.scale + moment.shift
        return rasterize(np.asarray(outline), HEIGHT, WIDTH)


@dataclass(frozen=True)
class DatedScene:
    """One date of a series.

    Attributes:
        day: the date.
        picture: (rows, columns, 3) uint8; 0 in all bands is nodata.
        instances: (rows, columns) uint16; k is followed object k, also under clouds.
        clouds: (rows, columns) bool, where nothing is seen.
    """

    day: date
    picture: NDArray[np.uint8]
    instances: NDArray[np.uint16]
    clouds: NDArray[np.bool_]

    def state(self, number: int) -> str:
        """Whether object ``number`` is seen, hidden by clouds, or gone."""
        mask = self.instances == number
        if not mask.any():
            return GONE
        return NOT_SEEN if self.clouds[mask].mean() > _HIDDEN else SEEN


@dataclass(frozen=True)
class Series:
    """Scenes of one place, in the order of their dates, and the objects that are followed."""

    scenes: tuple[DatedScene, ...]
    followed: tuple[Followed, ...]


def generate_series(seed: int = SEED) -> Series:
    """Make the series of a seed; the same seed gives the same series.

    The ground stays. Light, haze, contrast, noise and the color of plants differ from date to
    date. On one date, clouds without data cover a part.
    """
    rng = np.random.default_rng([seed, 21])
    canvas = Canvas(rng, HEIGHT, WIDTH, METRES)
    terrain = add_mottled_ground(canvas)
    if rng.random() < 0.7:
        objects.add_fields(canvas, rng.uniform(120, 400), rng.uniform(0, 1), rng.uniform(0.4, 1))
    mottle(canvas, terrain)
    followed = _followed(canvas)
    start, step = date(2014, 6, 20), 365
    scenes = []
    for number in range(DATE_COUNT):
        moments = [BEHAVIOURS[each.behaviour](number / (DATE_COUNT - 1), rng) for each in followed]
        day = start + timedelta(step * number + int(rng.integers(-25, 26)))
        clouds = _clouds(rng) if number == CLOUDY else np.zeros((HEIGHT, WIDTH), bool)
        scenes.append(_scene(canvas, day, followed, moments, clouds))
    return Series(tuple(scenes), tuple(followed))


def _followed(canvas: Canvas) -> list[Followed]:
    """One object in each cell, whose behaviours and classes take turns."""
    rng = canvas.rng
    names, kinds = list(BEHAVIOURS), list(_KINDS)
    found = []
    centers = [
        np.array([column + CELL / 2, row + CELL / 2]) + rng.uniform(-6, 6, 2)
        for row in range(0, HEIGHT, CELL)
        for column in range(0, WIDTH, CELL)
    ]
    for number, center in enumerate(centers):
        # Within its cell also when it has grown or moved.
        radius = float(rng.uniform(16, 28))
        outline = blob(rng, center, radius, rng.uniform(0.05, 0.3), rng.uniform(0.6, 1))
        kind = kinds[(number + number // len(names)) % len(kinds)]
        surface = pick(rng, _KINDS[kind], 0.0)
        found.append(Followed(outline, kind, names[number % len(names)], surface))
    return found


def _scene(
    canvas: Canvas,
    day: date,
    followed: list[Followed],
    moments: list[Moment],
    clouds: NDArray[np.bool_],
) -> DatedScene:
    rng = canvas.rng
    ground, known = canvas.bands.copy(), canvas.instances.copy()
    instances = np.zeros((HEIGHT, WIDTH), np.uint16)
    # Plants are green and bright in the infrared, or dry.
    season = np.float32(rng.uniform(-1, 1)) * np.array([0.16, 0.02, 0.10, -0.18], np.float32)
    canvas.bands *= 1 + season
    canvas.bands *= (1 + np.float32(0.04) * fractal(rng, (HEIGHT, WIDTH), 120, 8))[..., None]
    for number, (each, moment) in enumerate(zip(followed, moments, strict=True), 1):
        stamp = each.stamp(moment)
        if stamp is not None:
            surface = canvas.surface(stamp, each.surface) * np.float32(rng.uniform(0.9, 1.1))
            canvas.paint(stamp, surface, each.kind)
            instances[stamp.window][stamp.mask] = number
    picture = np.maximum(take_picture(canvas, "colour"), 1)
    picture[clouds] = 0
    canvas.bands, canvas.instances = ground, known
    return DatedScene(day, picture, instances, clouds)


def _clouds(rng: np.random.Generator) -> NDArray[np.bool_]:
    plane = fractal(rng, (HEIGHT, WIDTH), 200, 20)
    return np.asarray(plane > np.quantile(plane, 0.7))


def transform() -> Affine:
    """Where the scenes lie."""
    return from_origin(*ORIGIN, METRES, METRES)


def outline_of(mask: NDArray[np.bool_]) -> MultiPolygon:
    """The outline of a mask in map coordinates."""
    parts = shapes(mask.astype(np.uint8), mask=mask, connectivity=4, transform=transform())
    whole = unary_union([shape(part) for part, _ in parts])
    return whole if isinstance(whole, MultiPolygon) else MultiPolygon([whole])


def write_series(series: Series, folder: Path, seed: int = SEED) -> dict[str, Path]:
    """Write a raster a date, ``truth.gpkg`` and ``prompts.gpkg``; return their paths by name.

    ``truth`` has a row per object and date: object_id, date, class, behaviour, state, area_m2;
    without a geometry where the object is gone. ``prompts`` has a box per object, of the first
    date on which it is there: object_id, date.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    rows, prompts = [], {}
    paths = {}
    for scene in series.scenes:
        name = f"scene_{scene.day:%Y%m%d}"
        paths[name] = folder / f"{name}.tif"
        _write_picture(scene.picture, paths[name])
        for number, each in enumerate(series.followed, 1):
            mask = scene.instances == number
            there = bool(mask.any())
            rows.append(
                {
                    "object_id": number,
                    "date": scene.day.isoformat(),
                    "class": each.kind,
                    "behaviour": each.behaviour,
                    "state": scene.state(number),
                    "area_m2": float(mask.sum()) * METRES**2,
                    "geometry": outline_of(mask) if there else None,
                }
            )
            if scene.state(number) == SEEN and number not in prompts:
                prompts[number] = {
                    "object_id": number,
                    "date": scene.day.isoformat(),
                    "geometry": _ground_box(draw_box(rng, mask, 0.06)),
                }
    ordered = [prompts[number] for number in sorted(prompts)]
    for name, content in (("truth", rows), ("prompts", ordered)):
        paths[name] = folder / f"{name}.gpkg"
        frame = geopandas.GeoDataFrame(content, geometry="geometry", crs=f"EPSG:{EPSG}")
        frame.to_file(paths[name], driver="GPKG", layer=name)
    return paths


def _ground_box(pixels: tuple[float, float, float, float]) -> object:
    left, top, right, bottom = pixels
    west, north = transform() * (left, top)
    east, south = transform() * (right, bottom)
    return box(west, south, east, north)


def _write_picture(picture: NDArray[np.uint8], path: Path) -> None:
    profile = {
        "driver": "GTiff",
        "height": picture.shape[0],
        "width": picture.shape[1],
        "count": 3,
        "dtype": "uint8",
        "nodata": 0,
        "crs": f"EPSG:{EPSG}",
        "transform": transform(),
        "compress": "deflate",
        "photometric": "RGB",
    }
    with rasterio.open(path, "w", **profile) as image:
        image.write(picture.transpose(2, 0, 1))


def main() -> None:
    """Write a series to a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path, metavar="OUTPUT_DIR")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    series = generate_series(arguments.seed)
    for path in write_series(series, arguments.folder, arguments.seed).values():
        print(path)


if __name__ == "__main__":
    main()
