"""What a user waits for before work begins: the engine's start, a description, a preview."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

from benchmarks.workplace import (
    EPSG,
    LEFT,
    METRES,
    TOP,
    Benchmarked,
    Finding,
    encoded_patch,
    to_map,
)

_LARGE = 60_000  # pixels

# Prints the CPU seconds of the steps from the start of a process to a polygon, and again to one.
_FIRST_POLYGON = """
import json, sys, time
times = [time.process_time()]
from geosam_processing.engine.compute.machine import settle
settle()
from geosam_processing.engine import server
times.append(time.process_time())
import torch
times.append(time.process_time())
from geosam_processing.contract import Prompt, SegmentRequest
from geosam_processing.engine.segmentation.segment import segment
folder, x, y = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
request = SegmentRequest(folder, (Prompt(0, ((x, y),), (1,)),))
for _ in range(2):
    segment(request)
    times.append(time.process_time())
print(json.dumps([end - begin for begin, end in zip(times, times[1:])]))
"""

# Prints the peak of a process that previews a raster, in MiB; on Linux alone.
_PREVIEW = """
import re, sys
from pathlib import Path
from geosam_processing.contract import Device, EncodeRequest, Model, PreviewRequest, Raster
from geosam_processing.engine.compute.machine import settle
settle()
from geosam_processing.engine.previewing.preview import preview
request = EncodeRequest(
    raster=Raster(sys.argv[1]), model=Model("geosam_nano"), output=sys.argv[2],
    layer_name="large", stride=256, device=Device("cpu"),
)
preview(PreviewRequest(request))
peak = re.search("VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(int(peak[1]) / 1024)
"""


def first_polygon(folder: Path, benchmarked: Benchmarked) -> Finding:
    """From the start of a process to a polygon from a feature folder."""
    features = encoded_patch(folder, benchmarked)
    side = benchmarked.adapter().patch_size
    ((x, y),) = to_map(np.array([[side / 2, side / 2]]))
    imports, torch_import, first, second = json.loads(
        _run(_FIRST_POLYGON, str(features), str(x), str(y))
    )
    return Finding(
        "Engine from its start to the first polygon, CPU",
        benchmarked.title,
        f"{imports + torch_import + first:.2f} s",
        "<= 1.5",
        f"its own modules {imports:.2f} s, torch {torch_import:.2f} s, folder, model and polygon "
        f"{first:.2f} s; the next polygon {second:.3f} s",
    )


def preview_memory(folder: Path, benchmarked: Benchmarked) -> Finding:
    """The peak of previewing a raster that is too large to be looked at as a whole."""
    raster = folder / "large.tif"
    profile = {
        "driver": "GTiff", "width": _LARGE, "height": _LARGE, "count": 3, "dtype": "uint8",
        "crs": f"EPSG:{EPSG}", "transform": from_origin(LEFT, TOP, METRES, METRES),
        "tiled": True, "blockxsize": 512, "blockysize": 512, "sparse_ok": True, "bigtiff": "yes",
    }  # fmt: skip
    with rasterio.open(raster, "w", **profile):
        pass
    return Finding(
        f"Peak memory of previewing {_LARGE:,} x {_LARGE:,} pixels",
        benchmarked.title,
        f"{float(_run(_PREVIEW, str(raster), str(folder / 'large'))):.0f} MiB",
        "<= 400",
        "of the process, the model that is timed included; tiles of 512 pixels, no overviews",
    )


def _run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return found.stdout.splitlines()[-1]
