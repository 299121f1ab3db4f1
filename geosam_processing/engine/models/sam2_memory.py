"""The memory of SAM2: objects on a frame from outlines on other frames.

It calls the modules of ``sam2`` on features that are stored, and computes what
``sam2.sam2_video_predictor.SAM2VideoPredictor`` does on a video, without its states, files and
progress bars.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.models.sam2 import BOX_LABELS
from geosam_processing.engine.models.tracker import Tracked

if TYPE_CHECKING:
    from sam2.modeling.sam2_base import SAM2Base

# As the predictor clamps logits that it takes for a prompt.
_LARGEST_LOGIT = 32.0
# As the predictor stores memories.
_STORED = torch.bfloat16


@dataclass(frozen=True)
class _Frame:
    """What is kept of B objects on a frame.

    Attributes:
        pointers: [B, C].
        memory: [B, C / 4, h, w] of ``_STORED``, None once no frame needs it any more.
        logits: [B, 1, 4h, 4w], None as above.
    """

    pointers: Tensor
    memory: Tensor | None
    logits: Tensor | None


class Sam2Tracker:
    """See ``Tracker``. Its memory grows by 1 kB for each frame and object, and no more."""

    def __init__(self, network: SAM2Base, frame_count: int, memories: int) -> None:
        """Follow objects through ``frame_count`` frames.

        Args:
            network: in eval mode; it is not changed.
            memories: how many frames an outline is derived from, one of them prompted.
        """
        self._network = _with_memories(network, memories)
        self._device = network.no_mem_embed.device
        self._frame_count = frame_count
        self._prompted: dict[int, _Frame] = {}
        self._stepped: dict[int, _Frame] = {}
        self._positions: list[Tensor] | None = None
        self._memory_position: Tensor | None = None

    @torch.inference_mode()
    def prompt(
        self, frame: int, features: PatchFeatures, prompts: Sequence[PromptBatch]
    ) -> Tracked:
        """See ``Tracker.prompt``."""
        parts = [self._run(frame, features, self._inputs(batch), True) for batch in prompts]
        return self._keep(self._prompted, frame, parts)

    @torch.inference_mode()
    def step(self, frame: int, features: PatchFeatures, backward: bool = False) -> Tracked:
        """See ``Tracker.step``."""
        count = len(next(iter(self._prompted.values())).pointers)
        part = self._run(frame, features, None, False, slice(0, count), backward)
        found = self._keep(self._stepped, frame, [part])
        self._forget(frame)
        return found

    @torch.inference_mode()
    def refine(
        self,
        frame: int,
        features: PatchFeatures,
        prompts: Sequence[PromptBatch],
        backward: bool = False,
    ) -> Tracked:
        """See ``Tracker.refine``."""
        parts, start = [], 0
        for batch in prompts:
            objects = slice(start, start + len(batch.points))
            inputs = self._inputs(batch)
            parts.append(self._run(frame, features, inputs, False, objects, backward))
            start = objects.stop
        del self._stepped[frame]
        return self._keep(self._prompted, frame, parts)

    def _run(
        self,
        frame: int,
        features: PatchFeatures,
        inputs: dict[str, Tensor] | None,
        first: bool,
        objects: slice = slice(None),
        backward: bool = False,
    ) -> tuple[dict[str, Any], Tensor]:
        """The network's output for some of the objects on a frame, and the scores of its masks."""
        count = objects.stop - objects.start if inputs is None else len(inputs["point_labels"])
        maps, positions, sizes = self._flattened(features, count)
        known = None if inputs is None or first else self._stepped[frame].logits
        if known is not None:
            known = known[objects].to(self._device)
            known = known.float().clamp(-_LARGEST_LOGIT, _LARGEST_LOGIT)
        # ``track_step`` without what it drops: the scores.
        output, answers, _, _ = self._network._track_step(
            frame_idx=frame,
            is_init_cond_frame=first,
            current_vision_feats=maps,
            current_vision_pos_embeds=positions,
            feat_sizes=sizes,
            point_inputs=inputs,
            mask_inputs=None,
            output_dict={
                "cond_frame_outputs": self._outputs(self._prompted, objects),
                "non_cond_frame_outputs": self._outputs(self._stepped, objects),
            },
            num_frames=self._frame_count,
            track_in_reverse=backward,
            prev_sam_mask_logits=known,
        )
        _, _, scores, logits, large, pointers, object_scores = answers
        self._network._encode_memory_in_output(
            current_vision_feats=maps,
            feat_sizes=sizes,
            point_inputs=inputs,
            run_mem_encoder=True,
            high_res_masks=large,
            object_score_logits=object_scores,
            current_out=output,
        )
        self._memory_position = output["maskmem_pos_enc"][-1][:1]
        kept = {
            "pointers": pointers,
            "memory": output["maskmem_features"].to(_STORED),
            "logits": logits,
            "object_scores": object_scores,
        }
        return kept, scores.amax(1)

    def _keep(
        self,
        frames: dict[int, _Frame],
        frame: int,
        parts: Sequence[tuple[dict[str, Any], Tensor]],
    ) -> Tracked:
        """Remember a frame whose objects were run in parts."""
        pointers, memory, logits, object_scores = (
            torch.cat([outputs[name] for outputs, _ in parts])
            for name in ("pointers", "memory", "logits", "object_scores")
        )
        frames[frame] = _Frame(pointers, memory, logits)
        return Tracked(
            logits[:, 0].cpu(),
            torch.cat([scores for _, scores in parts]).cpu(),
            object_scores[:, 0].cpu(),
        )

    def _forget(self, last: int) -> None:
        """Drop what no frame needs any more: memories of frames far from others."""
        reach = self._network.num_maskmem - 1
        # Stepping backward begins at a prompted frame, and looks at the frames after it.
        needed = {last, *self._prompted}
        for frame, kept in self._stepped.items():
            if kept.memory is not None and all(abs(frame - each) > reach for each in needed):
                self._stepped[frame] = replace(kept, memory=None, logits=None)
            elif kept.logits is not None and frame != last:
                self._stepped[frame] = replace(kept, logits=None)

    def _outputs(self, frames: dict[int, _Frame], objects: slice) -> dict[int, dict[str, Any]]:
        """Frames as the network takes them."""
        position = self._memory_position
        return {
            frame: {
                "maskmem_features": None if kept.memory is None else kept.memory[objects].float(),
                "maskmem_pos_enc": None
                if position is None
                else [position.expand(len(kept.pointers[objects]), -1, -1, -1)],
                "obj_ptr": kept.pointers[objects],
            }
            for frame, kept in frames.items()
        }

    def _inputs(self, prompts: PromptBatch) -> dict[str, Tensor]:
        points, labels = prompts.points, prompts.labels
        if prompts.boxes is not None:
            corners = torch.tensor([BOX_LABELS]).expand(len(points), -1)
            points = torch.cat([prompts.boxes.reshape(-1, 2, 2), points], dim=1)
            labels = torch.cat([corners, labels], dim=1)
        return {
            "point_coords": points.to(self._device, torch.float32),
            "point_labels": labels.to(self._device, torch.int32),
        }

    def _flattened(
        self, features: PatchFeatures, count: int
    ) -> tuple[list[Tensor], list[Tensor], list[tuple[int, int]]]:
        """The maps of a frame and their positions, [tokens, count, channels], and their sizes."""
        network = self._network
        top = features.image_embedding.to(self._device, torch.float32)
        if network.directly_add_no_mem_embed:
            # It is part of stored features, but a memory takes its place.
            top = top - network.no_mem_embed.view(1, -1, 1, 1)
        maps = [level.to(self._device, torch.float32) for level in features.high_resolution]
        maps.append(top)
        if self._positions is None:
            # Only those of the last map are used.
            place = network.image_encoder.neck.position_encoding(top)
            self._positions = [*(torch.zeros_like(level) for level in maps[:-1]), place]
        sizes = [(level.shape[-2], level.shape[-1]) for level in maps]
        return _tokens(maps, count), _tokens(self._positions, count), sizes


def _tokens(maps: Sequence[Tensor], count: int) -> list[Tensor]:
    return [each.expand(count, -1, -1, -1).flatten(2).permute(2, 0, 1) for each in maps]


def _with_memories(network: SAM2Base, memories: int) -> SAM2Base:
    """The network as the predictor for videos sets it up, with so many memories.

    It shares its weights with ``network``. The last of its codes for the age of a memory is that
    of prompted frames, and stays that with fewer memories.
    """
    own = copy.copy(network)
    own._parameters = dict(network._parameters)
    codes = network.maskmem_tpos_enc
    chosen = torch.cat([codes[: memories - 1], codes[-1:]])
    own.maskmem_tpos_enc = nn.Parameter(chosen.detach(), requires_grad=False)
    own.num_maskmem = memories
    own.binarize_mask_from_pts_for_mem_enc = True
    return own
