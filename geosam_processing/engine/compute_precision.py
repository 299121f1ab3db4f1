"""The number type that the image encoder computes in; features and decoding are apart from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geosam_processing.engine.errors import DeviceError

if TYPE_CHECKING:
    import torch


def choose_compute_precision(asked: str, device: torch.device) -> str:
    """``float32``, ``bfloat16`` or ``float16`` for one of ``contract.COMPUTE_PRECISIONS``.

    ``auto`` is float16 on CUDA, where it takes a fraction of the time, and elsewhere float32,
    which is exact.

    Raises:
        DeviceError: the device cannot compute in what was asked for by name.
    """
    if asked == "auto":
        return "float16" if device.type == "cuda" else "float32"
    reason = ""
    if asked == "float16" and device.type == "cpu":
        reason = "processors have no fast float16"
    elif asked == "bfloat16" and not _has_bfloat16(device):
        reason = f"{_title(device)} has no fast bfloat16 ({_NEEDED[device.type]})"
    if reason:
        others = [name for name in ("auto", "float32", "bfloat16", "float16") if name != asked]
        usable = [name for name in others if _is_usable(name, device)]
        raise DeviceError(
            f"COMPUTE_PRECISION {asked} cannot be used on {_title(device)}: {reason}; choose "
            f"{' or '.join(usable)}"
        )
    return asked


_NEEDED = {
    "cpu": "it needs AVX-512 BF16 or AMX",
    "cuda": "it needs compute capability 8.0",
    "mps": "float16 is the half precision of Apple's",
}


def _is_usable(name: str, device: torch.device) -> bool:
    if name == "bfloat16":
        return _has_bfloat16(device)
    return name != "float16" or device.type != "cpu"


def _title(device: torch.device) -> str:
    return "this processor" if device.type == "cpu" else str(device)


def _has_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies matrices in bfloat16, rather than by way of float32."""
    import torch

    if device.type == "cpu":
        probes = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
        return any(getattr(torch.cpu, probe, lambda: False)() for probe in probes)
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    return False
