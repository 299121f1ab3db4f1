"""What answering prompts costs. Things that are compared run in turn, on the same machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import torch

from benchmarks.workplace import (
    CPU,
    Benchmarked,
    Finding,
    Seconds,
    encoded_patch,
    random_pixels,
    to_map,
)
from geosam_processing.contract import ObjectsEvent, Prompt, SegmentRequest
from geosam_processing.engine.cache import FeatureFolder
from geosam_processing.engine.models.adapter import PromptBatch
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.segment import segment


def prompts_in_a_batch(folder: Path, benchmarked: Benchmarked, count: int) -> Finding:
    """``count`` points to polygons at once, against one call of the official predictor each."""
    ensure_torchvision()
    from segment_anything import SamPredictor

    adapter = benchmarked.adapter()
    side = adapter.patch_size
    features = encoded_patch(folder, benchmarked)
    pixels = random_pixels(count, side)
    opened = FeatureFolder.open(features)
    predictor = SamPredictor(adapter._network)  # type: ignore[attr-defined]
    predictor.features = opened.load(opened.chips[0]).image_embedding
    predictor.original_size = predictor.input_size = (side, side)
    predictor.is_image_set = True

    def predict(some: np.ndarray) -> None:
        for pixel in some:
            predictor.predict(pixel[None], np.ones(1, dtype=int), multimask_output=True)

    answered: list[int] = []

    def answer(event: ObjectsEvent) -> None:
        answered.append(len(event.objects))

    request = _points_request(features, benchmarked, pixels)
    official, ours = Seconds(), Seconds()
    predict(pixels[:2])
    segment(_points_request(features, benchmarked, pixels[:2]), answers=lambda event: None)
    official.measure(lambda: predict(pixels[: count // 2]))
    ours.measure(lambda: segment(request, answers=answer))
    official.measure(lambda: predict(pixels[count // 2 :]))
    official_cpu, ours_cpu = sum(official.cpu), sum(ours.cpu)
    return Finding(
        f"G5 official predictor, a call a prompt / ours to polygons, CPU, {count:,} points",
        benchmarked.title,
        f"{official_cpu / ours_cpu:.2f}",
        ">= 3",
        f"official {1000 * official_cpu / count:.1f} ms a prompt (masks only), ours "
        f"{1000 * ours_cpu / count:.1f} ms (polygons, {sum(answered)} of {count}); wall "
        f"{sum(official.wall):.1f} s and {sum(ours.wall):.1f} s",
    )


def latency(folder: Path, benchmarked: Benchmarked, rounds: int) -> Finding:
    """One point to one polygon in a warm engine, over one decoder call."""
    adapter = benchmarked.adapter()
    features = encoded_patch(folder, benchmarked)
    pixels = random_pixels(rounds + 1, adapter.patch_size)
    opened = FeatureFolder.open(features)
    loaded = opened.load(opened.chips[0])
    ours, decoder = Seconds(), Seconds()
    for index, pixel in enumerate(pixels):
        request = _points_request(features, benchmarked, pixel[None])
        batch = _points_batch(pixel[None, None])
        if index == 0:  # warms both
            segment(request, answers=lambda event: None)
            adapter.decode(loaded, batch, multimask=True)
            continue
        decoder.measure(partial(adapter.decode, loaded, batch, multimask=True))
        ours.measure(partial(segment, request, answers=lambda event: None))
    return Finding(
        "G10 warm engine, one point to one polygon / one decoder call, CPU",
        benchmarked.title,
        f"{ours.median_cpu / decoder.median_cpu:.2f}",
        "<= 1.3",
        f"{1000 * ours.median_cpu:.1f} ms and {1000 * decoder.median_cpu:.1f} ms CPU, "
        f"{1000 * ours.median_wall:.1f} ms and {1000 * decoder.median_wall:.1f} ms wall; "
        f"median of {rounds}",
    )


def storage(folder: Path, benchmarked: Benchmarked, count: int) -> list[Finding]:
    """Bytes of a chip, and how well its masks agree with those of float32 features."""
    adapter = benchmarked.adapter()
    batch = _points_batch(random_pixels(count, adapter.patch_size)[:, None])
    masks, sizes = {}, {}
    for precision in ("float32", "float16"):
        opened = FeatureFolder.open(encoded_patch(folder, benchmarked, precision))
        sizes[precision] = opened.chips[0].path.stat().st_size
        loaded = opened.load(opened.chips[0])
        parts = [
            adapter.decode(loaded, _part(batch, start), multimask=True)[0] > 0
            for start in range(0, count, 16)
        ]
        masks[precision] = torch.cat(parts)
    ious = _mask_ious(masks["float16"], masks["float32"])
    return [
        Finding(
            "G8 bytes a chip, float16 / float32; IoU of masks kept",
            benchmarked.title,
            f"{sizes['float16'] / sizes['float32']:.3f}; {ious.mean():.5f}",
            "<= 0.51; >= 0.999",
            f"{sizes['float16']:,} bytes; IoU minimum {ious.min():.4f} over {len(ious)} masks "
            f"of {count} points",
        )
    ]


def _points_request(features: Path, benchmarked: Benchmarked, pixels: np.ndarray) -> SegmentRequest:
    prompts = tuple(
        Prompt(key=key, points=(point,), labels=(1,)) for key, point in enumerate(to_map(pixels))
    )
    return SegmentRequest(
        features=str(features), prompts=prompts, model=benchmarked.model, device=CPU
    )


def _points_batch(pixels: np.ndarray) -> PromptBatch:
    """One foreground point for each object; ``pixels`` is [B, 1, 2]."""
    points = torch.from_numpy(pixels.astype(np.float32))
    return PromptBatch(points, torch.ones(points.shape[:2], dtype=torch.int64))


def _part(batch: PromptBatch, start: int, size: int = 16) -> PromptBatch:
    return PromptBatch(batch.points[start : start + size], batch.labels[start : start + size])


def _mask_ious(found: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """IoU of boolean masks [B, M, H, W], for those that are not empty."""
    found, true = found.flatten(0, 1).flatten(1), true.flatten(0, 1).flatten(1)
    union = (found | true).sum(1)
    return ((found & true).sum(1)[union > 0] / union[union > 0]).float()
