"""Print by how many KiB one forward pass of an encoder raises the peak of this process's memory.

python -m benchmarks.encoder_memory MODEL official|ours
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import torch

from benchmarks.encoders import official_encoder, test_image
from geosam_processing.engine.compute.machine import keep_heap
from geosam_processing.engine.models.fast.fast_encoder import make_fast

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"


def main() -> None:
    """Measure; on Linux alone."""
    keep_heap()
    torch.set_num_threads(1)
    model_id, which = sys.argv[1:]
    encoder = official_encoder(model_id)
    if which == "ours":
        make_fast(encoder, "float32", torch.device("cpu"))
    images = test_image(encoder)
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
