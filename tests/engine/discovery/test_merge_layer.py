"""Objects of overlapping patches, from files into a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely import Polygon, box

from geosam_processing.contract import (
    ContractError,
    MergeObjectsRequest,
    MergeObjectsResult,
    PolygonFile,
)
from geosam_processing.engine.discovery.merge_layer import merge_objects
from geosam_processing.engine.errors import Cancelled, FeaturesError
from geosam_processing.engine.run import RunContext

UTM = "EPSG:32633"
# Two patches that share the columns 500 to 1000.
LEFT, RIGHT = box(0, 0, 1000, 1000), box(500, 0, 1500, 1000)
# A long object that both cut, one that only the first one cuts, one that both see, one alone.
LONG = (box(100, 100, 1000, 200), box(500, 100, 1400, 200))
HALF = (box(900, 400, 1000, 500), box(900, 400, 1200, 500))
TWICE = (box(600, 700, 700, 800), box(601, 700, 700, 800))
ALONE = box(1300, 700, 1400, 800)
OBJECTS = [(LONG[0], "a"), (HALF[0], "a"), (TWICE[0], "a")]
OBJECTS += [(LONG[1], "b"), (HALF[1], "b"), (TWICE[1], "b"), (ALONE, "b"), (Polygon(), "b")]


def write(path: Path, crs: str, **columns: Any) -> None:
    geometries = columns.pop("geometries")
    table = geopandas.GeoDataFrame(columns, geometry=geometries, crs=UTM)
    table.to_crs(crs).to_file(path, driver="GPKG")


def merge(
    folder: Path,
    given: list[tuple[Polygon, str]] = OBJECTS,
    crs: str = UTM,
    context: RunContext | None = None,
    **options: Any,
) -> tuple[geopandas.GeoDataFrame, MergeObjectsResult]:
    objects, patches = folder / "objects.gpkg", folder / "patches.gpkg"
    write(
        objects,
        crs,
        geosam_id=range(10, 18),
        geosam_patch=[patch for _, patch in given],
        geosam_class=["x"] * 5 + ["y"] * 3,
        geometries=[each for each, _ in given],
    )
    write(patches, UTM, geosam_patch=["a", "b"], geometries=[LEFT, RIGHT])
    request = MergeObjectsRequest(
        objects=PolygonFile(str(objects), crs, has_classes=options.pop("classes", False)),
        output=str(folder / "merged.gpkg"),
        patches=PolygonFile(str(patches), UTM),
        **options,
    )
    result = merge_objects(request, context or RunContext())
    return geopandas.read_file(request.output), result


@pytest.mark.parametrize("named", [True, False])
def test_each_object_is_there_once_and_complete(tmp_path: Path, named: bool) -> None:
    rows, result = merge(tmp_path, named=named)
    assert rows["geosam_id"].tolist() == list(range(10, 18))
    assert rows["state"].tolist()[:2] == ["kept", "cut"]
    assert rows["state"].tolist()[3:5] == ["joined", "kept"]
    assert sorted(rows["state"][[2, 5]]) == ["duplicate", "kept"]
    assert rows["state"].tolist()[6:] == ["kept", "without area"]
    assert rows["kept"].tolist()[:2] == [10, 14] and rows["kept"][3] == 10
    assert rows["pieces"].tolist()[:2] == [2, 0] and rows["pieces"][6] == 1
    assert rows.geometry[0].equals(box(100, 100, 1400, 200))
    assert rows.geometry[4].equals(HALF[1]) and rows.geometry[1] is None
    assert not rows["cut"].any()
    assert (result.object_count, result.joined_count, result.duplicate_count) == (4, 1, 1)
    assert (result.replaced_count, result.cut_count, result.unusable_count) == (1, 0, 1)


def test_only_joining_and_only_removing(tmp_path: Path) -> None:
    _, joined = merge(tmp_path, mode="join")
    assert (joined.joined_count, joined.duplicate_count, joined.replaced_count) == (1, 0, 0)
    rows, removed = merge(tmp_path, mode="duplicates")
    assert (removed.joined_count, removed.duplicate_count, removed.replaced_count) == (0, 1, 1)
    assert rows["cut"].tolist() == [True, False, False, True, False, False, False, False]
    assert removed.cut_count == 2


def test_objects_of_other_classes_are_left_alone(tmp_path: Path) -> None:
    rows, _ = merge(tmp_path, classes=True)
    assert rows["state"].tolist() == [
        *["kept", "cut", "kept", "joined"],
        *["kept"] * 3,
        "without area",
    ]


def test_objects_may_be_in_another_crs(tmp_path: Path) -> None:
    rows, result = merge(tmp_path, crs="EPSG:4326", tolerance=4.0)
    assert result.object_count == 4 and rows.crs.to_epsg() == 4326
    back = rows.to_crs(UTM).geometry[0]
    assert back.symmetric_difference(box(100, 100, 1400, 200)).area < 10


def test_what_no_patch_saw_is_kept(tmp_path: Path) -> None:
    far = (box(5000, 0, 5100, 100), "b")
    rows, result = merge(tmp_path, [far, *OBJECTS[1:]])
    assert rows["state"][0] == "kept" and result.outside_count == 1


def test_a_patch_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FeaturesError, match=r"names a patch \(c\)"):
        merge(tmp_path, [(ALONE, "c"), *OBJECTS[1:]], named=True)


def test_a_run_is_cancelled(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        merge(tmp_path, context=RunContext(cancelled=lambda: True))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"agreement": 0}, "Invalid agreement (0)"),
        ({"mode": "all"}, "Invalid mode (all)"),
        ({"tolerance": 0}, "Invalid distance to the edges of patches (0)"),
        ({"features": "folder"}, "give one of them"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], problem: str) -> None:
    file = PolygonFile("p.gpkg", UTM)
    with pytest.raises(ContractError) as raised:
        MergeObjectsRequest(file, "o.gpkg", patches=file, **options)
    assert problem in str(raised.value)
