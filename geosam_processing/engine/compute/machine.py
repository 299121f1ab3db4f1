"""The processor and the memory of this machine."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import gc
import math
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path


def processor_name() -> str:
    """The maker's name of the processor, as far as the system reports it."""
    for line in _lines(Path("/proc/cpuinfo")):
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return f"{value.strip()} ({platform.machine()})"
    return platform.processor() or platform.machine()


def is_x86() -> bool:
    """Whether the processor is one of Intel's, AMD's or of their kind, in 64 bits."""
    return platform.machine().lower() in ("x86_64", "amd64")


@functools.cache
def processor_vendor() -> str:
    """The processor's maker, such as ``GenuineIntel`` or ``AuthenticAMD``; empty if unknown."""
    for line in _lines(Path("/proc/cpuinfo")):
        name, _, value = line.partition(":")
        if name.strip() == "vendor_id":
            return value.strip()
    if sys.platform == "darwin" and is_x86():
        return "GenuineIntel"
    # Windows: "Intel64 Family 6 Model 85 Stepping 4, GenuineIntel".
    return platform.processor().rpartition(",")[2].strip()


def total_memory() -> int | None:
    """The machine's memory in bytes; None where it is unknown."""
    if sys.platform == "win32":
        return _windows_memory().total
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def free_memory() -> int | None:
    """Memory in bytes that programs can still take; None where it is unknown."""
    if sys.platform == "win32":
        return _windows_memory().free
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


if sys.platform == "win32":

    class _MemoryStatus(ctypes.Structure):
        """MEMORYSTATUSEX of Windows."""

        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *(
                (name, ctypes.c_ulonglong)
                for name in ("total", "free", "page", "free_page", "virtual", "free_virtual", "ext")
            ),
        ]

    def _windows_memory() -> _MemoryStatus:
        status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return status


THREADS_VARIABLE = "OMP_NUM_THREADS"
_WAIT_VARIABLE = "OMP_WAIT_POLICY"
_STATISTICS = Path("/proc/stat")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_SAMPLE = 0.1  # seconds


def settle() -> None:
    """Settings of the whole process; to be made before torch is loaded.

    Torch's threads wait asleep, not spinning: QGIS and others want the processor too, and on a
    busy one spinning made encoding five times slower.
    """
    keep_heap()
    os.environ.setdefault(_WAIT_VARIABLE, "PASSIVE")


@contextlib.contextmanager
def large_run(all_cores: bool = False) -> Iterator[None]:
    """Take the cores that are free now for work that takes a while; give memory back after it.

    Args:
        all_cores: take all cores, free or not. For results in bfloat16: in the layers of large
            models oneDNN rounds differently with another number of threads.
    """
    if all_cores:
        use_all_cores()
    else:
        use_free_cores()
    with giving_back():
        yield


@contextlib.contextmanager
def giving_back() -> Iterator[None]:
    """Give memory back to the system after work that took much of it."""
    try:
        yield
    finally:
        give_back_heap()


@contextlib.contextmanager
def lasting_objects() -> Iterator[None]:
    """Make objects that stay, such as modules: no garbage is looked for among them, then or later.

    Torch makes 160,000; looking through them took an eighth of its import.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def use_free_cores() -> None:
    """Let torch take as many threads as cores are free now, unless the user fixed a number.

    More threads than that are slower than one: each step waits for the thread that waits for
    its core.
    """
    if not os.environ.get(THREADS_VARIABLE):
        import torch

        torch.set_num_threads(free_cores())


def use_all_cores() -> None:
    """Let torch take all cores, free or not, unless the user fixed a number."""
    if not os.environ.get(THREADS_VARIABLE):
        import torch

        torch.set_num_threads(allowed_cores())


def free_cores() -> int:
    """How many cores this process may use and others leave free, at least 1.

    It watches for a tenth of a second, where the system reports it (Linux). Work of lowered
    priority makes way, and so does not count as busy.
    """
    allowed = allowed_cores()
    begin = _busy_seconds()
    if begin is None:
        return allowed
    others, start = begin - time.process_time(), time.monotonic()
    time.sleep(_SAMPLE)
    end = _busy_seconds()
    if end is None:
        return allowed
    others = end - time.process_time() - others
    machine = os.cpu_count() or 1
    idle = machine - max(others, 0.0) / (time.monotonic() - start)
    return max(1, min(allowed, round(idle)))


def allowed_cores() -> int:
    """Cores of the machine, less those that affinity or a container withholds."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    try:
        quota, period = _QUOTA.read_text().split()
        return max(1, min(cores, math.ceil(int(quota) / int(period))))
    except (OSError, ValueError):
        # No such system, or no limit ("max").
        return cores


def _busy_seconds() -> float | None:
    """Seconds that all cores worked at normal priority since the start; None if unknown."""
    try:
        name, *counts = _STATISTICS.read_text().splitlines()[0].split()
        user, _nice, system = (int(count) for count in counts[:3])
    except (OSError, ValueError, IndexError):
        return None
    return (user + system) / os.sysconf("SC_CLK_TCK") if name == "cpu" else None


def keep_heap() -> None:
    """Let the allocator keep freed memory instead of giving it back to the system.

    The tensors of a model are freed and taken again with each patch and each batch of
    prompts; with glibc's defaults every round pays for mapping and clearing the pages
    again: five times the time of a large element-wise operation, twice that of decoding.
    One arena, because that of a worker thread gives large blocks back regardless. Other
    allocators need no such help.
    """
    if _has_glibc():
        arena_maximum, mmap_maximum, trim_threshold = -8, -4, -1  # M_... of malloc.h
        libc = ctypes.CDLL(None)
        libc.mallopt(arena_maximum, 1)
        libc.mallopt(mmap_maximum, 0)
        libc.mallopt(trim_threshold, 2**31 - 1)


def give_back_heap() -> None:
    """Undo the keeping, for an engine that may be idle for hours after a large run."""
    if _has_glibc():
        ctypes.CDLL(None).malloc_trim(0)


def _has_glibc() -> bool:
    return platform.libc_ver()[0] == "glibc"
