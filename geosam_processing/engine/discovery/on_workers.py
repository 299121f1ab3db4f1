"""Patches that the workers of a cluster ask; what they show is merged by the caller."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geosam_processing.contract import DiscoverRequest, SegmentRequest
from geosam_processing.engine import errors
from geosam_processing.engine.discovery.opening import Opened, opened
from geosam_processing.engine.discovery.patch_answers import BlockAnswer, PatchAnswers
from geosam_processing.engine.encoding.workers import (
    Question,
    agreed,
    device_of_workers,
    shared_model,
    shared_path,
)
from geosam_processing.engine.execution.blocks import Executor, Work, block_size
from geosam_processing.engine.execution.cluster import connected, worker_count
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models import registry
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder
from geosam_processing.engine.segmentation.folder_run import model_of
from geosam_processing.engine.segmentation.on_workers import FolderQuestion

if TYPE_CHECKING:
    from distributed import Client

PatchBlock = tuple[int, ...]

_BLOCKS_PER_WORKER = 16
_LARGEST_BLOCK = 8  # patches


@dataclass(frozen=True)
class DiscoverJob:
    """Asks blocks of patches.

    Attributes:
        request: with absolute paths and, on a raster, with its range of values.
        fingerprint: of the patches as the caller sees them.
    """

    request: DiscoverRequest
    fingerprint: str

    @contextlib.contextmanager
    def open(self, context: RunContext) -> Iterator[Work[PatchBlock, BlockAnswer]]:
        """Open the patches and the model; see ``opened``.

        Raises:
            FeaturesError: this process sees other patches than the caller.
        """
        with opened(self.request, replace(context, log=lambda event: None)) as found:
            if found.patches.fingerprint != self.fingerprint:
                raise errors.FeaturesError(
                    "The worker sees other patches than this computer: give a feature folder or a "
                    "raster that all can read, and the same model"
                )
            decoder = BatchDecoder(found.adapter, self.request.batch_size)
            yield PatchAnswers(self.request, found.patches, found.adapter, decoder).of_block


@contextlib.contextmanager
def workers_of(
    request: DiscoverRequest, found: Opened, cluster: str | Client, context: RunContext
) -> Iterator[tuple[Executor[PatchBlock, BlockAnswer], int]]:
    """Give an executor on the workers of a cluster, and the number of workers.

    Raises:
        Cancelled: the caller asked to stop.
        ClusterError, ModelError, DeviceError: see ``connected`` and ``agreed``.
    """
    from geosam_processing.engine.execution.spread import Spread

    there = _shared(request, found, cluster)
    question: Question | FolderQuestion
    if there.encode is not None:
        model, device = there.encode.model, there.encode.device
        question = Question(model, device, found.adapter.compute_precision)
    else:
        model, device = (
            request.model or model_of(FeatureFolder.open(request.features)),
            there.device,
        )
        question = FolderQuestion(SegmentRequest(there.features, (), there.model, device))
    with connected(cluster, device, context) as client:
        agreed(client, question, registry.resolve(model).sha256, context)
        job = DiscoverJob(there, found.patches.fingerprint)
        spread = Spread[PatchBlock, BlockAnswer](client, job)
        yield spread, worker_count(client)


def blocks_for(workers: int, patches: list[int]) -> Iterator[PatchBlock]:
    """Divide patches among workers, in their order."""
    size = block_size(len(patches), workers, _BLOCKS_PER_WORKER, _LARGEST_BLOCK)
    for begin in range(0, len(patches), size):
        yield tuple(patches[begin : begin + size])


def _shared(request: DiscoverRequest, found: Opened, cluster: str | Client) -> DiscoverRequest:
    """The request as workers read it."""
    encode = request.encode
    if encode is not None:
        encode = replace(
            encode,
            raster=replace(encode.raster, source=shared_path(encode.raster.source)),
            model=shared_model(encode.model),
            device=device_of_workers(cluster, encode.device),
            value_range=found.value_range,
            compute_precision=found.adapter.compute_precision,
        )
    return replace(
        request,
        features=shared_path(request.features),
        encode=encode,
        model=None if request.model is None else shared_model(request.model),
        device=device_of_workers(cluster, request.device),
        resume=False,
        cluster="",
    )
