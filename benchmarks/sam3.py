"""SAM3 of true size with random weights: what it costs on a processor.

python -m benchmarks.sam3 [float32 | bfloat16 | compared]

``compared`` encodes a patch in both precisions and prints how far features and masks are apart;
then ``geosam`` opens the feature folder and segments a point, if it is installed.

It takes 10 GB of disk and memory for a moment and minutes of time, so it is no part of
``make benchmark``. docs/sam3.md has its figures.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from benchmarks.geo_sam import geosam_engines
from benchmarks.workplace import (
    EPSG,
    METRES,
    Benchmarked,
    cost_of,
    encode_request,
    random_pixels,
    to_map,
    write_raster,
)
from geosam_processing.contract import Device, Model
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.models.checkpoint import read_state
from geosam_processing.engine.models.sam3.adapter import Sam3Adapter, load_sam3
from geosam_processing.engine.models.sam3.concepts import ConceptPrompt
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.overlap import mask_intersection_over_union
from tests.engine.models.sam3 import tiny_sam3

POINTS = 64
# Their cells a side.
MAPS = ("trunk", "72", "288", "144")
CPU = torch.device("cpu")


def write_random(path: Path) -> None:
    """A checkpoint as Meta writes it, of true sizes."""
    ensure_torchvision()
    from transformers import Sam3Config, Sam3Model, Sam3TrackerVideoConfig, Sam3TrackerVideoModel

    torch.manual_seed(0)
    detector = Sam3Model(Sam3Config())
    tracker = Sam3TrackerVideoModel(Sam3TrackerVideoConfig())
    tracker.vision_encoder.backbone = detector.vision_encoder.backbone
    state = tiny_sam3.meta_state(tiny_sam3.TinySam3(detector, tracker))
    tiny_sam3.write_checkpoint(path, state)


def main() -> None:
    """Measure and print; on Linux alone."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sam3.pt"
        # In a process of its own, whose memory does not count.
        code = (
            "import benchmarks.sam3 as s, pathlib, sys; s.write_random(pathlib.Path(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", code, str(path)], check=True)
        asked = sys.argv[1] if len(sys.argv) > 1 else "float32"
        if asked == "compared":
            _compare(path, Path(folder))
        else:
            _measure(path, asked)


def _measure(path: Path, precision: str) -> None:
    adapter = load_sam3(read_state(path), CPU, precision)
    concepts = adapter.concepts
    assert concepts is not None
    images = 255 * torch.rand(1, 3, adapter.patch_size, adapter.patch_size)
    features = []
    points = PromptBatch(
        adapter.patch_size * torch.rand(POINTS, 1, 2), torch.ones(POINTS, 1, dtype=torch.int64)
    )

    def report(what: str, work: Callable[[], object]) -> None:
        cost = cost_of(work)
        peak = (cost["before"] + cost["peak"]) / 1e9
        print(f"{precision}: {what}: {cost['cpu']:.1f} CPU s, at most {peak:.1f} GB", flush=True)

    report("a patch", lambda: features.extend(adapter.encode(images)))
    report(f"{POINTS} points", lambda: adapter.decode(features[0], points, multimask=True))
    trunk = features[0].trunk
    assert trunk is not None
    for what in ("the first phrase", "the same phrase again"):
        report(what, lambda: list(concepts.detect(trunk, [ConceptPrompt("roof")])))


def _compare(path: Path, folder: Path) -> None:
    """Features and masks of one patch in bfloat16 against float32; both are decoded in float32."""
    images: list[Tensor] = []
    features, adapter, exact = _encoded_folder(path, folder, images)
    rounded = load_sam3(read_state(path), CPU, "bfloat16").encode(images[0])[0]
    for name, first, second in zip(MAPS, _maps(exact), _maps(rounded), strict=True):
        _print_distance(name, first, second)
    masks = [_masks(adapter, each) for each in (exact, rounded)]
    overlap = mask_intersection_over_union(masks[0], masks[1], empty=1.0)
    print(
        f"{POINTS} points: IoU {overlap.mean():.4f} in the mean, {overlap.min():.4f} at least; "
        f"{float((masks[0] != masks[1]).mean()):.2e} of the pixels differ; masks cover "
        f"{float(masks[0].mean()):.2f} of the patch",
        flush=True,
    )
    if importlib.util.find_spec("geosam") is not None:
        _compare_with_geosam(path, folder, features, adapter, images[0])


def _print_distance(name: str, first: Tensor, second: Tensor) -> None:
    apart, deviation = (first - second).abs(), float(first.std())
    print(
        f"{name}: deviation {deviation:.3f}; apart by {float(apart.mean()) / deviation:.2e} "
        f"deviations in the mean, {float(apart.max()) / deviation:.2e} at most",
        flush=True,
    )


def _encoded_folder(
    path: Path, folder: Path, seen: list[Tensor]
) -> tuple[Path, Sam3Adapter, PatchFeatures]:
    """A feature folder of one patch in float32, and its features before they are stored.

    Args:
        seen: takes the encoder's input.
    """
    benchmarked = Benchmarked(Model(checkpoint=str(path)), "sam3, random weights", False)
    # The model that is loaded now is the one that encodes.
    adapter = registry.load(
        registry.resolve(benchmarked.model), Device("cpu"), compute_precision="float32"
    )
    assert isinstance(adapter, Sam3Adapter)
    found: list[PatchFeatures] = []
    whole = adapter.encode

    def kept(images: Tensor) -> list[PatchFeatures]:
        seen.append(images)
        found.extend(whole(images))
        return found

    adapter.encode = kept  # type: ignore[method-assign]
    raster = write_raster(folder / "patch.tif", adapter.patch_size)
    output = folder / "features"
    encode(replace(encode_request(raster, benchmarked, output), compute_precision="float32"))
    return output, adapter, found[0]


def _maps(features: PatchFeatures) -> list[Tensor]:
    """The maps in the order of ``MAPS``; those of a chip have no trunk."""
    trunk = torch.empty(0) if features.trunk is None else features.trunk
    return [trunk, features.image_embedding, *features.high_resolution]


def _masks(adapter: Sam3Adapter, features: PatchFeatures) -> NDArray[np.bool_]:
    """The masks of random points, [POINTS, 1008, 1008]."""
    points = torch.from_numpy(random_pixels(POINTS, adapter.patch_size))[:, None].float()
    batch = PromptBatch(points, torch.ones(POINTS, 1, dtype=torch.int64))
    logits, _ = adapter.decode(features, batch, multimask=False)
    side = (adapter.patch_size, adapter.patch_size)
    return (interpolate(logits, side, mode="bilinear")[:, 0] > 0).numpy()


def _compare_with_geosam(
    path: Path, folder: Path, features: Path, adapter: Sam3Adapter, images: Tensor
) -> None:
    """Masks by ``geosam`` from our feature folder, and its own features of the same pixels."""
    engines = geosam_engines(folder)
    from geosam.models import ModelSpec
    from geosam.query import Points

    spec = ModelSpec("sam3", path, device="cpu", imgsz=adapter.patch_size)
    engine = engines.FeatureQueryEngine(features, spec)
    opened = FeatureFolder.open(features)
    stored = opened.load(opened.chips[0])
    for x, y in np.round(random_pixels(4, adapter.patch_size) * METRES) / METRES:
        (place,) = to_map(np.array([[x, y]]))
        query = Points([place], labels=[1], crs=f"EPSG:{EPSG}")
        theirs = engine.query(query).mask_array.any(axis=0)
        batch = PromptBatch(torch.tensor([[[x, y]]]).float(), torch.ones(1, 1, dtype=torch.int64))
        logits, _ = adapter.decode(stored, batch, multimask=False)
        ours = (interpolate(logits, theirs.shape, mode="bilinear")[0, 0] > 0).numpy()
        overlap = float(mask_intersection_over_union(ours, theirs))
        print(
            f"geosam {version('geosam')}, point ({x:.0f}, {y:.0f}): mask of {theirs.sum()} pixels "
            f"of {theirs.size}, IoU with ours {overlap:.6f}",
            flush=True,
        )
    # It takes blue, green, red.
    encoded = engine.adapter.encode_image(images[0].flip(0).permute(1, 2, 0).contiguous().numpy())
    maps = encoded.features["image_embed"], *encoded.features["high_res_feats"]
    for name, first, second in zip(MAPS[1:], maps, _maps(stored)[1:], strict=True):
        _print_distance(f"geosam, same pixels, {name}", first, second.float())


if __name__ == "__main__":
    main()
