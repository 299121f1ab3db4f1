"""Measure a checkpoint on real rasters, the development measure.

    python -m training.real models/geosam_nano.pt [DATA_DIR]

DATA_DIR, or else the environment variable GEOSAM_SAMPLE_DATA, names the folder that holds
naip_2010.tif, naip_2014.tif, landsat_2010.tif and dsm.tif of the public repository
opengeos/data. The rasters are encoded at their own resolution and at twice that, segmented
by boxes, by points and by boxes that hold nothing, and the polygons are compared with
``real_objects``. Two rules that need no model are compared as well: the box itself, and
Otsu's threshold in the box, told whether the objects are bright or dark.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import from_origin
from shapely import from_wkb

from geosam_processing.contract import (
    EncodeRequest,
    Model,
    ObjectsEvent,
    Prompt,
    Raster,
    SegmentedObject,
    SegmentRequest,
)
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.overlap import mask_intersection_over_union
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import segment
from training.prompts import bounding_box, draw_box, place_point
from training.real_objects import RealRaster, real_rasters

SCALES = (1.0, 0.5)
"""Pixel widths to encode at, relative to the raster's own."""
LARGE_ROOF = 100
"""Pixels of 2 m: 400 square metres."""
SMALL_WATER = 144
LEAST = ((0.5, 0), (0.5, 5), (0.5, 10), (0.4, 10), (0.6, 0), (0.6, 10))
"""Minimum scores and contrasts to compare."""
_TRANSFORM = from_origin(500_000, 5_400_000, 1, 1)

Box = tuple[float, float, float, float]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class RealMeasurement:
    """Figures of one object, or of one box around nothing (``area`` 0).

    Attributes:
        name: of the raster's objects.
        scale: pixel width that was encoded, relative to the raster's own.
        area: pixels of the raster.
        box_itself, otsu: IoU of the rules without a model.
        box, point: IoU of the model's answers.
        box_score, point_score: the model's own estimates.
        box_contrast, point_contrast: how far the answers differ from their surroundings, in gray
            levels.
    """

    name: str
    scale: float
    area: int
    box_itself: float
    otsu: float
    box: float
    box_score: float
    point: float
    point_score: float
    box_contrast: float = 0.0
    point_contrast: float = 0.0


@dataclass(frozen=True)
class RealPrompt:
    """A box in the raster's pixels, the object that it holds, and a point on that.

    Attributes:
        box: (left, top, right, bottom).
        truth: (rows, columns) bool, or none for a box around nothing.
        point: (x, y), in the middle of a box around nothing.
    """

    box: Box
    truth: Mask | None
    point: tuple[float, float]


def prompts_of(raster: RealRaster, seed: int = 0) -> list[RealPrompt]:
    """A box and a point for every object, and as many boxes of like sizes around nothing."""
    rng = np.random.default_rng(seed)
    found: list[RealPrompt] = []
    for number in range(1, int(raster.instances.max()) + 1):
        truth = raster.instances == number
        if truth.any():
            left, top, right, bottom = bounding_box(truth)
            x, y = place_point(rng, truth[top:bottom, left:right], 0.4)
            found.append(RealPrompt(draw_box(rng, truth), truth, (x + left, y + top)))
    occupied = np.pad((~raster.empty).astype(np.int64), ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    nothing = []
    for prompt in found:
        box = _empty_box(rng, occupied, prompt.box)
        if box is not None:
            middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            nothing.append(RealPrompt(box, None, middle))
    return found + nothing


def _empty_box(rng: np.random.Generator, occupied: NDArray[np.int64], like: Box) -> Box | None:
    """A box of about the size of another one that holds nothing, or none where none was found.

    Args:
        occupied: (rows + 1, columns + 1), running sums of the pixels that a box must not hold.
    """
    rows, columns = (side - 1 for side in occupied.shape)
    for attempt in range(400):
        shrink = 0.995**attempt
        width = max(6, round((like[2] - like[0]) * shrink))
        height = max(6, round((like[3] - like[1]) * shrink))
        if width >= columns or height >= rows:
            continue
        x, y = int(rng.integers(columns - width)), int(rng.integers(rows - height))
        held = occupied[y + height, x + width] - occupied[y, x + width]
        held += occupied[y, x] - occupied[y + height, x]
        if held <= 0.02 * width * height:
            return float(x), float(y), float(x + width), float(y + height)
    return None


def measure_raster(checkpoint: Path, raster: RealRaster, scale: float) -> list[RealMeasurement]:
    """Encode a raster at a scale and measure all its prompts."""
    asked = prompts_of(raster)

    boxes = [box_on_map(key, prompt) for key, prompt in enumerate(asked)]
    points = [Prompt(key, (_on_map(*prompt.point),), (1,)) for key, prompt in enumerate(asked)]
    with tempfile.TemporaryDirectory() as folder:
        answer = _encoded(checkpoint, raster, scale, Path(folder))
        by_box, by_point = answer(tuple(boxes)), answer(tuple(points))

    def compared(answers: dict[int, SegmentedObject], key: int) -> tuple[float, float, float]:
        truth = asked[key].truth
        if key not in answers:
            return 0.0, 0.0, 0.0
        score, contrast = answers[key].score, answers[key].contrast or 0.0
        if truth is None:
            return 0.0, score, contrast
        return overlap_of(answers[key], truth), score, contrast

    rows = []
    for key, prompt in enumerate(asked):
        box, box_score, box_contrast = compared(by_box, key)
        point, point_score, point_contrast = compared(by_point, key)
        itself = otsu = 0.0
        if prompt.truth is not None:
            rules = [_box_mask(prompt.box, prompt.truth.shape), _otsu(raster, prompt.box)]
            itself, otsu = mask_intersection_over_union(rules, prompt.truth).tolist()
        area = 0 if prompt.truth is None else int(prompt.truth.sum())
        rows.append(
            RealMeasurement(
                raster.name,
                scale,
                area,
                itself,
                otsu,
                box,
                box_score,
                point,
                point_score,
                box_contrast,
                point_contrast,
            )
        )
    return rows


def _on_map(x: float, y: float) -> tuple[float, float]:
    east, north = _TRANSFORM * (x, y)
    return float(east), float(north)


def box_on_map(key: int, prompt: RealPrompt) -> Prompt:
    """The box of a prompt on the copy of its raster."""
    left, top, right, bottom = prompt.box
    return Prompt(key, box=(*_on_map(left, bottom), *_on_map(right, top)))


def overlap_of(found: SegmentedObject, truth: Mask) -> float:
    """IoU of an answer on the copy of a raster with the true object."""
    mask = rasterize([from_wkb(found.wkb)], out_shape=truth.shape, transform=_TRANSFORM) > 0
    return float(mask_intersection_over_union(mask, truth))


def copy_of(raster: RealRaster, folder: Path) -> Path:
    """The bands of a raster in meters, whatever its own CRS is; a GeoTIFF in a folder."""
    with rasterio.open(raster.path) as image:
        planes = image.read(raster.bands)
    profile = {
        "driver": "GTiff",
        "count": planes.shape[0],
        "height": planes.shape[1],
        "width": planes.shape[2],
        "dtype": planes.dtype,
        "crs": "EPSG:32633",
        "transform": _TRANSFORM,
    }
    with rasterio.open(folder / "real.tif", "w", **profile) as copy:
        copy.write(planes)
    return folder / "real.tif"


Answer = Callable[[tuple[Prompt, ...]], dict[int, SegmentedObject]]


def _encoded(checkpoint: Path, raster: RealRaster, scale: float, folder: Path) -> Answer:
    """Encode with patches that overlap by half, and return what segments prompts there."""
    copy = copy_of(raster, folder)
    features = folder / "features"
    model = Model(model="geosam_nano", checkpoint=str(checkpoint))
    encode(
        EncodeRequest(
            raster=Raster(str(copy)),
            model=model,
            output=str(features),
            layer_name="real",
            value_range=raster.value_range,
            overlap=50,
            resolution_scale=scale,
        )
    )

    def answer(prompts: tuple[Prompt, ...]) -> dict[int, SegmentedObject]:
        found: list[SegmentedObject] = []

        def keep(event: ObjectsEvent) -> None:
            found.extend(event.objects)

        segment(SegmentRequest(str(features), prompts, model), RunContext(results=keep))
        return {one.key: one for one in found}

    return answer


def _box_mask(box: Box, shape: tuple[int, ...]) -> Mask:
    mask = np.zeros(shape, bool)
    left, top, right, bottom = (round(side) for side in box)
    mask[top:bottom, left:right] = True
    return mask


def _otsu(raster: RealRaster, box: Box) -> Mask:
    """What Otsu's threshold parts in a box, the bright or the dark side."""
    left, top, right, bottom = (round(side) for side in box)
    part = np.ascontiguousarray(raster.view[top:bottom, left:right])
    level, _ = cv2.threshold(part, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = np.zeros(raster.view.shape, bool)
    mask[top:bottom, left:right] = part > level if raster.bright else part <= level
    return mask


def separation(objects: list[float], nothing: list[float]) -> float:
    """AUC: how often an object's score is above that of a box around nothing."""
    one, two = np.array(objects)[:, None], np.array(nothing)[None]
    return float(((one > two) + 0.5 * (one == two)).mean())


def report(rows: list[RealMeasurement]) -> str:
    """Tables in Markdown: IoU by objects, size and scale; scores and contrasts of nothing."""
    lines = [
        "| objects | pixels | number | box itself | Otsu in the box | box | point |",
        "|---|---|---|---|---|---|---|",
    ]
    objects = [row for row in rows if row.area]
    for title, parts in _groups(objects):
        for scale in SCALES:
            part = [row for row in parts if row.scale == scale]
            if part:
                keys = ("box_itself", "otsu", "box", "point")
                cells = (np.mean([getattr(row, key) for row in part]) for key in keys)
                lines.append(
                    f"| {title} | x {scale:g} | {len(part)} | "
                    + " | ".join(f"{cell:.3f}" for cell in cells)
                    + " |"
                )
    lines += [
        "",
        "| boxes | pixels | score of objects | of nothing | difference | AUC |",
        "|---|---|---|---|---|---|",
    ]
    for name in _names(rows):
        for scale in SCALES:
            part = [row for row in rows if row.name == name and row.scale == scale]
            real = [row.box_score for row in part if row.area]
            none = [row.box_score for row in part if not row.area]
            if real and none:
                one, two = float(np.mean(real)), float(np.mean(none))
                lines.append(
                    f"| {name} | x {scale:g} | {one:.2f} | {two:.2f} | {one - two:.2f}"
                    f" | {separation(real, none):.3f} |"
                )
    lines += [
        "",
        "| prompts | pixels | AUC of the score | of the contrast | "
        + " | ".join(f"kept at {score:g} and {contrast:g}" for score, contrast in LEAST)
        + " |",
        "|---|---|---|---|" + "---|" * len(LEAST),
    ]
    for name in _names(rows):
        for scale in SCALES:
            part = [row for row in rows if row.name == name and row.scale == scale]
            if len({row.area > 0 for row in part}) == 2:
                lines += [_told_apart(part, kind) for kind in ("box", "point")]
    return "\n".join(lines)


def _told_apart(rows: list[RealMeasurement], kind: str) -> str:
    """A row of the third table: how well score and contrast tell objects from nothing."""
    values = np.array(
        [[getattr(row, f"{kind}_score"), getattr(row, f"{kind}_contrast")] for row in rows]
    )
    real: Mask = np.array([row.area > 0 for row in rows])
    areas = [separation(values[real, i].tolist(), values[~real, i].tolist()) for i in (0, 1)]
    cells = [f"{area:.3f}" for area in areas]
    for least in LEAST:
        kept = np.logical_and.reduce(values >= least, axis=1)
        cells.append(f"{kept[real].mean():.2f} of objects, {kept[~real].mean():.2f} of nothing")
    return f"| {rows[0].name}, {kind} | x {rows[0].scale:g} | {' | '.join(cells)} |"


def _groups(rows: list[RealMeasurement]) -> list[tuple[str, list[RealMeasurement]]]:
    groups = [(name, [row for row in rows if row.name == name]) for name in _names(rows)]
    waters = [row for row in rows if row.name.startswith("ponds")]
    large = [row for row in rows if row.name == "roofs" and row.area >= LARGE_ROOF]
    return [
        *groups,
        (f"ponds < {SMALL_WATER} pixels", [row for row in waters if row.area < SMALL_WATER]),
        ("roofs >= 400 m2", large),
    ]


def _names(rows: list[RealMeasurement]) -> list[str]:
    return list(dict.fromkeys(row.name for row in rows))


def main() -> None:
    """Measure a checkpoint on real rasters and print tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("data", type=Path, nargs="?", help="default: GEOSAM_SAMPLE_DATA")
    parser.add_argument("--rows", type=Path, help="also write each object's figures as JSON")
    options = parser.parse_args()
    folder = options.data or os.environ.get("GEOSAM_SAMPLE_DATA")
    if not folder:
        parser.error("Give the folder of the rasters, or set GEOSAM_SAMPLE_DATA.")
    cv2.setNumThreads(1)
    rows: list[RealMeasurement] = []
    for raster in real_rasters(Path(folder)):
        for scale in SCALES:
            rows += measure_raster(options.checkpoint, raster, scale)
    print(report(rows))
    if options.rows is not None:
        options.rows.write_text(json.dumps([asdict(row) for row in rows]))


if __name__ == "__main__":
    main()
