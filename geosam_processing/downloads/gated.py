"""Checkpoints that one may download only after accepting a license: SAM3's."""

from pathlib import Path

from ..contract.catalogue import ModelEntry
from ..contract.sam3_files import ContentError, is_safetensors, sam3_model_in
from ..translation import tr
from .problems import DownloadError


def steps(entry: ModelEntry) -> str:
    """What to do to get the checkpoint of a gated model."""
    return tr(
        "The checkpoint of {id} is under Meta's SAM License, which everybody has to accept "
        "personally. 1. Read and accept it at {page} with an account of Hugging Face; Meta "
        "reviews requests by hand. 2. Download {file} there with your browser. 3. Run Download "
        "model with MODEL {id} and that file as FILE. If your account has access, AUTH with an "
        "access token of Hugging Face as password replaces the steps 2 and 3"
    ).format(id=entry.id, page=entry.gated, file=entry.official_file)


def target_of(entry: ModelEntry, folder: Path, file: Path) -> Path:
    """Where a file of the user's goes: the two layouts have a name each."""
    return folder / (entry.other_file if is_safetensors(file) else entry.official_file)


def require_content(entry: ModelEntry, file: Path) -> None:
    """Raise DownloadError unless ``file`` holds the model, whole."""
    try:
        held = sam3_model_in(file)
    except ContentError as error:
        raise DownloadError(
            "{} cannot be used for {}: {}. Download it again", file, entry.id, error
        ) from error
    if held != entry.id:
        raise DownloadError("{} holds {}, not {}: choose MODEL {}", file, held, entry.id, held)


def verdict(entry: ModelEntry, sha256: str) -> str:
    """How the SHA-256 of a file compares with those that others have published."""
    for published in entry.published:
        if published.sha256 == sha256:
            return tr(
                "The SHA-256 is that published for {} ({}...); GeoSAM could not confirm it with "
                "a separate file"
            ).format(published.name, sha256[:8])
    return tr(
        "The SHA-256 ({}...) is none of those published for {}, so this is another file, such as "
        "a converted one. Its content is taken, and compared strictly when it is loaded"
    ).format(sha256[:8], entry.id)
