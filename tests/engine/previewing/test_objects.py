"""How objects lie in the patches, and what is recommended for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shapely import from_wkb

from geosam_processing.engine.encoding.encode import encode
from tests.engine.shown_preview import Shown, boxes
from tests.engine.stand_in_adapter import (
    NORTH_UP,
    PATCH,
    StandInAdapter,
    encode_request,
    write_raster,
)


def test_objects_are_told_their_best_patch(adapter: StandInAdapter, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "r.tif", 2 * PATCH, PATCH)
    shown = Shown(
        encode_request(raster, tmp_path / "f"),
        objects=boxes((40, 10, 60, 26), (0, 0, 128, 5), (500, 0, 510, 5), (-5, -5, 5, 5)),
        margin=2,
    )
    fits = shown.result.objects
    assert [(f.chip_id, f.containing_count, f.covered) for f in fits] == [
        ("chip_000001", 2, True),
        ("chip_000001", 0, False),
        ("", 0, False),
        ("chip_000000", 1, True),
    ]
    assert [f.size_in_patches for f in fits[:2]] == [20 / 64, 2.0]
    assert shown.result.covered_share == pytest.approx(2 / 3)
    assert "1 of 4 objects lie outside the raster" in shown.text
    away = Shown(encode_request(raster, tmp_path / "f"), objects=boxes((500, 0, 510, 5)))
    assert "None of the objects (1) touches the raster or its extent" in away.text
    assert (away.result.covered_share, away.result.recommendation) == (None, None)


@pytest.mark.slow
def test_recommendation_holds_when_it_is_encoded(adapter: StandInAdapter, tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    raster = write_raster(tmp_path / "r.tif", 500, 400)
    corners = generator.uniform((0, 0), (390, 290), (40, 2))
    sides = generator.uniform(5, 110, (40, 2))
    objects = boxes(*(tuple(row) for row in np.hstack([corners, corners + sides]).tolist()))
    request = encode_request(raster, tmp_path / "f")
    shown = Shown(request, objects=objects, share=0.9, margin=2)
    found = shown.result.recommendation
    assert found is not None and found.resolution > 2 and found.covered_share >= 0.9
    assert f"{found.resolution:g} m" in shown.text
    result = encode(replace(request, target_resolution=found.resolution, stride=found.stride))
    margin = 2 * found.resolution
    frame = (*NORTH_UP * (0, 400), *NORTH_UP * (500, 0))
    patches = [from_wkb(bytes.fromhex(p.wkb)).bounds for p in result.patches]
    covered = 0
    for each in objects:
        x0, y0, x1, y1 = each.box
        wanted = (
            max(x0 - margin, frame[0]),
            max(y0 - margin, frame[1]),
            min(x1 + margin, frame[2]),
            min(y1 + margin, frame[3]),
        )
        covered += any(
            p[0] <= wanted[0] + 1e-6
            and p[1] <= wanted[1] + 1e-6
            and p[2] >= wanted[2] - 1e-6
            and p[3] >= wanted[3] - 1e-6
            for p in patches
        )
    assert covered / len(objects) == pytest.approx(found.covered_share)


def test_half_the_resolution_is_recommended_for_small_objects(
    adapter: StandInAdapter, tmp_path: Path
) -> None:
    raster = write_raster(tmp_path / "r.tif", 500, 400)
    small = boxes((100, 100, 104, 105), (200, 200, 205, 204), (10, 20, 15, 25))
    shown = Shown(encode_request(raster, tmp_path / "f"), objects=small, share=0.9, margin=2)
    assert shown.result.recommendation is not None
    assert shown.result.recommendation.resolution == pytest.approx(1.0)
    assert "outlined better when enlarged" in shown.text
    larger = boxes((100, 100, 107, 105), (200, 200, 205, 207), (10, 20, 17, 25))
    shown = Shown(encode_request(raster, tmp_path / "f"), objects=larger, share=0.9, margin=2)
    assert shown.result.recommendation is not None
    assert shown.result.recommendation.resolution == pytest.approx(2.0)
