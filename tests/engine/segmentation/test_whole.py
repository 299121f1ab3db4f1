"""Complete objects from prompts, with a model whose objects are bright areas in one piece."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from affine import Affine
from shapely.affinity import affine_transform

from geosam_processing.contract import (
    MaskOptions,
    ObjectsEvent,
    ProgressEvent,
    Prompt,
    SegmentRequest,
)
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.errors import Cancelled
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation import whole
from geosam_processing.engine.segmentation.following import PartAsker
from geosam_processing.engine.segmentation.segment import segment
from geosam_processing.engine.segmentation.segmenter import Answer
from geosam_processing.engine.segmentation.sources.folder_patches import folders_by_scale
from tests.engine.component_adapter import BlobAdapter, ComponentAdapter, SpeckAdapter
from tests.engine.feature_folders import rewrite_manifest
from tests.engine.rasters import NORTH_UP
from tests.engine.stand_in_adapter import PATCH, encode_request, install, write_raster

pytestmark = pytest.mark.slow

SIDE = 5 * PATCH
# Left, top, right, bottom in pixels.
LARGE = (44, 52, 44 + 3 * PATCH, 52 + 2 * PATCH)
SMALL = (240, 244, 264, 268)
AT_END = (260, 20, SIDE, 120)
CENTRE = (44 + 1.5 * PATCH, 52 + PATCH)

Rectangle = tuple[int, int, int, int]
Encoded = Callable[..., Path]


@pytest.fixture
def encoded(components: ComponentAdapter, tmp_path: Path) -> Encoded:
    def make(*rectangles: Rectangle, **changes: Any) -> Path:
        values = np.full((3, SIDE, SIDE), 10, dtype=np.uint8)
        for left, top, right, bottom in rectangles or (LARGE, SMALL, AT_END):
            values[:, top:bottom, left:right] = 245
        raster = write_raster(tmp_path / "scene.tif", SIDE, SIDE, NORTH_UP, values=values)
        encode(encode_request(raster, tmp_path / "features", precision="float32", **changes))
        return tmp_path / "features"

    return make


def ask(folder: Path, *prompts: Prompt, is_whole: bool = True, **masks: Any) -> Any:
    """The objects and reasons by key."""
    objects: dict[int, Any] = {}

    def receive(event: ObjectsEvent) -> None:
        objects.update({each.key: each for each in event.objects})
        objects.update({each.key: each.reason for each in event.unanswered})

    options = MaskOptions(**{"choice": "single", **masks})
    segment(
        SegmentRequest(str(folder), prompts, masks=options, whole=is_whole),
        RunContext(results=receive),
    )
    return objects if len(prompts) > 1 else objects[prompts[0].key]


def place_of(column: float, row: float) -> tuple[float, float]:
    x, y = NORTH_UP * (column, row)
    return x, y


def at(column: float, row: float, key: int = 1) -> Prompt:
    return Prompt(key, (place_of(column, row),), (1,))


def iou(wkb: str, rectangle: Rectangle, transform: Affine = NORTH_UP) -> float:
    truth = affine_transform(shapely.box(*rectangle), transform.to_shapely())
    shape = shapely.from_wkb(wkb)
    return float(shape.intersection(truth).area / shape.union(truth).area)


def test_without_it_the_patch_cuts_the_object(encoded: Encoded) -> None:
    found = ask(encoded(), at(*CENTRE), is_whole=False)
    assert iou(found.wkb, LARGE) < 0.3
    assert found.touches_edge


@pytest.mark.parametrize("scales", [(1,), (1, 2, 4), (1, 4)])
@pytest.mark.parametrize("place", [CENTRE, (50, 60)])
def test_object_larger_than_a_patch_is_complete(
    encoded: Encoded, scales: tuple[int, ...], place: tuple[float, float]
) -> None:
    found = ask(encoded(scales=scales), at(*place))
    assert iou(found.wkb, LARGE) > 0.97
    assert not found.touches_edge
    assert found.resolution == pytest.approx(2.0, rel=0.01)
    assert found.area == pytest.approx(shapely.from_wkb(found.wkb).area, rel=0.01)


def test_box_larger_than_a_patch_is_answered_with_its_object(encoded: Encoded) -> None:
    shape = affine_transform(shapely.box(*LARGE), NORTH_UP.to_shapely())
    found = ask(encoded(scales=(1, 2, 4)), Prompt(1, box=shape.bounds))
    assert iou(found.wkb, LARGE) > 0.97


@pytest.mark.parametrize(("score", "is_found"), [(0.9, True), (0.3, True), (-1.0, False)])
def test_unsure_answer_of_a_coarse_scale_to_a_box_is_better_than_none(
    encoded: Encoded, monkeypatch: pytest.MonkeyPatch, score: float, is_found: bool
) -> None:
    answered = whole._Scale.answer

    def answer(scale: whole._Scale, prompt: Prompt) -> tuple[Answer | None, int]:
        found, patch = answered(scale, prompt)
        assert found is not None
        return replace(found, objects=tuple(replace(o, score=score) for o in found.objects)), patch

    monkeypatch.setattr(whole._Scale, "answer", answer)
    monkeypatch.setattr(whole.WholeObjects, "_followed", lambda self, answer, *cut: answer)
    folder = encoded(scales=(1, 2, 4))
    install(monkeypatch, BlobAdapter())
    shape = affine_transform(shapely.box(*LARGE), NORTH_UP.to_shapely())
    minimum = 0.0 if is_found else 0.2
    found = ask(folder, Prompt(1, box=shape.bounds), minimum_score=minimum)
    assert (iou(found.wkb, LARGE) > 0.97) == is_found
    # A point may mean anything, so a sure answer is needed.
    point = ask(folder, at(*CENTRE), minimum_score=minimum)
    assert (iou(point.wkb, LARGE) > 0.97) == (score > 0.5)


def test_complete_object_is_left_as_it_is(encoded: Encoded) -> None:
    folder = encoded(scales=(1, 2))
    assert ask(folder, at(252, 256)) == ask(folder, at(252, 256), is_whole=False)


def test_object_at_the_end_of_the_raster_touches_the_edge(encoded: Encoded) -> None:
    found = ask(encoded(), at(300, 60))
    assert iou(found.wkb, AT_END) > 0.97
    assert found.touches_edge


def test_points_that_no_fine_patch_holds_are_asked_on_a_coarse_one(encoded: Encoded) -> None:
    prompt = Prompt(1, (place_of(50, 60), place_of(230, 170)), (1, 1))
    assert iou(ask(encoded(scales=(1, 2, 4)), prompt).wkb, LARGE) > 0.97


@pytest.mark.parametrize(("score", "is_detail"), [(0.4, False), (0.6, False), (2.0, True)])
def test_detail_of_a_coarse_scale_waits_for_a_larger_object(
    encoded: Encoded, monkeypatch: pytest.MonkeyPatch, score: float, is_detail: bool
) -> None:
    # No fine patch holds both points, and the middle scale answers with a roof on the field.
    detail = shapely.box(*place_of(120, 100), *place_of(126, 106))
    answered = whole._Scale.answer

    def answer(scale: whole._Scale, prompt: Prompt) -> tuple[Answer | None, int]:
        if scale.number != 2:
            return answered(scale, prompt)
        found, patch = answered(scale, at(252, 256))
        assert found is not None
        (own,) = found.objects
        own = replace(own, wkb=shapely.to_wkb(detail, hex=True), score=score)
        return replace(found, prompt=prompt, objects=(own,)), patch

    monkeypatch.setattr(whole._Scale, "answer", answer)
    prompt = Prompt(1, (place_of(50, 60), place_of(230, 170)), (1, 1))
    found = shapely.from_wkb(ask(encoded(scales=(1, 2, 4)), prompt).wkb)
    assert (found.area < 10 * detail.area) == is_detail


def test_what_a_scale_cuts_is_asked_for_with_more_points(
    encoded: Encoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered, asked = whole._Scale.answer, {}

    def answer(scale: whole._Scale, prompt: Prompt) -> tuple[Answer | None, int]:
        asked[scale.number] = prompt
        return answered(scale, prompt)

    monkeypatch.setattr(whole._Scale, "answer", answer)
    found = ask(encoded(scales=(1, 2, 4)), at(*CENTRE))
    assert iou(found.wkb, LARGE) > 0.97
    assert asked[2] == at(*CENTRE)
    assert asked[4].points[0] == place_of(*CENTRE)
    outline = affine_transform(shapely.box(*LARGE), NORTH_UP.to_shapely())
    assert len(set(asked[4].points)) == 3
    assert all(outline.contains(shapely.Point(point)) for point in asked[4].points)
    assert asked[4].labels == (1, 1, 1)
    assert found.foreground_points == 1


def test_point_that_gets_a_speck_is_asked_with_more_points_on_what_is_clear(
    encoded: Encoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = encoded(scales=(1, 2, 4))
    install(monkeypatch, SpeckAdapter())
    found = ask(folder, at(*CENTRE))
    assert iou(found.wkb, LARGE) > 0.97
    assert found.foreground_points == 1 and found.score > 0.5
    # A small object has no clear mask that is large enough on any scale.
    assert ask(folder, at(252, 256)).score == pytest.approx(0.3)
    monkeypatch.setattr(PartAsker, "clear_part", lambda *arguments: None)
    assert iou(ask(folder, at(*CENTRE)).wkb, LARGE) < 0.1


def test_only_the_part_at_the_point_is_kept(encoded: Encoded) -> None:
    # In the coarse scale the two run together; the fine outline parts them.
    other = (LARGE[0], LARGE[3] + 2, LARGE[2], LARGE[3] + 42)
    found = ask(encoded(LARGE, other, scales=(1, 4)), at(*CENTRE))
    assert len(shapely.get_parts(shapely.from_wkb(found.wkb))) == 1


def test_polygon_is_shaped_as_asked(encoded: Encoded) -> None:
    folder = encoded(scales=(1, 4))
    plain, simple = (ask(folder, at(*CENTRE), simplify=value) for value in (0.0, 2.0))
    counts = [shapely.get_num_coordinates(shapely.from_wkb(each.wkb)) for each in (plain, simple)]
    assert counts[1] < counts[0]


def test_reasons_stay_for_what_has_no_object(encoded: Encoded) -> None:
    answers = ask(encoded(scales=(1, 2)), at(10, 300, key=1), at(-500, 0, key=2))
    assert "empty mask" in answers[1]
    assert "outside every patch" in answers[2]


def test_scale_of_another_checkpoint_is_left_out(encoded: Encoded) -> None:
    folder = encoded(scales=(1, 4))
    rewrite_manifest(folder / "scale_4", checkpoint_sha256=["other"] * 4)
    assert list(folders_by_scale(FeatureFolder.open(folder))) == [1]
    assert iou(ask(folder, at(*CENTRE)).wkb, LARGE) > 0.97


def test_scale_that_is_not_finished_does_not_cut_objects(
    components: ComponentAdapter, encoded: Encoded, tmp_path: Path
) -> None:
    folder = encoded()
    done: list[ProgressEvent] = []
    # Of 16 coarse patches only the first ones, which show the upper part of the object.
    context = RunContext(progress=done.append, cancelled=lambda: len(done) >= 4)
    request = encode_request(
        tmp_path / "scene.tif", folder, precision="float32", scales=(1, 2), batch_size=1
    )
    with pytest.raises(Cancelled):
        encode(request, context)
    assert 0 < len(FeatureFolder.open(folder / "scale_2").chips) < 16
    assert iou(ask(folder, at(*CENTRE)).wkb, LARGE) > 0.97
