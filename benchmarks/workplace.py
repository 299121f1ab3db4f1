"""What the measurements work on, and how they are taken."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import torch
from rasterio.transform import from_origin
from torch.nn.functional import interpolate

from geosam_processing.contract import Device, EncodeRequest, Model, Raster
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.compute.machine import processor_name
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures
from geosam_processing.engine.models.checkpoint import read_state
from geosam_processing.engine.models.sam2 import build_sam2_network
from geosam_processing.engine.models.sam_architectures import build_sam

CPU = Device("cpu")
EPSG = 32633
LEFT, TOP, METRES = 400_000.0, 5_000_000.0, 0.5


_STATUS, _PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET = "5"


@dataclass
class Seconds:
    """Wall and CPU seconds of repeated runs of one thing."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def measure(self, work: Callable[[], object]) -> None:
        """Run ``work`` once and note what it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)

    @property
    def median_wall(self) -> float:
        """Median of the wall seconds."""
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        """Median of the CPU seconds."""
        return statistics.median(self.cpu)


def cost_of(work: Callable[[], object]) -> dict[str, float]:
    """Seconds and bytes that ``work`` takes in this process. Linux only.

    ``wall`` and ``cpu`` are seconds, ``before`` is the memory in use at first, and ``peak`` the
    most that came on top of it.
    """
    _PEAK.write_text(_FORGET)
    before, wall, cpu = _memory("VmRSS"), time.perf_counter(), time.process_time()
    work()
    return {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "before": before,
        "peak": _memory("VmHWM") - before,
    }


def _memory(name: str) -> int:
    """A line of the process's status, in bytes."""
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return 1024 * int(line.split()[1])


@dataclass(frozen=True)
class Finding:
    """One line of the results. ``goal`` is empty where there is none."""

    name: str
    model: str
    value: str
    goal: str
    detail: str


@dataclass(frozen=True)
class Benchmarked:
    """A model under measurement: its request, and whether its weights are trained."""

    model: Model
    title: str
    trained: bool

    def adapter(self) -> ModelAdapter:
        """The loaded model, the same object that the engine uses."""
        return registry.load(registry.resolve(self.model), CPU)

    def official_network(self) -> Any:
        """The network of the official code with the same weights, float32 on the CPU."""
        resolved = registry.resolve(self.model)
        model_id = resolved.entry.id
        network: Any
        if resolved.entry.family == "sam2":
            network = build_sam2_network(model_id, torch.device("cpu"))
        else:
            network = build_sam(model_id)
        network.load_state_dict(read_state(resolved.path))
        return network.eval()


def bundled_model() -> Benchmarked:
    """The model that comes with the plugin."""
    return Benchmarked(Model(BUNDLED_MODEL), BUNDLED_MODEL, True)


def random_model(model_id: str, folder: Path) -> Benchmarked:
    """An official SAM architecture with random weights."""
    path = folder / f"{model_id}_random.pth"
    torch.manual_seed(0)
    torch.save(build_sam(model_id).state_dict(), path)
    return Benchmarked(Model(model_id, str(path)), f"{model_id}, random weights", False)


def random_sam2_model(model_id: str, folder: Path) -> Benchmarked:
    """An official SAM2 architecture with random weights."""
    path = folder / f"{model_id}_random.pt"
    torch.manual_seed(0)
    torch.save({"model": build_sam2_network(model_id, torch.device("cpu")).state_dict()}, path)
    return Benchmarked(Model(model_id, str(path)), f"{model_id}, random weights", False)


def trained_decoder_model(model_id: str, folder: Path) -> Benchmarked:
    """An official architecture that makes masks of objects, not noise.

    Its decoder and prompt encoder have the weights of the bundled model, whose narrower
    layers are padded with zeros; ``encoded_patch`` gives it features of the bundled model,
    made of the patch at half its size and enlarged, and finer maps of zeros.
    """
    path = folder / f"{model_id}_trained_decoder.pth"
    torch.manual_seed(0)
    of_sam2 = model_id.startswith("sam2")
    network = build_sam2_network(model_id, torch.device("cpu")) if of_sam2 else build_sam(model_id)
    state = network.state_dict()
    for name, value in read_state(registry.resolve(bundled_model().model).path).items():
        if not name.startswith("image_encoder.") and (of_sam2 or name in state):
            name = _name_in_sam2(name) if of_sam2 else name
            state[name].zero_()
            state[name][tuple(slice(size) for size in value.shape)] = value
    torch.save({"model": state}, path)
    return Benchmarked(Model(model_id, str(path)), f"{model_id}, trained decoder", True)


def _name_in_sam2(name: str) -> str:
    """The name in a SAM2 network of a weight of SAM's decoder or prompt encoder."""
    return f"sam_{name}".replace("mlp.lin1", "mlp.layers.0").replace("mlp.lin2", "mlp.layers.1")


def write_raster(path: Path, size: int) -> Path:
    """A square raster of blobs on a gradient, ``size`` pixels wide, tiled and compressed."""
    rng = np.random.default_rng(7)
    rows, columns = np.mgrid[:size, :size].astype(np.float32)
    image = np.stack([90 + 40 * rows / size, 100 + 30 * columns / size, 80 + 0 * rows])
    for _ in range(max(8, size * size // 12_000)):
        y, x = rng.uniform(0, size, 2)
        high, wide = rng.uniform(8, 48, 2)
        top, left = max(0, int(y - high)), max(0, int(x - wide))
        bottom, right = min(size, int(y + high)), min(size, int(x + wide))
        part = np.s_[top:bottom, left:right]
        inside = ((rows[part] - y) / high) ** 2 + ((columns[part] - x) / wide) ** 2 < 1
        colour = rng.uniform(20, 235, 3)
        image[:, top:bottom, left:right][:, inside] = colour[:, None]
    image += rng.normal(0, 4, image.shape)
    profile = {
        "driver": "GTiff", "width": size, "height": size, "count": 3, "dtype": "uint8",
        "crs": f"EPSG:{EPSG}", "transform": from_origin(LEFT, TOP, METRES, METRES),
        "tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(np.clip(image, 0, 255).astype(np.uint8))
    return path


def encode_request(
    raster: Path, benchmarked: Benchmarked, output: Path, precision: str = "float16"
) -> EncodeRequest:
    """Encode ``raster`` in patches that do not overlap."""
    return EncodeRequest(
        raster=Raster(str(raster)),
        model=benchmarked.model,
        output=str(output),
        layer_name="benchmark",
        stride=benchmarked.adapter().patch_size,
        device=CPU,
        precision=precision,
    )


def encoded_patch(folder: Path, benchmarked: Benchmarked, precision: str = "float16") -> Path:
    """The feature folder of one patch."""
    side = benchmarked.adapter().patch_size
    raster = folder / f"patch_{side}.tif"
    if not raster.exists():
        write_raster(raster, side)
    output = folder / f"{Path(benchmarked.model.checkpoint).stem or 'bundled'}_{precision}"
    if not output.exists():
        adapter = benchmarked.adapter()
        if benchmarked.trained and benchmarked.model.checkpoint:
            by_bundled = partial(_encode_by_the_bundled_model, adapter.family)
            adapter.encode = by_bundled  # type: ignore[method-assign]
        encode(encode_request(raster, benchmarked, output, precision))
    return output


def _encode_by_the_bundled_model(family: str, images: torch.Tensor) -> list[PatchFeatures]:
    from geosam_processing.engine.models.sam import load_sam

    bundled = registry.resolve(bundled_model().model)
    adapter = load_sam(bundled.entry.id, read_state(bundled.path), images.device)
    (features,) = adapter.encode(interpolate(images, (adapter.patch_size,) * 2, mode="area"))
    tokens = images.shape[-1] // 16  # a token of the official models
    large = interpolate(features.image_embedding, (tokens, tokens), mode="bicubic")
    finer = [
        torch.zeros(1, large.shape[1] // part, factor * tokens, factor * tokens)
        for part, factor in ((8, 4), (4, 2))
    ]
    return [PatchFeatures(large, tuple(finer) if family == "sam2" else ())]


def random_pixels(count: int, side: int) -> np.ndarray:
    """Points in a patch as (x, y) in pixels, [count, 2], away from its edge."""
    return np.random.default_rng(3).uniform(0.02 * side, 0.98 * side, (count, 2))


def to_map(pixels: np.ndarray) -> list[tuple[float, float]]:
    """Pixels of ``write_raster`` as coordinates."""
    return [(LEFT + METRES * float(x), TOP - METRES * float(y)) for x, y in pixels]


def processor() -> str:
    """The processor, as its maker calls it, with what decides how fast it computes."""
    name, _, _ = processor_name().partition(" (")
    probes = (("AMX", "_is_amx_tile_supported"), ("AVX-512 BF16", "_is_avx512_bf16_supported"))
    has = [title for title, probe in probes if getattr(torch.cpu, probe, lambda: False)()]
    capability = torch.backends.cpu.get_cpu_capability()
    return f"{name} ({', '.join([capability, *has])})"


def machine() -> str:
    """The machine and the versions, in one paragraph."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "numpy", "rasterio"))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}; "
        f"Python {platform.python_version()}, {packages}; load average at the end {load}"
    )
