"""Measure what encoding in half precision costs a model's masks, against the truth.

python -m benchmarks.precision MODEL [--checkpoint FILE] [--precision bfloat16] [--scenes 40]

It draws scenes whose objects are known, which no model was trained with, and prompts each object
with a box and with a point near its middle. Each prompt is answered from features that were
computed in float32 and in the other precision; decoding is float32 always. What counts is the
difference in IoU with the truth, and its standard error with the objects of a scene as one
cluster. 40 scenes take vit_b about half an hour on a processor.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import interpolate

from geosam_processing.contract import Device, Model
from geosam_processing.engine.compute.machine import keep_heap
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures, PromptBatch
from training.prompts import choose_objects
from training.scenes import HELD_OUT_SEEDS, MIN_AREA, MIN_SIDE, generate_scene

_OBJECTS = 10  # of a scene, at most


@dataclass(frozen=True)
class Comparison:
    """Objects that were prompted in one way.

    Attributes:
        exact, other: IoU with the truth from features in float32 and in the other precision, [N].
        agreement: IoU of the two masks, [N].
        scenes: the scene of each, [N].
        seconds: medians of encoding, in float32 and in the other precision.
    """

    kind: str
    precision: str
    exact: NDArray[np.float64]
    other: NDArray[np.float64]
    agreement: NDArray[np.float64]
    scenes: NDArray[np.int64]
    seconds: tuple[float, float]

    def text(self) -> str:
        """The comparison in a line."""
        change = self.other - self.exact
        clusters = [change[self.scenes == scene].sum() for scene in np.unique(self.scenes)]
        error = float(np.sqrt(((clusters - np.mean(clusters)) ** 2).sum()) / len(change))
        exact, other = self.seconds
        return (
            f"{self.kind}: IoU with the truth {self.exact.mean():.4f} in float32, change in "
            f"{self.precision} {change.mean():+.5f} (standard error {error:.5f}), largest loss "
            f"{-change.min():.3f}; masks agree at {self.agreement.mean():.4f} (smallest "
            f"{self.agreement.min():.3f}); {len(change)} objects of {len(clusters)} scenes; "
            f"encoding {exact:.2f} s and {other:.2f} s"
        )


def main() -> None:
    """Measure one model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="id in the catalogue, such as vit_b")
    parser.add_argument("--checkpoint", default="", help="its file, if it was not downloaded")
    parser.add_argument("--precision", default="bfloat16", choices=("bfloat16", "float16"))
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda", "mps"))
    parser.add_argument("--scenes", type=int, default=40)
    arguments = parser.parse_args()
    keep_heap()
    resolved = registry.resolve(Model(arguments.model, arguments.checkpoint))
    exact, other = (
        registry.load(resolved, Device(arguments.device), compute_precision=precision)
        for precision in ("float32", arguments.precision)
    )
    for comparison in compared(exact, other, arguments.scenes):
        print(comparison.text())


def compared(exact: ModelAdapter, other: ModelAdapter, scenes: int) -> Iterator[Comparison]:
    """Compare two adapters of the same model."""
    rows: dict[str, list[tuple[float, float, float, int]]] = {"box": [], "point": []}
    seconds: tuple[list[float], list[float]] = ([], [])
    side = exact.patch_size
    for seed in range(HELD_OUT_SEEDS, HELD_OUT_SEEDS + scenes):
        scene = generate_scene(seed, side, side)
        generator = np.random.default_rng(seed)
        chosen = choose_objects(generator, scene.instances, _OBJECTS, MIN_AREA, MIN_SIDE)
        if chosen is None:
            continue
        images = torch.from_numpy(scene.picture.copy()).permute(2, 0, 1)[None].float()
        features = []
        for adapter, spent in zip((exact, other), seconds, strict=True):
            begin = time.perf_counter()
            (found,) = adapter.encode(images.to(adapter.device))
            spent.append(time.perf_counter() - begin)
            features.append(found)
        truth = torch.from_numpy(chosen.masks)
        # A point is drawn at a pixel's corner, but the network counts from its middle.
        boxes, points = torch.from_numpy(chosen.boxes) - 0.5, torch.from_numpy(chosen.points) - 0.5
        none, one = torch.zeros(len(truth), 0), torch.ones(len(truth), 1)
        prompts = {
            "box": PromptBatch(none[..., None].expand(-1, -1, 2), none.long(), boxes),
            "point": PromptBatch(points[:, None], one.long()),
        }
        for kind, batch in prompts.items():
            masks = [_masks(exact, each, batch, kind == "point", side) for each in features]
            for values in zip(
                _overlap(masks[0], truth),
                _overlap(masks[1], truth),
                _overlap(*masks),
                strict=True,
            ):
                rows[kind].append((*values, seed))
    medians = (statistics.median(seconds[0]), statistics.median(seconds[1]))
    for kind, found_rows in rows.items():
        first, second, agreement, numbers = np.array(found_rows).T
        yield Comparison(
            kind, other.compute_precision, first, second, agreement, numbers.astype(int), medians
        )


@torch.inference_mode()
def _masks(
    adapter: ModelAdapter, features: PatchFeatures, prompts: PromptBatch, several: bool, side: int
) -> torch.Tensor:
    """The best mask of each prompt, bool [B, side, side] on the CPU."""
    logits, scores = adapter.decode(features, prompts, several)
    full = interpolate(logits, (side, side), mode="bilinear") > 0
    return full[torch.arange(len(full)), scores.argmax(1)].cpu()


def _overlap(found: torch.Tensor, true: torch.Tensor) -> list[float]:
    union = (found | true).flatten(1).sum(1).clamp(min=1)
    values: list[float] = ((found & true).flatten(1).sum(1) / union).tolist()
    return values


if __name__ == "__main__":
    main()
