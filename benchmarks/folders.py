"""What large feature folders cost: many chips, and manifests of up to a million rows.

python -m benchmarks.folders start 20 20000          describe, segment, preview
python -m benchmarks.folders manifest 20000 100000   write, read and merge manifests
python -m benchmarks.folders one-pass 36 144         memory and disk of Segment everything

The chips of a folder are links to a few files, so that a disk holds them. Each amount is measured
in a separate process; its numbers are printed as Markdown.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from benchmarks.workplace import CPU, LEFT, METRES, TOP, cost_of, write_raster
from geosam_processing.contract import (
    DescribeFeaturesRequest,
    DiscoverRequest,
    EncodeRequest,
    MergeFeaturesRequest,
    Model,
    PreviewRequest,
    Prompt,
    Raster,
    SegmentRequest,
    Shard,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL, CATALOGUE
from geosam_processing.engine.discovery.discover import discover
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.encoding.merge_shards import merge_features
from geosam_processing.engine.encoding.plan import plan_of, settings_of
from geosam_processing.engine.encoding.shards import grid_order, part
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.manifest import Chip, Settings, write_manifest
from geosam_processing.engine.features.manifest_parts import PartNote
from geosam_processing.engine.models import registry
from geosam_processing.engine.previewing.preview import preview
from geosam_processing.engine.raster.view import open_source
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import describe, segment

_STRIDE = 8
_LINKS = 30_000  # of one file; some file systems allow 65,000
_PARTS = 16
_APART = 96  # pixels between squares
_PATCH = CATALOGUE[BUNDLED_MODEL].patch_size


def request_of(raster: Path, folder: Path) -> EncodeRequest:
    return EncodeRequest(
        Raster(str(raster)),
        Model(BUNDLED_MODEL),
        str(folder),
        "scale",
        stride=_STRIDE,
        device=CPU,
        value_range=(0.0, 255.0),
        compute_precision="float32",
    )


def side_for(count: int) -> int:
    """Pixels along a square raster with about ``count`` patches."""
    return _PATCH + _STRIDE * (math.isqrt(count) - 1)


def chips_of(folder: Path, raster: Path) -> tuple[list[Chip], Settings]:
    """Encode one patch, link it for all others, and return all chips."""
    request = request_of(raster, folder)
    resolved = registry.resolve(request.model)
    adapter = registry.load(resolved, CPU, lambda event: None, "float32")
    with open_source(request.raster) as view:
        plan = plan_of(request, view, adapter.model_id, adapter.patch_size)
        settings = settings_of(
            request, plan, adapter.family, "float32", (0.0, 255.0), resolved.sha256
        )
        bounds = (LEFT, TOP - _PATCH * METRES, LEFT + _PATCH * METRES, TOP)
        with tempfile.TemporaryDirectory(dir=folder.parent) as one:
            encode(replace(request, raster=replace(request.raster, extent=bounds), output=one))
            (made,) = FeatureFolder.open(one).chips
            content = made.path.read_bytes()
    features = folder / "scale" / "features"
    features.mkdir(parents=True)
    chips = []
    for window in plan.patches:
        path = features / f"{window.chip_id}.pt"
        if window.index % _LINKS == 0:
            source = path
            path.write_bytes(content)
        else:
            os.link(source, path)
        chips.append(replace(plan.chip(window), path=path, checksum=made.checksum))
    return chips, settings


def measure_start(folder: Path, count: int) -> dict[str, Any]:
    """Describe a folder, answer a prompt and preview with it, each for the first time."""
    raster = write_raster(folder / "raster.tif", side_for(count))
    features = folder / "features"
    chips, settings = chips_of(features, raster)
    write_manifest(features, chips, settings, str(raster), "geosam_nano.pt")
    found: dict[str, Any] = {"patches": len(chips)}
    place = (LEFT + 100 * METRES, TOP - 100 * METRES)
    prompts = (Prompt(1, (place,), (1,)),)
    model = Model(BUNDLED_MODEL)
    preview_request = PreviewRequest(
        request_of(raster, features), str(features), seconds_per_patch=0.1, patch_limit=10
    )
    work: dict[str, Callable[[], object]] = {
        "describe": lambda: describe(DescribeFeaturesRequest(str(features))),
        "segment": lambda: segment(SegmentRequest(str(features), prompts, model, CPU)),
        "segment with WHOLE": lambda: segment(
            SegmentRequest(str(features), prompts, model, CPU, whole=True)
        ),
        "preview": lambda: preview(preview_request),
    }
    # The libraries and the model come first, which take the same time in every folder.
    with tempfile.TemporaryDirectory(dir=folder) as one:
        small = replace(request_of(raster, Path(one) / "features"), stride=_PATCH)
        encode(small)
        segment(SegmentRequest(small.output, prompts, model, CPU, whole=True))
        preview(PreviewRequest(small, small.output, seconds_per_patch=0.1))
    for name, each in work.items():
        cost = cost_of(each)
        found[name] = [round(cost["wall"], 2), round(cost["cpu"], 2), round(cost["peak"] / 1e6)]
    return found


def measure_manifest(folder: Path, count: int) -> dict[str, Any]:
    """Write, read and merge the manifest of many chips."""
    raster = write_raster(folder / "raster.tif", side_for(count))
    features = folder / "features"
    chips, settings = chips_of(features, raster)
    common = (settings, str(raster), "geosam_nano.pt")

    def write_parts() -> None:
        (features / "manifest.parts").mkdir()
        with open_source(Raster(str(raster))) as view:
            grid = plan_of(request_of(raster, features), view, BUNDLED_MODEL, _PATCH).patches
        order = grid_order(grid)
        for number in range(1, _PARTS + 1):
            shard = Shard(number, _PARTS)
            own = [chips[index] for index in part(order, shard).tolist()]
            write_manifest(features, own, *common, PartNote(settings.to_text(), shard))

    work: dict[str, Callable[[], object]] = {
        "write": lambda: write_manifest(features, chips, *common),
        "read": lambda: FeatureFolder.open(features).bounds,
        f"write {_PARTS} parts": write_parts,
        f"merge {_PARTS} parts": lambda: merge_features(MergeFeaturesRequest((str(features),))),
    }
    found: dict[str, Any] = {"patches": len(chips)}
    for name, each in work.items():
        cost = cost_of(each)
        found[name] = [round(cost["wall"], 1), round(cost["cpu"], 1), round(cost["peak"] / 1e6)]
        if name == "write":
            found["MB"] = round((features / "manifest.parquet").stat().st_size / 1e6, 1)
        if name == "read":
            (features / "manifest.parquet").unlink()
    return found


def _squares(side: int) -> NDArray[np.uint8]:
    """Return squares on a dark ground, as masks of noise have thousands of rings."""
    inside = np.arange(side) % _APART < _APART // 2
    values = np.where(inside[:, None] & inside, 210, 50).astype(np.uint8)
    return np.stack([values] * 3)


def measure_one_pass(folder: Path, count: int) -> dict[str, Any]:
    """Segment everything on a raster: memory, and what is on the disk at the end of asking."""
    side = _PATCH + _PATCH // 2 * (math.isqrt(count) - 1)
    raster = write_raster(folder / "raster.tif", side)
    with rasterio.open(raster, "r+") as target:
        target.write(_squares(side))
    output = folder / "records"
    largest = 0
    objects = 0

    def progress(event: object) -> None:
        nonlocal largest
        files = [path for path in output.rglob("*") if path.is_file()]
        largest = max(largest, sum(path.stat().st_size for path in files))

    def results(event: Any) -> None:
        nonlocal objects
        objects += len(event.objects)

    request = replace(request_of(raster, output), stride=_PATCH // 2)
    context = RunContext(progress=progress, results=results)
    cost = cost_of(
        lambda: discover(DiscoverRequest(encode=request, spacing=128, device=CPU), context)
    )
    return {
        "patches": math.isqrt(count) ** 2,
        "objects": objects,
        "seconds": [round(cost["wall"], 1), round(cost["cpu"], 1), round(cost["peak"] / 1e6)],
        "disk MB": round(largest / 1e6, 2),
    }


_MEASURES = {"start": measure_start, "manifest": measure_manifest, "one-pass": measure_one_pass}


def main(what: str, *counts: str) -> None:
    """Measure each count in a separate process and print a table."""
    rows = []
    for count in counts:
        command = [sys.executable, "-m", "benchmarks.folders", "--one", what, count]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    print("| | " + " | ".join(rows[0]) + " |")
    print("|---" * (len(rows[0]) + 1) + "|")
    for row in rows:
        shown = [
            "{} s, {} s CPU, {} MB".format(*value) if isinstance(value, list) else f"{value:,}"
            for value in row.values()
        ]
        print(f"| {what} | " + " | ".join(shown) + " |")


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        with tempfile.TemporaryDirectory() as place:
            print(json.dumps(_MEASURES[sys.argv[2]](Path(place), int(sys.argv[3]))))
    else:
        main(*sys.argv[1:])
