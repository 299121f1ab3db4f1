"""Decoding prompts in batches that the memory of the device holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geosam_processing.contract.texts import Text
from geosam_processing.engine.compute.device import (
    is_out_of_memory,
    memory_too_small,
    release_memory,
)

if TYPE_CHECKING:
    import torch

    from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures, PromptBatch

# What a prompt on a patch of 1024 x 1024 pixels takes on a GPU, generously: too small a batch
# costs little, too large a one is halved.
_GPU_BYTES_PER_PROMPT = 160 << 20
_GPU_MAXIMUM = 256
# Larger batches only cost memory on a CPU; of smaller patches the few prompt tokens weigh more.
_CPU_BATCH = 8


class BatchDecoder:
    """Decodes with one model; ``batch_size`` shrinks when the device's memory does not suffice."""

    def __init__(self, adapter: ModelAdapter, batch_size: int = 0) -> None:
        """``batch_size`` 0 chooses a suitable one."""
        self._adapter = adapter
        self.batch_size = batch_size or suitable_batch_size(adapter.device, adapter.embedding_size)

    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """As ``ModelAdapter.decode``, of any number of prompts; results are on the CPU.

        Raises:
            DeviceError: the memory does not suffice for one prompt.
        """
        import torch

        logits, scores = [], []
        done, count = 0, len(prompts.points)
        while done < count:
            part = prompts.part(slice(done, done + self.batch_size))
            found = self._try(features, part, multimask)
            if found is None:
                # Only here has the traceback let go of what the failed batch held.
                release_memory(self._adapter.device)
                self.batch_size = len(part.points) // 2
                continue
            logits.append(found[0])
            scores.append(found[1])
            done += len(part.points)
        return torch.cat(logits), torch.cat(scores)

    def _try(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor] | None:
        """None if the memory does not suffice."""
        try:
            logits, scores = self._adapter.decode(features, prompts, multimask)
            return logits.cpu(), scores.cpu()
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            if len(prompts.points) > 1:
                return None
            what = Text("one prompt with {}", self._adapter.model_id)
            raise memory_too_small(self._adapter.device, what) from error


def suitable_batch_size(device: torch.device, embedding_size: int) -> int:
    """How many prompts to decode at once; on a GPU as many as its free memory holds."""
    import torch

    share = 64 / embedding_size
    if device.type != "cuda":
        return max(1, int(_CPU_BATCH * share))
    free, _ = torch.cuda.mem_get_info(device)
    return int(min(max(free * share**2 // _GPU_BYTES_PER_PROMPT, 1), _GPU_MAXIMUM))
