"""Measure, print, and write benchmarks/RESULTS.md.

python -m benchmarks [--quick]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.workplace import Finding

RESULTS = Path(__file__).parent / "RESULTS.md"
THREADS = "OMP_NUM_THREADS"

_HEAD = """\
# Results

One table for each processor; `make benchmark` writes that of the machine it runs on. Ratios within
one run, one thread; where a goal is stated, it is the project's. The heap is set as in the engine's
process, for the official code as well. Random weights of the official architectures stand in for
their checkpoints, which changes no encoding time; but their masks are noise of thousands of rings,
so that polygons of them cost many times those of a trained model. "Trained decoder" is an official
architecture whose decoder has the weights of the bundled model, padded with zeros: it makes masks
of objects.
"""
_SECTION = "\n## "


def main() -> None:
    """Run all decoding."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only what README quotes; writes nothing"
    )
    quick = parser.parse_args().quick
    if os.environ.get(THREADS) != "1":
        # The number of threads is settled when libraries load.
        os.environ[THREADS] = "1"
        os.execv(sys.executable, [sys.executable, "-m", "benchmarks", *sys.argv[1:]])

    import torch

    from geosam_processing.engine.compute.machine import keep_heap

    torch.set_num_threads(1)
    keep_heap()  # as in the engine's process; the official code gains from it as well
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        for finding in (ratios if quick else measure)(Path(name)):
            print(f"{finding.name} [{finding.model}]: {finding.value} (goal {finding.goal})")
            print(f"    {finding.detail}", flush=True)
            cells = (finding.name, finding.model, finding.value, finding.goal, finding.detail)
            rows.append(f"| {' | '.join(cells)} |")
            if not quick:
                write_results(rows)


def write_results(rows: list[str]) -> None:
    """Write what is measured by now, so that a run that is stopped leaves it.

    The tables of other processors stay.
    """
    from benchmarks.workplace import machine, processor

    table = ["| what | model | measured | goal | in detail |", "|---|---|---|---|---|", *rows]
    own = f"{processor()}\n\n{machine()}.\n\n" + "\n".join(table) + "\n"
    _, *sections = RESULTS.read_text(encoding="utf-8").split(_SECTION) if RESULTS.exists() else [""]
    others = [each for each in sections if each.splitlines()[0] != processor()]
    RESULTS.write_text(_SECTION.join([_HEAD, own, *others]), encoding="utf-8")


def ratios(folder: Path) -> Iterator[Finding]:
    """The ratios to the official code that README quotes, in about three minutes."""
    from benchmarks import decoding, encoders
    from benchmarks.workplace import bundled_model, encoded_patch

    nano = bundled_model()
    encoded_patch(folder, nano)
    for model_id, rounds in ((nano.model.model, 3), ("sam2.1_hiera_tiny", 3), ("vit_b", 2)):
        yield from encoders.speed(model_id, rounds)
    yield decoding.prompts_in_a_batch(folder, nano, 100)
    yield decoding.latency(folder, nano, 5)


def measure(folder: Path) -> Iterator[Finding]:
    """Each finding as it is made."""
    from benchmarks import (
        assessment,
        decoding,
        encoders,
        encoding,
        growth,
        live,
        polygons,
        start,
    )
    from benchmarks.workplace import (
        bundled_model,
        encoded_patch,
        random_model,
        random_sam2_model,
        trained_decoder_model,
    )

    nano = bundled_model()
    encoded_patch(folder, nano)  # the first encoding also pays for imports
    yield start.first_polygon(folder, nano)
    yield start.preview_memory(folder, nano)
    yield encoding.encoding_overhead(folder, nano, 5, 3)
    yield encoders.precision_kept(folder, nano, encoders.sample_raster(folder), 64)
    yield from assessment.comparing((20_000, 100_000))
    yield polygons.polygons_of_masks(10)
    yield decoding.prompts_in_a_batch(folder, nano, 1000)
    yield decoding.same_masks(folder, nano, 128)
    yield decoding.latency(folder, nano, 30)
    counts = (10, 100, 1000)
    yield from growth.encoding_growth(folder, nano, counts)
    yield growth.flat_memory(folder, nano)
    yield from growth.growth(folder, nano, counts)
    yield from decoding.storage(folder, nano, 128)
    yield live.second_run(folder, nano, 4, 100, 3)
    for model_id in (nano.model.model, "vit_b", "sam2.1_hiera_tiny"):
        yield from encoders.speed(model_id, 3)
    yield encoders.memory("vit_b")
    for model_id in ("vit_b", "sam2.1_hiera_tiny"):
        trained = trained_decoder_model(model_id, folder)
        yield decoding.prompts_in_a_batch(folder, trained, 64)
        yield decoding.same_masks(folder, trained, 32)
        yield decoding.latency(folder, trained, 15)
        yield growth.flat_memory(folder, trained)
        yield from growth.growth(folder, trained, (10, 100, 1000))
    if find_spec("geosam") is not None:
        from benchmarks import geo_sam

        yield from geo_sam.compared(folder, 2, 64)
    vit_b = random_model("vit_b", folder)
    yield encoding.encoding_overhead(folder, vit_b, 2, 1)
    yield encoders.precision_kept(folder, vit_b, encoders.noise_raster(folder, 1024), 64)
    yield decoding.prompts_in_a_batch(folder, vit_b, 64)
    yield decoding.same_masks(folder, vit_b, 16)
    yield decoding.latency(folder, vit_b, 10)
    yield from decoding.storage(folder, vit_b, 32)
    yield live.second_run(folder, vit_b, 2, 20, 1)
    sam2 = random_sam2_model("sam2.1_hiera_tiny", folder)
    yield decoding.prompts_in_a_batch(folder, sam2, 64)
    yield decoding.same_masks(folder, sam2, 16)
    yield decoding.latency(folder, sam2, 10)


if __name__ == "__main__":
    main()
