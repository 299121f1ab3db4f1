"""The output of SAM3's trunk for a patch, for words and examples, in a file next to its chip.

The chip's file stays as Geo-SAM v2 reads it, and points and boxes never read this one.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geosam_processing.contract.files import checksum_of, write_whole
from geosam_processing.engine import errors
from geosam_processing.engine.features.tensor_file import load_tensors, require_layout

if TYPE_CHECKING:
    import torch

_KEY = "trunk"
# Channels of the true network; the size on the disk is estimated from them.
_WIDTH = 1024


def trunk_path(chip: Path) -> Path:
    """The file next to the file of a chip."""
    return chip.with_name(f"{chip.stem}.trunk.pt")


def write_trunk(chip: Path, trunk: torch.Tensor) -> str:
    """Write the file next to ``chip`` completely or not at all and return its SHA-256.

    Raises:
        OSError: the file cannot be written.
    """
    import torch

    buffer = io.BytesIO()
    torch.save({_KEY: trunk}, buffer)
    write_whole(trunk_path(chip), buffer.getbuffer())
    return hashlib.sha256(buffer.getbuffer()).hexdigest()


def is_whole(chip: Path, checksum: str) -> bool:
    """Whether the file next to ``chip`` has this SHA-256."""
    try:
        return checksum_of(trunk_path(chip)) == checksum
    except OSError:
        return False


def read_trunk(chip: Path, checksum: str) -> torch.Tensor:
    """The output of the trunk, [1, C, h, w], as it is stored.

    Raises:
        ChipError: the file is missing or damaged.
    """
    path = trunk_path(chip)
    if not is_whole(chip, checksum):
        raise _damaged(path)
    try:
        content = load_tensors(path)
        trunk: Any = content.get(_KEY) if isinstance(content, dict) else None
        shape = tuple(getattr(trunk, "shape", ()))
        require_layout([trunk], [shape if len(shape) == 4 and shape[0] == 1 else (1, 1, 1, 1)])
    except ValueError as error:
        raise _damaged(path) from error
    found: torch.Tensor = trunk
    return found


def _damaged(path: Path) -> errors.ChipError:
    return errors.ChipError(
        "The file {} in {} is missing or damaged: encode the raster again "
        "into the same folder, which encodes only this patch",
        path.name,
        path.parent,
    )


def estimated_trunk_bytes(embedding_size: int) -> int:
    """About how large the file of one patch will be."""
    return 2 * _WIDTH * embedding_size**2 + 2048
