"""What the workers of a cluster compute with, and whether it is the same everywhere."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geosam_processing.contract import VERSION, Device, Model
from geosam_processing.contract.cluster import is_local
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import choose_compute_precision, choose_device
from geosam_processing.engine.encoding.plan import continued_precision
from geosam_processing.engine.models import registry
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from distributed import Client


@dataclass(frozen=True)
class WorkerFacts:
    """The versions of a worker, the SHA-256 of its checkpoint, and what it computes in."""

    package: str
    torch: str
    checkpoint_sha256: str
    device: str
    compute_precision: str


@dataclass(frozen=True)
class Question:
    """What is asked of a worker before anything starts; calling it there is the answer.

    ``features`` is a feature folder whose precision the computation continues, if it exists.
    """

    model: Model
    device: Device
    compute_precision: str = "float32"
    features: str = ""

    def __call__(self) -> WorkerFacts:
        """Return the facts of this process.

        Raises:
            ModelError, DeviceError: the model or the device cannot be used here.
        """
        resolved = registry.resolve(self.model)
        device = choose_device(self.device)
        precision = self.compute_precision
        if self.features:
            precision = continued_precision(precision, Path(self.features), device)
        return WorkerFacts(
            package=VERSION,
            torch=importlib.metadata.version("torch"),
            checkpoint_sha256=resolved.sha256,
            device=str(device),
            compute_precision=choose_compute_precision(precision, device, resolved.entry.id),
        )


def agreed(
    client: Client,
    question: Callable[[], WorkerFacts],
    checkpoint_sha256: str,
    context: RunContext,
) -> WorkerFacts:
    """Return the facts in which all workers of a cluster agree.

    ``device`` lists the devices. Versions of torch that differ are logged.

    Raises:
        ClusterError: a worker has another version of the package, or computes in another
            precision than the others.
        ModelError: a worker lacks the model, or has another checkpoint.
        DeviceError: a worker cannot use the device.
    """
    from geosam_processing.engine.execution.spread import ask

    facts = ask(client, question)
    for address, each in facts.items():
        if each.package != VERSION:
            raise errors.ClusterError(
                "The worker {} has version {} of geosam_processing, this computer {}: install the "
                "same version",
                address,
                each.package,
                VERSION,
            )
        if each.checkpoint_sha256 != checkpoint_sha256:
            raise errors.ModelError(
                "The worker {} has another checkpoint (SHA-256 {}...) than this computer "
                "({}...): give both the same file",
                address,
                each.checkpoint_sha256[:8],
                checkpoint_sha256[:8],
            )
    precisions = {each.compute_precision for each in facts.values()}
    if len(precisions) > 1:
        raise errors.ClusterError(
            "The workers compute in different precisions ({}): choose one of them",
            ", ".join(sorted(precisions)),
        )
    torches = sorted({each.torch for each in facts.values()})
    if len(torches) > 1:
        remark = Text(
            "The workers have different versions of torch ({}): features may differ in their last "
            "digits",
            ", ".join(torches),
        )
        context.say(remark, "warning")
    first = next(iter(facts.values()))
    devices = ", ".join(sorted({each.device for each in facts.values()}))
    context.say(Text("Workers: {}; device: {}", len(facts), devices))
    return replace(first, device=devices)


def shared_path(path: str) -> str:
    """Return a path as workers of any working folder read it; other texts stay as they are."""
    expanded = os.path.expanduser(path)
    return os.path.abspath(expanded) if os.path.exists(expanded) else path


def shared_model(model: Model) -> Model:
    """Return a model as workers find it: by its checkpoint's path, or each by its name."""
    return replace(
        model, checkpoint=shared_path(model.checkpoint), folder=shared_path(model.folder)
    )


def device_of_workers(cluster: object, device: Device) -> Device:
    """Return the device on the workers: each process of a local cluster sees one GPU, its own."""
    if isinstance(cluster, str) and is_local(cluster):
        return replace(device, index=0)
    return device
