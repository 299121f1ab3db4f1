"""What the image encoders cost, ours and the official ones with the same weights."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.decoding import mask_ious, part_of, points_batch
from benchmarks.workplace import (
    Benchmarked,
    Finding,
    Seconds,
    encode_request,
    random_pixels,
    write_raster,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models.fast.fast_encoder import fast_hiera, fast_vit
from geosam_processing.engine.models.sam2 import build_sam2_network
from geosam_processing.engine.models.sam_architectures import build_sam

_CPU = torch.device("cpu")
# The precisions, with the number of the goal and the goals themselves of vit_b and of SAM2.1 tiny:
# the least of those on Intel's and on AMD's processors.
_GOALS = {"float32": ("G2", 1.7, 1.25), "bfloat16": ("G3", 4.7, 2.9)}


def speed(model_id: str, rounds: int) -> list[Finding]:
    """The official encoder in float32 over ours in float32 and in bfloat16."""
    official = official_model(model_id)
    encoders = {"official": official_features(official)}
    for precision in _GOALS:
        encoders[precision] = our_features(copy.deepcopy(official), precision)
    images = test_image(official)
    seconds = {name: Seconds() for name in encoders}
    found: dict[str, torch.Tensor] = {}

    def forward(name: str) -> None:
        found[name] = encoders[name](images)

    with torch.inference_mode():
        for _ in range(rounds):
            for name in encoders:
                seconds[name].measure(partial(forward, name))
    theirs = seconds["official"].median_cpu
    findings = []
    for precision, (number, *goals) in _GOALS.items():
        ours = seconds[precision].median_cpu
        apart = float((found[precision] - found["official"]).abs().max())
        findings.append(
            Finding(
                f"{number} official encoder in float32 / ours in {precision}, CPU",
                f"{model_id}, random weights",
                f"{theirs / ours:.2f}",
                "" if model_id == BUNDLED_MODEL else f">= {goals['hiera' in model_id]}",
                f"{theirs:.2f} s and {ours:.2f} s; features, whose standard deviation is "
                f"{found['official'].std():.2f}, apart by at most {apart:.1e}; median of {rounds}",
            )
        )
    return findings


def memory(model_id: str) -> Finding:
    """What a forward pass takes beside the weights at its peak, ours over the official."""
    ours, theirs = (_peak_rise(model_id, which) for which in ("ours", "official"))
    return Finding(
        "G4 peak memory rise of an encoder's forward pass, ours / official",
        f"{model_id}, random weights",
        f"{ours / theirs:.3f}",
        "<= 0.25",
        f"{ours / 1024:.0f} MiB and {theirs / 1024:.0f} MiB, each in a process of its own",
    )


def precision_kept(folder: Path, benchmarked: Benchmarked, raster: Path, count: int) -> Finding:
    """How well masks of features computed in bfloat16 agree with those of float32."""
    side = benchmarked.adapter().patch_size
    batch = points_batch(random_pixels(count, side)[:, None])
    chosen: dict[str, list[torch.Tensor]] = {}
    best: list[torch.Tensor] = []
    for precision in _GOALS:
        output = folder / f"{benchmarked.model.model}_computed_in_{precision}"
        request = encode_request(raster, benchmarked, output, "float32")
        encode(replace(request, compute_precision=precision))
        opened = FeatureFolder.open(output)
        chosen[precision] = []
        adapter = benchmarked.adapter()
        for chip in opened.chips:
            loaded = opened.load(chip)
            for start in range(0, count, 16):
                logits, scores = adapter.decode(loaded, part_of(batch, start), multimask=True)
                if precision == "float32":
                    best.append(scores.argmax(1))
                index = best[len(chosen[precision])]
                chosen[precision].append(logits[torch.arange(len(index)), index][:, None] > 0)
    ious = mask_ious(torch.cat(chosen["bfloat16"]), torch.cat(chosen["float32"]))
    return Finding(
        "IoU of masks kept by encoding in bfloat16",
        benchmarked.title,
        f"{ious.mean():.4f}",
        "",
        f"mean over {len(ious)} points of the mask with the best score; a tenth of them below "
        f"{np.quantile(ious, 0.1):.3f}; features stored in float32",
    )


def official_model(model_id: str) -> Any:
    """The official SAM encoder or SAM2 network with random weights, also where they are zero."""
    torch.manual_seed(0)
    if "hiera" in model_id:
        model: Any = build_sam2_network(model_id, _CPU)
    else:
        model = build_sam(model_id).image_encoder
    for name, values in model.named_parameters():
        if "rel_pos" in name:
            torch.nn.init.normal_(values, std=0.3)
    return model


def official_features(model: Any) -> Callable[[torch.Tensor], torch.Tensor]:
    """From a patch to its embedding, by the official code with the maps that it stores."""
    if hasattr(model, "forward_image"):
        return lambda images: model.forward_image(images)["backbone_fpn"][-1]
    encode: Callable[[torch.Tensor], torch.Tensor] = model
    return encode


def our_features(model: Any, precision: str) -> Callable[[torch.Tensor], torch.Tensor]:
    """The same by our code; ``model`` is used up."""
    if hasattr(model, "forward_image"):
        encode = fast_hiera(model, precision, _CPU)
        return lambda images: encode(images)[-1]
    return fast_vit(model, precision, _CPU)


def test_image(model: Any) -> torch.Tensor:
    """A patch of noise of the size that ``model`` takes."""
    side = getattr(model, "img_size", 1024)
    return torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(0))


def _peak_rise(model_id: str, which: str) -> int:
    """In KiB; of a process of its own, as a peak cannot be forgotten."""
    command = [sys.executable, "-m", "benchmarks.encoder_memory", model_id, which]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def sample_raster(folder: Path) -> Path:
    """The scene of the demo, on which the bundled model is at home."""
    from training.sample_scene import write_sample_scene

    return write_sample_scene(folder)["scene"]


def noise_raster(folder: Path, side: int) -> Path:
    """One patch of blobs."""
    return write_raster(folder / f"kept_{side}.tif", side)
