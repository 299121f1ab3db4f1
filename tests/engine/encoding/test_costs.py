"""What a preview says that encoding costs, beside what it does cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from geosam_processing.engine.encoding import costs
from geosam_processing.engine.models.adapter import PatchFeatures
from geosam_processing.engine.run import RunContext
from tests.engine.stand_in_adapter import StandInAdapter, encode_request, install, write_raster

# Encodes a raster in a process of its own; prints the estimate and the real peak, in bytes.
_MEASURED = """
import resource, sys
from geosam_processing import contract
from geosam_processing.contract.catalogue import CATALOGUE
from geosam_processing.engine.encoding.costs import estimated_memory
from geosam_processing.engine.encoding.encode import encode

raster, output = sys.argv[1:]
request = contract.EncodeRequest(
    raster=contract.Raster(raster),
    model=contract.Model("geosam_nano"),
    output=output,
    layer_name="scene",
    device=contract.Device("cpu"),
    batch_size=8,
    value_range=(0.0, 255.0),
)
encode(request)
print(estimated_memory(CATALOGUE["geosam_nano"], request, print))
print(1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count the peak differently")
def test_memory_is_about_what_encoding_takes(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "r.tif", 1100, 1100)
    answer = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(raster), str(tmp_path / "features")],
        capture_output=True,
        text=True,
        check=True,
    )
    estimated, real = map(int, answer.stdout.split())
    assert 0.7 * real < estimated < 2.5 * real


@pytest.mark.parametrize(
    ("wall", "computed", "expected", "text"),
    [
        # A quiet machine with two threads: the clock is what counts.
        (
            [9.0, 1.0, 1.2, 1.1],
            [12.0, 1.9, 2.1, 2.0],
            1.1,
            "1.1 s on this machine (1 to 1.2",
        ),
        # A busy one: other programs take most of the clock's time.
        (
            [9.0, 6.0, 4.0, 5.0],
            [2.0, 1.0, 1.2, 1.1],
            1.1,
            "As other programs compute as well, a patch takes 5 s now",
        ),
    ],
)
def test_a_busy_machine_does_not_change_the_rate(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    wall: list[float],
    computed: list[float],
    expected: float,
    text: str,
) -> None:
    clocks = {"perf_counter": 0.0, "process_time": 0.0}
    passes = iter(zip(wall, computed, strict=True))

    def encoded(adapter: object, pixels: object) -> list[PatchFeatures]:
        by_clock, by_processor = next(passes)
        clocks["perf_counter"] += by_clock
        clocks["process_time"] += by_processor
        return [PatchFeatures(torch.zeros(1, 1, 1, 1))]

    for name in clocks:
        monkeypatch.setattr(costs.time, name, lambda name=name: clocks[name])
    monkeypatch.setattr(costs, "encode_pixels", encoded)
    monkeypatch.setattr(costs, "_PASSES", len(wall))
    monkeypatch.setattr(costs, "_LONG", 100.0)
    monkeypatch.setattr(costs, "_TOO_LONG", 100.0)
    install(monkeypatch, StandInAdapter())
    request = encode_request(tmp_path / "r.tif", tmp_path / "f")
    rate = costs.seconds_per_patch(request, RunContext())
    assert rate.seconds == pytest.approx(expected)
    assert (rate.least, rate.most) == pytest.approx((1.0, 1.2))
    assert text in ". ".join(rate.texts())


def test_a_slow_model_is_timed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(costs, "_PASSES", 1)
    install(monkeypatch, StandInAdapter())
    rate = costs.seconds_per_patch(encode_request(tmp_path / "r.tif", tmp_path / "f"), RunContext())
    assert rate.passes == 1 and " passes" not in next(rate.texts())
