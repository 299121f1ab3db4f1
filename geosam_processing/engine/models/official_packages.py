"""The official packages of SAM and SAM2 without what the engine has no use for.

Importing ``segment_anything`` imports torchvision, importing ``sam2`` sets hydra up, and networks
are built with random weights that a checkpoint replaces at once. Together that takes longer than
loading torch. The networks themselves need none of it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

# Functions of tensors and of ``torch.nn.init`` that fill a tensor with random numbers.
_RANDOM = (
    "uniform_",
    "normal_",
    "trunc_normal_",
    "erfinv_",
    "kaiming_uniform_",
    "kaiming_normal_",
    "xavier_uniform_",
    "xavier_normal_",
)


@contextlib.contextmanager
def without_own_init(package: str) -> Iterator[None]:
    """Import modules of ``package`` without the code of its ``__init__``.

    Afterwards the package itself counts as not imported, so that a later import gets all of
    it.

    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    if package in sys.modules:
        yield
        return
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    sys.modules[package] = importlib.util.module_from_spec(spec)
    try:
        yield
    finally:
        del sys.modules[package]


class WithoutRandomValues(TorchFunctionMode):
    """A context in which new layers hold zeros where they would draw random values.

    Not what their memory happens to hold: a truncated normal distribution draws until all values
    lie within its bounds, which would be never.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Leave out what draws random numbers; see ``TorchFunctionMode``."""
        kwargs = kwargs or {}
        tensor = args[0] if args else kwargs.get("tensor")
        if getattr(func, "__name__", "") in _RANDOM and isinstance(tensor, torch.Tensor):
            with torch.no_grad():
                return tensor.zero_()
        return func(*args, **kwargs)


def built_as_configured(path: Path, **changes: Any) -> Any:
    """Build the ``model`` of one of SAM2's configuration files, as hydra does.

    Args:
        changes: arguments of the model that replace those in the file.
    """
    import yaml

    with path.open(encoding="utf-8") as file:
        configuration = yaml.safe_load(file)["model"]
    return _built({**configuration, **changes})


def _built(node: Any) -> Any:
    if isinstance(node, list):
        return [_built(each) for each in node]
    if isinstance(node, str):
        # The library takes 1e-6 for a text, as it has no dot.
        with contextlib.suppress(ValueError):
            return float(node)
    if not isinstance(node, dict):
        return node
    values = {name: _built(value) for name, value in node.items() if name != "_target_"}
    if "_target_" not in node:
        return values
    module, _, name = node["_target_"].rpartition(".")
    return getattr(importlib.import_module(module), name)(**values)
