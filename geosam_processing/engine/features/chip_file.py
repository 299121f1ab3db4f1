"""One chip: the features of one patch in a file that Geo-SAM v2 can read as well.

The file is a ``torch.save`` of a dict with Geo-SAM's keys and one of ours, the settings of the
chip. They distinguish a chip that no manifest names yet, as its run was killed, from one of
another run.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geosam_processing.contract.files import write_whole
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.features.tensor_file import (
    load_tensors,
    require_finite,
    require_intact,
    require_layout,
)
from geosam_processing.engine.features.trunk_file import (
    estimated_trunk_bytes,
    is_whole,
    read_trunk,
    write_trunk,
)
from geosam_processing.engine.models.adapter import PatchFeatures
from geosam_processing.engine.models.families import Family, family_of

if TYPE_CHECKING:
    import torch

FORMAT_VERSION = 1
OUR_KEY = "geosam_processing"
# Tokens a side and channels, beyond those of any model.
_LARGEST_EMBEDDING = 1024
_MOST_CHANNELS = 4096
_TRUNK_SHA256 = "trunk_sha256"
_TRUNK_PRECISION = "float16"


@dataclass(frozen=True)
class ChipHeader:
    """What a chip's file says besides its features.

    Attributes:
        family: ``sam``, ``sam2`` or ``sam3``.
        shape: height and width of the patch in pixels of the raster.
        dst_shape: height and width of the model's (square) input.
        settings: canonical JSON of the settings of the run, see ``manifest.Settings``.
        nodata_share: share of the patch without data, 0 to 1.
        empty_cells: where that is, see ``empty_cells``.
    """

    chip_id: str
    family: str
    checkpoint_path: str
    shape: tuple[int, int]
    dst_shape: tuple[int, int]
    settings: str
    nodata_share: float
    empty_cells: str = ""


def stored(features: PatchFeatures, precision: str) -> PatchFeatures:
    """``features`` on the CPU in ``precision``, each tensor contiguous in separate memory.

    Without a copy a slice of a batch would drag the whole batch into its file. The trunk's output
    is float16 always.
    """
    import torch

    dtype = getattr(torch, precision)

    def copy(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.detach().to(
            device="cpu", dtype=dtype, copy=True, memory_format=torch.contiguous_format
        )

    trunk = features.trunk
    return PatchFeatures(
        copy(features.image_embedding),
        tuple(copy(finer) for finer in features.high_resolution),
        None if trunk is None else copy(trunk).to(getattr(torch, _TRUNK_PRECISION)),
    )


def write_chip(path: Path, header: ChipHeader, features: PatchFeatures) -> str:
    """Write a chip whole or not at all and return the SHA-256 of its file.

    The trunk's output, if ``features`` has it, is written to a separate file before.

    Raises:
        OSError: the file cannot be written.
    """
    import torch

    trunk = {}
    if features.trunk is not None:
        trunk = {_TRUNK_SHA256: write_trunk(path, features.trunk)}
    payload = {
        # Of two equal texts only one object is written as such, wherever they come from.
        "model_type": sys.intern(header.family),
        "checkpoint_path": header.checkpoint_path,
        "src_shape": header.shape,
        "dst_shape": header.dst_shape,
        "feature_kind": sys.intern(family_of(header.family).layout),
        "features": _payload(features),
        OUR_KEY: {
            "format_version": FORMAT_VERSION,
            "chip_id": header.chip_id,
            "settings": header.settings,
            "nodata_share": header.nodata_share,
            "empty_cells": header.empty_cells,
            **trunk,
        },
    }
    buffer = io.BytesIO()
    torch.save(payload, buffer)
    write_whole(path, buffer.getbuffer())
    return hashlib.sha256(buffer.getbuffer()).hexdigest()


def read_chip(path: Path) -> dict[str, Any]:
    """The dict in a chip's file; its tensors are mapped from the file, not read yet.

    Raises:
        ChipError: the file is missing, damaged, or no chip.
    """
    if not os.path.isfile(path):
        raise errors.ChipError(
            "The chip {} is missing in {}: encode the raster again into the "
            "same folder to make it again",
            path.name,
            path.parent,
        )
    try:
        payload = load_tensors(path)
    except ValueError as error:
        raise damaged(path, str(error)) from error
    if not isinstance(payload, dict) or not {"src_shape", "dst_shape", "features"} <= set(payload):
        raise damaged(path, Text("it holds no features"))
    return payload


def chip_features(
    path: Path, payload: dict[str, Any], family: str, embedding_size: int | None = None
) -> PatchFeatures:
    """The features of what ``read_chip`` returned, as float32 on the CPU.

    Args:
        family: of the model that decodes them.
        embedding_size: side of its image embedding, in tokens; None if unknown.

    Raises:
        ChipError: they do not have the layout of SAM or SAM2, or are not finite.
    """
    features = payload["features"]
    if isinstance(features, dict):
        finer = features.get("high_res_feats")
        tensors = [features.get("image_embed"), *(finer if isinstance(finer, list) else [])]
    else:
        tensors = [features]
    try:
        return plain_features(tensors, family, embedding_size)
    except ValueError as error:
        raise damaged(path, str(error)) from error


def plain_features(
    tensors: list[Any], family: str, embedding_size: int | None = None
) -> PatchFeatures:
    """The image embedding and the finer levels, of any program, as float32.

    Args:
        family, embedding_size: see ``chip_features``.

    Raises:
        ValueError: the model makes no such features; found before memory is taken.
    """
    import torch

    require_layout(tensors, _shapes(tensors, family_of(family), embedding_size))
    embedding, *finer = (tensor.to(torch.float32) for tensor in tensors)
    require_finite([embedding, *finer])
    return PatchFeatures(embedding, tuple(finer))


def _shapes(tensors: list[Any], family: Family, size: int | None) -> list[tuple[int, ...]]:
    """The shapes that the tensors of a chip must have: those of the model, if it is known."""
    channels = family.channels
    if size is None:
        shapes = [tuple(getattr(tensor, "shape", ())) for tensor in tensors]
        if len(shapes) != len(channels) or any(len(shape) != 4 for shape in shapes):
            return []
        size = min(shapes[0][-1], _LARGEST_EMBEDDING)
        channels = tuple(min(shape[1], _MOST_CHANNELS) for shape in shapes)
    sides = family.sides(size)
    return [(1, count, side, side) for count, side in zip(channels, sides, strict=False)]


def require_intact_chip(path: Path) -> None:
    """Check a chip alone, where no manifest has its checksum.

    Raises:
        ChipError: it is damaged.
    """
    try:
        require_intact(path)
    except ValueError as error:
        raise damaged(path, str(error)) from error


def our_part(payload: dict[str, Any]) -> dict[str, Any]:
    """What we wrote into a chip besides Geo-SAM's keys; empty for a chip that is not ours."""
    ours = payload.get(OUR_KEY)
    return ours if isinstance(ours, dict) else {}


def chip_trunk(path: Path, payload: dict[str, Any]) -> torch.Tensor:
    """The trunk's output next to the chip of which ``read_chip`` returned ``payload``, float16.

    Raises:
        ChipError: there is none, or its file is missing or damaged.
    """
    checksum = our_part(payload).get(_TRUNK_SHA256)
    if not checksum:
        raise errors.ChipError(
            "The chip {} in {} has no features for words and examples: encode "
            "the raster with SAM3 and its features for words and examples into another folder",
            path.name,
            path.parent,
        )
    return read_trunk(path, str(checksum))


def has_whole_trunk(path: Path) -> bool:
    """Whether an undamaged output of the trunk lies next to a chip."""
    try:
        checksum = our_part(read_chip(path)).get(_TRUNK_SHA256)
    except errors.ChipError:
        return False
    return bool(checksum) and is_whole(path, str(checksum))


def damaged(path: Path, reason: str) -> errors.ChipError:
    """The error for a chip that cannot be used."""
    return errors.ChipError(
        "The chip {} in {} is damaged ({}): encode the raster again "
        "into the same folder, which makes only this chip again",
        path.name,
        path.parent,
        reason,
    )


def estimated_bytes(
    family: str, embedding_size: int, precision: str, concepts: bool = False
) -> int:
    """About how large the files of one patch will be.

    Args:
        concepts: whether what words and examples need is kept, where the model has it.
    """
    kind = family_of(family)
    values = kind.feature_values(embedding_size)
    trunk = estimated_trunk_bytes(embedding_size) if concepts and kind.concepts else 0
    return values * (4 if precision == "float32" else 2) + 8192 + trunk


def _payload(features: PatchFeatures) -> Any:
    if not features.high_resolution:
        return features.image_embedding
    return {
        "image_embed": features.image_embedding,
        "high_res_feats": list(features.high_resolution),
    }
