"""Checkpoint files: reading them safely, telling what they hold, and their SHA-256."""

from __future__ import annotations

import functools
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from geosam_processing.contract.files import checksum_of
from geosam_processing.engine.errors import ModelError
from geosam_processing.engine.models.families import FAMILIES, UnknownSizesError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, lower case; read once in a process as long as the file is unchanged.

    Raises:
        ModelError: the file cannot be read.
    """
    return _hash(*_version(path))


def model_in(path: Path) -> str:
    """The id of the model that a checkpoint holds; looked at once as long as it is unchanged.

    Raises:
        ModelError: see ``read_state`` and ``recognise``.
    """
    return _model(*_version(path))


def _version(path: Path) -> tuple[Path, int, int]:
    """What a file is known by: where it is, its size and when it was written."""
    try:
        status = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return path.absolute(), status.st_size, status.st_mtime_ns


@functools.lru_cache(maxsize=32)
def _hash(path: Path, size: int, written: int) -> str:
    try:
        return checksum_of(path)
    except OSError as error:
        raise _unreadable(path, error) from error


@functools.lru_cache(maxsize=32)
def _model(path: Path, size: int, written: int) -> str:
    return recognise(read_state(path), path)


def read_state(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a checkpoint, memory-mapped, on the CPU.

    Takes bare state dictionaries (SAM, SAM3) and those under ``model`` (SAM2) or ``state_dict``,
    in files of PyTorch or of safetensors, under any name. Nothing in the file is
    executed.

    Raises:
        ModelError: the file cannot be read, is damaged or not a checkpoint.
    """
    import torch

    try:
        with path.open("rb") as file:
            beginning = file.read(9)
    except OSError as error:
        raise _unreadable(path, error) from error
    # Safetensors: the size of a header in eight bytes, then the header, which is JSON.
    if beginning[8:] == b"{":
        return _read_safetensors(path)
    try:
        # Files older than torch's zip format cannot be mapped; a truncated one is no zip either.
        content = torch.load(
            path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
        )
    except MemoryError:
        raise
    except Exception as error:  # torch raises whatever a broken archive or pickle provokes
        raise ModelError(
            "The checkpoint {} ({} bytes) is truncated or not a "
            "checkpoint of PyTorch: download it again",
            path,
            f"{path.stat().st_size:,}",
        ) from error
    for key in ("model", "state_dict"):
        if isinstance(content, dict) and isinstance(content.get(key), dict):
            content = content[key]
    if not isinstance(content, dict) or not all(
        isinstance(value, torch.Tensor) for value in content.values()
    ):
        raise ModelError(
            "The checkpoint {} holds no weights of a network: give a checkpoint of SAM, "
            "SAM2 or SAM3",
            path,
        )
    return content


def _read_safetensors(path: Path) -> dict[str, torch.Tensor]:
    try:
        from safetensors import SafetensorError
        from safetensors.torch import load_file
    except ImportError as error:
        raise ModelError(
            "The checkpoint {} is of the format safetensors, whose package is not installed: "
            "run Install engine with SAM3",
            path,
        ) from error
    try:
        state: dict[str, torch.Tensor] = load_file(path)
    except SafetensorError as error:
        raise ModelError(
            "The checkpoint {} ({} bytes) is truncated or damaged ({}): copy or download it again",
            path,
            f"{path.stat().st_size:,}",
            error,
        ) from error
    return state


def recognise(state: Mapping[str, torch.Tensor], path: Path) -> str:
    """The id of the model that the weights belong to, from their names and shapes.

    Args:
        path: the file they come from, for the error message.

    Raises:
        ModelError: they belong to no model of the catalogue.
    """
    for family in FAMILIES.values():
        try:
            model_id = family.recognise(state)
        except UnknownSizesError as error:
            raise ModelError(
                "The checkpoint {} holds {}, which is none of the known models: "
                "give a checkpoint of SAM (vit_b, vit_l, vit_h), SAM2, SAM2.1 or SAM3",
                path,
                error,
            ) from error
        if model_id is not None:
            return model_id
    raise ModelError(
        "The checkpoint {} holds no network of SAM, SAM2 or SAM3: give one of those", path
    )


def _unreadable(path: Path, error: OSError) -> ModelError:
    return ModelError(
        "The checkpoint {} cannot be read ({}): check that it is a file and its permissions",
        path,
        error.strerror or error,
    )
