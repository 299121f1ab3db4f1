"""Connects to a cluster: a client of the caller's, a scheduler, or processes of this machine."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from geosam_processing.contract import Device
from geosam_processing.contract.cluster import is_local, local_workers, require_cluster
from geosam_processing.contract.texts import Text
from geosam_processing.engine.compute import machine
from geosam_processing.engine.errors import ClusterError
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from distributed import Client

Cluster = "str | Client"
_CONNECT_TIME = 10  # seconds
_POLL = 0.2  # seconds
_LOOPBACK = "127.0.0.1"
# What a process with a model of middle size takes.
_BYTES_PER_WORKER = 4 << 30


@contextlib.contextmanager
def connected(cluster: str | Client, device: Device, context: RunContext) -> Iterator[Client]:
    """Give a client of ``cluster`` that has a worker at least.

    Args:
        cluster: as ``contract.cluster`` describes it, or a client, which stays open.
        device: what the processes of a local cluster compute on.

    Raises:
        Cancelled: the caller asked to stop before there was a worker.
        ClusterError: the package is missing, or the scheduler cannot be reached.
    """
    if not isinstance(cluster, str):
        _await_worker(cluster, context)
        yield cluster
        return
    require_cluster(cluster)
    _require_package()
    opened = _local(local_workers(cluster), device, context) if is_local(cluster) else _at(cluster)
    with opened as client:
        _await_worker(client, context)
        yield client


def _require_package() -> None:
    try:
        import cryptography  # noqa: F401
        import distributed  # noqa: F401
    except ModuleNotFoundError as error:
        raise ClusterError(
            "Clusters need the Python package {}, which the engine's environment lacks ({}): run "
            "Install engine (geosam:installengine) with the packages of Dask, or "
            "pip install geosam-processing[dask]",
            error.name,
            sys.executable,
        ) from error


@contextlib.contextmanager
def _at(address: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(address, timeout=_CONNECT_TIME, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            "The scheduler {} cannot be reached ({}). Start it (dask scheduler), or correct its "
            "address",
            address,
            str(error).splitlines()[0] if str(error) else type(error).__name__,
        ) from error
    with client:
        yield client


@contextlib.contextmanager
def _local(count: int | None, device: Device, context: RunContext) -> Iterator[Client]:
    """Processes of this machine, which nobody else can reach.

    They listen on the loopback interface, and talk in TLS with a separate certificate that
    lives in memory: on a computer with several users, each can connect to a port of another.
    """
    from distributed import Client, Nanny, Scheduler, Security, SpecCluster

    environments = _environments(count, device)
    security = Security.temporary()
    common: dict[str, Any] = {
        "host": _LOOPBACK,
        "protocol": "tls",
        "security": security,
        "dashboard": False,
        "dashboard_address": f"{_LOOPBACK}:0",
    }
    workers = {
        number: {
            "cls": Nanny,
            # A model may be larger than an equal share of the memory.
            "options": {
                **common,
                "nthreads": 1,
                "memory_limit": None,
                "silence_logs": logging.ERROR,
                "env": environment,
            },
        }
        for number, environment in enumerate(environments)
    }
    # Starting processes, Dask changes the environment variables of this one.
    before = dict(os.environ)
    with contextlib.ExitStack() as opened:
        opened.callback(_restore, before)
        try:
            processes = opened.enter_context(
                SpecCluster(
                    workers,
                    {"cls": Scheduler, "options": common},
                    security=security,
                    silence_logs=logging.ERROR,
                )
            )
            client = opened.enter_context(Client(processes, set_as_default=False))
        except (OSError, RuntimeError) as error:
            raise ClusterError(
                "Processes cannot be started on this computer ({}). Take fewer, or run without a "
                "cluster",
                str(error)[:300] or type(error).__name__,
            ) from error
        _restore(before)
        context.say(Text("Processes started on this computer: {}", len(workers)))
        yield client


def _environments(count: int | None, device: Device) -> list[dict[str, str]]:
    """The environment variables of each process: one for each GPU, or with its share of cores."""
    gpus = _gpus(device)
    if gpus:
        number = count or len(gpus)
        return [{"CUDA_VISIBLE_DEVICES": gpus[each % len(gpus)]} for each in range(number)]
    cores = machine.allowed_cores()
    if count is None:
        memory = machine.free_memory()
        fitting = cores if memory is None else max(memory // _BYTES_PER_WORKER, 1)
        count = min(cores, fitting)
    threads = os.environ.get(machine.THREADS_VARIABLE) or str(max(cores // count, 1))
    return [{machine.THREADS_VARIABLE: threads}] * count


def _gpus(device: Device) -> list[str]:
    """The CUDA devices, as the variable that hides the others names them."""
    if device.name not in ("auto", "cuda"):
        return []
    import torch

    if not torch.cuda.is_available():
        return []
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [each.strip() for each in visible.split(",") if each.strip()]
    return [str(each) for each in range(torch.cuda.device_count())]


def _restore(environment: dict[str, str]) -> None:
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)


def worker_count(client: Client) -> int:
    """Return how many blocks the cluster can do at once now."""
    return sum(client.nthreads().values())


def _await_worker(client: Client, context: RunContext) -> None:
    """Wait until a worker can be asked; a cluster may start them when there is work."""
    future = client.submit(math.sqrt, 1.0, pure=False)
    said = False
    try:
        while True:
            context.require_not_cancelled()
            with contextlib.suppress(TimeoutError):
                future.result(timeout=_POLL)
                return
            if not said and not client.nthreads():
                said = True
                context.say(Text("Waiting for a worker of the cluster"))
    finally:
        future.cancel()
