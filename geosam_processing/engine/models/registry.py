"""From a model's name or file to a loaded model."""

from __future__ import annotations

import gc
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geosam_processing.contract import Device, LogEvent, Model, folders
from geosam_processing.contract.catalogue import CATALOGUE, ModelEntry, find_entry
from geosam_processing.contract.model_files import checkpoint_path
from geosam_processing.contract.texts import Text
from geosam_processing.engine.compute.device import (
    Log,
    choose_compute_precision,
    choose_device,
    is_out_of_memory,
    memory_too_small,
    no_log,
    release_memory,
)
from geosam_processing.engine.errors import ModelError
from geosam_processing.engine.models.checkpoint import model_in, read_state, sha256_of
from geosam_processing.engine.models.families import WeightsDifferError, family_of

if TYPE_CHECKING:
    import torch

    from geosam_processing.engine.models.adapter import ModelAdapter


@dataclass(frozen=True)
class ResolvedModel:
    """A model and its checkpoint, which was opened and holds that model's weights.

    Attributes:
        sha256: of the checkpoint, lower case.
        official: whether it is the file that the model's makers publish; a model of
            which no hash is fixed counts as such.
    """

    entry: ModelEntry
    path: Path
    sha256: str
    official: bool = True


def resolve(model: Model) -> ResolvedModel:
    """The catalogue's entry and the verified checkpoint of a model.

    A file that is given explicitly may hold weights of the user's own; one that is found by
    the model's name must be the official one.

    Raises:
        ModelError: the model is unknown; the checkpoint is missing, damaged, of another
            architecture, or not the official one where that is wanted.
    """
    asked = _asked_entry(model)
    if asked is not None and not model.checkpoint:
        path = _find_official_file(asked, model.folder)
    else:
        path = Path(os.path.expanduser(model.checkpoint))
        if not os.path.isfile(path):
            raise ModelError(
                "There is no checkpoint {}: give a file that exists, or name a model instead", path
            )
    return _verify(path, asked, own_weights_allowed=bool(model.checkpoint))


def _asked_entry(model: Model) -> ModelEntry | None:
    if not model.model:
        return None
    entry = find_entry(model.model)
    if entry is None:
        raise ModelError("Unknown model ({}): choose one of {}", model.model, ", ".join(CATALOGUE))
    return entry


def _find_official_file(entry: ModelEntry, folder: str) -> Path:
    place = Path(os.path.expanduser(folder)) if folder else folders.model_folder()
    path = checkpoint_path(entry, place)
    if os.path.isfile(path):
        return path
    if entry.bundled:
        raise ModelError(
            "The bundled model {} is missing ({}): install GeoSAM again, or give "
            "its file as the checkpoint",
            entry.id,
            path,
        )
    if entry.gated:
        raise ModelError(
            "The checkpoint of {} is missing ({}): accept its license at "
            "{}, download {} there, and import it with Download "
            "model (geosam:downloadmodel for {}, with the file), or give the file "
            "as the checkpoint",
            entry.id,
            path,
            entry.gated,
            entry.official_file,
            entry.id,
        )
    raise ModelError(
        "The checkpoint of {} is missing ({}): run Download model "
        "(geosam:downloadmodel for {}, {} MB; in Python download_model), or give the "
        "file of {} as the checkpoint, or set {} to the folder "
        "that holds {}",
        entry.id,
        path,
        entry.id,
        f"{entry.size / 1000000.0:.0f}",
        entry.url,
        folders.MODEL_FOLDER,
        entry.official_file,
    )


def _verify(path: Path, asked: ModelEntry | None, own_weights_allowed: bool) -> ResolvedModel:
    sha256 = sha256_of(path)
    if asked is not None and sha256 == asked.sha256:
        return ResolvedModel(asked, path, sha256)  # the official file need not be looked into
    held = CATALOGUE[model_in(path)]
    if asked is not None and held.id != asked.id:
        raise ModelError(
            "The checkpoint {} holds {}, not {} as asked: choose the model "
            "{} or give the checkpoint of {}",
            path,
            held.id,
            asked.id,
            held.id,
            asked.id,
        )
    official = held.sha256 is None or sha256 == held.sha256
    if not official and not own_weights_allowed:
        raise ModelError(
            "The checkpoint {} is not the official file of {} (SHA-256 "
            "{}..., not {}...; {} bytes, "
            "not {}): run Download model (geosam:downloadmodel for {}) and "
            "overwrite it, or give weights of your own as the checkpoint",
            path,
            held.id,
            sha256[:8],
            (held.sha256 or "")[:8],
            f"{path.stat().st_size:,}",
            f"{held.size:,}",
            held.id,
        )
    return ResolvedModel(held, path, sha256, official)


class _WarmModel:
    """Keeps the last model loaded, so that the next request need not load it again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[Path, str, torch.device] | None = None
        self._adapter: ModelAdapter | None = None

    def get(
        self, resolved: ResolvedModel, device: torch.device, log: Log, compute_precision: str | None
    ) -> ModelAdapter:
        key = (resolved.path.resolve(), resolved.sha256, device)
        with self._lock:
            fits = self._adapter is not None and key == self._key
            if compute_precision is not None and self._adapter is not None:
                fits = fits and self._adapter.compute_precision == compute_precision
            if self._adapter is None or not fits:
                # Two models at once may not fit in memory.
                self._forget()
                self._adapter = _build(
                    resolved,
                    device,
                    compute_precision
                    or choose_compute_precision("auto", device, resolved.entry.id),
                )
                self._key = key
                log(
                    LogEvent(
                        Text("Loaded {} from {} to {}", resolved.entry.id, resolved.path, device)
                    )
                )
            return self._adapter

    def _forget(self) -> None:
        key = self._key
        if key is not None:
            self._key = self._adapter = None
            gc.collect()
            release_memory(key[2])


_warm = _WarmModel()


def load(
    resolved: ResolvedModel,
    device: Device,
    log: Log = no_log,
    compute_precision: str | None = None,
) -> ModelAdapter:
    """A model, loaded to a device; the last one loaded is kept and handed out again.

    Args:
        compute_precision: one of ``contract.COMPUTE_PRECISIONS``; None for a caller that only
            decodes, which is float32 always.

    Raises:
        ModelError: the checkpoint does not fit its model, or a Python package is missing.
        DeviceError: see ``choose_device`` and ``choose_compute_precision``; or the model does
            not fit into its memory.
    """
    if resolved.entry.id == "sam3.1":
        log(
            LogEvent(
                "SAM 3.1 is untested: nobody has tried its checkpoint with GeoSAM yet. It takes "
                "points and boxes only",
                "warning",
            )
        )
    if not resolved.official:
        log(
            LogEvent(
                Text(
                    "{} is not the official checkpoint of {} "
                    "(SHA-256 {}...): its weights are used as they are",
                    resolved.path,
                    resolved.entry.id,
                    resolved.sha256[:8],
                ),
                "warning",
            )
        )
    chosen = choose_device(device, log)
    if compute_precision is not None:
        compute_precision = choose_compute_precision(compute_precision, chosen, resolved.entry.id)
    return _warm.get(resolved, chosen, log, compute_precision)


def _build(resolved: ResolvedModel, device: torch.device, compute_precision: str) -> ModelAdapter:
    state = read_state(resolved.path)
    family = family_of(resolved.entry.family)
    try:
        return family.load(
            resolved.entry.id, state, device, compute_precision, resolved.path.parent
        )
    except ImportError as error:
        raise ModelError(
            "{} needs a Python package that the engine's environment lacks ({}): {}",
            resolved.entry.id,
            error,
            family.missing_package,
        ) from error
    except WeightsDifferError as error:
        raise ModelError(
            "The checkpoint {} does not fit {}: it {}. "
            "Download the file again, and please report this if it is Meta's own",
            resolved.path,
            resolved.entry.id,
            error,
        ) from error
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise memory_too_small(device, resolved.entry.id) from error
        if "state_dict" not in str(error):
            raise
        raise ModelError(
            "The checkpoint {} does not fit {}, whose sizes it has: give another checkpoint ({})",
            resolved.path,
            resolved.entry.id,
            _names_at_fault(error),
        ) from error


def _names_at_fault(error: RuntimeError) -> str:
    """The first thing that torch complains about, which names the tensors."""
    lines = [line.strip() for line in str(error).splitlines()[1:]]
    return lines[0][:200] if lines else "torch gives no detail"
