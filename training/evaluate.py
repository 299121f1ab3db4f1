"""Measure a checkpoint on held-out scenes.

    python -m training.evaluate models/geosam_nano.pt --scenes 200

Scenes go the product's own way: a GeoTIFF is encoded into a feature folder, prompts are
segmented from it, polygons come back.

IoU is of whole-resolution masks (logits upsampled to the picture, above 0) with the
truth. A click's error is looked for at full resolution.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from geosam_processing.engine.overlap import mask_intersection_over_union
from training.prompts import PromptedObjects, bounding_box, choose_objects, correct
from training.scenes import HELD_OUT_SEEDS, MIN_AREA, MIN_SIDE, generate_scene

PATCH = 512
SIZES = ((0, 500), (500, 2000), (2000, 8000), (8000, 32000), (32000, 1 << 30))
"""Object sizes in pixels (least, below)."""

Mask = NDArray[np.bool_]


class Predictor(Protocol):
    """What evaluation asks of a model."""

    def look(self, picture: NDArray[np.uint8]) -> None:
        """Take in a picture (512, 512, 3)."""

    def answer(
        self,
        points: NDArray[np.float32] | None,
        labels: NDArray[np.int64] | None,
        boxes: NDArray[np.float32] | None,
        multimask: bool,
    ) -> tuple[Mask, NDArray[np.float32]]:
        """Masks (prompts, 1 or 3, 512, 512) and predicted IoU (prompts, 1 or 3).

        Points (prompts, n, 2) and boxes (prompts, 4) in pixels from the picture's corner.
        """


class ModelPredictor:
    """The network as ``segment_anything`` runs it, without features on disk."""

    def __init__(self, checkpoint: Path) -> None:
        import torch

        from geosam_processing.engine.models.sam_architectures import build_sam

        self._torch = torch
        self._sam = build_sam("geosam_nano")
        weights = torch.load(checkpoint, map_location="cpu", weights_only=True)
        self._sam.load_state_dict({name: value.float() for name, value in weights.items()})
        self._features: Any = None

    def look(self, picture: NDArray[np.uint8]) -> None:
        """Encode a picture."""
        torch, sam = self._torch, self._sam
        with torch.no_grad():
            pixels = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float()
            self._features = sam.image_encoder((pixels - sam.pixel_mean) / sam.pixel_std)

    def answer(
        self,
        points: NDArray[np.float32] | None,
        labels: NDArray[np.int64] | None,
        boxes: NDArray[np.float32] | None,
        multimask: bool,
    ) -> tuple[Mask, NDArray[np.float32]]:
        """Decode prompts."""
        logits, scores = self.logits(points, labels, boxes, multimask)
        with self._torch.no_grad():
            whole = self._torch.nn.functional.interpolate(logits, (PATCH, PATCH), mode="bilinear")
            return (whole > 0).numpy(), scores.numpy()

    def logits(
        self,
        points: NDArray[np.float32] | None,
        labels: NDArray[np.int64] | None,
        boxes: NDArray[np.float32] | None,
        multimask: bool,
    ) -> tuple[Any, Any]:
        """Tensors of logits (prompts, 1 or 3, h, w) and of scores, for what ``answer`` takes."""
        torch, sam = self._torch, self._sam
        with torch.no_grad():
            # SAM adds half a pixel, so it is taken off first.
            clicks = None
            if points is not None:
                clicks = (torch.from_numpy(points) - 0.5, torch.from_numpy(labels))
            corners = None if boxes is None else torch.from_numpy(boxes) - 0.5
            sparse, dense = sam.prompt_encoder(points=clicks, boxes=corners, masks=None)
            logits, scores = sam.mask_decoder(
                image_embeddings=self._features,
                image_pe=sam.prompt_encoder.get_dense_pe(),
                sparse_prompt_embeddings=sparse,
                dense_prompt_embeddings=dense,
                multimask_output=multimask,
            )
        return logits, scores


@dataclass(frozen=True)
class Measurement:
    """One object's figures: IoUs, and the model's own estimates of some."""

    class_name: str
    sensor: str
    area: int
    box: float
    box_estimate: float
    point: float
    point_estimate: float
    best_of_three: float
    corrected: float
    corrected_estimate: float


def measure_scene(predictor: Predictor, seed: int, objects: int = 10) -> list[Measurement]:
    """Measure up to so many objects of the scene of a seed."""
    scene = generate_scene(seed, PATCH, PATCH)
    rng = np.random.default_rng(seed)
    chosen = choose_objects(rng, scene.instances, objects, MIN_AREA, MIN_SIDE)
    if chosen is None:
        return []
    predictor.look(scene.picture)
    by_box, box_scores = predictor.answer(None, None, chosen.boxes, False)
    points, labels = central_points(rng, chosen), np.ones((len(chosen.masks), 1), np.int64)
    by_point, point_scores = predictor.answer(points, labels, None, True)
    picked = point_scores.argmax(1)
    guess = by_point[np.arange(len(points)), picked]
    scores = point_scores[np.arange(len(points)), picked]
    for _ in range(2):
        clicks = [correct(rng, m, g) for m, g in zip(chosen.masks, guess, strict=True)]
        places = np.array([c[0] for c in clicks], np.float32)[:, None]
        points = np.concatenate([points, places], 1)
        labels = np.concatenate([labels, np.array([[c[1]] for c in clicks])], 1)
        single, single_scores = predictor.answer(points, labels, None, False)
        guess, last_scores = single[:, 0], single_scores[:, 0]
    result = []
    for index, mask in enumerate(chosen.masks):
        number = int(scene.instances[mask][0])
        three = mask_intersection_over_union(by_point[index], mask).tolist()
        result.append(
            Measurement(
                class_name=scene.classes[number - 1],
                sensor=scene.sensor,
                area=int(mask.sum()),
                box=float(mask_intersection_over_union(by_box[index, 0], mask)),
                box_estimate=float(box_scores[index, 0]),
                point=three[int(picked[index])],
                point_estimate=float(scores[index]),
                best_of_three=max(three),
                corrected=float(mask_intersection_over_union(guess[index], mask)),
                corrected_estimate=float(last_scores[index]),
            )
        )
    return result


def central_points(rng: np.random.Generator, objects: PromptedObjects) -> NDArray[np.float32]:
    """One centre-ish point (objects, 1, 2): in the thickest part, seldom in its very middle."""
    from training.prompts import place_point

    points = []
    for mask in objects.masks:
        left, top, right, bottom = bounding_box(mask)
        x, y = place_point(rng, mask[top:bottom, left:right], 0.4)
        points.append([(x + left, y + top)])
    return np.array(points, np.float32)


def measure(predictor: Predictor, first: int, scenes: int) -> Iterator[Measurement]:
    """Measure the scenes of consecutive held-out seeds."""
    for seed in range(HELD_OUT_SEEDS + first, HELD_OUT_SEEDS + first + scenes):
        yield from measure_scene(predictor, seed)


def summary(rows: list[Measurement]) -> dict[str, float]:
    """Means over objects, and the correlation of estimated with true IoU."""
    real = np.array([[r.box, r.point, r.corrected] for r in rows]).T
    estimated = np.array([[r.box_estimate, r.point_estimate, r.corrected_estimate] for r in rows]).T
    result = {
        "objects": float(len(rows)),
        "box": float(real[0].mean()),
        "point": float(real[1].mean()),
        "best_of_three": float(np.mean([r.best_of_three for r in rows])),
        "corrected": float(real[2].mean()),
    }
    if all(r.best_of_three == r.point for r in rows):  # the engine gives one of the three
        del result["best_of_three"]
    if len(rows) > 2:
        result["correlation"] = float(np.corrcoef(real.ravel(), estimated.ravel())[0, 1])
        for name, one, two in zip(("box", "point", "corrected"), real, estimated, strict=True):
            result[f"correlation_{name}"] = float(np.corrcoef(one, two)[0, 1])
    return result


def report(rows: list[Measurement]) -> str:
    """Tables in Markdown: all, by class, by size, by sensor."""
    total = summary(rows)
    lines = [f"{name}: {value:.3f}" for name, value in total.items()]
    groups: dict[str, list[tuple[str, list[Measurement]]]] = {
        "class": [(n, [r for r in rows if r.class_name == n]) for n in _names(rows, "class_name")],
        "size (pixels)": [
            (f"{low} to {high}" if high < 1 << 30 else f"{low} and more", part)
            for low, high in SIZES
            if (part := [r for r in rows if low <= r.area < high])
        ],
        "sensor": [(n, [r for r in rows if r.sensor == n]) for n in _names(rows, "sensor")],
    }
    for title, parts in groups.items():
        lines += ["", f"| {title} | objects | box | point | point + 2 |", "|---|---|---|---|---|"]
        for name, part in parts:
            cells = (np.mean([getattr(r, key) for r in part]) for key in _COLUMNS)
            lines.append(
                f"| {name} | {len(part)} | " + " | ".join(f"{c:.2f}" for c in cells) + " |"
            )
    return "\n".join(lines)


_COLUMNS = ("box", "point", "corrected")


def _names(rows: list[Measurement], key: str) -> list[str]:
    return sorted({getattr(row, key) for row in rows})


def _predictor(options: argparse.Namespace) -> Predictor:
    if options.direct:
        return ModelPredictor(options.checkpoint)
    from training.engine_predictor import EnginePredictor

    return EnginePredictor(options.checkpoint)


def main() -> None:
    """Measure a checkpoint and print tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="first held-out scene")
    parser.add_argument(
        "--direct",
        action="store_true",
        help="call the network, not the engine's encode and segment",
    )
    parser.add_argument("--rows", type=Path, help="also write each object's figures as JSON")
    parser.add_argument(
        "--report", type=Path, nargs="+", help="only print the tables of such files together"
    )
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.report is not None:
        parts = [json.loads(path.read_text()) for path in options.report]
        print(report([Measurement(**row) for part in parts for row in part]))
        return
    rows = list(measure(_predictor(options), options.first, options.scenes))
    print(report(rows))
    if options.rows is not None:
        content = [{f.name: getattr(row, f.name) for f in fields(row)} for row in rows]
        options.rows.write_text(json.dumps(content))


if __name__ == "__main__":
    main()
