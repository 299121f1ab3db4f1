"""Time and peak memory of encoding and segmenting, each amount in a process of its own.

python -m benchmarks.growth encode RASTER MODEL CHECKPOINT PATCHES      prints them as JSON
python -m benchmarks.growth segment FEATURES MODEL CHECKPOINT POINTS
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.workplace import (
    LEFT,
    METRES,
    TOP,
    Benchmarked,
    Finding,
    cost_of,
    encode_request,
    encoded_patch,
    random_pixels,
    write_raster,
)
from geosam_processing.engine.run import RunContext

# Patches lie in rows of so many, this many pixels apart.
_ROW, _STRIDE = 10, 32


def encoding_growth(
    folder: Path, benchmarked: Benchmarked, counts: tuple[int, ...]
) -> list[Finding]:
    """Time and peak memory by the number of patches, each a multiple of ten."""
    side = benchmarked.adapter().patch_size + _STRIDE * max(_ROW, max(counts) // _ROW)
    raster = write_raster(folder / f"growth_{benchmarked.model.model}.tif", side)
    measured = {count: _in_a_process("encode", raster, benchmarked, count) for count in counts}
    return [
        Finding(
            f"Encoding {count:,} patches",
            benchmarked.title,
            f"{each['cpu']:.2f} s CPU, {each['peak'] / 1e6:.0f} MB",
            "",
            f"{1000 * each['cpu'] / count:.1f} ms a patch, wall {each['wall']:.2f} s; peak memory "
            f"above that after a first patch ({each['before'] / 1e6:.0f} MB)",
        )
        for count, each in measured.items()
    ]


def growth(folder: Path, benchmarked: Benchmarked, counts: tuple[int, ...]) -> list[Finding]:
    """Time and peak memory by the number of prompts on one patch."""
    features = encoded_patch(folder, benchmarked)
    measured = {count: _in_a_process("segment", features, benchmarked, count) for count in counts}
    rows = [
        Finding(
            f"Segmenting {count:,} points on one patch",
            benchmarked.title,
            f"{each['cpu']:.2f} s CPU, {each['peak'] / 1e6:.0f} MB",
            "",
            f"{1000 * each['cpu'] / count:.1f} ms a prompt, wall {each['wall']:.2f} s; peak "
            f"memory above that of the loaded model ({each['before'] / 1e6:.0f} MB)",
        )
        for count, each in measured.items()
    ]
    return rows


def flat_memory(folder: Path, benchmarked: Benchmarked) -> Finding:
    """Peak memory with 256 prompts over that with 8."""
    features = encoded_patch(folder, benchmarked)
    few, many = (_in_a_process("segment", features, benchmarked, count) for count in (8, 256))
    whole = (many["before"] + many["peak"]) / (few["before"] + few["peak"])
    return Finding(
        "G7 peak memory of segmenting, 256 prompts / 8",
        benchmarked.title,
        f"{whole:.2f}",
        "<= 1.2",
        f"{(few['before'] + few['peak']) / 1e6:.0f} and "
        f"{(many['before'] + many['peak']) / 1e6:.0f} MB; above the loaded model "
        f"{few['peak'] / 1e6:.0f} and {many['peak'] / 1e6:.0f} MB",
    )


def _in_a_process(what: str, data: Path, benchmarked: Benchmarked, count: int) -> dict[str, float]:
    model = benchmarked.model
    arguments = [what, str(data), model.model, model.checkpoint, str(count)]
    command = [sys.executable, "-m", "benchmarks.growth", *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(answer.stdout)
    return measured


def main() -> None:
    """Encode or segment once and print the seconds and bytes that it took."""
    import torch

    from geosam_processing.contract import Model
    from geosam_processing.engine.compute.machine import keep_heap

    torch.set_num_threads(1)
    keep_heap()
    what, data, model, checkpoint, count = sys.argv[1:]
    benchmarked = Benchmarked(Model(model, checkpoint), model, True)
    with tempfile.TemporaryDirectory() as folder:
        if what == "encode":
            work = _encoding(Path(data), benchmarked, Path(folder))
        else:
            work = _segmenting(Path(data), benchmarked, int(count))
        work(1)  # pays for imports and for loading the model
        print(json.dumps(cost_of(lambda: work(int(count)))))


def _encoding(raster: Path, benchmarked: Benchmarked, folder: Path) -> Callable[[int], None]:
    """Encodes so many patches of a raster."""
    from geosam_processing.engine.encoding.encode import encode

    side = benchmarked.adapter().patch_size

    def work(count: int) -> None:
        columns, rows = min(count, _ROW), max(count // _ROW, 1)
        width, height = (METRES * (side + _STRIDE * (n - 1)) for n in (columns, rows))
        request = encode_request(raster, benchmarked, folder / str(count))
        part = replace(request.raster, extent=(LEFT, TOP - height, LEFT + width, TOP))
        result = encode(replace(request, raster=part, stride=_STRIDE))
        if result.patch_count != count:
            raise RuntimeError(f"{result.patch_count} patches were encoded, not {count}")

    return work


def _segmenting(features: Path, benchmarked: Benchmarked, count: int) -> Callable[[int], None]:
    """Segments so many points on a patch."""
    from benchmarks.decoding import points_request
    from geosam_processing.engine.segmentation.segment import segment

    pixels = random_pixels(count + 1, benchmarked.adapter().patch_size)

    def work(count: int) -> None:
        chosen = pixels[:1] if count == 1 else pixels[1:]
        segment(
            points_request(features, benchmarked, chosen), RunContext(results=lambda event: None)
        )

    return work


if __name__ == "__main__":
    main()
