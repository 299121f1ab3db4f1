"""Prompts straight on a raster, with a model whose masks are known."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import torch
from affine import Affine
from shapely.affinity import affine_transform

from geosam_processing.contract import (
    MaskOptions,
    Model,
    ObjectsEvent,
    Prompt,
    Raster,
    SegmentedObject,
)
from geosam_processing.contract_live import (
    FetchedPatch,
    LiveCache,
    LivePrompt,
    LiveSource,
    SegmentLiveRequest,
    TileGrid,
)
from geosam_processing.engine import errors
from geosam_processing.engine.live import segment_live
from geosam_processing.engine.live_cache import describe
from geosam_processing.engine.models.adapter import PatchFeatures
from geosam_processing.engine.raster import open_source
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.rasters import DEGREES, NORTH_UP, SOUTH_UP
from tests.engine.stand_in_adapter import PATCH, StandInAdapter, install, write_raster

REPOSITORY = Path(__file__).parents[2]
WIDTH, HEIGHT = 640, 480
SMALL = (324, 192, 348, 208)  # columns and rows: left, top, right, bottom
LARGE = (128, 256, 128 + 3 * PATCH, 256 + 3 * PATCH)
CORNER = (0, 0, 20, 20)
# Its pixels meet those of the model's masks, as the other rasters' do.
TURNED = Affine.rotation(30) * Affine.scale(2, -2) * Affine.translation(1666496, -2386496)


@pytest.fixture
def adapter(monkeypatch):
    stand_in = ComponentAdapter()
    install(monkeypatch, stand_in)
    return stand_in


@pytest.fixture
def scene(adapter, tmp_path):
    """Writes a dark raster with bright rectangles."""

    def make(*rectangles, transform=NORTH_UP, crs="EPSG:32633", dtype="uint8", bright=245):
        values = np.full((3, HEIGHT, WIDTH), 10, dtype=dtype)
        for left, top, right, bottom in rectangles:
            values[:, top:bottom, left:right] = bright
        return write_raster(tmp_path / "scene.tif", WIDTH, HEIGHT, transform, crs, values)

    return make


def request_on(raster, prompts, folder, megabytes=100, source=None, **changes):
    return SegmentLiveRequest(
        source or LiveSource(Raster(str(raster))),
        tuple(each if isinstance(each, LivePrompt) else LivePrompt(each) for each in prompts),
        Model("stand_in"),
        LiveCache(str(folder), megabytes),
        masks=changes.pop("masks", MaskOptions("single")),
        **changes,
    )


def many_prompts():
    """Points all over the scene."""
    places = np.random.default_rng(5).uniform(0, 470, (60, 2))
    return [at(NORTH_UP, x, y, key) for key, (x, y) in enumerate(places)]


class Live:
    """What a call gave."""

    def __init__(self, raster, prompts, folder, megabytes=100, cancelled=None, **changes):
        self.objects: dict[int, SegmentedObject] = {}
        self.reasons: dict[int, str] = {}
        self.log: list[str] = []
        request = request_on(raster, prompts, folder, megabytes, **changes)
        self.result = segment_live(
            request,
            self._receive,
            log=lambda event: self.log.append(event.text),
            cancelled=cancelled or (lambda: False),
        )
        answered = self.objects.keys() | self.reasons.keys()
        waiting = {each.prompt.key for each in self.result.waiting}
        assert answered.isdisjoint(waiting)
        assert answered | waiting == {each.prompt.key for each in request.prompts}

    def _receive(self, event: ObjectsEvent) -> None:
        self.objects.update({item.key: item for item in event.objects})
        self.reasons.update({item.key: item.reason for item in event.unanswered})

    @property
    def counts(self):
        return len(self.result.encoded), len(self.result.cached)

    def geometry(self, key=1):
        return shapely.from_wkb(self.objects[key].wkb)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "live"


def at(transform, column, row, key=1):
    return Prompt(key, (tuple(transform * (column, row)),), (1,))


def middle(transform, rectangle, key=1):
    left, top, right, bottom = rectangle
    return at(transform, (left + right) / 2, (top + bottom) / 2, key)


def box_of(transform, rectangle, key=1):
    return Prompt(key, box=affine_transform(shapely.box(*rectangle), transform.to_shapely()).bounds)


def iou(geometry, transform, rectangle):
    truth = affine_transform(shapely.box(*rectangle), transform.to_shapely())
    return geometry.intersection(truth).area / geometry.union(truth).area


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
def test_polygons_lie_where_the_object_is(scene, folder, transform, crs, metres, rectangle):
    raster = scene(rectangle, transform=transform, crs=crs)
    prompts = [middle(transform, rectangle, 1), box_of(transform, rectangle, 2)]
    live = Live(raster, prompts, folder)
    assert not live.reasons
    for key in (1, 2):
        assert iou(live.geometry(key), transform, rectangle) > 0.97
        assert not live.objects[key].touches_edge
    # The box around a turned rectangle is too large for the finest patch.
    assert live.objects[1].resolution == pytest.approx(metres, rel=1e-2)
    assert live.objects[1].chip_id.startswith("live_0_")


def test_the_second_run_encodes_nothing_and_gives_the_same(adapter, scene, folder):
    raster = scene(SMALL, LARGE, CORNER)
    prompts = many_prompts()
    first = Live(raster, prompts, folder)
    assert first.result.encoded and not first.result.cached
    encoded = len(adapter.images)
    second = Live(raster, prompts, folder)
    assert len(adapter.images) == encoded
    assert second.counts == (0, first.counts[0])
    assert second.objects == first.objects and second.reasons == first.reasons


@pytest.mark.parametrize("place", [(0.5, 0.5), (0.03, 0.04), (0.97, 0.5), (0.2, 0.9)])
def test_an_object_three_times_larger_than_a_patch_comes_back_whole(scene, folder, place):
    raster = scene(LARGE)
    left, top, right, bottom = LARGE
    x, y = left + place[0] * (right - left), top + place[1] * (bottom - top)
    live = Live(raster, [at(NORTH_UP, x, y)], folder)
    assert iou(live.geometry(), NORTH_UP, LARGE) > 0.95
    assert not live.objects[1].touches_edge
    assert live.objects[1].resolution == pytest.approx(8, rel=1e-2)  # 2 m, two levels coarser
    assert len(live.result.encoded) <= 4


def test_an_object_at_the_edge_of_a_patch_is_centred_at_full_resolution(scene, folder):
    wide = (320, 200, 360, 220)
    live = Live(scene(wide), [at(NORTH_UP, 322, 210)], folder)
    assert iou(live.geometry(), NORTH_UP, wide) > 0.97
    assert live.objects[1].resolution == pytest.approx(2, rel=1e-2)


def test_the_limit_of_attempts_gives_what_was_seen(scene, folder):
    live = Live(scene(LARGE), [middle(NORTH_UP, LARGE)], folder, attempts=1)
    assert live.objects[1].touches_edge
    assert live.objects[1].area == pytest.approx((PATCH * 2) ** 2, rel=0.05)
    assert len(live.result.encoded) == 1


def test_a_coarser_patch_that_finds_less_does_not_count(adapter, scene, folder, monkeypatch):
    raster = scene(LARGE)
    decode = adapter.decode

    def blind(features, prompts, multimask):
        logits, scores = decode(features, prompts, multimask)
        return (logits, scores) if len(adapter.decoded) == 1 else (logits * 0 - 3, scores)

    monkeypatch.setattr(adapter, "decode", blind)
    live = Live(raster, [middle(NORTH_UP, LARGE)], folder)
    assert live.objects[1].touches_edge
    assert live.objects[1].resolution == pytest.approx(2, rel=1e-2)


def test_every_prompt_is_answered(scene, folder):
    prompts = [
        Prompt(1, ((0.0, 0.0),), (1,)),
        at(NORTH_UP, 600, 400, 2),
        middle(NORTH_UP, SMALL, 3),
        replace(middle(NORTH_UP, SMALL, 4), points=(NORTH_UP * (310, 200), (0, 0)), labels=(1, 0)),
    ]
    live = Live(scene(SMALL), prompts, folder)
    assert live.objects.keys() == {3}
    assert "outside the raster" in live.reasons[1]
    assert "empty mask" in live.reasons[2]
    assert "One of its points" in live.reasons[4]


def test_a_patch_without_data_is_a_reason(adapter, tmp_path, folder):
    raster = write_raster(
        tmp_path / "empty.tif", 100, 100, values=np.zeros((1, 100, 100), "uint8"), nodata=0
    )
    for counts in ((1, 0), (0, 1)):
        live = Live(raster, [at(NORTH_UP, 50, 50)], folder, source=None)
        assert "outside" in live.reasons[1] or "no data" in live.reasons[1]
        assert live.counts in (counts, (0, 0))
    assert not adapter.images


def test_values_other_than_bytes_are_seen_with_the_range_of_the_raster(adapter, scene, folder):
    raster = scene(SMALL, dtype="uint16", bright=4010)
    live = Live(raster, [middle(NORTH_UP, SMALL)], folder)
    assert iou(live.geometry(), NORTH_UP, SMALL) > 0.97
    assert float(adapter.images[0].min()) == 0 and float(adapter.images[0].max()) == 255
    Live(raster, [middle(NORTH_UP, SMALL)], folder, value_range=(0, 8020))
    assert len(adapter.images) == 2
    assert float(adapter.images[1].max()) == pytest.approx(127.5)


def test_a_coarser_resolution_is_in_metres(scene, folder):
    raster = scene(LARGE)
    source = LiveSource(Raster(str(raster)), resolution=8.0)
    live = Live(raster, [middle(NORTH_UP, LARGE)], folder, source=source)
    assert iou(live.geometry(), NORTH_UP, LARGE) > 0.95
    assert live.objects[1].resolution == pytest.approx(8, rel=1e-2)
    assert live.objects[1].chip_id.startswith("live_0_")


@pytest.mark.parametrize("change", ["pixels", "time", "bands", "range", "resolution"])
def test_whatever_changes_what_is_seen_misses_the_cache(scene, folder, change):
    raster = scene(SMALL)
    prompts = [middle(NORTH_UP, SMALL)]
    Live(raster, prompts, folder)
    changes, source = {}, LiveSource(Raster(str(raster)))
    if change == "pixels":
        status = os.stat(raster)
        copy = raster.with_name("copy.tif")
        shutil.copy(raster, copy)
        os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
        os.replace(copy, raster)  # the same size and time, but another file
    elif change == "time":
        os.utime(raster, (1, 1))
    elif change == "bands":
        source = LiveSource(Raster(str(raster), bands=(3, 2, 1)))
    elif change == "range":
        changes["value_range"] = (0.0, 250.0)
    else:
        source = LiveSource(Raster(str(raster)), resolution=3.0)
    assert Live(raster, prompts, folder, source=source, **changes).counts == (1, 0)
    if change in ("bands", "range", "resolution"):
        assert Live(raster, prompts, folder).counts == (0, 1)


def test_all_features_of_sam2_come_back_from_the_cache(scene, folder, monkeypatch):
    stand_in = StandInAdapter("sam2")
    install(monkeypatch, stand_in)
    seen: list[PatchFeatures] = []

    def decode(features, prompts, multimask):
        seen.append(features)
        side = PATCH // 4
        return torch.full((1, 1, side, side), -1.0), torch.zeros(1, 1)

    monkeypatch.setattr(stand_in, "decode", decode)
    raster = scene(SMALL)
    for _ in range(2):
        Live(raster, [middle(NORTH_UP, SMALL)], folder)
    assert len(stand_in.images) == 1
    first, second = seen
    assert torch.equal(first.image_embedding, second.image_embedding)
    assert len(first.high_resolution) == 2
    for one, other in zip(first.high_resolution, second.high_resolution, strict=True):
        assert one.dtype == torch.float32 and torch.equal(one, other)


def test_cancelling_keeps_what_was_encoded(adapter, scene, folder):
    raster = scene(SMALL)
    prompts = [at(NORTH_UP, 40 + 100 * n, 40, n) for n in range(6)]
    with pytest.raises(errors.Cancelled):
        Live(raster, prompts, folder, cancelled=lambda: len(adapter.images) >= 2)
    assert len(adapter.images) == 2
    assert describe(folder).count == 2
    again = Live(raster, prompts, folder)
    assert again.counts == (4, 2)


def test_a_folder_that_vanishes_in_the_middle_changes_nothing(adapter, scene, folder):
    raster = scene(SMALL)
    prompts = [at(NORTH_UP, 40 + 100 * n, 40, n) for n in range(6)]

    def lose():
        if len(adapter.images) == 3:
            shutil.rmtree(folder, ignore_errors=True)
        return False

    live = Live(raster, prompts, folder, cancelled=lose)
    assert live.counts == (6, 0) and not live.log
    assert 0 < describe(folder).count < 6


def test_without_a_cache_prompts_are_answered_all_the_same(scene, tmp_path):
    (tmp_path / "file").write_text("in the way")
    live = Live(scene(SMALL), [middle(NORTH_UP, SMALL)], tmp_path / "file")
    assert live.objects and len(live.log) == 1 and "cannot be written" in live.log[0]
    live = Live(scene(SMALL), [middle(NORTH_UP, SMALL)], tmp_path / "no", megabytes=0)
    assert live.objects and not live.log and not (tmp_path / "no").exists()


# A web Mercator at 60 degrees north, where its metre is half a metre.
MERCATOR = (1_800_000.0, 8_399_000.0)


def fetch(raster, patch, folder):
    """Cuts a patch out of a raster as QGIS would fetch it."""
    path = folder / f"{patch.name}.tif"
    with open_source(Raster(str(raster), extent=patch.bounds)) as view:
        values, _ = view.read(0, 0, view.width, view.height)
        factor = 2**patch.level
        small = values[:, ::factor, ::factor][:, : patch.rows, : patch.columns]
        write_raster(
            path,
            patch.columns,
            patch.rows,
            view.transform * view.transform.scale(factor),
            view.crs_text,
            small.astype("uint8"),
        )
    return str(path)


def test_what_has_to_be_fetched_goes_in_rounds(adapter, scene, folder, tmp_path):
    x, y = MERCATOR
    transform = NORTH_UP.translation(x, y) * NORTH_UP.scale(2.0, -2.0)
    raster = scene(SMALL, LARGE, transform=transform, crs="EPSG:3857")
    tiles = TileGrid("type=xyz", "EPSG:3857", x, y, 2.0, WIDTH, HEIGHT)
    prompts = [middle(transform, SMALL, 1), middle(transform, LARGE, 2)]
    waiting: Sequence[Any] = prompts
    fetched: tuple[FetchedPatch, ...] = ()
    rounds, objects = 0, {}
    while waiting:
        live = Live(raster, waiting, folder, source=LiveSource(tiles=tiles), fetched=fetched)
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
        other = direct.geometry(key)
        assert found.intersection(other).area / found.union(other).area > 0.97
    assert objects[1].resolution == pytest.approx(1.0, rel=0.01)  # metres on the ground
    encoded = len(adapter.images)
    again = Live(raster, prompts, folder, source=LiveSource(tiles=tiles))
    assert again.result.waiting == () and len(again.objects) == 2
    assert len(adapter.images) == encoded


def test_a_patch_with_missing_tiles_is_used_but_not_kept(scene, folder, tmp_path):
    raster = scene(SMALL)
    x, y = tuple(NORTH_UP * (0, 0))
    source = LiveSource(tiles=TileGrid("type=xyz", "EPSG:32633", x, y, 2.0, WIDTH, HEIGHT))
    prompts = [middle(NORTH_UP, SMALL)]
    (waiting,) = Live(raster, prompts, folder, source=source).result.waiting
    assert waiting.patch is not None
    fetched = FetchedPatch(waiting.patch, fetch(raster, waiting.patch, tmp_path), False)
    live = Live(raster, [waiting], folder, source=source, fetched=(fetched,), attempts=1)
    assert live.objects and live.counts == (1, 0)
    assert describe(folder).count == 0


_RUN = """
import sys, time
from pathlib import Path
import pytest
from geosam_processing.engine.live import segment_live
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.stand_in_adapter import install
from tests.engine.test_live import many_prompts, request_on

class Slow(ComponentAdapter):
    def encode(self, images):
        time.sleep(0.1)
        return super().encode(images)

install(pytest.MonkeyPatch(), Slow())
request = request_on(Path(sys.argv[1]), many_prompts(), sys.argv[2])
result = segment_live(request, lambda event: None)
print(result.object_count + result.unanswered_count)
"""


def test_two_runs_share_a_cache_and_one_is_killed(adapter, scene, folder, tmp_path):
    raster = scene(SMALL, LARGE)
    command = [sys.executable, "-c", _RUN, str(raster), str(folder)]
    runs = [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        deadline = time.monotonic() + 60
        while describe(folder).count < 4 and time.monotonic() < deadline:
            time.sleep(0.02)
        runs[0].kill()
        assert runs[0].wait(10) == -9, "it was killed before it was done"
        output, _ = runs[1].communicate(timeout=60)
        assert runs[1].returncode == 0
        assert int(output) == len(many_prompts())
    finally:
        for run in runs:
            run.kill()
            run.wait()
    again = Live(raster, many_prompts(), folder)
    alone = Live(raster, many_prompts(), tmp_path / "other")
    assert not again.result.encoded
    assert again.objects == alone.objects and again.reasons == alone.reasons


def test_too_little_memory_for_one_patch(adapter, scene, tmp_path):
    adapter.largest_batch = 0
    with pytest.raises(errors.DeviceError, match="does not suffice for one patch with stand_in"):
        Live(scene(SMALL), [middle(NORTH_UP, SMALL)], tmp_path / "cache")


@pytest.mark.parametrize("shortage", ["CUDA out of memory", "MPS backend out of memory"])
def test_a_batch_that_does_not_fit_is_halved(adapter, scene, tmp_path, monkeypatch, shortage):
    decode, tried = adapter.decode, []

    def small(features, prompts, multimask):
        tried.append(len(prompts.points))
        if len(prompts.points) > 3:
            raise RuntimeError(shortage)
        return decode(features, prompts, multimask)

    monkeypatch.setattr(adapter, "decode", small)
    prompts = [middle(NORTH_UP, SMALL, key) for key in range(10)]
    live = Live(scene(SMALL), prompts, tmp_path / "cache", batch_size=8)
    assert live.objects.keys() == set(range(10))
    assert tried[0] == 8 and max(tried[1:]) == 4 and tried.count(4) == 1
