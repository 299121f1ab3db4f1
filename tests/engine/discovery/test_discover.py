"""Everything on a raster, with a model whose objects are bright areas in one piece."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from affine import Affine
from shapely.affinity import affine_transform

from geosam_processing.contract import (
    ContractError,
    DiscoverRequest,
    DiscoverResult,
    FoundObject,
    MaskOptions,
    ProgressEvent,
)
from geosam_processing.engine import errors
from geosam_processing.engine.discovery.discover import discover
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.overlap import intersection_over_union
from geosam_processing.engine.run import RunContext
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.rasters import NORTH_UP, ROTATED
from tests.engine.stand_in_adapter import PATCH, encode_request, write_raster

# Left, top, right, bottom in pixels, at multiples of 4: the pixels of the model's masks.
SMALL = (20, 24, 36, 48)
ACROSS = (52, 60, 104, 84)  # more than any patch shows, at a stride of half a patch
LARGE = (100, 120, 220, 236)  # almost two patches wide
AT_END = (0, 140, 20, 172)
RECTANGLES = (SMALL, ACROSS, LARGE, AT_END)
SIZE = 256

Rectangle = tuple[int, int, int, int]
Encoded = Callable[..., Path]


@pytest.fixture
def encoded(components: ComponentAdapter, tmp_path: Path) -> Encoded:
    """Encodes a dark raster with bright rectangles and returns the folder."""

    def make(
        *rectangles: Rectangle, transform: Affine = NORTH_UP, bright: int = 245, **changes: Any
    ) -> Path:
        values = np.full((3, SIZE, SIZE), 10, dtype=np.uint8)
        for left, top, right, bottom in rectangles:
            values[:, top:bottom, left:right] = bright
        raster = write_raster(tmp_path / "scene.tif", SIZE, SIZE, transform, values=values)
        folder = tmp_path / "features"
        encode(encode_request(raster, folder, precision="float32", **changes))
        return folder

    return make


def found_on(folder: Path, **changes: Any) -> tuple[list[FoundObject], DiscoverResult]:
    objects: list[FoundObject] = []
    values: dict[str, Any] = {
        "minimum_score": 0.5,
        "minimum_stability": 0.3,
        "spacing": 8,
        **changes,
    }
    callbacks = {k: values.pop(k) for k in ("progress", "log", "cancelled") if k in values}
    result = discover(
        DiscoverRequest(**{"features": str(folder), **values}),
        RunContext(results=lambda event: objects.extend(event.objects), **callbacks),
    )
    assert len(objects) == result.object_count
    return objects, result


def iou(one: FoundObject, rectangle: Rectangle, transform: Affine = NORTH_UP) -> float:
    truth = affine_transform(shapely.box(*rectangle), transform.to_shapely())
    return float(intersection_over_union(shapely.from_wkb(one.wkb), truth))


def matching(
    objects: list[FoundObject], rectangle: Rectangle, transform: Affine = NORTH_UP
) -> FoundObject:
    (found,) = [each for each in objects if iou(each, rectangle, transform) > 0.9]
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stride", "transform"),
    [
        (PATCH // 4, NORTH_UP),
        (PATCH // 2, NORTH_UP),
        (PATCH // 2, ROTATED),
        (3 * PATCH // 4, NORTH_UP),
    ],
)
def test_each_object_is_found_once_and_complete(
    encoded: Encoded, stride: int, transform: Affine
) -> None:
    objects, result = found_on(encoded(*RECTANGLES, transform=transform, stride=stride))
    assert len(objects) == len(RECTANGLES)
    for rectangle in RECTANGLES:
        matching(objects, rectangle, transform)
    assert result.lost == ()


@pytest.mark.slow
def test_attributes_describe_the_object(encoded: Encoded) -> None:
    objects, _ = found_on(encoded(*RECTANGLES))
    small = matching(objects, SMALL)
    assert small.area == pytest.approx(4 * 16 * 24, rel=0.05)
    assert small.score == pytest.approx(0.95, abs=1e-3)
    assert 0 < small.stability <= 1
    assert (small.scale, small.level, small.parent) == (1, 0, None)
    assert small.model == "stand_in"
    assert small.chip_id == "chip_000000"
    assert not small.touches_edge
    assert matching(objects, LARGE).patches > 1
    assert [each.key for each in objects] == list(range(1, len(objects) + 1))


@pytest.mark.slow
def test_edge_is_touched_where_the_encoded_area_ends_only(encoded: Encoded) -> None:
    objects, _ = found_on(encoded(*RECTANGLES))
    assert matching(objects, AT_END).touches_edge
    assert not matching(objects, LARGE).touches_edge


@pytest.mark.slow
def test_points_inside_the_area_only_are_asked(encoded: Encoded) -> None:
    folder = encoded(*RECTANGLES)
    around = affine_transform(shapely.box(100, 100, 240, 240), NORTH_UP.to_shapely())
    objects, result = found_on(folder, area=shapely.to_wkb(around, hex=True))
    assert [iou(each, LARGE) > 0.9 for each in objects] == [True]
    _, everywhere = found_on(folder)
    assert result.call_count < everywhere.call_count
    assert result.patch_count < everywhere.patch_count


def test_area_outside_every_patch_is_reported(encoded: Encoded) -> None:
    with pytest.raises(errors.FeaturesError, match="outside every patch"):
        found_on(encoded(SMALL), area=shapely.to_wkb(shapely.box(0, 0, 1, 1), hex=True))


@pytest.mark.slow
def test_areas_limit_what_is_kept(encoded: Encoded) -> None:
    folder = encoded(*RECTANGLES)
    objects, _ = found_on(folder, minimum_area=4000.0, spacing=8)
    assert sorted(round(each.area, -3) for each in objects) == [5000, 56000]
    objects, _ = found_on(folder, maximum_area=4000.0)
    assert all(each.area <= 4000 for each in objects)
    assert len(objects) == 2


@pytest.mark.slow
def test_spacing_follows_from_the_smallest_area(encoded: Encoded) -> None:
    texts: list[str] = []
    folder = encoded(SMALL)
    # 4 m2 a pixel: an object of 24 x 24 pixels takes points every 32.
    found_on(folder, spacing=None, minimum_area=2304.0, log=lambda event: texts.append(event.text))
    assert any("Points every 32 pixels" in text for text in texts)


@pytest.mark.slow
def test_masks_below_the_thresholds_are_not_kept(encoded: Encoded) -> None:
    assert found_on(encoded(*RECTANGLES), minimum_score=0.96)[0] == []


@pytest.mark.slow
def test_unstable_masks_are_not_kept(encoded: Encoded) -> None:
    # Logits below 1 everywhere.
    assert found_on(encoded(*RECTANGLES, bright=150))[0] == []


@pytest.mark.slow
def test_polygons_are_shaped_as_asked(encoded: Encoded) -> None:
    folder = encoded(LARGE)
    (plain,), _ = found_on(folder)
    (simple,), _ = found_on(folder, masks=MaskOptions(simplify=2.0))
    counts = [shapely.get_num_coordinates(shapely.from_wkb(o.wkb)) for o in (plain, simple)]
    assert counts[1] < counts[0]


@pytest.mark.slow
@pytest.mark.parametrize("patches_before", [1, 20, 45])
def test_stopped_run_continues_with_the_same_result(encoded: Encoded, patches_before: int) -> None:
    folder = encoded(*RECTANGLES)
    expected, undisturbed = found_on(folder, resume=False)
    done: list[ProgressEvent] = []

    with pytest.raises(errors.Cancelled):
        found_on(folder, progress=done.append, cancelled=lambda: len(done) > patches_before)
    objects, result = found_on(folder)
    assert objects == expected
    assert result.resumed_count == len(done) - (patches_before == 0)
    assert result.call_count < undisturbed.call_count


@pytest.mark.slow
def test_record_is_used_for_the_same_settings_only(encoded: Encoded) -> None:
    folder = encoded(*RECTANGLES)
    _, first = found_on(folder)
    _, other = found_on(folder, spacing=12)
    _, again = found_on(folder, keep="leaves", minimum_area=100.0)
    assert first.resumed_count == other.resumed_count == 0
    assert again.resumed_count == again.patch_count


@pytest.mark.slow
def test_folder_that_cannot_be_written_to_is_read_all_the_same(
    encoded: Encoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = encoded(SMALL)

    def refuse(*args: Any, **values: Any) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(Path, "mkdir", refuse)
    objects, _ = found_on(folder)
    assert len(objects) == 1
    assert not list(folder.glob("**/*.sqlite"))


@pytest.mark.slow
def test_damaged_record_does_not_stop_a_run(encoded: Encoded) -> None:
    folder = encoded(SMALL)
    found_on(folder)
    (record,) = folder.glob("everything/*.sqlite")
    record.write_bytes(b"no database" * 100)
    objects, result = found_on(folder)
    assert (len(objects), result.resumed_count) == (1, 0)


@pytest.mark.slow
def test_damaged_chip_is_named_and_the_rest_is_found(encoded: Encoded) -> None:
    folder = encoded(*RECTANGLES)
    chip = next(folder.glob("*/features/chip_000000.pt"))
    chip.write_bytes(b"damaged")
    texts: list[str] = []
    objects, result = found_on(folder, log=lambda event: texts.append(event.text))
    assert result.lost == ("chip_000000",)
    assert any("chip_000000.pt" in text and "damaged" in text for text in texts)
    matching(objects, LARGE)
    # Its answer is not recorded, so that it is asked once it is whole.
    _, again = found_on(folder)
    assert again.lost == ("chip_000000",)
    assert again.resumed_count == again.patch_count - 1


@pytest.mark.slow
def test_record_survives_in_a_copy_of_the_folder(encoded: Encoded, tmp_path: Path) -> None:
    folder = encoded(*RECTANGLES)
    found_on(folder)
    copy = shutil.copytree(folder, tmp_path / "copy")
    _, result = found_on(copy)
    assert result.resumed_count == result.patch_count
    (record,) = copy.glob("everything/*.sqlite")
    with sqlite3.connect(record) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (49,)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"spacing": 3}, "Invalid spacing of points \\(3\\): valid values are 4 to 128"),
        ({"minimum_score": 1.5}, "Invalid minimum score \\(1.5\\): valid values are 0 to 1"),
        ({"minimum_area": -1.0}, "Invalid minimum area \\(-1.0 m2\\)"),
        ({"minimum_area": 5.0, "maximum_area": 4.0}, "above the maximum area \\(4 m2\\)"),
        ({"keep": "some"}, "choose one of all, leaves, largest, coverage"),
    ],
)
def test_invalid_request_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ContractError, match=message):
        DiscoverRequest("features", **changes)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child of this process is killed")
def test_run_that_is_killed_at_any_moment_continues(encoded: Encoded) -> None:
    folder = encoded(*RECTANGLES)
    expected, _ = found_on(folder, resume=False)
    random = np.random.default_rng(1)
    for _ in range(30):
        killed_after(float(random.uniform(0.0, 0.4)), folder)
    objects, result = found_on(folder)
    assert objects == expected
    assert result.resumed_count > 0


def killed_after(seconds: float, folder: Path, **changes: Any) -> None:
    """A run in a child of this process, which is killed."""
    child = os.fork()
    if child == 0:
        found_on(folder, **changes)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child of this process is killed")
def test_killed_run_on_a_raster_continues_and_leaves_nothing(
    encoded: Encoded, tmp_path: Path
) -> None:
    encoded(*RECTANGLES)
    work = tmp_path / "work"
    request = encode_request(tmp_path / "scene.tif", work, scales=(1, 2))
    expected, undisturbed = found_on(Path(), features="", encode=request, resume=False)
    assert not work.exists()
    killed_after(0.4, Path(), features="", encode=request)
    (record,) = work.glob("everything/*.sqlite")
    with sqlite3.connect(record) as connection:
        (kept,) = connection.execute("SELECT count(*) FROM answers").fetchone()
    objects, result = found_on(Path(), features="", encode=request)
    assert objects == expected
    assert result.resumed_count == kept
    assert result.patch_count == undisturbed.patch_count
    assert not work.exists()


@pytest.mark.slow
def test_cancelled_run_on_a_raster_continues(encoded: Encoded, tmp_path: Path) -> None:
    encoded(*RECTANGLES)
    request = encode_request(tmp_path / "scene.tif", tmp_path / "work")
    expected, _ = found_on(Path(), features="", encode=request, resume=False)
    done: list[ProgressEvent] = []
    with pytest.raises(errors.Cancelled):
        found_on(
            Path(),
            features="",
            encode=request,
            progress=done.append,
            cancelled=lambda: len(done) >= 5,
        )
    objects, result = found_on(Path(), features="", encode=request)
    assert objects == expected
    assert result.resumed_count >= 5


@pytest.mark.slow
def test_raster_without_features_gives_the_same_objects(encoded: Encoded, tmp_path: Path) -> None:
    folder = encoded(*RECTANGLES, scales=(1, 2))
    expected, with_features = found_on(folder)
    request = encode_request(tmp_path / "scene.tif", tmp_path / "none", scales=(1, 2))
    objects, result = found_on(Path(), features="", encode=request)
    assert objects == expected
    assert result.call_count == with_features.call_count
    assert not (tmp_path / "none").exists()


def test_patches_without_data_are_left_out_without_features(
    components: ComponentAdapter, tmp_path: Path
) -> None:
    values = np.zeros((3, SIZE, SIZE), dtype=np.uint8)
    values[:, :, :140] = 10
    values[:, 24:48, 20:36] = 245
    raster = write_raster(tmp_path / "scene.tif", SIZE, SIZE, NORTH_UP, values=values, nodata=0)
    request = encode_request(raster, tmp_path / "none")
    objects, _ = found_on(Path(), features="", encode=request)
    assert any(iou(each, SMALL) > 0.9 for each in objects)


def test_features_and_a_raster_exclude_each_other(tmp_path: Path) -> None:
    request = encode_request(tmp_path / "scene.tif", tmp_path)
    for features, encoding in (("", None), ("features", request)):
        with pytest.raises(ContractError, match="a feature folder or a raster, but not both"):
            DiscoverRequest(features, encoding)
