"""The engine for people, with a model whose masks are known."""

from __future__ import annotations

import inspect
import pkgutil
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import geosam_processing.engine as geosam
from geosam_processing.contract import fields
from tests.algorithms.interface_parameters import PARAMETERS
from tests.engine.live_runs import SMALL
from tests.engine.rasters import NORTH_UP

pytestmark = pytest.mark.slow

# Arguments that no algorithm has: how a library is called, not what it does.
OWN = {"context"}
SECOND = (40, 40, 72, 72)  # columns and rows, as SMALL


def polygon(rectangle):
    left, top, right, bottom = rectangle
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return shapely.Polygon([NORTH_UP * corner for corner in corners])


def middle(rectangle):
    return polygon(rectangle).centroid.coords[0]


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GEOSAM_CACHE_FOLDER", str(tmp_path / "cache"))


@pytest.fixture
def raster(scene: Any) -> Path:
    """Two bright rectangles."""
    return scene(SMALL, SECOND)


# A few patches around the rectangles.
FEW: Any = {"model": "stand_in", "stride": 48, "extent": (500000, 5799552, 500768, 5800000)}


@pytest.fixture
def features(raster: Path, tmp_path: Path) -> geosam.Features:
    return geosam.encode(raster, tmp_path / "features", **FEW)


def test_encode_shows_what_it_made(features, tmp_path):
    assert features.path == tmp_path / "features"
    assert features.crs.to_epsg() == 32633
    assert len(features) == len(features.patches)
    assert repr(features).startswith(f"<{len(features)} patches of stand_in, EPSG:32633, ")
    picture = features._repr_html_()
    assert picture.count("<polygon") == len(features)
    assert "EPSG:32633" in picture


def test_encode_goes_beside_the_raster_and_opens_again(raster):
    features = geosam.encode(raster, **FEW)
    assert features.path == raster.parent / "scene_stand_in"
    assert geosam.Features(features.path).bounds == features.bounds


def test_shards_are_merged(raster, tmp_path, monkeypatch):
    options: dict[str, Any] = {"model": "stand_in", "stride": 48, "range": (0, 255)}
    part = geosam.encode_shard(raster, tmp_path / "shards", "2/2", **options)
    assert part == tmp_path / "shards" / "manifest.parts" / "0002-of-0002.parquet"
    monkeypatch.setenv("GEOSAM_SHARD", "1/2")
    geosam.encode_shard(raster, tmp_path / "shards", **options)
    merged = geosam.merge_features(tmp_path / "shards")
    assert len(merged) == len(geosam.encode(raster, tmp_path / "one", **options))
    copied = geosam.merge_features([merged], tmp_path / "copy")
    assert (len(copied), copied.path) == (len(merged), tmp_path / "copy")
    monkeypatch.delenv("GEOSAM_SHARD")
    with pytest.raises(geosam.ContractError, match="There is no shard"):
        geosam.encode_shard(raster, tmp_path / "shards", **options)


def test_objects_of_shards_are_merged(features):
    options: dict[str, Any] = {"min_score": 0.5, "min_stability": 0.3, "spacing": 8}
    expected = features.segment_everything(**options)
    parts = [features.segment_everything(shard=f"{number}/2", **options) for number in (2, 1)]
    pd.testing.assert_frame_equal(pd.DataFrame(geosam.merge_shards(parts)), pd.DataFrame(expected))
    with pytest.raises(geosam.ContractError, match="choose one of all"):
        geosam.merge_shards(parts, keep="some")


@pytest.mark.parametrize("source", ["features", "raster"])
def test_segment_finds_objects_in_every_form(source, features, raster):
    given = features if source == "features" else raster
    own: Any = {} if source == "features" else {"model": "stand_in"}
    layer = geopandas.GeoDataFrame(
        {"name": ["small", "second"]},
        geometry=[shapely.Point(middle(SMALL)), shapely.Point(middle(SECOND))],
        crs="EPSG:32633",
    )
    path = raster.parent / "clicks.gpkg"
    layer.to_crs("EPSG:4326").to_file(path)
    wanted = [polygon(SMALL), polygon(SECOND)]
    for prompts in (layer, path, [middle(SMALL), middle(SECOND)]):
        objects = geosam.segment(given, prompts, **own)
        assert objects.crs.to_epsg() == 32633
        for shape, expected in zip(objects.geometry, wanted, strict=True):
            # A mask has no corners: four pixels of 2 m.
            assert shapely.symmetric_difference(shape, expected).area <= 4 * 2 * 2
    objects = geosam.segment(given, boxes=[each.bounds for each in wanted], **own)
    assert objects.geometry.area.tolist() == pytest.approx([each.area for each in wanted], abs=16)


def test_columns_are_those_of_the_algorithms(features):
    names = [name for name, _, _ in fields.SEGMENTED_FIELDS]
    objects = features.segment(middle(SMALL))
    assert list(objects) == [*names, "geometry"]
    kinds = {float: "float64", int: "int64", bool: "bool"}
    for name, kind, _ in fields.SEGMENTED_FIELDS:
        assert kind is str or objects[name].dtype == kinds[kind], name


def test_attributes_come_along_and_names_make_way(features):
    layer = geopandas.GeoDataFrame(
        {"name": ["pond"], "score": [9.0]},
        index=["first"],
        geometry=[shapely.Point(middle(SMALL))],
        crs="EPSG:32633",
    )
    (row,) = features.segment(layer).reset_index().to_dict("records")
    assert (row["index"], row["name"], row["score"]) == ("first", "pond", 9.0)
    assert 0 < row["score_2"] <= 1


def test_unanswered_prompts_have_reasons(features):
    objects = features.segment([middle(SMALL), (0, 0)])
    assert len(objects) == 1
    (unanswered,) = objects.attrs["unanswered"]
    assert unanswered["prompt"] == 1
    assert "outside every patch" in unanswered["reason"]


def test_a_table_goes_to_a_file_and_comes_back(features, tmp_path):
    objects = features.segment([middle(SMALL), (0, 0)])
    objects.to_parquet(tmp_path / "objects.parquet")
    pd.testing.assert_frame_equal(
        pd.DataFrame(geopandas.read_parquet(tmp_path / "objects.parquet").drop(columns="geometry")),
        pd.DataFrame(objects.drop(columns="geometry")),
    )


@pytest.mark.parametrize("source", ["features", "raster"])
def test_everything_is_found(source, features, raster):
    given = features if source == "features" else raster
    own: Any = {} if source == "features" else {"model": "stand_in"}
    objects = geosam.segment_everything(given, min_score=0, min_stability=0, spacing=8, **own)
    names = [name for name, _, _ in fields.FOUND_FIELDS]
    assert list(objects) == [*names, "geometry"]
    found = objects.geometry.union_all()
    for rectangle in (SMALL, SECOND):
        assert shapely.intersection(found, polygon(rectangle)).area > 0.9 * polygon(rectangle).area


def test_mask_limits_the_search(features):
    near = geopandas.GeoSeries([polygon(SMALL).buffer(20)], crs="EPSG:32633").to_crs("EPSG:4326")
    objects = features.segment_everything(mask=near, min_score=0, min_stability=0, spacing=8)
    assert not objects.intersects(polygon(SECOND)).any()
    assert objects.intersects(polygon(SMALL)).any()


def test_objects_are_followed_through_dates(raster, tmp_path):
    later = tmp_path / "scene_2014.tif"
    later.write_bytes(raster.read_bytes())
    dated = {"2010": raster, "2014-07": later}
    layer = geopandas.GeoDataFrame(
        {"name": ["a", "b"]},
        geometry=[shapely.Point(middle(SMALL)), shapely.Point(0, 0)],
        crs="EPSG:32633",
    )
    rows = geosam.segment_series(dated, layer, model="stand_in", min_score=0)
    seen = rows[rows.state == "seen"]
    assert seen["name"].tolist() == ["a", "a"]
    assert seen["date"].dt.year.tolist() == [2010, 2014]
    assert seen.geometry.area.tolist() == pytest.approx([polygon(SMALL).area] * 2, abs=16)
    assert [each["prompt"] for each in rows.attrs["unanswered"]] == [1]
    assert [each["seen"] for each in rows.attrs["summary"]][:1] == [2]
    assert list(seen)[-1] == "geometry"


def test_preview_recommends(raster):
    advice = geosam.preview(
        raster, [polygon(SMALL)], model="stand_in", seconds_per_patch=2, margin=0
    )
    assert advice.recommendation is not None
    assert advice.recommendation.covered_share == 1
    assert len(advice.patches) == advice.result.patch_count
    assert "Recommended: " in advice._repr_html_()
    assert advice.picture.startswith(b"\x89PNG")


def test_preview_knows_the_keywords_of_encode(raster):
    assert geosam.preview(raster, model="stand_in", stride=32).result.stride == 32
    with pytest.raises(TypeError, match="strides"):
        geosam.preview(raster, model="stand_in", strides=32)


def test_assess_compares(features, tmp_path):
    objects = features.segment([middle(SMALL), middle(SECOND)])
    reference = geopandas.GeoSeries([polygon(SMALL)], crs="EPSG:32633")
    page = tmp_path / "page.html"
    accuracy = geosam.assess(objects, reference, page=page)
    assert (accuracy.precision, accuracy.recall) == (0.5, 1.0)
    assert accuracy.mean_iou == pytest.approx(1, abs=0.02)
    assert accuracy.false_alarms["object_id"].tolist() == [1]
    assert "f1 0.667" in repr(accuracy)
    assert "0.667" in accuracy._repr_html_()
    assert page.read_text().startswith("<!")


def test_clean_outlines_straightens(features):
    objects = features.segment(middle(SMALL))
    (clean,) = geosam.clean_outlines(objects, tolerance=4).to_dict("records")
    assert clean["iou_before"] > 0.9
    assert clean["score"] == objects.score[0]
    assert {name for name, _, _ in fields.OUTLINE_FIELDS} <= set(clean)


def test_merge_joins_halves():
    left, right = shapely.box(0, 0, 60, 10), shapely.box(40, 0, 100, 10)
    patches = geopandas.GeoSeries(
        [shapely.box(-50, -50, 60, 60), shapely.box(40, -50, 150, 60)], crs="EPSG:32633"
    )
    halves = geopandas.GeoDataFrame({"patch": ["a", "b"]}, geometry=[left, right], crs="EPSG:32633")
    named = geopandas.GeoDataFrame({"name": ["a", "b"]}, geometry=patches)
    merged = geosam.merge_objects(
        halves, patches=named, patch_field="patch", patches_field="name", tolerance=1
    )
    assert merged.geometry.area.tolist() == [1000]
    assert merged["pieces"].tolist() == [2]
    (removed,) = merged.attrs["removed"]
    assert removed["reason"] == "joined"


def test_rank_puts_examples_first(raster):
    shapes = [polygon(SMALL), polygon(SECOND), polygon((500, 400, 540, 440))]
    layer = geopandas.GeoDataFrame({"n": [0, 1, 2]}, geometry=shapes, crs="EPSG:32633")
    ranked = geosam.rank_by_similarity(layer, layer[:1], raster=raster)
    assert ranked["rank"].tolist() == [1, 2, 3]
    assert ranked["n"].tolist()[-1] == 2
    assert len(geosam.rank_by_similarity(layer, layer[:1], raster=raster, top=1)) == 1


def test_prompts_are_made_of_a_raster(raster):
    points, boxes, threshold = geosam.prompts_from_raster(raster, threshold=100, padding=0)
    assert threshold == 100
    assert sorted(boxes.geometry.area) == pytest.approx(
        sorted([polygon(SMALL).area, polygon(SECOND).area])
    )
    assert points.label.eq(1).all()
    again = geosam.prompts_from_raster(polygons=boxes)
    assert len(again.points) == 2


def test_a_context_gets_progress_log_and_results(features):
    progress: list[Any] = []
    log: list[Any] = []
    results: list[Any] = []
    context = geosam.RunContext(progress=progress.append, log=log.append, results=results.append)
    objects = features.segment(middle(SMALL), context=context)
    assert progress[-1].done == progress[-1].total == 1
    assert "Model: stand_in" in log[-1].text
    assert sum(len(event.objects) for event in results) == len(objects)


def test_a_context_can_cancel(features):
    with pytest.raises(geosam.Cancelled):
        features.segment(middle(SMALL), context=geosam.RunContext(cancelled=lambda: True))


def test_a_bar_shows_where_somebody_watches(features, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    features.segment(middle(SMALL))
    assert "Segmenting" in capsys.readouterr().err


def test_nothing_is_shown_in_a_script(features, capsys):
    features.segment(middle(SMALL))
    assert capsys.readouterr().err == ""


def test_unknown_names_are_errors(raster):
    with pytest.raises(geosam.ContractError, match=r"Invalid device \(gpu\)"):
        geosam.encode(raster, device="gpu")
    with pytest.raises(AttributeError, match="no attribute 'encoed'"):
        geosam.encoed  # noqa: B018
    assert set(geosam.__all__) <= set(dir(geosam))


def test_names_stay_functions_when_rooms_are_loaded():
    """A room of the engine must not take the name of a function."""
    # Not the names of all folders: caches of Python stay in those of rooms that were renamed.
    rooms = {module.name for module in pkgutil.iter_modules(geosam.__path__)}
    assert {"encoding", "server"} <= rooms
    assert not rooms & set(geosam.__all__)


@pytest.mark.parametrize(
    ("function", "algorithms"),
    [
        (geosam.encode, ["encoderaster"]),
        (geosam.segment, ["segmentprompts", "segmentlive"]),
        (geosam.segment_everything, ["segmenteverything"]),
        (geosam.segment_concepts, ["segmentconcepts"]),
        (geosam.clean_outlines, ["cleanoutlines"]),
        (geosam.merge_objects, ["mergeobjects"]),
        (geosam.rank_by_similarity, ["rankbysimilarity"]),
        (geosam.prompts_from_raster, ["promptsfromraster"]),
        (geosam.segment_series, ["segmentseries"]),
        (geosam.assess, ["assessaccuracy"]),
        (geosam.preview, ["previewpatches"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_keywords_are_the_keys_in_lower_case(function, algorithms):
    parameters: Any = PARAMETERS
    keys = {key.lower() for name in algorithms for key, *_ in parameters[name]}
    keywords = {name.rstrip("_") for name in inspect.signature(function).parameters}
    unknown = keywords - keys - OWN - {"encoding"}
    # A folder or a raster; of numbers, as layers of QGIS always have a CRS.
    assert unknown <= {"source", "crs"}


def test_numbers_of_numpy_are_numbers(features):
    assert len(features.segment(np.array([middle(SMALL), middle(SECOND)]))) == 2
