"""Families of models: everything that differs between SAM, SAM2 and SAM3 but their code.

A new family is one record here and the adapter that its ``load`` returns. No other module asks
which family a model is of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.contract.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from sam2.modeling.sam2_base import SAM2Base

    from geosam_processing.engine.models.adapter import ModelAdapter
    from geosam_processing.engine.models.tracker import Tracker

    State = Mapping[str, torch.Tensor]
    Track = Callable[[ModelAdapter, int, int], Tracker]
    Load = Callable[[str, dict[str, torch.Tensor], torch.device, str, Path], ModelAdapter]

_INSTALL = "install it into the engine's environment"


@dataclass(frozen=True)
class Family:
    """What the models of one architecture have in common.

    Attributes:
        load: a model's adapter, from its id, its state, the device, the precision to compute in,
            and the folder of its checkpoint. Raises ImportError where a package is missing,
            RuntimeError or ``WeightsDifferError`` where the state does not fit.
        recognise: the id of the model whose weights a state holds, None if they are of another
            family. Raises ``UnknownSizesError`` where only their sizes are unknown.
        missing_package: what to do where ``load`` lacks a Python package.
        layout: Geo-SAM's name of the layout of the features in a chip, ``sam`` or ``sam2``.
        channels: of the image embedding, and of the finer maps with 4 and 2 times as many tokens
            a side, if there are any.
        patch_bytes: memory that the encoder takes on a processor for 1024 x 1024 pixels.
        encoding_parameters: parameters that stay in memory for an encoding on a processor;
            None: all of the model's, which are there twice for a moment.
        concepts: whether it finds objects by words and examples, from features of its trunk that
            are kept next to those of a chip.
        points_only: models that do not, all the same, and have no memory.
        track: a tracker for a number of frames and of memories, if the models have a memory.
        thresholds: the least score and the least stability of masks that are objects, for
            segmenting everything.
        own_thresholds: those of single models.
    """

    load: Load
    recognise: Callable[[State], str | None]
    missing_package: str
    layout: str
    patch_bytes: int
    thresholds: tuple[float, float]
    channels: tuple[int, ...]
    encoding_parameters: int | None = None
    concepts: bool = False
    points_only: frozenset[str] = frozenset()
    own_thresholds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    track: Track | None = None

    def thresholds_of(self, model_id: str) -> tuple[float, float]:
        """``thresholds`` for one model."""
        return self.own_thresholds.get(model_id, self.thresholds)

    def finds_concepts(self, model_id: str) -> bool:
        """Whether one model finds objects by words and examples."""
        return self.concepts and model_id not in self.points_only

    def has_memory(self, model_id: str) -> bool:
        """Whether one model derives outlines on a frame from those on other frames."""
        return self.track is not None and model_id not in self.points_only

    def memory_of_weights(self, parameters: int) -> int:
        """Bytes that a model of so many parameters takes while it encodes on a processor."""
        kept = 2 * parameters if self.encoding_parameters is None else self.encoding_parameters
        return 4 * kept

    def feature_values(self, embedding_size: int) -> int:
        """Numbers in the features of one patch, without those for concepts."""
        return sum(
            count * side**2
            for count, side in zip(self.channels, self.sides(embedding_size), strict=False)
        )

    @staticmethod
    def sides(embedding_size: int) -> tuple[int, int, int]:
        """Sides of the image embedding and of the finer maps, in tokens."""
        return embedding_size, 4 * embedding_size, 2 * embedding_size


class UnknownSizesError(ValueError):
    """Weights of a family whose sizes are those of no known model; the text describes them."""


class WeightsDifferError(ValueError):
    """Weights that do not fit their network; the text says in what."""


def _load_sam(
    model_id: str,
    state: dict[str, torch.Tensor],
    device: torch.device,
    precision: str,
    folder: Path,
) -> ModelAdapter:
    from geosam_processing.engine.models.sam import load_sam

    return load_sam(model_id, state, device, precision)


def _recognise_sam(state: State) -> str | None:
    from geosam_processing.engine.models.sam_architectures import SAM_ARCHITECTURES

    patches = state.get("image_encoder.patch_embed.proj.weight")
    positions = state.get("image_encoder.pos_embed")
    if patches is None or positions is None:
        return None
    width, token_size = patches.shape[0], patches.shape[-1]
    depth = _count_blocks(state, "image_encoder.blocks.")
    image_size = positions.shape[1] * token_size
    for name, sizes in SAM_ARCHITECTURES.items():
        known = (sizes.embed_dim, sizes.depth, sizes.image_size, sizes.token_size)
        if known == (width, depth, image_size, token_size):
            return name
    raise UnknownSizesError(
        f"a SAM network of width {width} and {depth} blocks for patches of {image_size} pixels "
        f"and tokens of {token_size}"
    )


def _load_sam2(
    model_id: str,
    state: dict[str, torch.Tensor],
    device: torch.device,
    precision: str,
    folder: Path,
) -> ModelAdapter:
    from geosam_processing.engine.models.sam2 import load_sam2

    return load_sam2(model_id, state, device, precision)


def _track_sam2(adapter: ModelAdapter, frame_count: int, memories: int) -> Tracker:
    from geosam_processing.engine.models.sam2_memory import Sam2Tracker

    network: SAM2Base = adapter.network  # type: ignore[attr-defined]
    return Sam2Tracker(network, frame_count, memories)


# Width of the first stage and number of blocks of SAM2's image encoders.
_SAM2_SIZES = {
    (96, 12): "tiny",
    (96, 16): "small",
    (112, 24): "base_plus",
    (144, 48): "large",
}


def _recognise_sam2(state: State) -> str | None:
    patches = state.get("image_encoder.trunk.patch_embed.proj.weight")
    if patches is None:
        return None
    width = patches.shape[0]
    depth = _count_blocks(state, "image_encoder.trunk.blocks.")
    size = _SAM2_SIZES.get((width, depth))
    if size is None:
        raise UnknownSizesError(f"a SAM2 network of width {width} and {depth} blocks")
    return f"{'sam2.1' if 'no_obj_embed_spatial' in state else 'sam2'}_hiera_{size}"


def _load_sam3(
    model_id: str,
    state: dict[str, torch.Tensor],
    device: torch.device,
    precision: str,
    folder: Path,
) -> ModelAdapter:
    from geosam_processing.engine.models.sam3.adapter import load_sam3

    return load_sam3(state, device, precision, folder)


def _recognise_sam3(state: State) -> str | None:
    from geosam_processing.engine.models.sam3.weights import model_id_of

    return model_id_of(state) or None


def _count_blocks(state: State, prefix: str) -> int:
    return len({key[len(prefix) :].split(".")[0] for key in state if key.startswith(prefix)})


# The order is that in which a checkpoint is looked at. The thresholds of SAM and SAM2 are their
# makers' defaults. The logits of geosam_nano are shallower, so that its masks are less stable:
# measured on generated scenes that it was not trained with.
FAMILIES: dict[str, Family] = {
    "sam3": Family(
        load=_load_sam3,
        recognise=_recognise_sam3,
        missing_package="run Install engine (geosam:installengine) with SAM3",
        layout="sam2",
        channels=(256, 32, 64),
        patch_bytes=900 << 20,
        thresholds=(0.8, 0.95),
        # On a processor the others stay in their file.
        encoding_parameters=465_782_402,
        concepts=True,
        points_only=frozenset({"sam3.1"}),
        track=_track_sam2,
    ),
    "sam2": Family(
        load=_load_sam2,
        recognise=_recognise_sam2,
        missing_package=Text("its package is sam2: {}", _INSTALL),
        layout="sam2",
        channels=(256, 32, 64),
        patch_bytes=800 << 20,
        thresholds=(0.8, 0.95),
        track=_track_sam2,
    ),
    "sam": Family(
        load=_load_sam,
        recognise=_recognise_sam,
        missing_package=Text("its package is segment-anything: {}", _INSTALL),
        layout="sam",
        channels=(256,),
        patch_bytes=400 << 20,
        thresholds=(0.88, 0.95),
        own_thresholds=MappingProxyType({BUNDLED_MODEL: (0.5, 0.75)}),
    ),
}


def family_of(name: str) -> Family:
    """The family of a name in the catalogue, a manifest or a chip.

    Raises:
        KeyError: there is none of that name.
    """
    return FAMILIES[name]
