"""Draw what a checkpoint does on real imagery, for the model card.

    python -m training.draw_examples models/geosam_nano.pt DATA_DIR docs/pictures

DATA_DIR holds naip_2014.tif and dsm.tif of the public repository opengeos/data.
The boxes were drawn by eye; nothing of these images was trained on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import rasterio
from numpy.typing import NDArray

from training.evaluate import PATCH, ModelPredictor
from training.scenes import HELD_OUT_SEEDS, Scene, generate_scene, generate_varied_scene

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Example:
    """A window of an image and boxes drawn on it.

    Attributes:
        name: of the picture file.
        source: the image file.
        scale: enlargement of the image before the window is cut.
        offset: (x, y) of the window's corner in the enlarged image.
        boxes: (left, top, right, bottom) in the enlarged image.
    """

    name: str
    source: str
    scale: int
    offset: tuple[int, int]
    boxes: tuple[Box, ...]


EXAMPLES = (
    Example(
        name="nano_ponds.jpg",
        source="naip_2014.tif",
        scale=1,
        offset=(270, 205),
        boxes=(
            (496, 239, 568, 296),
            (375, 372, 561, 525),
            (347, 502, 397, 607),
            (529, 306, 571, 351),
            (334, 324, 388, 380),
            (438, 540, 479, 589),
            (438, 596, 513, 673),
            (559, 626, 622, 704),
            (359, 629, 390, 678),
            (552, 449, 626, 497),
        ),
    ),
    Example(
        name="nano_houses.jpg",
        source="dsm.tif",
        scale=2,
        offset=(54, 0),
        boxes=(
            (326, 75, 409, 158),
            (391, 176, 489, 299),
            (347, 167, 394, 281),
            (449, 59, 508, 110),
            (283, 61, 322, 109),
            (338, 36, 415, 72),
            (513, 121, 533, 160),
            (533, 125, 553, 163),
            (509, 162, 554, 184),
            (326, 296, 364, 319),
        ),
    ),
)
COLOURS = ((255, 90, 60), (60, 200, 255), (255, 220, 50), (200, 90, 255), (90, 255, 120))


def read_window(example: Example, folder: Path) -> NDArray[np.uint8]:
    """The example's window as (512, 512, 3) uint8; heights are stretched to 1 to 99 %."""
    with rasterio.open(folder / example.source) as image:
        count = 3 if image.count >= 3 else 1
        planes = image.read(list(range(1, count + 1))).transpose(1, 2, 0).astype(np.float32)
        valid = np.ones(planes.shape[:2], bool)
        if image.nodata is not None:
            valid = (planes != image.nodata).any(2)
    if count == 1:
        low, high = np.percentile(planes[valid], [1, 99])
        planes = (np.clip((planes - low) / (high - low), 0, 1) * 255).repeat(3, 2)
    size = (planes.shape[1] * example.scale, planes.shape[0] * example.scale)
    planes = cv2.resize(planes, size, interpolation=cv2.INTER_LINEAR)
    left, top = example.offset
    window = np.zeros((PATCH, PATCH, 3), np.uint8)
    part = planes[top : top + PATCH, left : left + PATCH].astype(np.uint8)
    window[: part.shape[0], : part.shape[1]] = part
    return window


def draw(
    predictor: ModelPredictor, picture: NDArray[np.uint8], boxes: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """The picture with its boxes, beside it the masks that the model answers with."""
    predictor.look(picture)
    masks, scores = predictor.answer(None, None, boxes, False)
    asked, answered = picture.copy(), picture.copy()
    for index, (box, mask, score) in enumerate(zip(boxes, masks[:, 0], scores[:, 0], strict=True)):
        colour = COLOURS[index % len(COLOURS)]
        left, top, right, bottom = (round(float(v)) for v in box)
        for view in (asked, answered):
            cv2.rectangle(view, (left, top), (right, bottom), colour, 1)
        answered[mask] = (0.5 * answered[mask] + 0.5 * np.array(colour)).astype(np.uint8)
        outlines, _ = cv2.findContours(
            mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        cv2.drawContours(answered, outlines, -1, colour, 2)
        place = (left + 2, max(10, top - 3))
        cv2.putText(answered, f"{score:.2f}", place, cv2.FONT_HERSHEY_SIMPLEX, 0.35, colour)
    return np.hstack([asked, np.zeros((PATCH, 6, 3), np.uint8), answered])


def contact_sheet(
    generate: Callable[[int], Scene], first: int, count: int = 12, across: int = 4
) -> NDArray[np.uint8]:
    """Return held-out scenes of a generator side by side, at half size."""
    tiles = [
        cv2.resize(
            generate(HELD_OUT_SEEDS + seed).picture, (256, 256), interpolation=cv2.INTER_AREA
        )
        for seed in range(first, first + count)
    ]
    rows = [np.hstack(tiles[start : start + across]) for start in range(0, count, across)]
    return np.asarray(np.vstack(rows), np.uint8)


def write_picture(path: Path, picture: NDArray[np.uint8]) -> None:
    """Write a picture, JPEG or PNG by the name."""
    cv2.imwrite(str(path), picture[..., ::-1])


def main() -> None:
    """Draw the model card's pictures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    options.output.mkdir(parents=True, exist_ok=True)
    predictor = ModelPredictor(options.checkpoint)
    for example in EXAMPLES:
        boxes = np.array(example.boxes, np.float32) - np.array(example.offset * 2, np.float32)
        picture = draw(predictor, read_window(example, options.data), np.clip(boxes, 0, PATCH))
        write_picture(options.output / example.name, picture)
    write_picture(options.output / "nano_scenes.jpg", contact_sheet(generate_scene, 0))
    varied = contact_sheet(generate_varied_scene, 20)
    write_picture(options.output / "nano_varied_scenes.jpg", varied)


if __name__ == "__main__":
    main()
