"""Files of tensors that anybody may have made or damaged: checked before memory is taken."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

_BLOCK = 1 << 20
_DTYPES = ("float16", "bfloat16", "float32")


def load_tensors(path: Path) -> Any:
    """What ``torch.save`` wrote to ``path``; the tensors are mapped from the file, not read yet.

    Raises:
        ValueError: it cannot be loaded; the text says why.
    """
    import torch

    try:
        _require_stored(path)
        return torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except Exception as error:  # torch raises whatever a broken archive or pickle provokes
        lines = str(error).splitlines()
        raise ValueError(lines[0][:200] if lines else repr(error)) from error


def require_intact(path: Path) -> None:
    """Compare the CRC-32 of every record in a file of ``torch.save``, which is a ZIP archive.

    Raises:
        ValueError: one differs, or the file is no such archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as record:
                    while record.read(_BLOCK):
                        pass
    except (OSError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise ValueError(str(error)) from error
    except zipfile.BadZipFile as error:
        raise ValueError(f"its checksum differs: {error}") from error


def require_layout(tensors: Sequence[Any], shapes: Sequence[tuple[int, ...]]) -> None:
    """Raise ValueError unless ``tensors`` are plain floating tensors of these shapes."""
    import torch

    found = [tuple(item.shape) if isinstance(item, torch.Tensor) else None for item in tensors]
    if not shapes or found != list(shapes):
        spoken = ", ".join(str(shape) if shape else "no tensor" for shape in found[:4]) or "nothing"
        raise ValueError(f"its features have an unknown layout: {spoken}")
    for tensor in tensors:
        plain = (
            tensor.layout == torch.strided
            and tensor.device.type == "cpu"
            and tensor.dtype in [getattr(torch, name) for name in _DTYPES]
            # A view of few values may claim to be of any size.
            and tensor.untyped_storage().nbytes() >= tensor.numel() * tensor.element_size()
        )
        if not plain:
            raise ValueError("its features are no plain tensors")


def require_finite(tensors: Sequence[torch.Tensor]) -> None:
    """Raise ValueError if a value is infinite or none."""
    import torch

    if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors):
        raise ValueError("its features have values that are not finite")


def _require_stored(path: Path) -> None:
    """A record that is packed may hold far more than the file."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in entries)
    if packed or sum(entry.file_size for entry in entries) > os.path.getsize(path):
        raise ValueError("it is packed, which torch.save never does")
    if len(set(names)) < len(names):
        raise ValueError("it has two records of one name")
