"""Encoding on the workers of a cluster: which blocks they get, and what became of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geosam_processing.contract import Device, EncodeRequest, Model
from geosam_processing.contract.files import remove_abandoned
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.blocks import Encoded, EncodeJob, PatchBlock
from geosam_processing.engine.encoding.plan import EncodePlan
from geosam_processing.engine.encoding.shards import blocks, curve_order
from geosam_processing.engine.encoding.workers import (
    Question,
    agreed,
    device_of_workers,
    shared_model,
    shared_path,
)
from geosam_processing.engine.execution.blocks import Outcome, block_size
from geosam_processing.engine.execution.cluster import connected, worker_count
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.features.writer import FeatureWriter
from geosam_processing.engine.models.registry import ResolvedModel
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from distributed import Client

_BLOCKS_PER_WORKER = 8
_LARGEST_BLOCK = 16  # patches
# Patches after which the manifest is written; and parts of the manifest, of large ones.
_FLUSH_PARTS = 20
_LISTED = 5


@dataclass(frozen=True)
class RemoteModel:
    """A model that the workers of a cluster have, with what is known of it without loading it.

    Attributes:
        source, worker_device: the model and the device as workers are to look for them.
        device: which devices that are.
    """

    client: Client
    source: Model
    worker_device: Device
    model_id: str
    family: str
    patch_size: int
    embedding_size: int
    device: str
    compute_precision: str


@contextlib.contextmanager
def remote_model(
    request: EncodeRequest,
    resolved: ResolvedModel,
    folder: Path,
    cluster: str | Client,
    context: RunContext,
) -> Iterator[RemoteModel]:
    """Give the model on the workers of a cluster, which compute in the precision of ``folder``.

    Raises:
        Cancelled: the caller asked to stop.
        ClusterError, ModelError, DeviceError: see ``connected`` and ``agreed``.
    """
    device = device_of_workers(cluster, request.device)
    model = shared_model(request.model)
    with connected(cluster, request.device, context) as client:
        question = Question(model, device, request.compute_precision, str(folder))
        facts = agreed(client, question, resolved.sha256, context)
        entry = resolved.entry
        yield RemoteModel(
            client=client,
            source=model,
            worker_device=device,
            model_id=entry.id,
            family=entry.family,
            patch_size=entry.patch_size,
            embedding_size=entry.embedding_size,
            device=facts.device,
            compute_precision=facts.compute_precision,
        )


def encode_on_workers(
    model: RemoteModel,
    request: EncodeRequest,
    plan: EncodePlan,
    writer: FeatureWriter,
    missing: PatchBlock,
    context: RunContext,
) -> tuple[dict[str, Chip], dict[str, Chip]]:
    """Encode the patches ``missing``, and name them in the manifest of ``writer``.

    Returns:
        The chips that were encoded, and those that were left out as wholly nodata.

    Raises:
        Cancelled: the caller asked to stop; finished patches are kept.
        ClusterError: blocks failed, which it lists; all others are done.
        OutputError: a chip or the manifest cannot be written.
    """
    from geosam_processing.engine.execution.spread import Spread

    job = EncodeJob(
        request=replace(
            request,
            raster=replace(request.raster, source=shared_path(request.raster.source)),
            model=model.source,
            device=model.worker_device,
            output=str(writer.folder),
            value_range=writer.settings.value_range,
        ),
        settings=writer.settings,
        source_path=writer.source_path,
        checkpoint_path=writer.checkpoint_path,
        damaged=_damaged(plan, writer, missing),
    )
    spread = Spread[PatchBlock, Encoded](model.client, job)
    written: dict[str, Chip] = {}
    skipped: dict[str, Chip] = {}
    failed: list[Outcome[PatchBlock, Encoded]] = []
    unflushed = 0
    try:
        workers = worker_count(model.client)
        for outcome in spread.run(_blocks(plan, missing, workers), context):
            if isinstance(outcome.error, errors.OutputError):
                raise outcome.error
            if outcome.error is not None:
                failed.append(outcome)
                context.say(_spoken(plan, outcome), "warning")
            for patch in outcome.answer or ():
                chip = patch.chip(plan, writer)
                if patch.skipped:
                    skipped[chip.chip_id] = chip
                    writer.skip(patch.index)
                    continue
                written[chip.chip_id] = chip
                writer.add(chip)
                unflushed += 1
            if unflushed >= max(request.flush_every, writer.chip_count // _FLUSH_PARTS):
                writer.flush()
                unflushed = 0
    finally:
        writer.flush()
    if writer.shard is None:
        # Of workers that died; nobody else writes here.
        remove_abandoned(writer.features_folder)
    if failed:
        raise _incomplete(plan, failed)
    return written, skipped


def _blocks(plan: EncodePlan, missing: PatchBlock, workers: int) -> Iterator[list[int]]:
    """Compact blocks of patches, so that what neighbors share is read once."""
    indices = np.asarray(missing, dtype=np.int64)
    rows, columns = np.divmod(indices, plan.patches.column_count)
    size = block_size(len(indices), workers, _BLOCKS_PER_WORKER, _LARGEST_BLOCK)
    for block in blocks(indices[curve_order(rows, columns)], size):
        yield block.tolist()


def _damaged(plan: EncodePlan, writer: FeatureWriter, missing: PatchBlock) -> frozenset[int]:
    """Patches that have a chip which was found unusable."""
    if not writer.features_folder.is_dir():
        return frozenset()
    return frozenset(
        index for index in missing if writer.path_of(plan.patches[index].chip_id).exists()
    )


def _spoken(plan: EncodePlan, outcome: Outcome[PatchBlock, Encoded]) -> Text:
    ids = [plan.patches[index].chip_id for index in outcome.block]
    if len(ids) == 1:
        return Text("{}: {}", ids[0], outcome.error)
    return Text("{} patches from {} to {}: {}", len(ids), ids[0], ids[-1], outcome.error)


def _incomplete(
    plan: EncodePlan, failed: Sequence[Outcome[PatchBlock, Encoded]]
) -> errors.ClusterError:
    listed = [_spoken(plan, outcome) for outcome in failed[:_LISTED]]
    if len(failed) > _LISTED:
        listed.append(Text("and {} more blocks, which the log lists", len(failed) - _LISTED))
    return errors.ClusterError(
        "{} of the {} patches could not be encoded, all others are done ({}). Run again with the "
        "same settings to encode these",
        sum(len(outcome.block) for outcome in failed),
        len(plan.patches),
        Text("; ".join(["{}"] * len(listed)), *listed),
    )
