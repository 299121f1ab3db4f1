"""Print by how many KiB one forward pass of an encoder raises the peak of this process's memory.

python -m benchmarks.encoder_memory MODEL official|ours
"""

from __future__ import annotations

import sys

import torch

from benchmarks.encoders import official_features, official_model, our_features, test_image
from benchmarks.workplace import cost_of
from geosam_processing.engine.compute.machine import keep_heap


def main() -> None:
    """Measure; on Linux alone."""
    keep_heap()
    torch.set_num_threads(1)
    model_id, which = sys.argv[1:]
    model = official_model(model_id)
    images = test_image(model)
    encoder = official_features(model) if which == "official" else our_features(model, "float32")
    with torch.inference_mode():
        cost = cost_of(lambda: encoder(images))
    print(round(cost["peak"] / 1024))


if __name__ == "__main__":
    main()
