"""What answering prompts costs. Things that are compared run in turn, on the same machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import torch
from rasterio.features import rasterize

from benchmarks.polygons import naive_polygons
from benchmarks.workplace import (
    CPU,
    Benchmarked,
    Finding,
    Seconds,
    encoded_patch,
    random_pixels,
    to_map,
)
from geosam_processing.contract import ObjectsEvent, Prompt, SegmentedObject, SegmentRequest
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models.adapter import PromptBatch
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.overlap import mask_intersection_over_union
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import segment


def prompts_in_a_batch(folder: Path, benchmarked: Benchmarked, count: int) -> Finding:
    """``count`` points to polygons at once, against one call of the official predictor each."""
    features = encoded_patch(folder, benchmarked)
    pixels = random_pixels(count, benchmarked.adapter().patch_size)
    predictor = official_predictor(benchmarked, features)
    kept: list[np.ndarray] = []
    answered: list[int] = []

    def predict(some: np.ndarray) -> None:
        kept[:] = [best_mask(predictor, pixel) for pixel in some]

    def answer(event: ObjectsEvent) -> None:
        answered.append(len(event.objects))

    request = points_request(features, benchmarked, pixels)
    official, naive, ours = Seconds(), Seconds(), Seconds()
    predict(pixels[:2])
    segment(
        points_request(features, benchmarked, pixels[:2]), RunContext(results=lambda event: None)
    )
    official.measure(lambda: predict(pixels[: count // 2]))
    naive.measure(lambda: [naive_polygons(mask) for mask in kept])
    ours.measure(lambda: segment(request, RunContext(results=answer)))
    official.measure(lambda: predict(pixels[count // 2 :]))
    naive.measure(lambda: [naive_polygons(mask) for mask in kept])
    predicted, polygonized, own = sum(official.cpu), sum(naive.cpu), sum(ours.cpu)
    return Finding(
        f"G5 official predictor, a call a prompt / ours to polygons, CPU, {count:,} points",
        benchmarked.title,
        f"{predicted / own:.2f}",
        ">= 3",
        f"official {1000 * predicted / count:.1f} ms a prompt (masks only), ours "
        f"{1000 * own / count:.1f} ms (polygons, {sum(answered)} of {count}); with the polygons "
        f"of the official masks by rasterio and shapely ({1000 * polygonized / count:.1f} ms) "
        f"{(predicted + polygonized) / own:.2f}; wall {sum(official.wall):.1f} s and "
        f"{sum(ours.wall):.1f} s",
    )


def same_masks(folder: Path, benchmarked: Benchmarked, count: int) -> Finding:
    """Masks burnt from our polygons against those of the official predictor."""
    features = encoded_patch(folder, benchmarked, "float32")
    side = benchmarked.adapter().patch_size
    pixels = random_pixels(count, side)
    predictor = official_predictor(benchmarked, features)
    found: dict[int, SegmentedObject] = {}

    def answer(event: ObjectsEvent) -> None:
        found.update({item.key: item for item in event.objects})

    segment(points_request(features, benchmarked, pixels), RunContext(results=answer))
    transform = FeatureFolder.open(features).chips[0].transform
    ious = []
    for key, pixel in enumerate(pixels):
        expected = best_mask(predictor, pixel)
        mask = np.zeros_like(expected)
        if key in found:
            polygon = shapely.from_wkb(found[key].wkb)
            mask = rasterize([polygon], (side, side), transform=transform).astype(bool)
        ious.append(float(mask_intersection_over_union(mask, expected, empty=1.0)))
    return Finding(
        "G6 IoU of our polygons with the official masks, float32: smallest",
        benchmarked.title,
        f"{min(ious):.6f}",
        ">= 0.9999",
        f"mean {np.mean(ious):.7f} over {count} points",
    )


def official_predictor(benchmarked: Benchmarked, features: Path) -> Any:
    """The official predictor of the same weights, with the features of our folder."""
    ensure_torchvision()
    adapter = benchmarked.adapter()
    network = benchmarked.official_network()
    opened = FeatureFolder.open(features)
    loaded = opened.load(opened.chips[0])
    side = adapter.patch_size
    if adapter.family == "sam2":
        from sam2.sam2_image_predictor import SAM2ImagePredictor

        predictor = SAM2ImagePredictor(network)
        predictor._features = {
            "image_embed": loaded.image_embedding,
            "high_res_feats": list(loaded.high_resolution),
        }
        predictor._orig_hw = [(side, side)]
        predictor._is_image_set = True
        return predictor
    from segment_anything import SamPredictor

    predictor = SamPredictor(network)
    predictor.features = loaded.image_embedding
    predictor.original_size = predictor.input_size = (side, side)
    predictor.is_image_set = True
    return predictor


def best_mask(predictor: Any, pixel: np.ndarray) -> np.ndarray:
    """Of the official predictor's masks of a point the one with the best score, bool [H, W].

    As in our answers, a mask with nothing in it is none.
    """
    masks, scores, low = predictor.predict(pixel[None], np.ones(1, dtype=int))
    filled = (low > 0).any((1, 2))
    best = np.where(filled, scores, -np.inf).argmax()
    return np.asarray(masks[best] > 0)


def latency(folder: Path, benchmarked: Benchmarked, rounds: int) -> Finding:
    """One point to one polygon in a warm engine, over one decoder call."""
    adapter = benchmarked.adapter()
    features = encoded_patch(folder, benchmarked)
    pixels = random_pixels(rounds + 1, adapter.patch_size)
    opened = FeatureFolder.open(features)
    loaded = opened.load(opened.chips[0])
    ours, decoder = Seconds(), Seconds()
    for index, pixel in enumerate(pixels):
        request = points_request(features, benchmarked, pixel[None])
        batch = points_batch(pixel[None, None])
        if index == 0:  # warms both
            segment(request)
            adapter.decode(loaded, batch, multimask=True)
            continue
        decoder.measure(partial(adapter.decode, loaded, batch, multimask=True))
        ours.measure(partial(segment, request))
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
    batch = points_batch(random_pixels(count, adapter.patch_size)[:, None])
    masks, sizes = {}, {}
    for precision in ("float32", "float16"):
        opened = FeatureFolder.open(encoded_patch(folder, benchmarked, precision))
        sizes[precision] = opened.chips[0].path.stat().st_size
        loaded = opened.load(opened.chips[0])
        parts = [
            adapter.decode(loaded, part_of(batch, start), multimask=True)[0] > 0
            for start in range(0, count, 16)
        ]
        masks[precision] = torch.cat(parts)
    ious = mask_ious(masks["float16"], masks["float32"])
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


def points_request(features: Path, benchmarked: Benchmarked, pixels: np.ndarray) -> SegmentRequest:
    prompts = tuple(
        Prompt(key=key, points=(point,), labels=(1,)) for key, point in enumerate(to_map(pixels))
    )
    return SegmentRequest(
        features=str(features), prompts=prompts, model=benchmarked.model, device=CPU
    )


def points_batch(pixels: np.ndarray) -> PromptBatch:
    """One foreground point for each object; ``pixels`` is [B, 1, 2]."""
    points = torch.from_numpy(pixels.astype(np.float32))
    return PromptBatch(points, torch.ones(points.shape[:2], dtype=torch.int64))


def part_of(batch: PromptBatch, start: int, size: int = 16) -> PromptBatch:
    return PromptBatch(batch.points[start : start + size], batch.labels[start : start + size])


def mask_ious(found: torch.Tensor, true: torch.Tensor) -> np.ndarray:
    """IoU of boolean masks [B, M, H, W], for those that are not empty."""
    ious = mask_intersection_over_union(found, true, empty=np.nan)
    return ious[~np.isnan(ious)]
