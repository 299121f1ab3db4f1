"""What live runs keep, and meet again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from geosam_processing.contract import LiveSource, Raster
from geosam_processing.engine import errors
from geosam_processing.engine.models.adapter import PatchFeatures
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache, describe
from tests.engine.live_runs import (
    CORNER,
    LARGE,
    SMALL,
    Live,
    at,
    many_prompts,
    middle,
)
from tests.engine.rasters import NORTH_UP
from tests.engine.stand_in_adapter import PATCH, StandInAdapter, install

REPOSITORY = Path(__file__).parents[4]


def test_the_second_run_encodes_nothing_and_gives_the_same(components, scene, cache_folder):
    raster = scene(SMALL, LARGE, CORNER)
    prompts = many_prompts()
    first = Live(raster, prompts, cache_folder)
    assert first.result.encoded and not first.result.cached
    encoded = len(components.images)
    second = Live(raster, prompts, cache_folder)
    assert len(components.images) == encoded
    assert second.counts == (0, first.counts[0])
    assert second.objects == first.objects and second.reasons == first.reasons


@pytest.mark.parametrize("change", ["pixels", "time", "bands", "range", "resolution"])
def test_whatever_changes_what_is_seen_misses_the_cache(scene, cache_folder, change):
    raster = scene(SMALL)
    prompts = [middle(NORTH_UP, SMALL)]
    Live(raster, prompts, cache_folder)
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
    assert Live(raster, prompts, cache_folder, source=source, **changes).counts == (1, 0)
    if change in ("bands", "range", "resolution"):
        assert Live(raster, prompts, cache_folder).counts == (0, 1)


def test_all_features_of_sam2_come_back_from_the_cache(scene, cache_folder, monkeypatch):
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
        Live(raster, [middle(NORTH_UP, SMALL)], cache_folder)
    assert len(stand_in.images) == 1
    first, second = seen
    assert torch.equal(first.image_embedding, second.image_embedding)
    assert len(first.high_resolution) == 2
    for one, other in zip(first.high_resolution, second.high_resolution, strict=True):
        assert one.dtype == torch.float32 and torch.equal(one, other)


def test_cancelling_keeps_what_was_encoded(components, scene, cache_folder):
    raster = scene(SMALL)
    prompts = [at(NORTH_UP, 40 + 100 * n, 40, n) for n in range(6)]
    with pytest.raises(errors.Cancelled):
        Live(raster, prompts, cache_folder, cancelled=lambda: len(components.images) >= 2)
    assert len(components.images) == 2
    assert describe(cache_folder).count == 2
    again = Live(raster, prompts, cache_folder)
    assert again.counts == (4, 2)


def test_a_folder_that_vanishes_in_the_middle_changes_nothing(components, scene, cache_folder):
    raster = scene(SMALL)
    prompts = [at(NORTH_UP, 40 + 100 * n, 40, n) for n in range(6)]

    def lose():
        if len(components.images) == 3:
            shutil.rmtree(cache_folder, ignore_errors=True)
        return False

    live = Live(raster, prompts, cache_folder, cancelled=lose)
    assert live.counts == (6, 0) and not live.log
    assert 0 < describe(cache_folder).count < 6


def test_without_a_cache_prompts_are_answered_all_the_same(scene, tmp_path):
    (tmp_path / "file").write_text("in the way")
    live = Live(scene(SMALL), [middle(NORTH_UP, SMALL)], tmp_path / "file")
    assert live.objects and len(live.log) == 1 and "cannot be written" in live.log[0]
    live = Live(scene(SMALL), [middle(NORTH_UP, SMALL)], tmp_path / "no", megabytes=0)
    assert live.objects and not live.log and not (tmp_path / "no").exists()


_RUN = """
import sys, time
from pathlib import Path
import pytest
from geosam_processing.engine.segmentation.live import segment_live
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.stand_in_adapter import install
from tests.engine.live_runs import many_prompts, request_on

class Slow(ComponentAdapter):
    def encode(self, images):
        time.sleep(0.1)
        return super().encode(images)

install(pytest.MonkeyPatch(), Slow())
request = request_on(Path(sys.argv[1]), many_prompts(), sys.argv[2])
result = segment_live(request)
print(result.object_count + result.unanswered_count)
"""


@pytest.mark.slow
def test_two_runs_share_a_cache_and_one_is_killed(components, scene, cache_folder, tmp_path):
    raster = scene(SMALL, LARGE)
    command = [sys.executable, "-c", _RUN, str(raster), str(cache_folder)]
    runs = [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        deadline = time.monotonic() + 60
        while describe(cache_folder).count < 4 and time.monotonic() < deadline:
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
    again = Live(raster, many_prompts(), cache_folder)
    alone = Live(raster, many_prompts(), tmp_path / "other")
    assert not again.result.encoded
    assert again.objects == alone.objects and again.reasons == alone.reasons


def test_too_little_memory_for_one_patch(components, scene, tmp_path):
    components.largest_batch = 0
    with pytest.raises(errors.DeviceError, match="does not suffice for one patch with stand_in"):
        Live(scene(SMALL), [middle(NORTH_UP, SMALL)], tmp_path / "cache")


@pytest.mark.parametrize("shortage", ["CUDA out of memory", "MPS backend out of memory"])
def test_a_batch_that_does_not_fit_is_halved(components, scene, tmp_path, monkeypatch, shortage):
    decode, tried = components.decode, []

    def small(features, prompts, multimask):
        tried.append(len(prompts.points))
        if len(prompts.points) > 3:
            raise RuntimeError(shortage)
        return decode(features, prompts, multimask)

    monkeypatch.setattr(components, "decode", small)
    prompts = [middle(NORTH_UP, SMALL, key) for key in range(10)]
    live = Live(scene(SMALL), prompts, tmp_path / "cache", batch_size=8)
    assert live.objects.keys() == set(range(10))
    assert tried[0] == 8 and max(tried[1:]) == 4 and tried.count(4) == 1


@pytest.mark.parametrize(
    "arrays",
    [
        {"other": np.zeros(3, np.float16)},
        {"image_embed": np.zeros((1, 3, 4, 4), np.float32)},
        {"image_embed": np.zeros((1, 3, 4), np.float16)},
        {"image_embed": np.zeros((1, 3, 4, 4), np.float16), "a": np.zeros(1, np.float16)},
        {"image_embed": np.full((1, 3, 4, 4), np.nan, np.float16)},
    ],
)
def test_entry_of_other_arrays_is_encoded_again(scene, cache_folder, arrays):
    raster, prompts = scene(SMALL), [middle(NORTH_UP, SMALL)]
    first = Live(raster, prompts, cache_folder)
    (path,) = cache_folder.glob("*.npz")
    key = path.stem.removeprefix("geosam_")
    FeatureCache(cache_folder, 100, print).store(key, arrays)
    again = Live(raster, prompts, cache_folder)
    assert again.counts == (1, 0) and again.objects == first.objects
    assert Live(raster, prompts, cache_folder).counts == (0, 1)
