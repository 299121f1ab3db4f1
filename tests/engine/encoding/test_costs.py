"""What a preview says that encoding costs, beside what it does cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.stand_in_adapter import write_raster

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
