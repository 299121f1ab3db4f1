"""Time and peak memory of segmenting, each number of prompts in a process of its own.

python -m benchmarks.growth FEATURES MODEL CHECKPOINT COUNT    prints them as JSON
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.workplace import Benchmarked, Finding, encoded_patch, random_pixels

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


def growth(folder: Path, benchmarked: Benchmarked, counts: tuple[int, ...]) -> list[Finding]:
    """Time and peak memory by the number of prompts on one patch."""
    features = encoded_patch(folder, benchmarked)
    measured = {count: _in_a_process(features, benchmarked, count) for count in counts}
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
    few, many = (_in_a_process(features, benchmarked, count) for count in (8, 256))
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


def _in_a_process(features: Path, benchmarked: Benchmarked, count: int) -> dict[str, float]:
    model = benchmarked.model
    arguments = [str(features), model.model, model.checkpoint, str(count)]
    command = [sys.executable, "-m", "benchmarks.growth", *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(answer.stdout)
    return measured


def main() -> None:
    """Segment once and print the seconds and bytes that it took."""
    import torch

    from benchmarks.decoding import points_request
    from geosam_processing.contract import Model
    from geosam_processing.engine.process_settings import keep_heap
    from geosam_processing.engine.segment import segment

    torch.set_num_threads(1)
    keep_heap()
    features, model, checkpoint, count = sys.argv[1:]
    benchmarked = Benchmarked(Model(model, checkpoint), model, True)
    pixels = random_pixels(int(count) + 1, benchmarked.adapter().patch_size)
    segment(points_request(Path(features), benchmarked, pixels[:1]), answers=lambda event: None)
    _RESET.write_text("5")  # the peak is counted anew from here
    before, wall, cpu = _memory("VmRSS"), time.perf_counter(), time.process_time()
    segment(points_request(Path(features), benchmarked, pixels[1:]), answers=lambda event: None)
    measured = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "before": before,
        "peak": _memory("VmHWM") - before,
    }
    print(json.dumps(measured))


def _memory(name: str) -> int:
    """A line of the process's status, in bytes."""
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return 1024 * int(line.split()[1])


if __name__ == "__main__":
    main()
