"""A pool of generated scenes on disk, and varied pictures cut from it.

Generating a scene costs as much as a training step, so each is used several times
with other crops, turns, colours and noise.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.scenes import HELD_OUT_SEEDS, generate_scene


@dataclass(frozen=True)
class Example:
    """A training picture.

    Attributes:
        picture: (side, side, 3) uint8.
        instances: (side, side) uint16; 0 is background.
        offset: (x, y) of its upper left corner in the model's patch, pixels.
    """

    picture: NDArray[np.uint8]
    instances: NDArray[np.uint16]
    offset: tuple[int, int]


def scene_path(folder: Path, seed: int) -> Path:
    """Where the scene of a seed lies."""
    return folder / f"{seed:09d}.npy"


def write_scene(folder: Path, seed: int) -> Path:
    """Generate the scene of a seed into the pool unless it is there; returns its file.

    The file is an array (rows, columns, 5) uint8: the picture, then the instance
    numbers as low and high byte.
    """
    path = scene_path(folder, seed)
    if not path.exists():
        scene = generate_scene(seed)
        numbers = np.ascontiguousarray(scene.instances.astype("<u2"))[..., None].view(np.uint8)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        with partial.open("wb") as file:
            np.save(file, np.concatenate([scene.picture, numbers], 2))
        partial.replace(path)
    return path


def read_scene(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """The picture and the instance numbers of a pool file."""
    planes = np.load(path, allow_pickle=False)
    instances = np.ascontiguousarray(planes[..., 3:]).view("<u2")[..., 0]
    return np.ascontiguousarray(planes[..., :3]), instances


def cut_example(
    rng: np.random.Generator,
    picture: NDArray[np.uint8],
    instances: NDArray[np.uint16],
    side: int,
    patch: int,
) -> Example:
    """Cut a square of ``side`` pixels at random, turned, flipped and re-coloured.

    A crop smaller than the patch stands at a random place of the patch, in steps of
    two attention windows (128 pixels), so that positions keep their meaning.
    """
    if side < picture.shape[0] and rng.random() < 0.35:  # the same from farther away
        scale = rng.uniform(side / picture.shape[0], 1)
        size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        instances = np.asarray(cv2.resize(instances, size, interpolation=cv2.INTER_NEAREST))
    elif rng.random() < 0.25:  # and from nearer by
        scale = rng.uniform(1.1, 2.0)
        part = int(side / scale)
        row = rng.integers(picture.shape[0] - part + 1)
        column = rng.integers(picture.shape[1] - part + 1)
        piece = (slice(row, row + part), slice(column, column + part))
        way = cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_CUBIC
        picture = np.asarray(cv2.resize(picture[piece], (side, side), interpolation=way), np.uint8)
        instances = np.asarray(
            cv2.resize(instances[piece], (side, side), interpolation=cv2.INTER_NEAREST)
        )
    row = rng.integers(picture.shape[0] - side + 1)
    column = rng.integers(picture.shape[1] - side + 1)
    piece = (slice(row, row + side), slice(column, column + side))
    picture, instances = picture[piece], instances[piece]
    turns = int(rng.integers(4))
    picture, instances = np.rot90(picture, turns), np.rot90(instances, turns)
    if rng.random() < 0.5:
        picture, instances = picture[:, ::-1], instances[:, ::-1]
    steps = (patch - side) // 128
    offset = (int(rng.integers(steps + 1)) * 128, int(rng.integers(steps + 1)) * 128)
    return Example(recolour(rng, picture), np.ascontiguousarray(instances), offset)


def recolour(rng: np.random.Generator, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Another light, another sensor: channel order, gain, offset, gamma, grey, nodata."""
    lookup = np.arange(256, dtype=np.float64)[:, None].repeat(3, 1)
    contrast = rng.uniform(0.65, 1.4) * (1 + rng.normal(0, 0.05, 3))
    lookup = (lookup - 128) * contrast + 128 + rng.normal(0, 18) + rng.normal(0, 6, 3)
    gamma = np.exp(rng.normal(0, 0.2))
    lookup = np.clip(lookup / 255, 0, 1) ** gamma * 255
    if rng.random() < 0.05:
        lookup = 255 - lookup
    table = np.clip(lookup, 0, 255).astype(np.uint8)[None]
    result = np.asarray(cv2.LUT(np.ascontiguousarray(picture), table), np.uint8)
    if rng.random() < 0.2:
        result = np.ascontiguousarray(result[..., rng.permutation(3)])
    if rng.random() < 0.1:
        result = result.mean(2, keepdims=True).astype(np.uint8).repeat(3, 2)
    if rng.random() < 0.15:
        result = np.asarray(cv2.GaussianBlur(result, (0, 0), rng.uniform(0.4, 1.2)), np.uint8)
    return result


def main(arguments: list[str] | None = None) -> None:
    """Fill a pool with the scenes of a range of seeds."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--count", type=int, default=4000, help="number of scenes")
    parser.add_argument("--step", type=int, default=1, help="every n-th seed, to share the work")
    options = parser.parse_args(arguments)
    if options.first + options.count > HELD_OUT_SEEDS:
        parser.error(f"Seeds from {HELD_OUT_SEEDS} on are held out: use smaller ones.")
    cv2.setNumThreads(1)
    options.folder.mkdir(parents=True, exist_ok=True)
    for seed in range(options.first, options.first + options.count, options.step):
        write_scene(options.folder, seed)


if __name__ == "__main__":
    main()
