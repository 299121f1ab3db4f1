"""Print what a GPU makes of each family of models, as a table for RESULTS.md.

python -m benchmarks.gpu [--device cuda] [--models vit_b,...] [--scenes 24]

It works on tensors and needs no raster. Official architectures have random weights, which
changes no time. ``wall`` seconds are of synchronized medians.
"""

from __future__ import annotations

import argparse
import copy
import gc
import statistics
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.precision import compared
from geosam_processing.contract import Model
from geosam_processing.engine.encoding import patch_encoder
from geosam_processing.engine.models.adapter import ModelAdapter, PromptBatch
from geosam_processing.engine.models.checkpoint import read_state
from geosam_processing.engine.models.registry import resolve
from geosam_processing.engine.models.sam import SamAdapter, load_sam
from geosam_processing.engine.models.sam2 import Sam2Adapter, build_sam2_network
from geosam_processing.engine.models.sam_architectures import build_sam
from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder

NANO = "geosam_nano"
MODELS = (NANO, "vit_b", "vit_h", "sam2.1_hiera_tiny", "sam2.1_hiera_large", "sam3")
ROUNDS = 5
MIB = 1 << 20

Row = tuple[str, str, str, str]


def main() -> None:
    """Measure all models, one after the other; a failure of one does not stop the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--scenes", type=int, default=24)
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    print(f"{_title(device)}; torch {torch.__version__}\n")
    print("| what | model | measured | in detail |\n|---|---|---|---|")
    for name in arguments.models.split(","):
        try:
            for row in measure(name, device):
                print(f"| {' | '.join(row)} |", flush=True)
        except Exception:
            print(f"| failed | {name} | | {traceback.format_exc().splitlines()[-1]} |", flush=True)
            traceback.print_exc()
        gc.collect()
        _empty(device)
    for row in discovery(device):
        print(f"| {' | '.join(row)} |", flush=True)
    state = read_state(resolve(Model(NANO)).path)
    exact, half = (load_sam(NANO, state, device, each) for each in ("float32", "float16"))
    for comparison in compared(exact, half, arguments.scenes):
        print(comparison.text())


def measure(name: str, device: torch.device) -> Iterator[Row]:
    """Encoding, decoding and their memory for one model."""
    torch.manual_seed(0)
    base = _network(name, device)
    adapters = {}
    for precision in ("float32", "float16" if device.type == "cuda" else "bfloat16"):
        adapters[precision] = _adapter(name, copy.deepcopy(base), device, precision)
    exact_adapter, adapter = adapters.values()
    side = adapter.patch_size
    if name != "sam3":
        image = torch.rand(1, 3, side, side, device=device)
        official = _official_encode(base)
        seconds = _seconds(lambda: official(image), device)
        yield "official encoder, float32, batch 1", name, f"{1 / seconds:.1f} images/s", ""
    del base
    largest = patch_encoder.suitable_batch_size(device, adapter.embedding_size)
    for precision, each in adapters.items():
        for batch in sorted({1, largest}):
            images = 255 * torch.rand(batch, 3, side, side, device=device)
            work = partial(each.encode, images)
            seconds, peak = _seconds(work, device), _peak(work, device)
            yield (
                f"encode, {precision}, batch {batch}",
                name,
                f"{batch / seconds:.1f} images/s",
                f"{1e3 * seconds / batch:.1f} ms an image; peak {peak / batch / MIB:.0f} MiB an"
                " image beside the weights",
            )
    images = 255 * torch.rand(1, 3, side, side, device=device)
    exact, half = (each.encode(images)[0] for each in adapters.values())
    apart = float((exact.image_embedding - half.image_embedding).abs().max())
    spread = float(exact.image_embedding.std())
    yield (
        f"features in {adapter.compute_precision} apart",
        name,
        f"{apart / spread:.3f} deviations",
        "largest",
    )
    yield from _decoding(name, exact_adapter, exact, device)


def _decoding(name: str, adapter: ModelAdapter, features: Any, device: torch.device) -> list[Row]:
    rows = []
    decoder = BatchDecoder(adapter)
    largest = decoder.batch_size
    for count in sorted({1, 16, largest}):
        prompts = _points(count, adapter.patch_size, device)
        with torch.inference_mode():
            work = partial(adapter.decode, features, prompts, True)
            seconds, peak = _seconds(work, device), _peak(work, device)
        rows.append(
            (
                f"decode, float32, {count} prompts at once",
                name,
                f"{count / seconds:.0f} prompts/s",
                f"{1e3 * seconds / count:.2f} ms a prompt; peak {peak / count / MIB:.0f} MiB a "
                "prompt",
            )
        )
    if device.type == "cuda":
        rows.append(_back_off(name, adapter, features, device))
    return rows


def _back_off(name: str, adapter: ModelAdapter, features: Any, device: torch.device) -> Row:
    """Decode with less memory than a batch takes: it must shrink, and give the same masks."""
    prompts = _points(128, adapter.patch_size, device)
    generous = BatchDecoder(adapter, 16).decode(features, prompts, True)[0]
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(device).total_memory
    allowed = torch.cuda.memory_reserved(device) + 3 * 1024 * MIB
    torch.cuda.set_per_process_memory_fraction(min(1.0, allowed / total), device)
    try:
        decoder = BatchDecoder(adapter, 128)
        logits = decoder.decode(features, prompts, True)[0]
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, device)
    apart = float((logits - generous).abs().max() / generous.std())
    return (
        "128 prompts with 3 GiB free: batch size in the end",
        name,
        str(decoder.batch_size),
        f"masks apart from those in batches of 16 by at most {apart:.1e} of their deviation",
    )


def discovery(device: torch.device) -> Iterator[Row]:
    """All objects of one scene by the bundled model, without merging."""
    from affine import Affine

    from geosam_processing.engine.discovery.asking import Filters, PatchAsker
    from geosam_processing.engine.discovery.lattice import Lattice
    from geosam_processing.engine.features.manifest import Chip
    from geosam_processing.engine.models.families import family_of
    from training.scenes import HELD_OUT_SEEDS, generate_scene

    adapter = load_sam(NANO, read_state(resolve(Model(NANO)).path), device)
    side = adapter.patch_size
    picture = generate_scene(HELD_OUT_SEEDS, side, side).picture.copy()
    images = torch.from_numpy(picture).permute(2, 0, 1)[None].float().to(device)
    chip = Chip("chip", Path(), Affine(1, 0, 0, 0, -1, 0), (side, side), (side, side))
    score, stability = family_of(adapter.family).thresholds_of(NANO)
    filters = Filters(score, stability, least=40.0)
    for spacing in (32, 16):
        asker = PatchAsker(adapter, BatchDecoder(adapter), filters)
        points, steps = Lattice([chip], spacing).points(0)
        with torch.inference_mode():
            (features,) = adapter.encode(images)
            masks = asker.masks(chip, features, points, steps)  # warms up
            calls, begin = asker.calls, time.perf_counter()
            masks = asker.masks(chip, features, points, steps)
            seconds = time.perf_counter() - begin
        yield (
            f"all objects of a patch, a point each {spacing} pixels",
            NANO,
            f"{seconds:.2f} s",
            f"{asker.calls - calls} points asked, {len(masks)} masks kept",
        )


def _network(name: str, device: torch.device) -> Any:
    if name == "sam3":
        return None
    if "hiera" in name:
        network: Any = build_sam2_network(name, device)
    else:
        network = build_sam(name)
        if name == NANO:
            network.load_state_dict(read_state(resolve(Model(NANO)).path))
    return network.to(device).eval()


def _adapter(name: str, network: Any, device: torch.device, precision: str) -> Any:
    if name == "sam3":
        return _sam3(device, precision)
    kind = Sam2Adapter if "hiera" in name else SamAdapter
    return kind(name, network, device, precision)


def _sam3(device: torch.device, precision: str) -> Any:
    from transformers import Sam3Config, Sam3Model
    from transformers.models.sam3.modeling_sam3 import Sam3VisionNeck

    from geosam_processing.engine.models.sam3.adapter import Sam3Adapter
    from geosam_processing.engine.models.sam3.point_head import build_point_head

    torch.manual_seed(0)
    configuration = Sam3Config()
    with device:
        detector = Sam3Model(configuration).eval()
        neck = Sam3VisionNeck(configuration.vision_config).eval()
        head = build_point_head(256)
    return Sam3Adapter("sam3", detector, neck, head.to(device), device, precision)


def _official_encode(network: Any) -> Callable[[torch.Tensor], object]:
    encode = getattr(network, "forward_image", None) or network.image_encoder
    return torch.inference_mode()(encode)


def _points(count: int, side: int, device: torch.device) -> PromptBatch:
    generator = torch.Generator().manual_seed(count)
    points = side * torch.rand(count, 1, 2, generator=generator)
    return PromptBatch(points.to(device), torch.ones(count, 1, dtype=torch.int64, device=device))


def _seconds(work: Callable[[], object], device: torch.device) -> float:
    """Median of some synchronized rounds after one that warms up."""
    seconds = []
    with torch.inference_mode():
        for _ in range(ROUNDS + 2):
            _synchronize(device)
            begin = time.perf_counter()
            work()
            _synchronize(device)
            seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds[2:])


def _peak(work: Callable[[], object], device: torch.device) -> float:
    """Bytes that ``work`` takes at its peak beside what is there before."""
    if device.type != "cuda":
        return float("nan")
    torch.cuda.reset_peak_memory_stats(device)
    before = torch.cuda.memory_allocated(device)
    with torch.inference_mode():
        work()
    return torch.cuda.max_memory_allocated(device) - before


def _synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _empty(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.empty_cache()


def _title(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else str(device)


if __name__ == "__main__":
    main()
