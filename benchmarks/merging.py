"""Time and memory of merging by itself, by the number of patches.

python -m benchmarks.merging [--patches 100,1000,10000]    prints a table
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import shapely
from shapely import MultiPolygon

from geosam_processing.engine.merging import Merger, Piece, SeenPatches

PATCH, STRIDE, COLUMNS = 512, 256, 20
# Objects in the ground that a patch adds, and the sides of most of them in pixels.
OBJECTS, SIDES = 40, (12, 200)
VERTICES = 32


def ground(row: int) -> list[shapely.Polygon]:
    """The objects of a strip of ground, a stride high: the same for whoever asks."""
    random = np.random.default_rng(row)
    width = STRIDE * (COLUMNS + 1)
    count = OBJECTS * COLUMNS
    angles = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    sides = np.exp(random.uniform(np.log(SIDES[0]), np.log(SIDES[1]), count))
    centres = np.stack([random.uniform(0, width, count), random.uniform(0, STRIDE, count)], 1)
    centres[:, 1] += row * STRIDE
    radii = sides[:, None] / 2 * random.uniform(0.8, 1.0, (count, VERTICES))
    xs = centres[:, :1] + radii * np.cos(angles)
    ys = centres[:, 1:] + radii * np.sin(angles)
    return list(shapely.polygons(np.stack([xs, ys], -1)))


def pieces_by_patch(patches: SeenPatches) -> Iterator[tuple[int, list[Piece]]]:
    """What each patch shows, row by row; only some rows of the ground are in memory."""
    strips: dict[int, list[shapely.Polygon]] = {}
    for patch in range(len(patches)):
        row = patch // COLUMNS
        for strip in range(row, row + PATCH // STRIDE):
            if strip not in strips:
                strips[strip] = ground(strip)
        strips = {strip: shapes for strip, shapes in strips.items() if strip >= row}
        shapes = np.array([s for strip in strips.values() for s in strip], dtype=object)
        window = patches.polygons[patch]
        shapes = shapes[shapely.intersects(shapes, window)]
        seen = shapely.intersection(shapes, window)
        seen = seen[shapely.area(seen) > 100]
        yield (
            patch,
            [
                Piece(MultiPolygon(shapely.get_parts(shape).tolist()), patch, number, 0.9)
                for number, shape in enumerate(seen)
            ],
        )


def run(count: int) -> None:
    """Merge the pieces of ``count`` patches and print what it took."""
    rows = -(-count // COLUMNS)
    polygons = [
        shapely.box(x, y, x + PATCH, y + PATCH)
        for y in range(0, rows * STRIDE, STRIDE)
        for x in range(0, COLUMNS * STRIDE, STRIDE)
    ]
    patches = SeenPatches(polygons, 1.0)
    merger = Merger(patches)
    pieces = objects = most = 0
    seconds = 0.0
    for patch, found in pieces_by_patch(patches):
        start = time.process_time()
        objects += len(merger.add(patch, found))
        seconds += time.process_time() - start
        pieces += len(found)
        most = max(most, merger.piece_count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {count:,} | {pieces:,} | {objects:,} | {seconds:.1f} | {most:,} | {peak:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patches", default="100,1000,10000")
    parser.add_argument("--run", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.run)
        return
    print("| patches | pieces | objects | CPU s | most pieces in memory | peak MB |")
    print("|---|---|---|---|---|---|", flush=True)
    for count in options.patches.split(","):
        # Each in a process of its own, for its peak of memory.
        subprocess.run([sys.executable, "-m", "benchmarks.merging", "--run", count], check=True)


if __name__ == "__main__":
    main()
