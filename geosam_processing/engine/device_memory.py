"""When the memory of a device, or of the computer, does not suffice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geosam_processing.engine.errors import DeviceError

if TYPE_CHECKING:
    import torch

# How drivers and their libraries say it by a mere RuntimeError, such as "MPS backend out of
# memory" or CUBLAS_STATUS_ALLOC_FAILED; the last one is torch's own, on a processor.
_SIGNS = ("out of memory", "STATUS_ALLOC_FAILED", "DefaultCPUAllocator")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether it says that memory did not suffice; told by its name, torch need not be loaded."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _SIGNS)


def memory_too_small(device: torch.device, what: str) -> DeviceError:
    """The error for a device that has not even memory for ``what``."""
    owner, way_out = str(device), "choose a smaller MODEL, or DEVICE cpu"
    if device.type == "cpu":
        owner, way_out = "this computer", "or choose a smaller MODEL"
    return DeviceError(
        f"The memory of {owner} does not suffice for {what}: close other programs that use it, "
        f"{way_out}"
    )


def release_memory(device: torch.device) -> None:
    """Give back GPU memory that nothing uses any more."""
    import torch

    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
