"""A model measured as its users meet it: raster file, feature folder, polygons."""

from __future__ import annotations

import tempfile
from pathlib import Path

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
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import segment

_ORIGIN = (500_000.0, 5_400_000.0)
Mask = NDArray[np.bool_]


class EnginePredictor:
    """Answers through the engine's ``encode`` and ``segment``, with their default options.

    A lone point gets the best of three masks by the model's own score, every other prompt
    its single mask, so each answer has one mask whatever is asked for.
    """

    def __init__(self, checkpoint: Path) -> None:
        self._model = Model(model="geosam_nano", checkpoint=str(checkpoint))
        self._folder = tempfile.TemporaryDirectory()
        self._features = ""
        self._count = 0

    def look(self, picture: NDArray[np.uint8]) -> None:
        """Write a picture (512, 512, 3) as a GeoTIFF of one patch and encode it."""
        self._count += 1
        folder = Path(self._folder.name) / f"{self._count:06d}"
        folder.mkdir()
        profile = {
            "driver": "GTiff",
            "height": picture.shape[0],
            "width": picture.shape[1],
            "count": 3,
            "dtype": "uint8",
            "crs": "EPSG:32633",
            "transform": from_origin(*_ORIGIN, 1, 1),
        }
        self._shape = picture.shape[:2]
        with rasterio.open(folder / "scene.tif", "w", **profile) as image:
            image.write(picture.transpose(2, 0, 1))
        encode(
            EncodeRequest(
                raster=Raster(str(folder / "scene.tif")),
                model=self._model,
                output=str(folder / "features"),
                layer_name="scene",
                value_range=(0, 255),
            )
        )
        self._features = str(folder / "features")

    def answer(
        self,
        points: NDArray[np.float32] | None,
        labels: NDArray[np.int64] | None,
        boxes: NDArray[np.float32] | None,
        multimask: bool,
    ) -> tuple[Mask, NDArray[np.float32]]:
        """Masks (prompts, 1, 512, 512) and scores (prompts, 1); nothing and 0 without answer."""
        count = len(points) if points is not None else len(boxes) if boxes is not None else 0
        prompts = tuple(self._prompt(key, points, labels, boxes) for key in range(count))
        answers: list[SegmentedObject] = []

        def keep(event: ObjectsEvent) -> None:
            answers.extend(event.objects)

        segment(SegmentRequest(self._features, prompts, self._model), RunContext(results=keep))
        masks = np.zeros((count, 1, *self._shape), bool)
        scores = np.zeros((count, 1), np.float32)
        transform = from_origin(*_ORIGIN, 1, 1)
        for answer in answers:
            polygon = from_wkb(answer.wkb)
            burnt = rasterize([polygon], out_shape=self._shape, transform=transform)
            masks[answer.key, 0] = burnt > 0
            scores[answer.key] = answer.score
        return masks, scores

    def _prompt(
        self,
        key: int,
        points: NDArray[np.float32] | None,
        labels: NDArray[np.int64] | None,
        boxes: NDArray[np.float32] | None,
    ) -> Prompt:
        clicks: tuple[tuple[float, float], ...] = ()
        kinds: tuple[int, ...] = ()
        if points is not None and labels is not None:
            clicks = tuple(_ground(x, y) for x, y in points[key].tolist())
            kinds = tuple(int(label) for label in labels[key])
        box = None
        if boxes is not None:
            left, top, right, bottom = boxes[key].tolist()
            box = (*_ground(left, bottom), *_ground(right, top))
        return Prompt(key, clicks, kinds, box)


def _ground(x: float, y: float) -> tuple[float, float]:
    """A pixel position in map coordinates."""
    return _ORIGIN[0] + x, _ORIGIN[1] - y
