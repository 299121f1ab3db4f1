"""Segment everything in shards: merged, they are one run."""

from __future__ import annotations

import itertools
import os
import random
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon

from geosam_processing.contract import (
    ID_COLUMN,
    KEEP,
    KEPT_COLUMN,
    KEPT_STATE,
    SCORE_COLUMN,
    SHARDS_MODE,
    STATE_COLUMN,
    DiscoverRequest,
    FoundObject,
    LogEvent,
    MaskOptions,
    MergeObjectsRequest,
    PolygonFile,
    ProgressEvent,
    Shard,
)
from geosam_processing.contract.merging import (
    EDGE_COLUMN,
    KEY_COLUMN,
    LEVEL_COLUMN,
    PARENT_COLUMN,
    SCALE_COLUMN,
    SQUARE_METERS_COLUMN,
)
from geosam_processing.engine.discovery import shard_merging
from geosam_processing.engine.discovery.discover import discover
from geosam_processing.engine.discovery.merge_layer import merge_objects
from geosam_processing.engine.discovery.settling import settled
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.run import RunContext
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.stand_in_adapter import PATCH, encode_request, write_raster

pytestmark = pytest.mark.slow

SIDE = 5 * PATCH


@pytest.fixture
def raster(components: ComponentAdapter, tmp_path: Path) -> Path:
    """Rectangles of all sizes, some larger than a patch, some in others of other brightness."""
    values = np.full((3, SIDE, SIDE), 10, dtype=np.uint8)
    generator = np.random.default_rng(8)
    for side in (150, 100, 70, *[40] * 6, *[20] * 25):
        left, top = (4 * generator.integers(0, (SIDE - side) // 4, 2)).tolist()
        values[:, top : top + side, left : left + side // 2] = generator.integers(150, 250)
    return write_raster(tmp_path / "scene.tif", SIDE, SIDE, values=values)


@pytest.fixture
def features(raster: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "features"
    encode(encode_request(raster, folder, precision="float32", scales=(1, 2)))
    return folder


def found(log: Any = None, progress: Any = None, **values: Any) -> list[FoundObject]:
    objects: list[FoundObject] = []
    fields = {"minimum_score": 0.5, "minimum_stability": 0.3, "spacing": 8, **values}
    context = RunContext(
        progress=progress or (lambda event: None),
        log=log or (lambda event: None),
        results=lambda event: objects.extend(event.objects),
    )
    discover(DiscoverRequest(**fields), context)
    return objects


def merged(objects: Sequence[FoundObject], folder: Path, keep: str = "all") -> list[FoundObject]:
    """The objects of all shards as Merge objects makes one layer of them."""
    frame = geopandas.GeoDataFrame(
        {
            ID_COLUMN: range(len(objects)),
            SCORE_COLUMN: [each.score for each in objects],
            SCALE_COLUMN: [each.scale for each in objects],
            EDGE_COLUMN: [each.touches_edge for each in objects],
        },
        geometry=[shapely.from_wkb(each.wkb) for each in objects],
        crs="EPSG:32633",
    )
    path, output = folder / "shards.gpkg", folder / "merged.gpkg"
    frame.to_file(path)
    request = MergeObjectsRequest(
        PolygonFile(str(path), "EPSG:32633", has_scores=True),
        str(output),
        mode=SHARDS_MODE,
        keep=keep,
    )
    result = merge_objects(request)
    rows = geopandas.read_file(output)
    kept = rows[rows[STATE_COLUMN] == KEPT_STATE]
    assert len(kept) == result.object_count and len(rows) == len(objects)
    return [
        replace(
            objects[row[ID_COLUMN]],
            key=row[KEY_COLUMN],
            parent=None if row[PARENT_COLUMN] < 0 else row[PARENT_COLUMN],
            level=row[LEVEL_COLUMN],
            area=row[SQUARE_METERS_COLUMN],
            wkb=shapely.to_wkb(row.geometry, hex=True),
        )
        for _, row in kept.iterrows()
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_merged_shards_are_one_run(features: Path, tmp_path: Path, count: int) -> None:
    expected = found(features=str(features))
    numbers = list(range(1, count + 1))
    random.Random(count).shuffle(numbers)
    shards = [found(features=str(features), shard=Shard(number, count)) for number in numbers]
    assert sum(map(bool, shards)) == count
    objects = [each for shard in shards for each in shard]
    assert merged(objects, tmp_path) == expected
    assert len(expected) > 15


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child of this process is killed")
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_killed_shards_continue_as_one_run(
    features: Path, tmp_path: Path, components: ComponentAdapter, count: int
) -> None:
    expected = found(features=str(features))
    objects: list[FoundObject] = []
    for number in range(count, 0, -1):
        child = os.fork()
        if child == 0:
            calls = itertools.count()

            def kill(event: ProgressEvent, calls: Iterator[int] = calls) -> None:
                if next(calls) == 2:
                    os.kill(os.getpid(), signal.SIGKILL)

            found(features=str(features), shard=Shard(number, count), progress=kill)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        lines: list[LogEvent] = []
        objects += found(features=str(features), shard=Shard(number, count), log=lines.append)
        assert any("were asked by an earlier run" in event.text for event in lines)
    assert merged(objects, tmp_path) == expected


@pytest.mark.parametrize("keep", KEEP)
def test_what_is_kept_is_chosen_when_shards_are_merged(
    features: Path, tmp_path: Path, keep: str
) -> None:
    masks = MaskOptions(simplify=1.0)
    expected = found(features=str(features), keep=keep, masks=masks, minimum_area=200.0)
    objects = [
        each
        for number in (2, 1)
        for each in found(
            features=str(features),
            shard=Shard(number, 2),
            keep=keep,
            masks=masks,
            minimum_area=200.0,
        )
    ]
    assert merged(objects, tmp_path, keep) == expected


def test_shards_of_a_raster_without_features(raster: Path, tmp_path: Path) -> None:
    request = encode_request(raster, tmp_path / "records", scales=(1, 2))
    expected = found(encode=request)
    lines: list[LogEvent] = []
    objects = [
        each
        for number in (1, 2, 3)
        for each in found(encode=request, shard=Shard(number, 3), log=lines.append)
    ]
    assert merged(objects, tmp_path) == expected
    assert not (tmp_path / "records").exists()
    (first,) = [event.text for event in lines if event.text.startswith("Shard 1/3: ")]
    assert "of other shards at its border" in first


def test_objects_that_need_too_many_patches_stay_cut(
    features: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard_merging, "_SMALL_HALO", 0)
    monkeypatch.setattr(shard_merging, "_LARGEST_HALO", 0)
    lines: list[LogEvent] = []
    objects = found(features=str(features), shard=Shard(1, 7), log=lines.append)
    assert any(each.touches_edge for each in objects)
    assert [event.level for event in lines if "stay cut" in event.text] == ["warning"]


def test_duplicates_name_the_object_that_is_kept(features: Path, tmp_path: Path) -> None:
    objects = found(features=str(features))
    shifted = [replace(each, score=each.score / 2) for each in objects]
    assert merged([*shifted, *objects], tmp_path) == objects
    rows = geopandas.read_file(tmp_path / "merged.gpkg")
    kept = rows[KEPT_COLUMN].to_numpy()
    assert sorted(kept) == sorted([*range(len(objects), 2 * len(objects))] * 2)


boxes = st.builds(
    lambda x, y, width, height: MultiPolygon([shapely.box(x, y, x + width, y + height)]),
    *[st.integers(0, 12)] * 2,
    *[st.integers(1, 12)] * 2,
)


@given(
    st.lists(st.tuples(boxes, st.booleans(), st.sampled_from([0.5, 0.9])), max_size=12),
    st.sampled_from(KEEP),
    st.randoms(use_true_random=False),
)
def test_the_order_of_objects_does_not_matter(
    objects: list[tuple[MultiPolygon, bool, float]], keep: str, shuffled: random.Random
) -> None:
    def result(given: list[tuple[MultiPolygon, bool, float]]) -> list[Any]:
        shapes = [shape for shape, _, _ in given]
        kept, _ = settled(shapes, [(edge, 1, -score) for _, edge, score in given], keep)
        return [
            (each.geometry.wkb, given[each.index], each.level, each.parent is None) for each in kept
        ]

    other = list(objects)
    shuffled.shuffle(other)
    assert result(other) == result(objects)
