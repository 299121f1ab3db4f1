"""CLIP's vocabulary: the pairs of letters that its byte pair encoding joins, in their order.

The numbers of all parts follow from that order, so that no other file is needed. The pairs are
compared with CLIP's, so that all sources give the same tokens.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib.util
import json
import zlib
from collections.abc import Iterable
from pathlib import Path

from geosam_processing.engine.errors import ModelError

Merges = tuple[tuple[str, str], ...]

# Merges that CLIP uses; its own file has more of them.
_COUNT = 49152 - 256 - 2
# Of the merges, joined by spaces and lines.
# pragma: allowlist nextline secret
_SHA256 = "f61f2adf497e6f5357c347aeb4646fabe82f341e946de5bdec5d2858e41bef4a"
# As CLIP publishes it, with a first line that is no merge.
_PACKED = "bpe_simple_vocab_16e6.txt.gz"
# As transformers writes it: JSON with all of the tokenizer, and the merges alone.
_TOKENIZER, _MERGES = "tokenizer.json", "merges.txt"
FILES = (_MERGES, _TOKENIZER, _PACKED)


def read_merges(folder: Path | None) -> Merges:
    """Return CLIP's merges from its installed package, else from a file in a folder.

    Raises:
        ModelError: there is neither, or the file cannot be read or is not CLIP's.
    """
    package = _package_file()
    if package is not None:
        return _read(package)
    own = [folder / name for name in FILES if (folder / name).is_file()] if folder else []
    if not own:
        raise ModelError(
            "The vocabulary for phrases is missing. Run Install engine with SAM3, or put one of "
            "{} from the page of the checkpoint into {}",
            ", ".join(FILES),
            folder or "its folder",
        )
    return _read(own[0])


def _package_file() -> Path | None:
    # Looked up without an import: the package's own imports are not installed.
    specification = importlib.util.find_spec("open_clip")
    if specification is None or not specification.origin:
        return None
    path = Path(specification.origin).parent / _PACKED
    return path if path.is_file() else None


@functools.lru_cache(maxsize=1)
def _read(path: Path) -> Merges:
    try:
        merges = tuple(_pairs_in(path))
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            "The vocabulary for phrases {} cannot be read ({}). Download it again, or run Install "
            "engine with SAM3",
            path,
            error,
        ) from error
    text = "\n".join(map(" ".join, merges))
    if hashlib.sha256(text.encode("utf-8")).hexdigest() != _SHA256:
        raise ModelError(
            "{} is not the vocabulary of SAM3, which is CLIP's. Take the file from the page of the "
            "checkpoint, or run Install engine with SAM3",
            path,
        )
    return merges


def _pairs_in(path: Path) -> Iterable[tuple[str, str]]:
    if path.name == _TOKENIZER:
        listed = json.loads(path.read_text(encoding="utf-8"))["model"]["merges"]
        # Older versions join a pair by a space.
        pairs = [each.split(" ") if isinstance(each, str) else each for each in listed]
    else:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.name == _PACKED else content).decode("utf-8")
        # Not splitlines: some of the letters count as line ends there.
        lines = [line.rstrip("\r") for line in text.split("\n")[1 : _COUNT + 1]]
        pairs = [line.split(" ") for line in lines if line]
    return [(first, second) for first, second in pairs]
