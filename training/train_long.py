"""Train for a time on a GPU, with scenes made meanwhile by all its processors.

    python -m training.train_long OUTPUT --start models/geosam_nano.pt --seconds 500 --workers 15

OUTPUT then holds ``geosam_nano.pt``, the averaged weights, and ``network.pt``, those of the
last step, both in float16. A later run goes on from them with ``--start OUTPUT``. The learning
rate falls with the time that has passed, so the run ends when it should on any machine.
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from pathlib import Path
from typing import Any

import torch

from geosam_processing.engine.models.sam_architectures import build_sam
from training.batches import batch_loss, batch_of
from training.feed import Feed
from training.initial_weights import adapted
from training.train import ARCHITECTURE, MATRIX_RATE, new_optimizers

WARMUP = 100
AVERAGED = 0.998
SAVE_EVERY = 120.0
"""Seconds."""


def new_network(start: Path | None) -> tuple[Any, Any]:
    """The network and its average, from a checkpoint or from an earlier run's folder."""
    torch.manual_seed(0)
    network = build_sam(ARCHITECTURE)
    average = copy.deepcopy(network)
    if start is not None:
        first = start / "network.pt" if start.is_dir() else start
        mean = start / "geosam_nano.pt" if start.is_dir() else start
        for target, path in ((network, first), (average, mean)):
            target.load_state_dict(adapted(torch.load(path, weights_only=True), target))
    average.requires_grad_(False)
    network.prompt_encoder.mask_downscaling.requires_grad_(False)  # no mask prompts here
    return network, average


def save(network: Any, average: Any, folder: Path) -> None:
    """Write both as float16."""
    for name, one in (("network.pt", network), ("geosam_nano.pt", average)):
        half = {key: value.half().cpu().contiguous() for key, value in one.state_dict().items()}
        torch.save(half, folder / f".{name}")
        (folder / f".{name}").replace(folder / name)


def rate_at(share: float, step: int, peak: float, last: float) -> float:
    """The learning rate after a share of the time: a cosine, after a warm-up in steps."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))
    return (last + (peak - last) * cosine) * min(1.0, (step + 1) / WARMUP)


def run(
    network: Any, average: Any, feed: Feed, folder: Path, device: str, options: argparse.Namespace
) -> int:
    """Train until the time is over; returns the number of steps."""
    optimizers: tuple[torch.optim.Optimizer, ...] = new_optimizers(network)
    begin = saved = time.monotonic()
    step, history = 0, []
    while (elapsed := time.monotonic() - begin) < options.seconds:
        slots = [feed.take() for _ in range(options.images)]
        batch = batch_of([feed.pictures[slot] for slot in slots], device)
        for slot in slots:
            feed.give(slot)
        with torch.autocast(device, dtype=torch.bfloat16):
            loss, figures = batch_loss(network, batch, options.clicked)
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        rate = rate_at(elapsed / options.seconds, step, options.rate, options.final_rate)
        for optimizer, share in zip(optimizers, (MATRIX_RATE, 1.0), strict=True):
            for group in optimizer.param_groups:
                group["lr"] = share * rate
            optimizer.step()
        keep = min(AVERAGED, (1 + step) / (10 + step))
        means, values = list(average.parameters()), [p.detach() for p in network.parameters()]
        torch._foreach_lerp_(means, values, 1 - keep)
        step += 1
        history.append(figures)
        if step % options.log == 0:
            _log(step, rate, history[-options.log :], begin, feed, options.images)
        if time.monotonic() - saved > SAVE_EVERY:
            save(network, average, folder)
            saved = time.monotonic()
    if history:
        _log(step, 0.0, history[-options.log :], begin, feed, options.images)
    return step


def _log(
    step: int, rate: float, history: list[torch.Tensor], begin: float, feed: Feed, images: int
) -> None:
    figures = torch.stack(history).nanmean(0).tolist()
    box, own, corrected, score, nothing, loss, objects = figures
    elapsed = time.monotonic() - begin
    print(
        f"step {step} {elapsed:.0f} s {step * images / elapsed:.1f} pictures/s rate {rate:.1e}"
        f" box {box:.3f} point {own:.3f} corrected {corrected:.3f} score {score:.3f}"
        f" nothing {nothing:.3f} loss {loss:.3f} objects {objects:.0f} waiting {feed.waiting()}",
        flush=True,
    )


def main() -> None:
    """Train for a time."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--start", type=Path, help="a checkpoint, or the folder of a run")
    parser.add_argument("--seconds", type=float, default=500)
    parser.add_argument("--workers", type=int, default=15)
    parser.add_argument("--images", type=int, default=24, help="pictures a step")
    parser.add_argument("--clicked", type=float, default=0.5, help="share of objects clicked at")
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--final-rate", type=float, default=4e-6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=int, default=50, help="steps")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.folder.mkdir(parents=True, exist_ok=True)
    feed = Feed(options.workers, 4 * options.images, options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.backends.cuda.matmul.allow_tf32 = True
    network, average = (one.to(device) for one in new_network(options.start))
    try:
        run(network, average, feed, options.folder, device, options)
    finally:
        feed.close()
    save(network, average, options.folder)


if __name__ == "__main__":
    main()
