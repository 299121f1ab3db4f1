"""A part of the patches only: a shard, and the patches that features of a layer intersect."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterString,
)

from ... import contract
from ...qgis_tools.crs import crs_to_text
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from ..layers.inputs import placed_source
from ..layers.polygon_files import write_polygons
from .common import advanced, with_help

SHARD = "SHARD"
PRUNE = "PRUNE"


def shard_parameter(merged_by: str) -> QgsProcessingParameterString:
    """``merged_by``: the display name of the algorithm that merges the results."""
    parameter = QgsProcessingParameterString(SHARD, tr("Shard"), optional=True)
    help_text = (
        f"A part of the patches for one of several machines, such as 3/16; {merged_by} merges the "
        "results. If not set, it is taken from GEOSAM_SHARD or a Slurm array; all ignores both."
    )
    return advanced(with_help(parameter, help_text))


def prune_parameter() -> QgsProcessingParameterFeatureSource:
    parameter = QgsProcessingParameterFeatureSource(
        PRUNE,
        tr("Layer for pruning"),
        [QgsProcessing.SourceType.TypeVectorAnyGeometry],
        optional=True,
    )
    help_text = (
        "Only patches that a feature of this layer intersects are encoded, such as those with "
        "prompts. If not set, all patches are encoded."
    )
    return advanced(with_help(parameter, help_text))


def shard_of(inputs: Inputs) -> tuple[Optional[contract.Shard], str]:
    """Return the shard of ``SHARD`` or the environment, and the variable that it is from.

    Raises:
        ContractError: it is no shard.
    """
    return contract.chosen_shard(inputs.text(SHARD), os.environ)


def report_shard(
    shard: Optional[contract.Shard], variable: str, feedback: QgsProcessingFeedback
) -> None:
    """Log where a shard is from."""
    if variable:
        chosen = contract.ALL_SHARDS if shard is None else str(shard)
        feedback.pushInfo(tr("Shard {}, from {} in the environment").format(chosen, variable))


def prune_source_of(inputs: Inputs) -> Optional[QgsProcessingFeatureSource]:
    """Return the layer of ``PRUNE``, None without one.

    Raises:
        QgsProcessingException: it cannot be read or has no CRS.
    """
    return placed_source(inputs, PRUNE) if inputs.is_given(PRUNE) else None


@contextlib.contextmanager
def pruned(
    request: contract.EncodeRequest,
    source: Optional[QgsProcessingFeatureSource],
    inputs: Inputs,
    feedback: QgsProcessingFeedback,
) -> Iterator[contract.EncodeRequest]:
    """Give a request the layer for pruning, in a file that exists as long as the block runs.

    Raises:
        QgsProcessingException: the file cannot be written.
        EngineCancelled: the user cancelled.
    """
    if source is None:
        yield request
        return
    with tempfile.TemporaryDirectory(prefix="geosam_pruning_") as folder:
        path = os.path.join(folder, "prune.gpkg")
        write_polygons(path, source, (), inputs.context, feedback)
        file = contract.PolygonFile(path, crs_to_text(source.sourceCrs()))
        yield replace(request, prune=file)
