"""Checkpoints of models, for machines without QGIS."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from pathlib import Path

from geosam_processing.contract import ProgressEvent, folders
from geosam_processing.contract.catalogue import CATALOGUE, ModelEntry, find_entry
from geosam_processing.contract.files import checksum_of, whole_file
from geosam_processing.contract.model_files import checkpoint_path
from geosam_processing.engine.errors import ModelError, OutputError
from geosam_processing.engine.notebook.arguments import Source, path_of
from geosam_processing.engine.notebook.progress import watched
from geosam_processing.engine.run import RunContext

_BLOCK = 1 << 20  # bytes
_TIMEOUT = 60  # seconds without an answer


def download_model(
    model: str,
    *,
    folder: Source | None = None,
    mirror: str = "",
    context: RunContext | None = None,
) -> Path:
    """Download the official checkpoint of a model, and check its SHA-256.

    A checkpoint that is there and right is not downloaded again. Proxies are those of the
    environment, such as ``HTTPS_PROXY``.

    Args:
        model: name of a model, such as ``sam2.1_hiera_tiny``.
        folder: where to put it. If not set, the folder in which ``encode`` looks for models.
        mirror: address of a folder with the file, instead of its makers'.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        The checkpoint.

    Raises:
        ModelError: the model is unknown or needs a license, or the file cannot be downloaded.
        OutputError: the folder cannot be written.
    """
    entry = find_entry(model)
    if entry is None:
        raise ModelError("Unknown model ({}): choose one of {}", model, ", ".join(CATALOGUE))
    if entry.gated:
        raise ModelError(
            "{} needs a license: accept it at {}, download {} there, and give that file as the "
            "checkpoint",
            entry.id,
            entry.gated,
            entry.official_file,
        )
    place = Path(path_of(folder)) if folder else folders.model_folder()
    target = checkpoint_path(entry, place)
    if entry.bundled or (target.is_file() and checksum_of(target) == entry.sha256):
        return target
    url = f"{mirror.rstrip('/')}/{entry.official_file}" if mirror else entry.url
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with watched(f"Downloading {entry.id}", context) as run:
            _fetch(entry, url, target, run)
    except (urllib.error.URLError, TimeoutError) as error:
        raise ModelError(
            "{} cannot be downloaded ({}): check the network, or give a mirror", url, error
        ) from error
    except OSError as error:
        raise OutputError("{} cannot be written ({}): choose another folder", target, error) from (
            error
        )
    return target


def _fetch(entry: ModelEntry, url: str, target: Path, run: RunContext) -> None:
    """Write the file once all of it is there and right."""
    digest, done = hashlib.sha256(), 0
    with urllib.request.urlopen(url, timeout=_TIMEOUT) as source, whole_file(target) as file:
        while block := source.read(_BLOCK):
            run.require_not_cancelled()
            file.write(block)
            digest.update(block)
            done += len(block)
            run.progress(ProgressEvent(done, entry.size, "bytes"))
        if digest.hexdigest() != entry.sha256:
            raise ModelError(
                "{} is not the official checkpoint of {} ({} bytes, SHA-256 {}...): try again, or "
                "give a mirror",
                url,
                entry.id,
                done,
                digest.hexdigest()[:8],
            )
