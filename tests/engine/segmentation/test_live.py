"""Prompts straight on a raster, with a model whose masks are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely

from geosam_processing.contract import FetchedPatch, LiveSource, Prompt, Raster, TileGrid
from geosam_processing.engine import errors
from geosam_processing.engine.overlap import intersection_over_union
from geosam_processing.engine.segmentation.sources.live_cache import describe
from tests.engine.live_runs import (
    CORNER,
    HEIGHT,
    LARGE,
    SMALL,
    TURNED,
    WIDTH,
    Live,
    at,
    box_of,
    fetch,
    iou,
    middle,
)
from tests.engine.rasters import DEGREES, NORTH_UP, SOUTH_UP
from tests.engine.stand_in_adapter import PATCH, write_raster


@pytest.mark.parametrize(
    ("transform", "crs", "metres"),
    [
        (NORTH_UP, "EPSG:32633", 2),
        (SOUTH_UP, "EPSG:32633", 2),
        (TURNED, "EPSG:32633", 2),
        (DEGREES, "EPSG:4326", 8.74),
    ],
    ids=["north up", "south up", "rotated", "degrees"],
)
@pytest.mark.parametrize("rectangle", [SMALL, CORNER, (612, 460, WIDTH, HEIGHT)])
def test_polygons_lie_where_the_object_is(scene, cache_folder, transform, crs, metres, rectangle):
    raster = scene(rectangle, transform=transform, crs=crs)
    prompts = [middle(transform, rectangle, 1), box_of(transform, rectangle, 2)]
    live = Live(raster, prompts, cache_folder)
    assert not live.reasons
    for key in (1, 2):
        assert iou(live.geometry(key), transform, rectangle) > 0.97
        assert not live.objects[key].touches_edge
    # The box around a turned rectangle is too large for the finest patch.
    assert live.objects[1].resolution == pytest.approx(metres, rel=1e-2)
    assert live.objects[1].chip_id.startswith("live_0_")


@pytest.mark.parametrize("place", [(0.5, 0.5), (0.03, 0.04), (0.97, 0.5), (0.2, 0.9)])
def test_an_object_three_times_larger_than_a_patch_comes_back_whole(scene, cache_folder, place):
    raster = scene(LARGE)
    left, top, right, bottom = LARGE
    x, y = left + place[0] * (right - left), top + place[1] * (bottom - top)
    live = Live(raster, [at(NORTH_UP, x, y)], cache_folder)
    assert iou(live.geometry(), NORTH_UP, LARGE) > 0.95
    assert not live.objects[1].touches_edge
    assert live.objects[1].resolution == pytest.approx(8, rel=1e-2)  # 2 m, two levels coarser
    assert len(live.result.encoded) <= 4


def test_an_object_at_the_edge_of_a_patch_is_centred_at_full_resolution(scene, cache_folder):
    wide = (320, 200, 360, 220)
    live = Live(scene(wide), [at(NORTH_UP, 322, 210)], cache_folder)
    assert iou(live.geometry(), NORTH_UP, wide) > 0.97
    assert live.objects[1].resolution == pytest.approx(2, rel=1e-2)


def test_the_limit_of_attempts_gives_what_was_seen(scene, cache_folder):
    live = Live(scene(LARGE), [middle(NORTH_UP, LARGE)], cache_folder, attempts=1)
    assert live.objects[1].touches_edge
    assert live.objects[1].area == pytest.approx((PATCH * 2) ** 2, rel=0.05)
    assert len(live.result.encoded) == 1


def test_a_coarser_patch_that_finds_less_does_not_count(
    components, scene, cache_folder, monkeypatch
):
    raster = scene(LARGE)
    decode = components.decode

    def blind(features, prompts, multimask):
        logits, scores = decode(features, prompts, multimask)
        return (logits, scores) if len(components.decoded) == 1 else (logits * 0 - 3, scores)

    monkeypatch.setattr(components, "decode", blind)
    live = Live(raster, [middle(NORTH_UP, LARGE)], cache_folder)
    assert live.objects[1].touches_edge
    assert live.objects[1].resolution == pytest.approx(2, rel=1e-2)


def test_every_prompt_is_answered(scene, cache_folder):
    prompts = [
        Prompt(1, ((0.0, 0.0),), (1,)),
        at(NORTH_UP, 600, 400, 2),
        middle(NORTH_UP, SMALL, 3),
        replace(middle(NORTH_UP, SMALL, 4), points=(NORTH_UP * (310, 200), (0, 0)), labels=(1, 0)),
    ]
    live = Live(scene(SMALL), prompts, cache_folder)
    assert live.objects.keys() == {3}
    assert "outside the raster" in live.reasons[1]
    assert "empty mask" in live.reasons[2]
    assert "One of its points" in live.reasons[4]


def test_prompts_on_nothing_are_not_asked(components, tmp_path, cache_folder):
    """As in a folder: the left half of the only patch has no data."""
    values = np.full((1, PATCH, PATCH), 10, "uint8")
    values[:, 20:40, 40:60] = 245
    values[:, :, : PATCH // 2] = 0
    raster = write_raster(tmp_path / "half.tif", PATCH, PATCH, NORTH_UP, values=values, nodata=0)
    prompts = [
        at(NORTH_UP, 10, 30, 1),
        at(NORTH_UP, 50, 30, 2),
        box_of(NORTH_UP, (2, 2, 20, 20), 3),
    ]
    for counts in ((1, 0), (0, 1)):
        live = Live(raster, prompts, cache_folder)
        assert live.counts == counts
        assert live.objects.keys() == {2}
        assert "no data there" in live.reasons[1] and "no data there" in live.reasons[3]


def test_how_the_values_are_read_is_a_warning(components, tmp_path, cache_folder):
    raster = write_raster(tmp_path / "scaled.tif", PATCH, PATCH)
    with rasterio.open(raster, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.5,) * 3, (1.0,) * 3
    live = Live(raster, [at(NORTH_UP, 10, 30)], cache_folder)
    assert [line for line in live.log if "scaled as QGIS shows them: scale 0.5" in line]


def test_search_for_the_range_can_be_cancelled(components, tmp_path, cache_folder):
    values = np.arange(PATCH * PATCH, dtype="uint16").reshape(1, PATCH, PATCH)
    raster = write_raster(tmp_path / "wide.tif", PATCH, PATCH, values=values)
    with pytest.raises(errors.Cancelled):
        Live(raster, [at(NORTH_UP, 10, 30)], cache_folder, cancelled=lambda: True)
    # No range was kept either.
    assert describe(cache_folder).count == 0


def test_a_patch_without_data_is_a_reason(components, tmp_path, cache_folder):
    values = np.zeros((1, 100, 100), "uint8")
    raster = write_raster(
        tmp_path / "empty.tif", 100, 100, NORTH_UP, "EPSG:32633", values, nodata=0
    )
    for counts in ((1, 0), (0, 1)):
        live = Live(raster, [at(NORTH_UP, 50, 50)], cache_folder)
        assert "no data" in live.reasons[1]
        assert live.counts == counts
    assert not components.images


def test_values_other_than_bytes_are_seen_with_the_range_of_the_raster(
    components, scene, cache_folder
):
    raster = scene(SMALL, dtype="uint16", bright=4010)
    live = Live(raster, [middle(NORTH_UP, SMALL)], cache_folder)
    assert iou(live.geometry(), NORTH_UP, SMALL) > 0.97
    assert float(components.images[0].min()) == 0 and float(components.images[0].max()) == 255
    Live(raster, [middle(NORTH_UP, SMALL)], cache_folder, value_range=(0, 8020))
    assert len(components.images) == 2
    assert float(components.images[1].max()) == pytest.approx(127.5)


def test_a_coarser_resolution_is_in_metres(scene, cache_folder):
    raster = scene(LARGE)
    source = LiveSource(Raster(str(raster)), resolution=8.0)
    live = Live(raster, [middle(NORTH_UP, LARGE)], cache_folder, source=source)
    assert iou(live.geometry(), NORTH_UP, LARGE) > 0.95
    assert live.objects[1].resolution == pytest.approx(8, rel=1e-2)
    assert live.objects[1].chip_id.startswith("live_0_")


# A web Mercator at 60 degrees north, where its metre is half a metre.
MERCATOR = (1_800_000.0, 8_399_000.0)


def test_what_has_to_be_fetched_goes_in_rounds(components, scene, cache_folder, tmp_path):
    x, y = MERCATOR
    transform = NORTH_UP.translation(x, y) * NORTH_UP.scale(2.0, -2.0)
    raster = scene(SMALL, LARGE, transform=transform, crs="EPSG:3857")
    tiles = TileGrid("type=xyz", "EPSG:3857", x, y, 2.0, WIDTH, HEIGHT)
    prompts = [middle(transform, SMALL, 1), middle(transform, LARGE, 2)]
    waiting: Sequence[Any] = prompts
    fetched: tuple[FetchedPatch, ...] = ()
    rounds, objects = 0, {}
    while waiting:
        live = Live(raster, waiting, cache_folder, source=LiveSource(tiles=tiles), fetched=fetched)
        objects.update(live.objects)
        waiting = live.result.waiting
        patches = {each.patch for each in waiting if each.patch is not None}
        fetched = tuple(
            FetchedPatch(patch, fetch(raster, patch, tmp_path), True) for patch in patches
        )
        rounds += 1
        assert rounds < 8
    direct = Live(raster, prompts, tmp_path / "other")
    for key, rectangle in ((1, SMALL), (2, LARGE)):
        found = shapely.from_wkb(objects[key].wkb)
        assert iou(found, transform, rectangle) > 0.95
        assert intersection_over_union(found, direct.geometry(key)) > 0.97
    assert objects[1].resolution == pytest.approx(1.0, rel=0.01)  # metres on the ground
    encoded = len(components.images)
    again = Live(raster, prompts, cache_folder, source=LiveSource(tiles=tiles))
    assert again.result.waiting == () and len(again.objects) == 2
    assert len(components.images) == encoded


def test_a_patch_with_missing_tiles_is_used_but_not_kept(scene, cache_folder, tmp_path):
    raster = scene(SMALL)
    x, y = tuple(NORTH_UP * (0, 0))
    source = LiveSource(tiles=TileGrid("type=xyz", "EPSG:32633", x, y, 2.0, WIDTH, HEIGHT))
    prompts = [middle(NORTH_UP, SMALL)]
    (waiting,) = Live(raster, prompts, cache_folder, source=source).result.waiting
    assert waiting.patch is not None
    fetched = FetchedPatch(waiting.patch, fetch(raster, waiting.patch, tmp_path), False)
    live = Live(raster, [waiting], cache_folder, source=source, fetched=(fetched,), attempts=1)
    assert live.objects and live.counts == (1, 0)
    assert describe(cache_folder).count == 0


def test_features_that_cannot_be_reused(components, scene, cache_folder):
    components.reusable_features = False
    with pytest.raises(errors.ModelError, match="cannot be stored and reused"):
        Live(scene(SMALL), [middle(NORTH_UP, SMALL)], cache_folder)
