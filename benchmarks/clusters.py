"""What spreading blocks over the workers of a cluster costs, and what it gains.

A stand-in that sleeps takes the place of the model where the scheduler is measured: then as many
workers as threads in one process fit on any machine.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from distributed import Client, LocalCluster, Nanny, Scheduler, SpecCluster

from benchmarks.workplace import CPU, write_raster
from geosam_processing import contract
from geosam_processing.contract import ProgressEvent
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.execution.blocks import Work
from geosam_processing.engine.execution.spread import Spread
from geosam_processing.engine.run import SILENT, RunContext

Numbers = range
SECONDS = 0.3  # that a patch takes
BLOCK = 4  # patches


@dataclass(frozen=True)
class Sleep:
    """A model that sleeps."""

    seconds: float

    @contextlib.contextmanager
    def open(self, context: RunContext) -> Iterator[Work[Numbers, int]]:
        yield self._sleep

    def _sleep(self, block: Numbers, context: RunContext) -> int:
        for done, _ in enumerate(block, start=1):
            if self.seconds:
                time.sleep(self.seconds)
            context.progress(ProgressEvent(done, len(block)))
        return len(block)


@dataclass(frozen=True)
class Efficiency:
    """How many times as fast ``workers`` are as one that never waits."""

    workers: int
    patches: int
    seconds: float

    @property
    def factor(self) -> float:
        return self.patches * SECONDS / self.seconds


@contextlib.contextmanager
def threads(count: int) -> Iterator[Client]:
    """Workers that are threads of this process, each with a thread for its blocks."""
    with (
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=False,
            memory_limit=None,
            dashboard_address=None,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        client.wait_for_workers(count)
        yield client


def sleeping(count: int, patches_each: int = 40) -> Efficiency:
    """Measure ``count`` workers with ``patches_each`` patches for each."""
    patches = count * patches_each
    with threads(count) as client:
        begin = time.perf_counter()
        run(client, Sleep(SECONDS), patches)
        return Efficiency(count, patches, time.perf_counter() - begin)


def run(client: Client, job: Sleep, patches: int, block: int = BLOCK) -> None:
    """Do all patches."""
    blocks = (range(start, min(start + block, patches)) for start in range(0, patches, block))
    done = sum(outcome.answer or 0 for outcome in Spread(client, job).run(blocks, SILENT))
    if done != patches:
        raise RuntimeError(f"{done} of {patches} patches were done")


def driver_memory(patches: int) -> float:
    """Peak of the memory in MB of a process that lets two workers do so many patches at once.

    Scheduler and workers are separate processes.
    """
    code = f"from benchmarks.clusters import print_memory; print_memory({patches})"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return float(answer.stdout.split()[-1])


def print_memory(patches: int) -> None:
    """Print the peak of this process's memory in MB, see ``driver_memory``."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder, "scheduler.json"))
        loopback = ["--scheduler-file", file, "--host", "127.0.0.1", "--no-dashboard"]
        scheduler = [*loopback, "--dashboard-address", "127.0.0.1:0", "--port", "0"]
        worker = [*loopback, "--no-nanny", "--nthreads", "1", "--local-directory", folder]
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{name}", *options],
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
            )
            for name, options in (("scheduler", scheduler), ("worker", worker), ("worker", worker))
        ]
        try:
            while not Path(file).exists():
                time.sleep(0.1)
            with Client(scheduler_file=file, set_as_default=False) as client:
                client.wait_for_workers(2)
                run(client, Sleep(0.0), patches, block=16)
        finally:
            for process in processes:
                process.kill()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


@contextlib.contextmanager
def processes(count: int) -> Iterator[Client]:
    """Workers that are processes of this machine, with one thread each."""
    common = {"host": "127.0.0.1", "dashboard": False, "dashboard_address": "127.0.0.1:0"}
    environment = {"OMP_NUM_THREADS": "1"}
    quiet = {"silence_logs": logging.ERROR}
    options = {**common, **quiet, "nthreads": 1, "memory_limit": None, "env": environment}
    workers = {number: {"cls": Nanny, "options": options} for number in range(count)}
    with (
        SpecCluster(workers, {"cls": Scheduler, "options": common}, **quiet) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        client.wait_for_workers(count)
        yield client


@dataclass(frozen=True)
class Real:
    """Encoding by real workers: wall seconds, and CPU seconds of all workers."""

    workers: int
    patches: int
    wall: float
    cpu: float


def encoding(count: int, folder: Path, side: int = 8) -> Real:
    """Let worker processes with the bundled model encode ``side`` x ``side`` patches.

    The models are loaded before the time is taken.
    """
    with processes(count) as client:
        encode(_request(folder, f"warm {count}", 2), SILENT, client)
        cpu, begin = sum(client.run(time.process_time).values()), time.perf_counter()
        result = encode(_request(folder, f"workers {count}", side), SILENT, client)
        wall = time.perf_counter() - begin
        cpu = sum(client.run(time.process_time).values()) - cpu
    return Real(count, result.patch_count, wall, cpu)


def _request(folder: Path, name: str, side: int) -> contract.EncodeRequest:
    """Encode ``side`` x ``side`` patches of the bundled model, 64 pixels apart."""
    path = folder / f"{side}.tif"
    if not path.exists():
        write_raster(path, 512 + 64 * (side - 1))
    return contract.EncodeRequest(
        contract.Raster(str(path)),
        contract.Model(BUNDLED_MODEL),
        str(folder / name),
        "scene",
        stride=64,
        value_range=(0.0, 255.0),
        compute_precision="float32",
        device=CPU,
    )


def report() -> list[str]:
    """Measure everything; the lines of a page in Markdown."""
    lines = [
        f"| workers (threads of one process, a patch sleeps {SECONDS} s) | patches | seconds | "
        "times one worker that never waits |",
        "|---|---|---|---|",
    ]
    for count in (1, 8, 64):
        each = sleeping(count)
        lines.append(f"| {count} | {each.patches} | {each.seconds:.1f} | {each.factor:.1f} |")
    lines += ["", "| patches of no duration | peak memory of the driver in MB |", "|---|---|"]
    lines += [f"| {count:,} | {driver_memory(count):.0f} |" for count in (1_000, 10_000, 100_000)]
    lines += [
        "",
        f"| worker processes ({BUNDLED_MODEL}, one thread each) | patches | wall s | CPU s | "
        "times one worker |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        one, two = (encoding(count, Path(folder)) for count in (1, 2))
    for real in (one, two):
        lines.append(
            f"| {real.workers} | {real.patches} | {real.wall:.1f} | {real.cpu:.1f} | "
            f"{one.wall / real.wall:.2f} |"
        )
    return lines
