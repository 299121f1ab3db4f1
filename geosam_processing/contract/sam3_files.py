"""The content of a file of SAM3's weights, by the names of its tensors alone.

Both sides import this module, so it needs the standard library only and runs on Python 3.9:
nothing in the file is executed, and no tensor is read.
"""

import json
import zipfile
from pathlib import Path

# The same tensor in Meta's layout and in that of transformers.
_TRUNK = (
    b"detector.backbone.vision_backbone.trunk.pos_embed",
    b"detector_model.vision_encoder.backbone.embeddings.position_embeddings",
)
_ONLY_31 = b"detector.backbone.vision_backbone.interactive_convs."
# Larger headers and pickles are those of nothing that has to do with SAM3.
_LARGEST_NAMES = 64 << 20


class ContentError(Exception):
    """A file does not hold what it should; the text says what it holds instead."""


def is_safetensors(path: Path) -> bool:
    """Whether a file is of the format safetensors, under any name.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(9)[8:] == b"{"


def sam3_model_in(path: Path) -> str:
    """``sam3`` or ``sam3.1``, which a whole file holds.

    Raises:
        ContentError: the file is truncated or holds something else.
        OSError: it cannot be read.
    """
    names = _names_in_safetensors(path) if is_safetensors(path) else _names_in_zip(path)
    if not any(name in names for name in _TRUNK):
        raise ContentError("it holds no weights of SAM3")
    return "sam3.1" if _ONLY_31 in names else "sam3"


def _names_in_safetensors(path: Path) -> bytes:
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(size, _LARGEST_NAMES):
            raise ContentError("it is truncated or damaged")
        header = file.read(length)
    try:
        ends = [
            tensor["data_offsets"][1]
            for name, tensor in json.loads(header).items()
            if name != "__metadata__"
        ]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ContentError("it is damaged") from error
    if size != 8 + length + max(ends, default=0):
        raise ContentError("it is truncated")
    return header


def _names_in_zip(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.filename.endswith("/data.pkl") and member.file_size <= _LARGEST_NAMES:
                    return archive.read(member)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ContentError("it is truncated, or no checkpoint") from error
    raise ContentError("it is no checkpoint of PyTorch")
