"""Prompts to polygons, with a model whose masks are known."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.affinity import affine_transform

from geosam_processing.contract import (
    DescribeFeaturesRequest,
    MaskOptions,
    Model,
    ObjectsEvent,
    Prompt,
    SegmentedObject,
    SegmentRequest,
    Shard,
)
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation import segmenter as answering
from geosam_processing.engine.segmentation.segment import describe, segment
from tests.engine.rasters import DEGREES, NORTH_UP, ROTATED, SOUTH_UP
from tests.engine.stand_in_adapter import encode_request, install, write_raster
from tests.engine.threshold_adapter import ThresholdAdapter

WIDTH, HEIGHT = 160, 128
MIDDLE = (56, 48, 84, 76)  # columns and rows of a bright square: left, top, right, bottom


@pytest.fixture
def adapter(monkeypatch):
    stand_in = ThresholdAdapter()
    install(monkeypatch, stand_in)
    return stand_in


@pytest.fixture
def encoded(adapter, tmp_path):
    """Encodes a dark raster with a bright rectangle and gives the folder."""

    def make(rectangle=MIDDLE, transform=NORTH_UP, crs="EPSG:32633", hole=None, width=WIDTH):
        values = np.full((3, HEIGHT, width), 10, dtype=np.uint8)
        left, top, right, bottom = rectangle
        values[:, top:bottom, left:right] = 245
        if hole is not None:
            left, top, right, bottom = hole
            values[:, top:bottom, left:right] = 10
        raster = write_raster(tmp_path / "scene.tif", width, HEIGHT, transform, crs, values)
        folder = tmp_path / "features"
        encode(encode_request(raster, folder, precision="float32"))
        return folder

    return make


def answers_of(folder, *prompts, **changes):
    """Objects and reasons by key, and the result."""
    objects, reasons = {}, {}

    def receive(event: ObjectsEvent) -> None:
        objects.update({item.key: item for item in event.objects})
        reasons.update({item.key: item.reason for item in event.unanswered})

    result = segment(SegmentRequest(str(folder), prompts, **changes), RunContext(results=receive))
    assert len(objects) == result.object_count
    assert len(reasons) == result.unanswered_count
    assert {prompt.key for prompt in prompts} == objects.keys() | reasons.keys()
    return objects, reasons, result


def at(transform, column, row, key=1):
    return Prompt(key, (tuple(transform * (column, row)),), (1,))


def box_of(transform, rectangle, key=1):
    bounds = affine_transform(shapely.box(*rectangle), transform.to_shapely()).bounds
    return Prompt(key, box=bounds)


def offset(geometry, transform, rectangle):
    """The largest distance of a side of a polygon from that of a rectangle, in pixels.

    Up-sampling takes the pixel off each corner, so corners are compared by area only.
    """
    pixels = affine_transform(geometry, (~transform).to_shapely())
    truth = shapely.box(*rectangle)
    assert pixels.symmetric_difference(truth).area <= 4.001
    return np.abs(np.subtract(pixels.bounds, rectangle)).max()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("transform", "crs"),
    [
        (NORTH_UP, "EPSG:32633"),
        (SOUTH_UP, "EPSG:32633"),
        (ROTATED, "EPSG:32633"),
        (DEGREES, "EPSG:4326"),
    ],
    ids=["north up", "south up", "rotated", "degrees"],
)
@pytest.mark.parametrize("column", [0, 64, WIDTH - 28])
@pytest.mark.parametrize("row", [0, 48, HEIGHT - 28])
def test_polygons_lie_where_the_object_is(encoded, transform, crs, column, row):
    rectangle = (column, row, column + 28, row + 28)
    folder = encoded(rectangle, transform, crs)
    objects, reasons, _ = answers_of(
        folder,
        at(transform, column + 14, row + 14, key=1),
        box_of(transform, rectangle, key=2),
        masks=MaskOptions("single"),
    )
    assert not reasons
    for item in objects.values():
        assert offset(shapely.from_wkb(item.wkb), transform, rectangle) < 0.5


def test_points_on_the_edge_of_the_raster_are_inside(encoded):
    folder = encoded()
    corners = [(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT), (WIDTH, 60)]
    prompts = [at(NORTH_UP, *corner, key=key) for key, corner in enumerate(corners)]
    _, reasons, _ = answers_of(folder, *prompts)
    assert not any("outside" in reason for reason in reasons.values())


def test_area_is_that_on_the_ellipsoid(encoded):
    objects, _, _ = answers_of(encoded(), at(NORTH_UP, 78, 62), masks=MaskOptions("single"))
    # 28 x 28 pixels of 2 m without those at the corners; on its central meridian UTM
    # shrinks lengths by 0.9996.
    assert objects[1].area == pytest.approx((28 * 28 - 4) * 4 / 0.9996**2, rel=1e-5)


def test_area_of_degrees_is_in_square_metres(encoded):
    folder = encoded(transform=DEGREES, crs="EPSG:4326")
    objects, _, _ = answers_of(folder, at(DEGREES, 78, 62), masks=MaskOptions("single"))
    # A degree at 52 degrees north: 111.27 km of latitude, 68.68 km of longitude.
    assert objects[1].area == pytest.approx(780 * 1e-8 * 111267 * 68678, rel=1e-3)


@pytest.mark.parametrize(
    ("choice", "multimask", "score"),
    [
        ("auto", True, 0.9),
        ("best", True, 0.9),
        ("smallest", True, 0.9),
        ("largest", True, 0.7),
        ("single", False, 0.7),
    ],
)
def test_choice_of_the_mask_of_a_point(adapter, encoded, choice, multimask, score):
    objects, _, _ = answers_of(encoded(), at(NORTH_UP, 70, 62), masks=MaskOptions(choice))
    assert objects[1].score == pytest.approx(score)  # never that of the empty mask, 0.95
    assert adapter.decoded == [(1, multimask)]


def test_only_lone_points_get_three_masks_by_default(adapter, encoded):
    two = replace(
        at(NORTH_UP, 70, 62), points=(NORTH_UP * (70, 62), NORTH_UP * (90, 90)), labels=(1, 0)
    )
    objects, _, _ = answers_of(encoded(), two, box_of(NORTH_UP, MIDDLE, key=2))
    assert adapter.decoded == [(1, False), (1, False)]
    assert (objects[1].foreground_points, objects[1].background_points) == (1, 1)
    assert objects[2].foreground_points == 0


def test_patch_edges_are_told(encoded):
    folder = encoded()
    whole, _, _ = answers_of(folder, at(NORTH_UP, 78, 62), masks=MaskOptions("single"))
    assert not whole[1].touches_edge
    cut, _, _ = answers_of(folder, at(NORTH_UP, 34, 62), masks=MaskOptions("single"))
    assert cut[1].touches_edge  # its patch ends at column 64, within the object


def test_mask_options(encoded):
    folder = encoded(hole=(72, 56, 80, 64))
    prompt = at(NORTH_UP, 78, 62)

    def polygon(**options):
        objects, _, _ = answers_of(folder, prompt, masks=MaskOptions("single", **options))
        return shapely.from_wkb(objects[1].wkb)

    def holes(geometry):
        return sum(len(part.interiors) for part in geometry.geoms)

    plain = polygon()
    assert holes(plain) == 1
    assert holes(polygon(fill_holes_up_to=500.0)) == 0
    assert holes(polygon(fill_holes_up_to=100.0)) == 1
    simple = polygon(simplify=1.5)
    assert simple.is_valid
    assert shapely.get_num_coordinates(simple) < shapely.get_num_coordinates(plain)
    assert simple.symmetric_difference(plain).area < 0.1 * plain.area


def test_minima_are_reasons(encoded):
    folder = encoded()
    _, reasons, _ = answers_of(
        folder, at(NORTH_UP, 78, 62), masks=MaskOptions("single", minimum_score=0.8)
    )
    assert "score (0.700)" in reasons[1]
    assert "0.8" in reasons[1]
    _, reasons, _ = answers_of(
        folder, at(NORTH_UP, 78, 62), masks=MaskOptions("single", minimum_area=1e6)
    )
    assert "area" in reasons[1]


def test_every_prompt_is_answered(encoded):
    far = Prompt(1, ((0.0, 0.0),), (1,))
    scattered = Prompt(2, (NORTH_UP * (2, 2), NORTH_UP * (150, 120)), (1, 1))
    dark = at(NORTH_UP, 150, 120, key=3)
    infinite = Prompt(4, ((float("inf"), 0.0),), (1,))
    good = at(NORTH_UP, 78, 62, key=5)
    objects, reasons, _ = answers_of(encoded(), far, scattered, dark, infinite, good)
    assert objects.keys() == {5}
    assert "outside every patch" in reasons[1]
    assert "No patch holds all its points" in reasons[2]
    assert "empty mask" in reasons[3]
    assert "outside every patch" in reasons[4]


def test_a_box_beyond_the_raster_or_larger_than_a_patch_is_cut(encoded):
    rectangle = (0, 0, 28, 28)
    loose = box_of(NORTH_UP, (-6, -6, 34, 34), key=1)
    everything = box_of(NORTH_UP, (0, 0, WIDTH, HEIGHT), key=2)
    objects, reasons, _ = answers_of(encoded(rectangle), loose, everything)
    assert offset(shapely.from_wkb(objects[1].wkb), NORTH_UP, rectangle) < 0.5
    assert objects.keys() | reasons.keys() == {1, 2}
    assert "outside" not in reasons.get(2, "")


def test_a_damaged_chip_is_replaced_by_the_next_patch(encoded):
    folder = encoded()
    objects, _, _ = answers_of(folder, at(NORTH_UP, 78, 62), masks=MaskOptions("single"))
    chips = {chip.chip_id: chip for chip in FeatureFolder.open(folder).chips}
    chips[objects[1].chip_id].path.write_bytes(b"damaged")
    again, _, _ = answers_of(folder, at(NORTH_UP, 78, 62), masks=MaskOptions("single"))
    assert again[1].chip_id != objects[1].chip_id


def test_prompts_without_an_intact_chip_say_so_and_the_rest_goes_on(encoded):
    folder = encoded()
    for chip in FeatureFolder.open(folder).chips:
        if chip.row == 0 and chip.column == 0:
            chip.path.unlink()
    objects, reasons, _ = answers_of(folder, at(NORTH_UP, 2, 2), at(NORTH_UP, 78, 62, key=2))
    assert "chip_000000" in reasons[1]
    assert objects.keys() == {2}


@pytest.mark.slow
def test_ten_thousand_prompts_load_each_chip_once(encoded, monkeypatch):
    folder = encoded()
    loaded = []
    load = FeatureFolder.load

    def counted(self, chip):
        loaded.append(chip.chip_id)
        return load(self, chip)

    monkeypatch.setattr(FeatureFolder, "load", counted)
    generator = np.random.default_rng(3)
    places = generator.uniform((0, 0), (WIDTH, HEIGHT), (10_000, 2))
    prompts = [at(NORTH_UP, x, y, key=key) for key, (x, y) in enumerate(places)]
    _, _, result = answers_of(folder, *prompts, masks=MaskOptions("single", minimum_score=0.99))
    assert len(loaded) == len(set(loaded)) == result.chips_loaded <= 12
    assert result.object_count + result.unanswered_count == 10_000


def test_masks_become_polygons_while_the_next_batch_is_decoded(adapter, encoded, monkeypatch):
    folder = encoded()
    decode, outline = adapter.decode, answering.outline
    threads: list[str] = []
    events: list[str | list[int]] = []

    def noting(crop, *arguments):
        threads.append(threading.current_thread().name.split("_")[0])
        return outline(crop, *arguments)

    def slow(features, prompts, multimask):
        time.sleep(0.05)
        events.append(f"decoded {len(prompts.points)}")
        return decode(features, prompts, multimask)

    monkeypatch.setattr(answering, "outline", noting)
    monkeypatch.setattr(adapter, "decode", slow)
    prompts = tuple(at(NORTH_UP, 78, 62, key=key) for key in range(5))
    segment(
        SegmentRequest(str(folder), prompts, batch_size=2),
        RunContext(results=lambda event: events.append([item.key for item in event.objects])),
    )
    assert events == ["decoded 2", "decoded 2", [0, 1], "decoded 1", [2, 3], [4]]
    # Nothing is decoded beside the last batch, which needs no thread.
    assert threads[:4] == ["geosam-polygons"] * 4
    assert threads[4] == threading.current_thread().name.split("_")[0]


def test_cancelling_keeps_the_answers_so_far(encoded):
    answered: list[SegmentedObject] = []
    request = SegmentRequest(
        str(encoded()), tuple(at(NORTH_UP, 78, 62, key=key) for key in range(40)), batch_size=4
    )
    with pytest.raises(errors.Cancelled):
        segment(
            request,
            RunContext(
                results=lambda event: answered.extend(event.objects),
                cancelled=lambda: len(answered) >= 8,
            ),
        )
    assert 8 <= len(answered) < 40


@pytest.mark.slow
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_shards_answer_what_one_run_answers(encoded, count, whole):
    folder = encoded(width=500)
    generator = np.random.default_rng(5)
    places = generator.uniform((-10, 0), (500, HEIGHT), (60, 2))
    prompts = [at(NORTH_UP, column, row, key) for key, (column, row) in enumerate(places)]
    expected, reasons, _ = answers_of(folder, *prompts, whole=whole)
    assert {reason[:10] for reason in reasons.values()} >= {"It lies ou"}
    events: list[ObjectsEvent] = []
    elsewhere = 0
    for number in range(count, 0, -1):
        request = SegmentRequest(
            str(folder), tuple(prompts), whole=whole, shard=Shard(number, count)
        )
        elsewhere += segment(request, RunContext(results=events.append)).elsewhere_count
    found = [item for event in events for item in event.objects]
    missing = [item for event in events for item in event.unanswered]
    assert len(found) + len(missing) == len(prompts)
    assert {item.key: item for item in found} == expected
    assert {item.key: item.reason for item in missing} == reasons
    assert elsewhere == (count - 1) * len(prompts)


def test_wrong_checkpoint(encoded):
    with pytest.raises(errors.ModelError, match="not the checkpoint that encoded"):
        answers_of(encoded(), at(NORTH_UP, 78, 62), model=Model("stand_in", checkpoint="/other.pt"))


def test_missing_folder(tmp_path):
    with pytest.raises(errors.FeaturesError, match="manifest"):
        answers_of(tmp_path, at(NORTH_UP, 1, 1))


def test_a_moved_folder_answers(encoded, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.move(encoded(), moved)
    objects, _, _ = answers_of(moved, at(NORTH_UP, 78, 62))
    assert objects.keys() == {1}


def test_description(encoded):
    description = describe(DescribeFeaturesRequest(str(encoded())))
    assert description.crs == "EPSG:32633"
    assert description.model == "stand_in"
    corners = [NORTH_UP * (0, HEIGHT), NORTH_UP * (WIDTH, 0)]
    assert description.bounds == pytest.approx([*corners[0], *corners[1]])


@pytest.mark.parametrize("fails", [False, True])
def test_memory_of_the_device_is_given_back(adapter, encoded, monkeypatch, fails):
    released: list = []
    folder = encoded()
    monkeypatch.setattr(
        "geosam_processing.engine.segmentation.folder_run.release_memory", released.append
    )
    if fails:
        monkeypatch.setattr(adapter, "decode", lambda *arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            answers_of(folder, at(NORTH_UP, 78, 62))
    else:
        answers_of(folder, at(NORTH_UP, 78, 62))
    assert released == [adapter.device]


def test_a_batch_that_does_not_fit_is_halved(adapter, encoded, monkeypatch):
    import torch

    decode = adapter.decode

    def small(features, prompts, multimask):
        if len(prompts.points) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return decode(features, prompts, multimask)

    folder = encoded()
    monkeypatch.setattr(adapter, "decode", small)
    prompts = [at(NORTH_UP, 78, 62, key=key) for key in range(10)]
    objects, _, _ = answers_of(folder, *prompts)
    assert objects.keys() == set(range(10))
