"""Time and memory of comparing objects with a reference, each amount in a process of its own.

python -m benchmarks.assessment COUNT      prints them as JSON
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import shapely
from pyproj import CRS

from benchmarks.workplace import EPSG, LEFT, TOP, Finding, cost_of
from geosam_processing.engine.assessment import PolygonLayer, assess

_VERTICES = 40
_APART = 25.0  # meters between the centers of neighbors
_RADIUS, _ROUGH, _SHIFT = 10.0, 1.0, 0.8  # meters


def comparing(counts: tuple[int, int]) -> Iterator[Finding]:
    """Compare few and many blobs with as many others, nearly all of which match."""
    few, many = (_in_a_process(count) for count in counts)
    yield Finding(
        f"Comparing {counts[1]:,} objects with {counts[1]:,} references",
        f"blobs of {_VERTICES} vertices",
        f"{many['cpu']:.1f} s CPU",
        "< 60 s",
        f"wall {many['wall']:.1f} s; {1e6 * many['cpu'] / counts[1]:.0f} µs an object, of "
        f"{counts[0]:,} {1e6 * few['cpu'] / counts[0]:.0f} µs",
    )
    sizes = [each["peak"] / count for each, count in zip((few, many), counts)]
    yield Finding(
        f"Memory of comparing, an object of {counts[1]:,} / an object of {counts[0]:,}",
        f"blobs of {_VERTICES} vertices",
        f"{sizes[1] / sizes[0]:.2f}",
        "<= 1.1",
        f"{sizes[1] / 1e3:.1f} kB an object and its reference, peak above the two layers, "
        f"{many['peak'] / 1e6:.0f} MB in all",
    )


def _in_a_process(count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.assessment", str(count)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(answer.stdout)
    return measured


def _blobs(rng: np.random.Generator, centers: np.ndarray) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, _VERTICES, endpoint=False)
    radii = _RADIUS + _ROUGH * rng.normal(size=(len(centers), _VERTICES))
    outward = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return shapely.polygons(centers[:, None] + radii[..., None] * outward)


def main() -> None:
    """Compare once and print the seconds and bytes that it took."""
    count = int(sys.argv[1])
    rng = np.random.default_rng(0)
    row = int(np.ceil(np.sqrt(count)))
    places = np.stack(np.divmod(np.arange(count), row), axis=-1)
    centers = [LEFT, TOP] + _APART * places
    crs, ids = CRS(f"EPSG:{EPSG}"), np.arange(count)
    reference = PolygonLayer(_blobs(rng, centers), crs, ids)
    moved = centers + rng.normal(0, _SHIFT, centers.shape)
    objects = PolygonLayer(_blobs(rng, moved), crs, ids, rng.random(count))
    few = slice(100)
    assess(
        PolygonLayer(objects.geometries[few], crs, ids[few]),
        PolygonLayer(reference.geometries[few], crs, ids[few]),
    )  # pays for what is loaded on first use

    def work() -> None:
        total = assess(objects, reference).total
        if total.matched_count < 0.99 * count:
            raise RuntimeError(f"Only {total.matched_count} of {count} objects matched")

    print(json.dumps(cost_of(work)))


if __name__ == "__main__":
    main()
