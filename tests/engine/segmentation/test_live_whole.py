"""Complete objects straight on a raster, with a model whose objects are bright areas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import torch

from geosam_processing.contract import FetchedPatch, LiveSource, Prompt, TileGrid
from geosam_processing.engine.errors import Cancelled
from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.segmentation.following import PartAsker
from tests.engine.component_adapter import BlobAdapter, ComponentAdapter, SpeckAdapter
from tests.engine.live_runs import HEIGHT, WIDTH, Live, at, box_of, fetch, iou, middle
from tests.engine.rasters import NORTH_UP
from tests.engine.stand_in_adapter import PATCH, install

# Left, top, right, bottom; not on the pixels of coarse patches.
LARGE = (101, 203, 101 + 3 * PATCH, 203 + 2 * PATCH)
Scene = Callable[..., Path]


@pytest.mark.parametrize("prompt", [middle, box_of])
def test_large_object_has_a_fine_outline(
    scene: Scene, cache_folder: Path, prompt: Callable[..., Prompt]
) -> None:
    raster, asked = scene(LARGE), [prompt(NORTH_UP, LARGE)]
    coarse = Live(raster, asked, cache_folder)
    fine = Live(raster, asked, cache_folder, whole=True)
    assert coarse.objects[1].resolution > 3
    assert fine.objects[1].resolution == pytest.approx(2.0, rel=0.01)
    assert iou(fine.geometry(), NORTH_UP, LARGE) > 0.95
    assert iou(coarse.geometry(), NORTH_UP, LARGE) < 0.92
    assert fine.objects[1].area == pytest.approx(fine.geometry().area, rel=0.01)
    assert not fine.objects[1].touches_edge


def test_point_far_from_every_border_is_asked_on_coarser_patches(
    monkeypatch: pytest.MonkeyPatch, scene: Scene, cache_folder: Path
) -> None:
    install(monkeypatch, BlobAdapter())
    raster, asked = scene(LARGE), [middle(NORTH_UP, LARGE)]
    blob = Live(raster, asked, cache_folder)
    assert iou(blob.geometry(), NORTH_UP, LARGE) < 0.1
    whole = Live(raster, asked, cache_folder, whole=True)
    assert iou(whole.geometry(), NORTH_UP, LARGE) > 0.97
    one = Live(raster, asked, cache_folder, whole=True, attempts=1)
    assert iou(one.geometry(), NORTH_UP, LARGE) < 0.1


class DetailAdapter(BlobAdapter):
    """The second patch that is bright all over gets a small, sure mask: a detail."""

    def __init__(self, score: float) -> None:
        super().__init__()
        self.score = score
        self.bright = 0

    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        self.bright += bool((features.image_embedding[0, 0] > 127.5).all())
        logits, scores = super().decode(features, prompts, multimask)
        if self.bright == 2:
            logits[:] = -3
            logits[:, :, 7:9, 7:9] = 3
            scores[:] = self.score
            self.bright += 1
        return logits, scores


@pytest.mark.parametrize(("score", "is_detail"), [(0.4, False), (0.6, False), (2.0, True)])
def test_detail_of_a_coarse_patch_waits_for_a_larger_object(
    monkeypatch: pytest.MonkeyPatch, scene: Scene, cache_folder: Path, score: float, is_detail: bool
) -> None:
    adapter = DetailAdapter(score)
    install(monkeypatch, adapter)
    larger = (101, 53, 101 + 6 * PATCH, 53 + 6 * PATCH)
    raster, asked = scene(larger), [middle(NORTH_UP, larger)]
    found = Live(raster, asked, cache_folder, whole=True)
    assert adapter.bright >= 3
    assert (iou(found.geometry(), NORTH_UP, larger) < 0.1) == is_detail
    assert is_detail or iou(found.geometry(), NORTH_UP, larger) > 0.97
    assert found.objects[1].score == pytest.approx(score if is_detail else 0.95, abs=0.3)


def test_what_a_coarse_patch_cuts_is_asked_for_with_more_points(
    monkeypatch: pytest.MonkeyPatch, scene: Scene, cache_folder: Path
) -> None:
    asked: list[tuple[int, bool]] = []

    class Counting(ComponentAdapter):
        def decode(
            self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
        ) -> tuple[torch.Tensor, torch.Tensor]:
            asked.append((prompts.points.shape[1], prompts.boxes is not None))
            return super().decode(features, prompts, multimask)

    install(monkeypatch, Counting())
    larger = (101, 53, 101 + 6 * PATCH, 53 + 6 * PATCH)
    raster, prompt = scene(larger), middle(NORTH_UP, larger)
    live = Live(raster, [prompt], cache_folder / "whole", whole=True)
    assert iou(live.geometry(), NORTH_UP, larger) > 0.97
    assert (1, False) in asked[:2] and (3, False) in asked
    assert live.objects[1].foreground_points == 1
    asked.clear()
    Live(raster, [prompt], cache_folder / "plain")
    assert set(asked) == {(1, False)}


def test_point_that_gets_a_speck_is_asked_with_more_points_on_what_is_clear(
    monkeypatch: pytest.MonkeyPatch, scene: Scene, cache_folder: Path
) -> None:
    install(monkeypatch, SpeckAdapter())
    raster, asked = scene(LARGE), [middle(NORTH_UP, LARGE)]
    live = Live(raster, asked, cache_folder, whole=True)
    assert iou(live.geometry(), NORTH_UP, LARGE) > 0.97
    assert live.objects[1].foreground_points == 1
    monkeypatch.setattr(PartAsker, "clear_part", lambda *arguments: None)
    without = Live(raster, asked, cache_folder, whole=True)
    assert iou(without.geometry(), NORTH_UP, LARGE) < 0.1


def test_small_objects_cost_no_more(
    components: ComponentAdapter, scene: Scene, cache_folder: Path
) -> None:
    small = (324, 192, 348, 208)
    raster, asked = scene(small), [middle(NORTH_UP, small)]
    plain = Live(raster, asked, cache_folder / "one")
    whole = Live(raster, asked, cache_folder / "other", whole=True)
    assert whole.objects == plain.objects
    assert whole.result.encoded == plain.result.encoded


def rounds(
    raster: Path, asked: list[Any], cache: Path, folder: Path, megabytes: int = 100
) -> tuple[Any, int]:
    """The objects of a tile layer, of which all is fetched that a call lacks."""
    x, y = NORTH_UP * (0, 0)
    source = LiveSource(tiles=TileGrid("type=xyz", "EPSG:32633", x, y, 2.0, WIDTH, HEIGHT))
    waiting: Any = asked
    fetched: tuple[FetchedPatch, ...] = ()
    objects: dict[int, Any] = {}
    count = 0
    while waiting:
        live = Live(raster, waiting, cache, megabytes, source=source, fetched=fetched, whole=True)
        objects.update(live.objects)
        waiting = live.result.waiting
        patches = [p for each in waiting for p in (each.patch, *each.others) if p is not None]
        # As many as QGIS fetches at a time.
        fetched = tuple(
            FetchedPatch(patch, fetch(raster, patch, folder), True)
            for patch in dict.fromkeys(patches[:4])
        )
        waiting = [each for each in waiting if each.patch in patches[:4]]
        count += 1
        assert count < 40
    return objects, count


def test_outline_of_a_tile_layer_is_fetched(
    components: ComponentAdapter, scene: Scene, cache_folder: Path, tmp_path: Path
) -> None:
    raster, asked = scene(LARGE), [middle(NORTH_UP, LARGE)]
    objects, _ = rounds(raster, asked, cache_folder, tmp_path)
    direct = Live(raster, asked, tmp_path / "other", whole=True)
    assert objects[1].resolution == pytest.approx(2.0, rel=0.01)
    assert iou_of(objects[1].wkb) > 0.98
    assert objects[1].area == pytest.approx(direct.objects[1].area, rel=0.01)


def test_without_a_cache_the_outline_of_a_tile_layer_stays_coarse(
    scene: Scene, cache_folder: Path, tmp_path: Path
) -> None:
    raster, asked = scene(LARGE), [middle(NORTH_UP, LARGE)]
    objects, _ = rounds(raster, asked, cache_folder, tmp_path, megabytes=0)
    assert objects[1].resolution > 3
    assert iou_of(objects[1].wkb) > 0.8


def iou_of(wkb: str) -> float:
    return float(iou(shapely.from_wkb(wkb), NORTH_UP, LARGE))


def test_drawing_an_outline_can_be_cancelled(
    components: ComponentAdapter, scene: Scene, cache_folder: Path
) -> None:
    raster, asked = scene(LARGE), [middle(NORTH_UP, LARGE)]
    before = len(Live(raster, asked, cache_folder / "one").result.encoded)
    components.images.clear()
    with pytest.raises(Cancelled):
        Live(
            raster,
            asked,
            cache_folder / "other",
            whole=True,
            cancelled=lambda: len(components.images) > before,
        )
    assert len(components.images) <= before + 2


def test_unsure_answers_at_a_border_are_kept(scene: Scene, cache_folder: Path) -> None:
    raster = scene(LARGE, bright=int(127.5 + 15))
    corner = at(NORTH_UP, LARGE[0] + 4, LARGE[1] + 4)
    live = Live(raster, [corner], cache_folder, whole=True)
    assert np.isfinite(live.objects[1].score)
