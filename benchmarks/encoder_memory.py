"""Print by how many KiB one forward pass of an encoder raises the peak of this process's memory.

python -m benchmarks.encoder_memory MODEL official|ours
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import torch

from benchmarks.encoders import official_features, official_model, our_features, test_image
from geosam_processing.engine.compute.machine import keep_heap

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"


def main() -> None:
    """Measure; on Linux alone."""
    keep_heap()
    torch.set_num_threads(1)
    model_id, which = sys.argv[1:]
    model = official_model(model_id)
    images = test_image(model)
    encoder = official_features(model) if which == "official" else our_features(model, "float32")
    _CLEAR.write_text(_FORGET_PEAK)
    before = _kibibytes("VmRSS")
    with torch.inference_mode():
        encoder(images)
    print(_kibibytes("VmHWM") - before)


def _kibibytes(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", _STATUS.read_text())
    if found is None:
        raise OSError(f"{_STATUS} has no {name}")
    return int(found[1])


if __name__ == "__main__":
    main()
