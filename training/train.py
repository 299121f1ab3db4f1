"""Train geosam-nano from a seed; see README.md.

    python -m training.train build/run --pool build/pool

One process; ``torchrun --nproc-per-node 2 -m training.train ...`` shares the work.
Started again with the same folder, it continues where its checkpoint stands.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
import torch.distributed as distributed

from geosam_processing.engine.models.sam_architectures import build_sam
from training.initial_weights import adapted
from training.losses import CELL, decoder_loss, look_at
from training.network import decode, embed_points, encode, position_encoding
from training.pool import Example, cut_example, read_scene, write_scene
from training.prompts import PromptedObjects, choose_objects, correct

ARCHITECTURE = "geosam_nano"
PATCH = 512
MATRIX_RATE = 2.0
"""Learning rate of the linear layers' matrices, which Muon trains, to that of the rest."""


@dataclass(frozen=True)
class Phase:
    """A stretch of training on pictures of one size.

    Attributes:
        steps: optimizer steps.
        side: picture side, pixels.
        images: pictures a step and process.
        objects: at most so many objects a picture, each prompted with a box.
        clicked: at most so many of them are clicked at, too.
        rate, final_rate: learning rate at the start and at the end, cosine between.
    """

    steps: int
    side: int
    images: int
    objects: int
    clicked: int
    rate: float
    final_rate: float


PHASES = (
    Phase(steps=3000, side=128, images=8, objects=6, clicked=6, rate=4e-4, final_rate=3e-4),
    Phase(steps=3000, side=256, images=4, objects=8, clicked=6, rate=3e-4, final_rate=2e-4),
    Phase(steps=2600, side=512, images=2, objects=6, clicked=3, rate=3e-4, final_rate=2e-6),
)


@dataclass
class State:
    """All that a run needs to go on."""

    network: Any
    average: Any
    optimizers: tuple[torch.optim.Optimizer, torch.optim.Optimizer]
    step: int = 0


def new_state(seed: int, start: Path | None = None) -> State:
    """A network of random weights of a seed, or with those of a checkpoint."""
    torch.manual_seed(seed)
    network, average = build_sam(ARCHITECTURE), build_sam(ARCHITECTURE)
    if start is not None:
        network.load_state_dict(adapted(torch.load(start, weights_only=True), network))
    average.load_state_dict(network.state_dict())
    average.requires_grad_(False)
    network.prompt_encoder.mask_downscaling.requires_grad_(False)  # no mask prompts here
    return State(network, average, new_optimizers(network))


def new_optimizers(network: torch.nn.Module) -> tuple[torch.optim.Muon, torch.optim.AdamW]:
    """Muon for the matrices of linear layers, AdamW for all else.

    Muon (Jordan et al. 2024, with the rates of Liu et al. 2025, arXiv:2502.16982) gets
    farther in as many steps than AdamW alone.
    """
    linear = {m.weight for m in network.modules() if isinstance(m, torch.nn.Linear)}
    trained = [p for p in network.parameters() if p.requires_grad]
    matrices = [p for p in trained if p in linear]
    decayed = [p for p in trained if p not in linear and p.ndim > 1]
    plain = [p for p in trained if p.ndim <= 1]
    return (
        torch.optim.Muon(matrices, weight_decay=0.03, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.03}, {"params": plain, "weight_decay": 0.0}],
            betas=(0.9, 0.98),
        ),
    )


def examples(
    pool: Path, seed: int, step: int, rank: int, phase: Phase, last_seed: int
) -> Iterator[tuple[Example, np.random.Generator]]:
    """The pictures of one step, the same whenever it is run."""
    for index in range(phase.images):
        rng = np.random.default_rng([seed, step, rank, index])
        scene = write_scene(pool, int(rng.integers(last_seed)))
        yield cut_example(rng, *read_scene(scene), phase.side, PATCH), rng


def picture_loss(
    network: Any,
    features: torch.Tensor,
    objects: PromptedObjects,
    offset: tuple[int, int],
    rng: np.random.Generator,
    clicked: int,
) -> tuple[torch.Tensor, np.ndarray]:
    """The loss of one picture's prompts, and mean IoUs for the log.

    First each object by a box alone and the first ``clicked`` of them by a point alone;
    then those by one to three more clicks (some beside a box) where that was wrong.
    """
    shift = torch.tensor(offset, dtype=torch.float32)
    boxed = len(objects.masks)
    clicked = min(clicked, boxed)
    truth = look_at(rng, objects.masks)
    points = torch.from_numpy(objects.points[:clicked])[:, None]
    corners = torch.from_numpy(objects.boxes).view(boxed, 2, 2)
    first = torch.cat([torch.cat([points, torch.zeros_like(points)], 1), corners])
    kinds = torch.tensor([[1, -1]] * clicked + [[2, 3]] * boxed)
    positions = position_encoding(network, objects.masks.shape[1], offset)
    # SAM's convention: pixel centres at .5 are added inside, prompts come without
    tokens = embed_points(network, first - 0.5 + shift, kinds)
    logits, scores = decode(network, features, positions, tokens)
    single = torch.tensor([0.25] * clicked + [0.65] * boxed)
    prompted = torch.tensor([*range(clicked), *range(boxed)])
    loss, quality = decoder_loss(logits, scores, truth[prompted], single)
    picked = scores[:, 1:].argmax(1)
    guesses = logits.detach()[torch.arange(clicked + boxed), picked + 1].numpy() > 0
    more, labels = _corrections(rng, objects, guesses[:clicked], guesses[clicked:])
    tokens = embed_points(network, more - 0.5 + shift, labels)
    logits, scores2 = decode(network, features, positions, tokens)
    second, quality2 = decoder_loss(logits, scores2, truth[:clicked], torch.full((clicked,), 0.6))
    chosen = quality[:clicked, 1:].gather(1, picked[:clicked, None])
    figures = (
        quality[clicked:, 0].mean(),
        chosen.mean(),
        quality[:clicked, 1:].max(1)[0].mean(),
        quality2[:, 0].mean(),
        loss.detach(),
    )
    return 2 * loss + second, np.array([float(f) for f in figures])


def _corrections(
    rng: np.random.Generator,
    objects: PromptedObjects,
    from_points: np.ndarray,
    from_boxes: np.ndarray,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Points (objects, 4, 2) and labels: the first prompt and clicks on its errors.

    Of as many objects as ``from_points`` (objects, rows, columns) has answers of, in cells.
    """
    count = len(from_points)
    points, labels = np.zeros((count, 4, 2), np.float32), np.full((count, 4), -1)
    for index, mask in enumerate(objects.masks[:count]):
        small = mask[CELL // 2 :: CELL, CELL // 2 :: CELL]
        with_box = rng.random() < 0.2 and small.any()
        guess = (from_boxes if with_box else from_points)[index].copy()
        if with_box:
            points[index, 2:] = objects.boxes[index].reshape(2, 2)
            labels[index, 2:] = (2, 3)
            clicks, used = 1 if rng.random() < 0.5 else 2, 0
        else:
            points[index, 0], labels[index, 0] = objects.points[index], 1
            clicks, used = int(rng.integers(1, 3)), 1
        for _ in range(clicks):
            if not small.any():
                break
            (x, y), label = correct(rng, small, guess)
            points[index, used], labels[index, used] = (CELL * x, CELL * y), label
            # the next click goes elsewhere: as if this one had mended its surroundings
            reach = max(3, int(np.sqrt(small.sum()) * 0.5))
            near = _disc(small.shape, x, y, reach)
            guess[near] = small[near]
            used += 1
    return torch.from_numpy(points), torch.from_numpy(labels)


def _disc(shape: tuple[int, int], x: float, y: float, radius: float) -> np.ndarray:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return np.asarray((columns - x) ** 2 + (rows - y) ** 2 <= radius**2)


def train_step(
    state: State, phase: Phase, pool: Path, seed: int, rank: int, last_seed: int
) -> np.ndarray:
    """One optimizer step; returns mean figures of its pictures."""
    batch = []
    for example, rng in examples(pool, seed, state.step, rank, phase, last_seed):
        objects = choose_objects(rng, example.instances, phase.objects, 130, 10)
        if objects is not None:
            batch.append((example, rng, objects))
    figures = []
    state.network.zero_grad(set_to_none=False)
    for example, rng, objects in batch:
        pixels = torch.from_numpy(example.picture).permute(2, 0, 1)[None].float()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            features = encode(state.network, pixels, example.offset)[0].float()
            leaf = features.detach().requires_grad_(True)
            loss, figure = picture_loss(
                state.network, leaf, objects, example.offset, rng, phase.clicked
            )
        torch.autograd.backward(loss / phase.images)
        torch.autograd.backward(features, leaf.grad)
        figures.append(figure)
    return np.mean(figures, 0) if figures else np.full(5, np.nan)


def share_gradients(network: Any) -> None:
    """Average the gradients over all processes."""
    if not distributed.is_initialized():
        return
    gradients = [p.grad for p in network.parameters() if p.grad is not None]
    flat = torch.cat([g.flatten() for g in gradients])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    start = 0
    for gradient in gradients:
        gradient.copy_(flat[start : start + gradient.numel()].view_as(gradient))
        start += gradient.numel()


def learning_rate(phases: tuple[Phase, ...], step: int, warmup: int = 50) -> tuple[Phase, float]:
    """The phase of a step and its learning rate."""
    for phase in phases:
        if step < phase.steps:
            break
        step -= phase.steps
    else:
        raise ValueError("The run is over: no phase is left for this step.")
    fraction = step / phase.steps
    cosine = 0.5 * (1 + math.cos(math.pi * fraction))
    rate = phase.final_rate + (phase.rate - phase.final_rate) * cosine
    return phase, rate * min(1.0, (step + 1) / warmup)


def save(state: State, folder: Path) -> None:
    """Write the run's state, and the averaged weights as a checkpoint of the product."""
    whole = {
        "network": state.network.state_dict(),
        "average": state.average.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in state.optimizers],
        "step": state.step,
    }
    half = {k: v.half().contiguous() for k, v in state.average.state_dict().items()}
    for name, content in (("training.pt", whole), ("geosam_nano.pt", half)):
        torch.save(content, folder / f".{name}")
        (folder / f".{name}").replace(folder / name)


def restore(state: State, folder: Path) -> None:
    """Continue from the state in a folder, if there is one.

    Raises:
        ValueError: it is of an earlier recipe.
    """
    path = folder / "training.pt"
    if path.exists():
        whole = torch.load(path, weights_only=True)
        if "optimizers" not in whole:
            raise ValueError(
                f"{path} is of a recipe with another optimizer and cannot be continued: take"
                f" another folder, and --initial-weights {folder / 'geosam_nano.pt'}."
            )
        state.network.load_state_dict(whole["network"])
        state.average.load_state_dict(whole["average"])
        for optimizer, its_state in zip(state.optimizers, whole["optimizers"], strict=True):
            optimizer.load_state_dict(its_state)
        state.step = whole["step"]


def update(state: State, rate: float) -> None:
    """Step the optimizers and the average of the weights."""
    torch.nn.utils.clip_grad_norm_(state.network.parameters(), 1.0)
    for optimizer, share in zip(state.optimizers, (MATRIX_RATE, 1.0), strict=True):
        for group in optimizer.param_groups:
            group["lr"] = share * rate
        optimizer.step()
    state.step += 1
    keep = min(0.99, (1 + state.step) / (10 + state.step))
    with torch.no_grad():
        for mean, now in zip(state.average.parameters(), state.network.parameters(), strict=True):
            mean.lerp_(now, 1 - keep)


def run(
    state: State,
    phases: tuple[Phase, ...],
    folder: Path,
    pool: Path,
    seed: int,
    last_seed: int,
    stop: int | None = None,
) -> None:
    """Train to the end of the phases, or to a step; log and save every hundred steps."""
    rank = distributed.get_rank() if distributed.is_initialized() else 0
    total = sum(phase.steps for phase in phases)
    end = total if stop is None else min(stop, total)
    history, begin = [], time.monotonic()
    while state.step < end:
        phase, rate = learning_rate(phases, state.step)
        history.append(train_step(state, phase, pool, seed, rank, last_seed))
        share_gradients(state.network)
        update(state, rate)
        if rank == 0 and (state.step % 100 == 0 or state.step == end):
            box, own, best, corrected, loss = np.nanmean(history[-100:], 0)
            seconds = (time.monotonic() - begin) / len(history)
            print(
                f"step {state.step} side {phase.side} rate {rate:.1e} {seconds:.2f} s/step"
                f" box {box:.3f} point {own:.3f} best {best:.3f} corrected {corrected:.3f}"
                f" loss {loss:.3f}",
                flush=True,
            )
            save(state, folder)


def main() -> None:
    """Train, alone or under torchrun."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path, help="where the run keeps its state")
    parser.add_argument("--pool", type=Path, required=True, help="folder of scenes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scenes", type=int, default=8000, help="seeds 0 to this are used")
    parser.add_argument("--initial-weights", type=Path, help="weights to begin with")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--phases", help="steps:side:images:objects:clicked:rate:final_rate, comma-separated"
    )
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    if "WORLD_SIZE" in os.environ:
        distributed.init_process_group("gloo")
    phases = PHASES if options.phases is None else _parse_phases(options.phases)
    print(*(asdict(phase) for phase in phases), sep="\n", flush=True)
    options.folder.mkdir(parents=True, exist_ok=True)
    options.pool.mkdir(parents=True, exist_ok=True)
    state = new_state(options.seed, options.initial_weights)
    restore(state, options.folder)
    run(state, phases, options.folder, options.pool, options.seed, options.scenes)


def _parse_phases(text: str) -> tuple[Phase, ...]:
    phases = []
    for part in text.split(","):
        *counts, rate, final = part.split(":")
        steps, side, images, objects, clicked = map(int, counts)
        phases.append(Phase(steps, side, images, objects, clicked, float(rate), float(final)))
    return tuple(phases)


if __name__ == "__main__":
    main()
