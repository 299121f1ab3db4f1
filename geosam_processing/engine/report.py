"""What the engine is and runs on, for people who look for a fault.

The report lists what does not work; only a cancellation ends it.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import os
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from geosam_processing.contract import (
    EngineReport,
    Model,
    ModelFile,
    ProgressEvent,
    ReportRequest,
    folders,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL, CATALOGUE
from geosam_processing.contract.model_files import checkpoint_path
from geosam_processing.contract.texts import Text
from geosam_processing.engine.compute.device import choose_device, why_not_gpu
from geosam_processing.engine.compute.machine import free_memory, processor_name, total_memory
from geosam_processing.engine.errors import GeoSamError
from geosam_processing.engine.models.registry import load, resolve
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.run import SILENT, RunContext

BENCHMARK_TIME = 10.0  # seconds
BENCHMARK_PATCHES = 50
LIBRARIES = (
    "torch",
    "torchvision",
    "numpy",
    "rasterio",
    "pyproj",
    "shapely",
    "geopandas",
    "pyarrow",
    "segment_anything",
    "sam2",
)


def report(
    request: ReportRequest,
    context: RunContext = SILENT,
) -> EngineReport:
    """The report; reads every checkpoint in the model folder once, to compare its hash.

    Raises:
        Cancelled: the caller asked to stop.
    """
    device: Any = None
    problem = ""
    try:
        device = choose_device(request.device)
        if device.type == "cpu":
            problem = why_not_gpu(request.device)
    except (GeoSamError, ImportError, RuntimeError) as error:
        problem = _problem(error)
    models = _models(request, context)
    seconds: list[float] = []
    benchmark_problem = ""
    if request.benchmark and device is not None:
        try:
            seconds = _benchmark(request, context)
        except (GeoSamError, ImportError, RuntimeError) as error:
            benchmark_problem = _problem(error)
    title, device_memory = _device_details(device)
    return EngineReport(
        python=platform.python_version(),
        executable=sys.executable,
        system=platform.platform(),
        processor=processor_name(),
        processor_count=os.cpu_count() or 1,
        memory=total_memory(),
        free_memory=free_memory(),
        versions=_versions(),
        device="" if device is None else str(device),
        device_title=title,
        device_memory=device_memory,
        gpu_problem=problem,
        models=tuple(models),
        seconds_per_patch=statistics.median(seconds) if seconds else None,
        patch_count=len(seconds),
        benchmark_problem=benchmark_problem,
    )


def _problem(error: Exception) -> str:
    return error.text if isinstance(error, GeoSamError) else str(error)


def _versions() -> tuple[tuple[str, str], ...]:
    """The libraries as they load, which shows more than a list of installed ones."""
    with contextlib.suppress(ImportError, RuntimeError, OSError):
        ensure_torchvision()
    found = [(name, _version(name)) for name in LIBRARIES]
    for name, of in (
        ("GDAL", lambda: importlib.import_module("rasterio").__gdal_version__),
        ("PROJ", lambda: importlib.import_module("pyproj").proj_version_str),
        ("GEOS", lambda: importlib.import_module("shapely").geos_version_string),
        ("CUDA of torch", lambda: importlib.import_module("torch").version.cuda or "none"),
        ("matrix products by", _matrix_library),
        ("threads of torch", lambda: str(importlib.import_module("torch").get_num_threads())),
    ):
        try:
            found.append((name, of()))
        except (ImportError, OSError, AttributeError) as error:
            found.append((name, f"missing ({error})"))
    return tuple(found)


def _version(name: str) -> str:
    try:
        importlib.import_module(name)
    # A damaged library can raise anything while it loads.
    except Exception as error:
        return f"missing ({type(error).__name__}: {error})"
    for distribution in (name, name.replace("_", "-")):
        try:
            return importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            continue
    return "unknown"


def _matrix_library() -> str:
    from geosam_processing.engine.models.fast.blockwise_attention import attention_name
    from geosam_processing.engine.models.fast.matrix_products import library_name

    return f"{library_name()}; {attention_name()}"


def _models(request: ReportRequest, context: RunContext) -> list[ModelFile]:
    """The catalogue's checkpoints that are there."""
    folder = Path(os.path.expanduser(request.model_folder or folders.model_folder()))
    models = []
    for done, entry in enumerate(CATALOGUE.values()):
        context.require_not_cancelled()
        path = checkpoint_path(entry, folder)
        if entry.bundled or os.path.isfile(path):
            context.progress(ProgressEvent(done, 2 * len(CATALOGUE), Text("Checking {}", entry.id)))
            problem = ""
            try:
                resolve(Model(entry.id, folder=str(folder)))
            except (GeoSamError, ImportError, RuntimeError) as error:
                problem = _problem(error)
            size = os.path.getsize(path) if os.path.isfile(path) else 0
            models.append(ModelFile(entry.id, str(path), size, problem))
    return models


def _benchmark(request: ReportRequest, context: RunContext) -> list[float]:
    """Seconds for each of some patches with the bundled model, after one to warm up."""
    import torch

    adapter = load(resolve(Model(BUNDLED_MODEL)), request.device, compute_precision="auto")
    generator = torch.Generator().manual_seed(0)
    shape = (1, 3, adapter.patch_size, adapter.patch_size)
    patch = (255 * torch.rand(shape, generator=generator)).to(adapter.device)
    seconds: list[float] = []
    started = time.perf_counter()
    with torch.inference_mode():
        while True:
            context.require_not_cancelled()
            before = time.perf_counter()
            # To the processor, which waits until it is computed.
            adapter.encode(patch)[0].image_embedding.cpu()
            after = time.perf_counter()
            seconds.append(after - before)
            share = max((after - started) / BENCHMARK_TIME, len(seconds) / (BENCHMARK_PATCHES + 1))
            text = "" if seconds[1:] else Text("Encoding patches of {} pixels", adapter.patch_size)
            context.progress(ProgressEvent(50 + int(50 * min(share, 1.0)), 100, text))
            if share >= 1:
                break
    return seconds[1:] or seconds


def _device_details(device: Any) -> tuple[str, int | None]:
    """The name of a GPU, and its memory in bytes."""
    if device is None or device.type != "cuda":
        return "", None
    import torch

    properties = torch.cuda.get_device_properties(device)
    return properties.name, properties.total_memory
