"""``geosam:segmenteverything`` on the features of a scene of bright squares."""

import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException, QgsVectorLayer, QgsWkbTypes

from tests.algorithms.scene import EPSG, SQUARES, Run, box_wkt, iou, map_box, memory_layer

pytestmark = pytest.mark.usefixtures("qgis_application")

FIELDS = [
    "object_id",
    "score",
    "stability",
    "area_m2",
    "patches",
    "scale",
    "chip_id",
    "parent_id",
    "level",
    "model",
    "touches_edge",
    "contrast",
]


def everything(features: str, cancel_at: Any = None, **parameters: Any) -> Run:
    return Run(
        "geosam:segmenteverything",
        {
            "FEATURES": features,
            "SPACING": 64,
            "DEVICE": False,
            "OUTPUT": "memory:",
            **parameters,
        },
        cancel_at,
    )


def around(square: tuple[int, int, int]) -> QgsVectorLayer:
    return memory_layer("Polygon", [(box_wkt(map_box(square)), "here")])


def test_each_square_is_found_once(features: str) -> None:
    run = everything(features, KEEP="largest", MAX_AREA=40000)
    layer = run.layer("OUTPUT")
    assert layer.fields().names() == FIELDS
    assert layer.crs().authid() == f"EPSG:{EPSG}"
    assert layer.wkbType() == QgsWkbTypes.Type.MultiPolygon
    rows = run.rows("OUTPUT")
    for square in SQUARES:
        (found,) = [row for row in rows if iou(row.geometry(), map_box(square)) > 0.6]
        assert found["area_m2"] == pytest.approx(found.geometry().area(), rel=0.01)
        assert found["score"] >= 0.5 and found["stability"] >= 0.75
        assert found["scale"] == 1 and found["level"] == 0
        assert found["contrast"] > 50
        assert found["model"] == "geosam_nano" and found["chip_id"].startswith("chip_")
    assert run.results["OBJECT_COUNT"] == len(rows)
    assert run.results["CALL_COUNT"] > 0
    assert any("points every 64 pixels" in line.lower() for line in run.feedback.lines)


def test_raster_without_features_gives_the_same_objects(
    features: str, raster: Path, tmp_path: Path
) -> None:
    with_features = everything(features)
    run = Run(
        "geosam:segmenteverything",
        {"INPUT": str(raster), "STRIDE": 512, "SPACING": 64, "DEVICE": False, "OUTPUT": "memory:"},
    )
    assert run.layer("OUTPUT").crs().authid() == f"EPSG:{EPSG}"
    assert run.results["PATCH_COUNT"] == with_features.results["PATCH_COUNT"]
    rows = run.rows("OUTPUT")
    assert len(rows) == len(with_features.rows("OUTPUT"))
    for square in SQUARES:
        assert any(iou(row.geometry(), map_box(square)) > 0.6 for row in rows)
    assert not list(tmp_path.rglob("*.pt"))


def test_objects_below_the_minimum_contrast_are_left_out(features: str) -> None:
    rows = everything(features).rows("OUTPUT")
    least = sorted(row["contrast"] for row in rows)[len(rows) // 2]
    kept = everything(features, MIN_CONTRAST=least).rows("OUTPUT")
    assert sorted(row["contrast"] for row in kept) == sorted(
        row["contrast"] for row in rows if row["contrast"] >= least
    )


@pytest.mark.parametrize("both", [True, False])
def test_features_or_a_raster_are_needed(features: str, raster: Path, both: bool) -> None:
    given = {"FEATURES": features, "INPUT": str(raster)} if both else {}
    with pytest.raises(QgsProcessingException, match="Give FEATURES or INPUT, but not both"):
        Run("geosam:segmenteverything", {**given, "OUTPUT": "memory:"})


def test_second_run_asks_nothing_again(features: str, tmp_path: Path) -> None:
    own = str(shutil.copytree(features, tmp_path / "own"))
    shutil.rmtree(Path(own) / "everything", ignore_errors=True)
    first = everything(own)
    second = everything(own, KEEP="coverage", MIN_AREA=100, SPACING=64)
    assert (Path(own) / "everything").is_dir()
    assert second.results["PATCH_COUNT"] == first.results["PATCH_COUNT"]
    assert first.results["CALL_COUNT"] > 0 and second.results["CALL_COUNT"] == 0
    shapes = [row.geometry() for row in second.rows("OUTPUT")]
    assert len(shapes) >= len(SQUARES)
    for number, shape in enumerate(shapes):
        for other in shapes[number + 1 :]:
            assert shape.intersection(other).area() < 1


def test_extent_and_mask_say_where_to_look(features: str) -> None:
    square = SQUARES[0]
    x_minimum, y_minimum, x_maximum, y_maximum = map_box(square)
    extent = f"{x_minimum},{x_maximum},{y_minimum},{y_maximum} [EPSG:{EPSG}]"
    by_extent = everything(features, EXTENT=extent, SPACING=32)
    by_mask = everything(features, MASK=around(square), SPACING=32)
    for run in (by_extent, by_mask):
        rows = run.rows("OUTPUT")
        assert any(iou(row.geometry(), map_box(square)) > 0.6 for row in rows)
        for other in SQUARES[1:]:
            assert not any(iou(row.geometry(), map_box(other)) > 0.3 for row in rows)


def test_extent_and_mask_that_do_not_overlap_are_refused(features: str) -> None:
    x_minimum, y_minimum, x_maximum, y_maximum = map_box(SQUARES[1])
    extent = f"{x_minimum},{x_maximum},{y_minimum},{y_maximum} [EPSG:{EPSG}]"
    with pytest.raises(QgsProcessingException, match="EXTENT and MASK do not overlap"):
        everything(features, EXTENT=extent, MASK=around(SQUARES[0]))


def test_empty_mask_is_refused(features: str) -> None:
    with pytest.raises(QgsProcessingException, match="MASK .* has no polygons"):
        everything(features, MASK=memory_layer("Polygon", []))


def test_areas_that_exclude_each_other_are_refused(features: str) -> None:
    with pytest.raises(QgsProcessingException, match="minimum area .* above the maximum"):
        everything(features, MIN_AREA=100, MAX_AREA=50)


def test_folder_without_features_is_said(tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match=r"no manifest\.parquet"):
        everything(str(tmp_path))


def test_cancelled_run_keeps_its_answers(features: str) -> None:
    run = everything(features, cancel_at=20, SPACING=48)
    assert run.rows("OUTPUT") == []
    again = everything(features, SPACING=48)
    assert any("asked by an earlier run" in line for line in again.feedback.lines)


def test_merged_shards_are_one_run(features: str, tmp_path: Path) -> None:
    expected = everything(features).rows("OUTPUT")
    shards = [
        everything(features, SHARD=f"{number}/2", OUTPUT=str(tmp_path / f"{number}.gpkg"))
        for number in (2, 1)
    ]
    layers = [run.results["OUTPUT"] for run in shards]
    together = Run("native:mergevectorlayers", {"LAYERS": layers, "OUTPUT": "memory:"})
    run = Run(
        "geosam:mergeobjects",
        {
            "OBJECTS": together.layer("OUTPUT"),
            "MODE": "shards",
            "OUTPUT": str(tmp_path / "merged.gpkg"),
            "REMOVED": "memory:",
        },
    )
    rows = run.rows("OUTPUT")
    assert [[row[name] for name in FIELDS] for row in rows] == [
        [row[name] for name in FIELDS] for row in expected
    ]
    assert [row.geometry().asWkb() for row in rows] == [row.geometry().asWkb() for row in expected]
    assert run.results["OBJECT_COUNT"] == len(expected) >= len(SQUARES)


def test_other_objects_than_those_of_shards_are_refused() -> None:
    with pytest.raises(QgsProcessingException, match="has no field score: give the objects of all"):
        Run(
            "geosam:mergeobjects",
            {"OBJECTS": around(SQUARES[0]), "MODE": "shards", "OUTPUT": "memory:"},
        )
