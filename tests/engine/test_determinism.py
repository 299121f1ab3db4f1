"""The same inputs give the same bits, with any number of threads, batch size and order of prompts.

The bundled model runs in processes of their own, as the number of threads and clocks differ.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.parity import picture
from tests.engine.stand_in_adapter import NORTH_UP, write_raster

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 640, 512
PROMPTS = 12

# Encodes a raster and segments prompts on it; prints hashes of the files and of the polygons.
_RUN = """
import hashlib, json, random, sys, time
raster, output, threads, batch, order, precision = sys.argv[1:]
# Whoever measures time gets another result in each process.
clock, lie = time.perf_counter, random.Random(order)
time.perf_counter = lambda: clock() + lie.random()
import torch
torch.set_num_threads(int(threads))
from geosam_processing import contract
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import segment
from tests.engine.test_determinism import hashes_of, prompts

result = encode(contract.EncodeRequest(
    raster=contract.Raster(raster), model=contract.Model("geosam_nano"), output=output,
    layer_name="scene", stride=256, device=contract.Device("cpu"), batch_size=int(batch),
    value_range=(0.0, 255.0), compute_precision=precision,
))
asked = list(prompts())
random.Random(order).shuffle(asked)
found = {}
segment(
    contract.SegmentRequest(output, tuple(asked), batch_size=int(batch)),
    RunContext(
        results=lambda event: found.update({o.key: [o.wkb, o.score] for o in event.objects})
    ),
)
print(json.dumps([hashes_of(output), sorted(found.items())]))
"""


def prompts():
    """Points and boxes over the scene."""
    from geosam_processing.contract import Prompt

    for key in range(PROMPTS):
        x, y = NORTH_UP * (60 + 160 * (key % 4), 90 + 160 * (key // 4))
        size = 40 * NORTH_UP.a
        if key % 3:
            yield Prompt(key, ((x, y),), (1,))
        else:
            yield Prompt(key, box=(x - size, y - size, x + size, y + size))


def hashes_of(folder: str) -> dict[str, str]:
    """Of the chips; the manifest names the time and the folder."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*.pt"))
    }


@pytest.mark.parametrize("precision", ["float32", "auto"])
def test_a_run_repeated_gives_the_same_bits(tmp_path: Path, precision: str) -> None:
    values = picture(HEIGHT, WIDTH).transpose(2, 0, 1)
    raster = write_raster(tmp_path / "scene.tif", WIDTH, HEIGHT, values=values)
    found = []
    for number, (threads, batch) in enumerate([(1, 1), (3, 5)]):
        output = tmp_path / f"features {number}"
        arguments = [raster, output, threads, batch, number, precision]
        answer = subprocess.run(
            [sys.executable, "-c", _RUN, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "OMP_NUM_THREADS": "", "OMP_WAIT_POLICY": "PASSIVE"},
        )
        found.append(json.loads(answer.stdout.splitlines()[-1]))
    files, polygons = found[0]
    assert len(files) == 2 and len(polygons) >= PROMPTS / 2
    assert found[1] == found[0]
