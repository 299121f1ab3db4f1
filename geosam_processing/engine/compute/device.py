"""The device that a model runs on."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from geosam_processing.contract import Device, LogEvent
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.contract.texts import Text
from geosam_processing.engine.errors import DeviceError

if TYPE_CHECKING:
    import torch

Log = Callable[[LogEvent], None]

_NVIDIA_DRIVER = Path("/proc/driver/nvidia")


def no_log(event: LogEvent) -> None:
    """The log of a caller that wants none."""


def choose_device(device: Device, log: Log = no_log) -> torch.device:
    """The torch device for a request; a GPU that is there but unusable is said in the log.

    Raises:
        DeviceError: the device that was asked for by name cannot be used, or there is no
            CUDA device of that index.
    """
    import torch

    if device.name == "cpu":
        return torch.device("cpu")
    if device.name == "mps":
        reason = _why_not_mps()
        if reason:
            raise DeviceError(
                "The Apple GPU cannot be used: {}. Let GeoSAM choose the device, or use the CPU",
                reason,
            )
        return torch.device("mps")

    reason = _why_not_cuda(device.index)
    if not reason:
        return torch.device("cuda", device.index)
    if device.name == "cuda":
        raise DeviceError(
            "The NVIDIA GPU cannot be used: {}. Let GeoSAM choose the device, or use the CPU",
            reason,
        )
    if not _why_not_mps():
        return torch.device("mps")
    if _nvidia_gpu_seems_present():
        log(
            LogEvent(
                Text("An NVIDIA GPU is there but not used: {}. The CPU is used", reason), "warning"
            )
        )
    return torch.device("cpu")


def why_not_gpu(device: Device) -> str:
    """Why ``choose_device`` takes the CPU, also on a machine that seems to have no GPU.

    Raises:
        DeviceError: there is no CUDA device of that index.
    """
    if device.name == "cpu":
        return Text("the CPU was asked for")
    if sys.platform == "darwin":
        return _why_not_mps()
    if not _nvidia_gpu_seems_present():
        return Text("no NVIDIA driver was found on this machine")
    return _why_not_cuda(device.index)


def _why_not_cuda(index: int) -> str:
    """Why CUDA device ``index`` cannot be used; empty if it can.

    Raises:
        DeviceError: CUDA works but has no device of that index.
    """
    import torch

    if torch.version.cuda is None and torch.version.hip is None:
        return Text(
            "the installed PyTorch {} is a build without CUDA; "
            "run Install engine (geosam:installengine) with TORCH=cuda",
            torch.__version__,
        )
    if not torch.cuda.is_available():
        return _why_cuda_does_not_start()
    count = torch.cuda.device_count()
    if index >= count:
        raise DeviceError(
            "Invalid CUDA device index ({}): valid values are 0 to {} on this machine",
            index,
            count - 1,
        )
    try:
        _run_kernel(torch.device("cuda", index))
    except (RuntimeError, AssertionError) as error:
        return Text(
            "{} cannot run PyTorch: {}", torch.cuda.get_device_name(index), _first_line(error)
        )
    return ""


def _why_cuda_does_not_start() -> str:
    import torch

    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None and visible.strip() in ("", "-1"):
        return Text("CUDA_VISIBLE_DEVICES ({}) hides every GPU; unset it", f"{visible!r}")
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:
        return _first_line(error)
    return Text("PyTorch {} finds no CUDA device; check the NVIDIA driver", torch.__version__)


def _why_not_mps() -> str:
    import torch

    if not torch.backends.mps.is_built():
        return Text("the installed PyTorch {} is a build without MPS", torch.__version__)
    if not torch.backends.mps.is_available():
        return Text("this machine has no Apple GPU that PyTorch can use")
    try:
        _run_kernel(torch.device("mps"))
    except (RuntimeError, AssertionError) as error:
        return Text("the Apple GPU cannot run PyTorch: {}", _first_line(error))
    return ""


def _run_kernel(device: torch.device) -> None:
    """Compute something; a GPU may be listed and yet be too old, or full, for that."""
    import torch

    (torch.ones(8, device=device) + 1).sum().item()


def _nvidia_gpu_seems_present() -> bool:
    return shutil.which("nvidia-smi") is not None or _NVIDIA_DRIVER.exists()


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


# How drivers and their libraries say it by a mere RuntimeError, such as "MPS backend out of
# memory" or CUBLAS_STATUS_ALLOC_FAILED; the last one is torch's own, on a processor.
_SIGNS = ("out of memory", "STATUS_ALLOC_FAILED", "DefaultCPUAllocator")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory did not suffice, by the name of the class: torch need not be loaded."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _SIGNS)


def memory_too_small(device: torch.device, what: str) -> DeviceError:
    """The error for a device that has not even memory for ``what``."""
    owner, way_out = str(device), "choose a smaller model, or use the CPU"
    if device.type == "cpu":
        owner, way_out = "this computer", "or choose a smaller model"
    return DeviceError(
        "The memory of {} does not suffice for {}: close other programs that use it, {}",
        owner,
        what,
        way_out,
    )


def release_memory(device: torch.device) -> None:
    """Give back GPU memory that nothing uses any more."""
    import torch

    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def choose_compute_precision(asked: str, device: torch.device, model_id: str = "") -> str:
    """``float32``, ``bfloat16`` or ``float16`` for one of ``contract.COMPUTE_PRECISIONS``.

    ``auto`` is float16 on CUDA, where it takes a fraction of the time. On a processor it is
    bfloat16 for models that lose next to nothing by it, if the processor is faster with it, and
    else float32, which is exact.

    Raises:
        DeviceError: the device cannot compute in what was asked for by name.
    """
    if asked == "auto":
        if device.type == "cuda":
            return "float16"
        proven = model_id in _PROVEN_IN_BFLOAT16
        return "bfloat16" if proven and is_faster_in_bfloat16(device) else "float32"
    reason = ""
    if asked == "float16" and device.type == "cpu":
        reason = Text("processors have no fast float16")
    elif asked == "bfloat16" and not _has_bfloat16(device):
        reason = Text("{} has no fast bfloat16 ({})", _title(device), _NEEDED[device.type])
    if reason:
        others = [name for name in ("auto", "float32", "bfloat16", "float16") if name != asked]
        usable = [name for name in others if _is_usable(name, device)]
        raise DeviceError(
            "The computation precision {} cannot be used on {}: {}; choose {}",
            asked,
            _title(device),
            reason,
            " or ".join(usable),
        )
    return asked


def is_faster_in_bfloat16(device: torch.device) -> bool:
    """Whether ``device`` is a processor that encodes in about half the time in bfloat16.

    That is measured on processors with AMX. AVX-512 BF16 alone gains little with small models.
    """
    import torch

    probe = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    return device.type == "cpu" and bool(probe())


# Against the truth of 226 objects of 24 generated scenes, masks from an encoder in bfloat16 lose
# 0.0002 in IoU, twice the standard error at most; see benchmarks/precision.py.
_PROVEN_IN_BFLOAT16 = (BUNDLED_MODEL,)

_NEEDED = {
    "cpu": Text("it needs AVX-512 BF16 or AMX"),
    "cuda": Text("it needs compute capability 8.0"),
    "mps": Text("float16 is the half precision of Apple's"),
}


def _is_usable(name: str, device: torch.device) -> bool:
    if name == "bfloat16":
        return _has_bfloat16(device)
    return name != "float16" or device.type != "cpu"


def _title(device: torch.device) -> str:
    return Text("this processor") if device.type == "cpu" else str(device)


def _has_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies matrices in bfloat16, rather than by way of float32."""
    import torch

    if device.type == "cpu":
        probes = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
        return any(getattr(torch.cpu, probe, lambda: False)() for probe in probes)
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    return False
