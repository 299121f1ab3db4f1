"""The weights in a checkpoint of SAM3, sorted by the networks that they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geosam_processing.engine.models.families import WeightsDifferError
from geosam_processing.engine.models.sam3 import meta_names, transformers_names
from geosam_processing.engine.models.sam3.renaming import Named

if TYPE_CHECKING:
    import torch
    from torch import nn

SAM3, SAM31 = "sam3", "sam3.1"
_TRUNK, _NECK = "vision_encoder.backbone.", "tracker_neck."
_SHOWN = 8


@dataclass(frozen=True)
class Part:
    """The tensors of one network by their names in it."""

    tensors: Mapping[str, torch.Tensor]
    file_names: Mapping[str, str] = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, named: Iterable[Named]) -> Part:
        """The part that ``named`` make up; halves become float32, all else is not copied."""
        tensors: dict[str, torch.Tensor] = {}
        file_names = {}
        for each in named:
            tensors[each.name] = (
                each.tensor.float() if each.tensor.is_floating_point() else each.tensor
            )
            file_names[each.name] = each.file_name
        return cls(tensors, file_names)

    def below(self, prefix: str) -> Part:
        """The tensors whose names begin with ``prefix``, without it."""
        names = [name for name in self.tensors if name.startswith(prefix)]
        return Part(
            {name.removeprefix(prefix): self.tensors[name] for name in names},
            {name.removeprefix(prefix): self.file_names[name] for name in names},
        )

    def without(self, prefix: str) -> Part:
        """The tensors whose names do not begin with ``prefix``."""
        names = [name for name in self.tensors if not name.startswith(prefix)]
        return Part(
            {name: self.tensors[name] for name in names},
            {name: self.file_names[name] for name in names},
        )

    def load_into(self, network: nn.Module) -> None:
        """Give ``network`` these tensors, without copying them.

        Raises:
            WeightsDifferError: names or shapes are not exactly those of the network.
        """
        wanted = network.state_dict()
        problems = [
            *_listed("has no", [name for name in wanted if name not in self.tensors]),
            *_listed(
                "also has",
                [self.file_names.get(name, name) for name in self.tensors if name not in wanted],
            ),
            *_listed(
                "has of another shape",
                [
                    f"{self.file_names.get(name, name)} {tuple(tensor.shape)} instead of "
                    f"{tuple(wanted[name].shape)}"
                    for name, tensor in self.tensors.items()
                    if name in wanted and tensor.shape != wanted[name].shape
                ],
            ),
        ]
        if problems:
            raise WeightsDifferError("; ".join(problems))
        network.load_state_dict(dict(self.tensors), strict=True, assign=True)


@dataclass(frozen=True)
class Sam3Weights:
    """A checkpoint's weights.

    Attributes:
        model_id: ``sam3`` or ``sam3.1``.
        detector: of ``transformers.Sam3Model``; of SAM 3.1 the trunk only, in the same place.
        neck: of ``transformers``' ``Sam3VisionNeck`` before the head for points and boxes.
        head: of ``sam2``'s ``SAM2Base``; of SAM 3.1 without the memory.
        foreign: names of tensors in the file that belong to none of these.
    """

    model_id: str
    detector: Part
    neck: Part
    head: Part
    foreign: tuple[str, ...]

    def require_no_foreign(self) -> None:
        """Raise WeightsDifferError if the file holds tensors of no part of SAM3."""
        problems = _listed("also has", self.foreign)
        if problems:
            raise WeightsDifferError(problems[0])


def model_id_of(state: Mapping[str, object]) -> str:
    """``sam3`` or ``sam3.1`` by the names of tensors; empty if they are of neither."""
    if transformers_names.is_transformers_layout(state):
        return SAM3
    if meta_names.is_meta_layout(state):
        return SAM31 if meta_names.is_version_31(state) else SAM3
    return ""


def sorted_weights(state: Mapping[str, torch.Tensor]) -> Sam3Weights:
    """The weights of a state dictionary of either layout; ``model_id_of`` is not empty."""
    model_id = model_id_of(state)
    if transformers_names.is_transformers_layout(state):
        detector = Part.of(transformers_names.detector_tensors(state))
        head = Part.of(transformers_names.head_tensors(state))
        is_foreign = transformers_names.is_foreign
    else:
        detector = Part.of(meta_names.detector_tensors(state))
        tensors = meta_names.head_tensors_31 if model_id == SAM31 else meta_names.head_tensors
        head = Part.of(tensors(state))
        is_foreign = meta_names.is_foreign
    return Sam3Weights(
        model_id,
        detector.without(_NECK),
        detector.below(_NECK),
        head,
        tuple(name for name in state if is_foreign(name)),
    )


def _listed(verb: str, names: Iterable[str]) -> list[str]:
    """``verb`` with the first of ``names`` and how many more there are; nothing without names."""
    every = list(names)
    if not every:
        return []
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return [f"{verb} {', '.join(every[:_SHOWN])}{more}"]
