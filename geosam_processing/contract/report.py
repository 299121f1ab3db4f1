"""The messages of a report on the engine.

Both sides import this module, so it needs the standard library only and runs on
Python 3.9.
"""

from dataclasses import dataclass, field
from typing import Optional

from .raster import Device


@dataclass(frozen=True)
class ReportRequest:
    """Ask the engine what it is and runs on.

    ``model_folder`` is where checkpoints are kept. ``benchmark``: also encode patches of the
    bundled model for up to ten seconds.
    """

    model_folder: str
    device: Device = field(default_factory=Device)
    benchmark: bool = True


@dataclass(frozen=True)
class ModelFile:
    """A checkpoint that is there. ``problem`` is why it cannot be used; empty if it can."""

    model: str
    path: str
    size: int
    problem: str = ""


@dataclass(frozen=True)
class EngineReport:
    """The engine and its machine.

    ``versions`` are pairs of a library and its version, ``missing`` if it does not load.
    Memory is in bytes, None where it is unknown. ``device`` is empty if none can be
    used; ``gpu_problem`` is why no GPU is. ``seconds_per_patch`` is the median over
    ``patch_count`` patches of the bundled model; None without a benchmark, or with a
    ``benchmark_problem``.
    """

    python: str
    executable: str
    system: str
    processor: str
    processor_count: int
    memory: Optional[int]
    free_memory: Optional[int]
    versions: tuple[tuple[str, str], ...]
    device: str
    device_title: str
    device_memory: Optional[int]
    gpu_problem: str
    models: tuple[ModelFile, ...]
    seconds_per_patch: Optional[float] = None
    patch_count: int = 0
    benchmark_problem: str = ""
