"""Draw the pictures of real imagery in the documentation, each by the recipe on its page.

    GEOSAM_SAMPLE_DATA=FOLDER python3 -m scripts.real_pictures [NAME ...]

The folder holds naip_2010.tif, naip_2014.tif and dsm.tif of the public repository opengeos/data.
Runs in the engine's Python with the bundled model, and leaves JPEGs in docs/pictures. Features are
kept in build/pictures, so that a second run takes seconds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import rasterio
import shapely
from PIL import Image, ImageDraw

import geosam_processing.engine as geosam

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
WORK = ROOT / "build" / "pictures"
DATA = Path(os.environ.get("GEOSAM_SAMPLE_DATA", "."))

YELLOW, PINK, CYAN, WHITE = "#ffd400", "#ff2d6f", "#00e5ff", "#ffffff"
GAP = 6  # pixels between two panels
QUALITY = 80
SHOWN_PERCENT = 1  # of the values that are cut at both ends


@dataclass(frozen=True)
class Drawn:
    """A layer in a panel: outlines, or dots for points."""

    layer: Any
    color: str = YELLOW
    width: int = 2


@dataclass(frozen=True)
class Panel:
    """A part of a raster with layers over it.

    ``window`` is left, top, right and bottom in pixels of the raster, ``zoom`` the pixels of the
    picture for one of them.
    """

    raster: str
    window: tuple[int, int, int, int]
    layers: Sequence[Drawn] = ()
    zoom: float = 1.0
    bands: tuple[int, ...] = (1, 2, 3)


def drawn(panel: Panel) -> Image.Image:
    """Draw a panel."""
    left, top, right, bottom = panel.window
    with rasterio.open(DATA / panel.raster) as source:
        values = source.read(panel.bands, masked=True).astype(float).filled(np.nan)
        crs, to_pixels = source.crs, ~source.transform
    low, high = np.nanpercentile(values, (SHOWN_PERCENT, 100 - SHOWN_PERCENT))
    shown = np.nan_to_num((values - low) / (high - low) * 255).clip(0, 255).astype("uint8")
    part = Image.fromarray(shown[:, top:bottom, left:right].transpose(1, 2, 0))
    size = (round((right - left) * panel.zoom), round((bottom - top) * panel.zoom))
    image = part.resize(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)

    def place(points: Any) -> list[tuple[float, float]]:
        pixels = (to_pixels * point for point in points)
        return [((x - left) * panel.zoom, (y - top) * panel.zoom) for x, y in pixels]

    for layer in panel.layers:
        for geometry in layer.layer.geometry.to_crs(crs).explode():
            if isinstance(geometry, shapely.Point):
                ((x, y),) = place(geometry.coords)
                pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill=layer.color, outline=WHITE)
            elif isinstance(geometry, shapely.Polygon):
                for ring in (geometry.exterior, *geometry.interiors):
                    pen.line(place(ring.coords), fill=layer.color, width=layer.width)
    return image


def beside(*panels: Panel) -> Image.Image:
    """Draw panels from left to right."""
    images = [drawn(panel) for panel in panels]
    width = sum(image.width for image in images) + GAP * (len(images) - 1)
    whole = Image.new("RGB", (width, max(image.height for image in images)), WHITE)
    left = 0
    for image in images:
        whole.paste(image, (left, 0))
        left += image.width + GAP
    return whole


def places(raster: str, pixels: Sequence[Sequence[float]]) -> geopandas.GeoDataFrame:
    """Points (column, row) or boxes (left, top, right, bottom) in pixels of a raster."""
    with rasterio.open(DATA / raster) as source:
        transform, crs = source.transform, source.crs
    shapes = [
        shapely.Point(transform * pixel)
        if len(pixel) == 2
        else shapely.box(*(transform * pixel[:2]), *(transform * pixel[2:]))
        for pixel in pixels
    ]
    return geopandas.GeoDataFrame(geometry=shapes, crs=crs)


def encoded(raster: str, name: str, **options: Any) -> geosam.Features:
    return geosam.encode(DATA / raster, WORK / name, **options)


def lakes() -> Image.Image:
    """Ponds, whose prompts are made of the infrared band, where water is dark."""
    _, boxes, _ = geosam.prompts_from_raster(
        DATA / "naip_2010.tif", band=4, method="below", threshold=75, min_area=3000, padding=8
    )
    features = encoded("naip_2010.tif", "naip_2.5m", resolution=2.5, stride=256, scales=(1, 2, 4))
    objects = features.segment(boxes=boxes, min_score=0.6, largest_part=True)
    clean = geosam.clean_outlines(objects, "curves")
    window = (440, 0, 934, 460)
    return beside(
        Panel("naip_2010.tif", window, [Drawn(boxes, CYAN, 1)]),
        Panel("naip_2010.tif", window, [Drawn(clean)]),
    )


def fields() -> Image.Image:
    """Fields from rough boxes, then straight borders that neighbors share."""
    boxes = places("naip_2010.tif", FIELDS)
    features = encoded("naip_2010.tif", "naip_10m", resolution=10, stride=128, scales=(1, 2))
    objects = features.segment(boxes=boxes, largest_part=True, fill_holes=100_000)
    clean = geosam.clean_outlines(objects, "fields", tolerance=25)
    window = (30, 295, 660, 723)
    return beside(
        Panel("naip_2010.tif", window, [Drawn(boxes, CYAN, 1)], 0.8),
        Panel("naip_2010.tif", window, [Drawn(clean, YELLOW, 3)], 0.8),
    )


FIELDS = [
    (480, 463, 642, 625),
    (200, 462, 320, 622),
    (150, 304, 320, 382),
    (322, 400, 480, 622),
    (50, 462, 160, 622),
    (500, 626, 572, 723),
]


def buildings() -> Image.Image:
    """Roofs of a surface model, with straight walls."""
    _, boxes, _ = geosam.prompts_from_raster(DATA / "dsm.tif", min_area=150, padding=10)
    features = encoded("dsm.tif", "dsm", resolution=0.5, stride=256, percentile_cut=1)
    objects = features.segment(boxes=boxes, min_score=0.7, largest_part=True)
    clean = geosam.clean_outlines(objects, "buildings")
    window = (15, 8, 140, 123)
    return beside(
        Panel("dsm.tif", window, [Drawn(boxes, CYAN, 1)], 4, (1, 1, 1)),
        Panel("dsm.tif", window, [Drawn(clean)], 4, (1, 1, 1)),
    )


def crowns() -> Image.Image:
    """Crowns around the highest points of a surface model."""
    points, boxes, _ = geosam.prompts_from_raster(
        DATA / "dsm.tif", mode="maxima", distance=6, min_area=12, max_area=400, padding=20
    )
    features = encoded("dsm.tif", "dsm", resolution=0.5, stride=256, percentile_cut=1)
    objects = features.segment(boxes=boxes, min_score=0.7, largest_part=True)
    clean = geosam.clean_outlines(objects, "curves")
    window = (10, 118, 125, 195)
    return beside(
        Panel("dsm.tif", window, [Drawn(points, PINK)], 4, (1, 1, 1)),
        Panel("dsm.tif", window, [Drawn(clean)], 4, (1, 1, 1)),
    )


def dates() -> Image.Image:
    """The same ponds in two years."""
    boxes = places("naip_2010.tif", PONDS)
    panels = []
    for name in ("naip_2010", "naip_2014"):
        features = encoded(f"{name}.tif", f"{name}_ponds", resolution=2.5, stride=256)
        objects = features.segment(boxes=boxes, largest_part=True)
        clean = geosam.clean_outlines(objects, "curves")
        panels.append(Panel(f"{name}.tif", (440, 0, 934, 340), [Drawn(clean)]))
    return beside(*panels)


PONDS = [
    (470, 55, 548, 172),
    (505, 243, 568, 293),
    (535, 310, 570, 350),
    (662, 215, 742, 300),
    (655, 112, 730, 192),
    (765, 207, 870, 295),
    (845, 130, 932, 242),
    (832, 18, 882, 115),
    (755, 178, 795, 232),
    (617, 37, 655, 70),
]


def online() -> Image.Image:
    """A few clicks, and the objects under them."""
    clicks = places("naip_2010.tif", [(515, 100), (695, 255), (895, 185), (720, 385)])
    objects = geosam.segment(DATA / "naip_2010.tif", clicks, largest_part=True)
    window = (430, 30, 934, 460)
    return beside(Panel("naip_2010.tif", window, [Drawn(objects, YELLOW, 3), Drawn(clicks, PINK)]))


def patches() -> Image.Image:
    """The patches of an encoding that overlap by half; one of them stands out."""
    features = encoded("naip_2010.tif", "naip_5m", stride=256, scales=(1, 2))
    layers = [Drawn(features.patches, CYAN, 1), Drawn(features.patches[4:5], YELLOW, 4)]
    return beside(Panel("naip_2010.tif", (0, 0, 934, 723), layers, 0.7))


def whole() -> Image.Image:
    """Ponds that patches cut, and the same completed across them."""
    features = encoded("naip_2010.tif", "naip_cut", resolution=2.5, stride=512, scales=(1, 2))
    boxes = places("naip_2010.tif", PONDS)
    window = (560, 150, 934, 430)
    outlines = Drawn(features.patches, CYAN, 1)
    return beside(
        *(
            Panel(
                "naip_2010.tif",
                window,
                [outlines, Drawn(features.segment(boxes=boxes, whole=complete), YELLOW, 3)],
                1.3,
            )
            for complete in (False, True)
        )
    )


def scores() -> Image.Image:
    """Objects by their score: good ones and guesses."""
    _, boxes, _ = geosam.prompts_from_raster(
        DATA / "naip_2010.tif", band=4, method="below", threshold=75, min_area=3000, padding=8
    )
    features = encoded("naip_2010.tif", "naip_2.5m", resolution=2.5, stride=256, scales=(1, 2, 4))
    objects = features.segment(boxes=boxes)
    good, guessed = objects[objects.score >= 0.7], objects[objects.score < 0.7]
    layers = [Drawn(good, "#3bff6b"), Drawn(guessed, PINK)]
    return beside(Panel("naip_2010.tif", (330, 150, 934, 560), layers))


def prompts() -> Image.Image:
    """One pond from a point, from a box, and from a point on it with one next to it."""
    features = encoded("naip_2010.tif", "naip_2.5m", resolution=2.5, stride=256, scales=(1, 2, 4))
    window = (630, 190, 810, 330)
    box = places("naip_2010.tif", [(660, 213, 742, 300)])
    on = places("naip_2010.tif", [(690, 255), (728, 232)]).assign(object=1, label=[1, 0])
    point = places("naip_2010.tif", [(690, 255)])
    panels = []
    for given, options in (
        (point, {"prompts": point}),
        (box, {"boxes": box}),
        (on, {"prompts": on, "object_field": "object", "label_field": "label"}),
    ):
        objects = features.segment(**options)
        color = CYAN if given is box else PINK
        panels.append(Panel("naip_2010.tif", window, [Drawn(objects), Drawn(given, color)], 1.7))
    return beside(*panels)


def resolutions() -> Image.Image:
    """One patch at three resolutions: too fine, right, too coarse for the pond in the middle."""
    panels = []
    for side, zoom in ((60, 4.0), (200, 1.2), (640, 0.375)):
        x, y = 700, 390
        left, top = min(x - side // 2, 934 - side), min(y - side // 2, 723 - side)
        panels.append(Panel("naip_2010.tif", (left, top, left + side, top + side), (), zoom))
    return beside(*panels)


def everything() -> Image.Image:
    """All objects of a part of the raster, without prompts."""
    features = encoded("naip_2010.tif", "naip_5m", stride=256, scales=(1, 2))
    objects = features.segment_everything(min_area=2000, keep="coverage", min_score=0.6)
    window = (330, 150, 934, 560)
    return beside(Panel("naip_2010.tif", window, [Drawn(objects)]))


RECIPES: dict[str, Callable[[], Image.Image]] = {
    "real_lakes": lakes,
    "real_fields": fields,
    "real_buildings": buildings,
    "real_crowns": crowns,
    "real_dates": dates,
    "real_online": online,
    "real_patches": patches,
    "real_whole": whole,
    "real_scores": scores,
    "real_prompts": prompts,
    "real_resolutions": resolutions,
    "real_everything": everything,
}


def main(names: Sequence[str]) -> None:
    """Draw the pictures of some names, or all."""
    WORK.mkdir(parents=True, exist_ok=True)
    for name in names or RECIPES:
        path = PICTURES / f"{name}.jpg"
        RECIPES[name]().convert("RGB").save(path, quality=QUALITY, optimize=True)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
