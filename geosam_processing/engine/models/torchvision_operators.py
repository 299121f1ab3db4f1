"""Make ``torchvision`` importable with a CPU build of torch.

The registry's torchvision is compiled for CUDA builds of torch; with a CPU
build its Python part fails on import with "operator torchvision::nms does not
exist". Declaring the two operators it looks up is enough for the transforms that
SAM's and SAM2's packages import. The operators themselves stay without a kernel.
"""

from __future__ import annotations

from typing import Any

_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_declared: list[Any] = []  # keeps the library object, and with it the operators, alive


def ensure_torchvision() -> None:
    """Import ``torchvision``, declaring its two operators only if that import needs it.

    Raises:
        ImportError, RuntimeError: torchvision is missing or broken in another way.
    """
    if _declared:
        return
    try:
        import torchvision  # noqa: F401
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        _import_with_declared_operators()


def _import_with_declared_operators() -> None:
    import sys

    import torch

    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(operator + _SCHEMA)
    _declared.append(library)
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    import torchvision  # noqa: F401
