"""SAM3 of true size with random weights: what it costs on a processor.

python -m benchmarks.sam3 [float32 | bfloat16]

It takes 10 GB of disk and memory for a moment and minutes of time, so it is no part of
``make benchmark``. docs/sam3.md has its figures.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch

from benchmarks.workplace import cost_of
from geosam_processing.engine.models.adapter import PromptBatch
from geosam_processing.engine.models.checkpoint import read_state
from geosam_processing.engine.models.sam3.adapter import load_sam3
from geosam_processing.engine.models.sam3.concepts import ConceptPrompt
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from tests.engine.models.sam3 import tiny_sam3

POINTS = 64


def write_random(path: Path) -> None:
    """A checkpoint as Meta writes it, of true sizes."""
    ensure_torchvision()
    from transformers import Sam3Config, Sam3Model, Sam3TrackerVideoConfig, Sam3TrackerVideoModel

    torch.manual_seed(0)
    detector = Sam3Model(Sam3Config())
    tracker = Sam3TrackerVideoModel(Sam3TrackerVideoConfig())
    tracker.vision_encoder.backbone = detector.vision_encoder.backbone
    state = tiny_sam3.meta_state(tiny_sam3.TinySam3(detector, tracker))
    tiny_sam3.write_checkpoint(path, state)


def main() -> None:
    """Measure and print; on Linux alone."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sam3.pt"
        # In a process of its own, whose memory does not count.
        code = (
            "import benchmarks.sam3 as s, pathlib, sys; s.write_random(pathlib.Path(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", code, str(path)], check=True)
        _measure(path, sys.argv[1] if len(sys.argv) > 1 else "float32")


def _measure(path: Path, precision: str) -> None:
    adapter = load_sam3(read_state(path), torch.device("cpu"), precision)
    concepts = adapter.concepts
    assert concepts is not None
    images = 255 * torch.rand(1, 3, adapter.patch_size, adapter.patch_size)
    features = []
    points = PromptBatch(
        adapter.patch_size * torch.rand(POINTS, 1, 2), torch.ones(POINTS, 1, dtype=torch.int64)
    )

    def report(what: str, work: Callable[[], object]) -> None:
        cost = cost_of(work)
        peak = (cost["before"] + cost["peak"]) / 1e9
        print(f"{precision}: {what}: {cost['cpu']:.1f} CPU s, at most {peak:.1f} GB", flush=True)

    report("a patch", lambda: features.extend(adapter.encode(images)))
    report(f"{POINTS} points", lambda: adapter.decode(features[0], points, multimask=True))
    trunk = features[0].trunk
    assert trunk is not None
    for what in ("the first phrase", "the same phrase again"):
        report(what, lambda: list(concepts.detect(trunk, [ConceptPrompt("roof")])))


if __name__ == "__main__":
    main()
