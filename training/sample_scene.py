"""Write the sample scene of the demo: an image, its objects, and prompts for them.

python -m training.sample_scene OUTPUT_DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import geopandas
import numpy as np
import rasterio
from rasterio.features import shapes
from rasterio.transform import Affine, from_origin
from shapely.geometry import Point, box, shape

from training.prompts import bounding_box, draw_box, place_point
from training.scenes import HELD_OUT_SEEDS, Scene, generate_scene

SEED = HELD_OUT_SEEDS + 900_035
HEIGHT, WIDTH = 1280, 1536
METRES = 0.8
LARGEST = 256  # half a patch: some patch then holds the whole object
EPSG = 32633
ORIGIN = (452_000.0, 5_411_500.0)
PER_CLASS = 26


def sample_scene() -> Scene:
    """The scene, the same on every call."""
    return generate_scene(SEED, HEIGHT, WIDTH, METRES, "colour")


def chosen_objects(scene: Scene) -> list[int]:
    """Numbers of the objects that get prompts: whole ones no larger than half a patch."""
    numbers: list[int] = []
    for name in sorted(set(scene.classes)):
        found = []
        for number, kind in enumerate(scene.classes, 1):
            if kind != name:
                continue
            left, top, right, bottom = bounding_box(scene.instances == number)
            inside = left > 0 and top > 0 and right < WIDTH and bottom < HEIGHT
            if inside and max(right - left, bottom - top) <= LARGEST:
                found.append(number)
        step = max(1, -(-len(found) // PER_CLASS))
        numbers += found[::step]
    return numbers


def write_sample_scene(folder: Path) -> dict[str, Path]:
    """Write scene.tif, objects.gpkg, points.gpkg and boxes.gpkg; returns their paths.

    All vector layers have the column ``object_id``; objects also have ``class``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scene = sample_scene()
    transform = from_origin(*ORIGIN, METRES, METRES)
    paths = {name: folder / f"{name}.gpkg" for name in ("objects", "points", "boxes")}
    paths["scene"] = folder / "scene.tif"
    _write_image(scene, transform, paths["scene"])
    rng = np.random.default_rng(SEED)
    rows: dict[str, list[dict[str, object]]] = {"objects": [], "points": [], "boxes": []}
    for number in chosen_objects(scene):
        mask = scene.instances == number
        left, top, right, bottom = bounding_box(mask)
        x, y = place_point(rng, mask[top:bottom, left:right], 0.3)
        x0, y0, x1, y1 = draw_box(rng, mask, 0.04)
        own = {"object_id": number}
        rows["objects"].append(
            {**own, "class": scene.classes[number - 1], "geometry": _polygon(mask, transform)}
        )
        rows["points"].append({**own, "geometry": Point(*_ground(x + left, y + top))})
        west, north = _ground(x0, y0)
        east, south = _ground(x1, y1)
        rows["boxes"].append({**own, "geometry": box(west, south, east, north)})
    for name, content in rows.items():
        frame = geopandas.GeoDataFrame(content, crs=f"EPSG:{EPSG}")
        frame.to_file(paths[name], driver="GPKG", layer=name)
    return paths


def _write_image(scene: Scene, transform: Affine, path: Path) -> None:
    profile = {
        "driver": "GTiff",
        "height": HEIGHT,
        "width": WIDTH,
        "count": 3,
        "dtype": "uint8",
        "crs": f"EPSG:{EPSG}",
        "transform": transform,
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
        "compress": "deflate",
        "predictor": 2,
        "photometric": "RGB",
    }
    with rasterio.open(path, "w", **profile) as image:
        image.write(scene.picture.transpose(2, 0, 1))


def _ground(x: float, y: float) -> tuple[float, float]:
    """A pixel position in map coordinates."""
    return ORIGIN[0] + x * METRES, ORIGIN[1] - y * METRES


def _polygon(mask: np.ndarray, transform: Affine) -> object:
    values = mask.astype(np.uint8)
    parts = [shape(s) for s, _ in shapes(values, mask=mask, connectivity=4, transform=transform)]
    return max(parts, key=lambda part: part.area)


def main() -> None:
    """Write the sample scene to a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path, metavar="OUTPUT_DIR")
    cv2.setNumThreads(1)
    for path in write_sample_scene(parser.parse_args().folder).values():
        print(path)


if __name__ == "__main__":
    main()
