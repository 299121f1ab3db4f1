"""``geosam:mergeobjects``."""

from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsGeometry, QgsProcessingException, QgsVectorLayer

from tests.algorithms.scene import LEFT, TOP, Run, box_wkt, memory_layer

pytestmark = pytest.mark.usefixtures("qgis_application")


def placed(left: float, bottom: float, right: float, top: float) -> str:
    return box_wkt((LEFT + left, TOP - 1000 + bottom, LEFT + right, TOP - 1000 + top))


# Two patches that share the columns 500 to 1000: an object that both cut, one that both see.
ROWS = [
    (placed(100, 100, 1000, 200), "long", "a", 0.5),
    (placed(600, 700, 700, 800), "twice", "a", 0.6),
    (placed(500, 100, 1400, 200), "end", "b", 0.9),
    (placed(601, 700, 700, 800), "again", "b", 0.7),
    (None, "nothing", "b", 0.1),
]


def objects() -> QgsVectorLayer:
    return memory_layer("Polygon", ROWS, "name:string,tile:string,score:double")


def patches() -> QgsVectorLayer:
    rows = [(placed(0, 0, 1000, 1000), "a"), (placed(500, 0, 1500, 1000), "b")]
    return memory_layer("Polygon", rows, "patch:string")


def merge(**parameters: Any) -> Run:
    values = {"OBJECTS": objects(), "OUTPUT": "memory:", "REMOVED": "memory:", **parameters}
    return Run("geosam:mergeobjects", values)


@pytest.mark.parametrize("fields", [{}, {"PATCH_FIELD": "tile", "PATCHES_FIELD": "patch"}])
def test_cut_objects_are_joined_and_duplicates_removed(fields: dict[str, str]) -> None:
    run = merge(PATCHES=patches(), SCORE_FIELD="score", **fields)
    long, twice = run.rows("OUTPUT")
    assert long.geometry().isGeosEqual(QgsGeometry.fromWkt(placed(100, 100, 1400, 200)))
    assert (long["name"], long["pieces"], bool(long["cut"])) == ("long", 2, False)
    assert (twice["name"], twice["pieces"]) in (("twice", 1), ("again", 1))
    removed = {row["name"]: row for row in run.rows("REMOVED")}
    assert removed["end"]["reason"] == "joined"
    assert removed["end"]["object_id"] == long["object_id"]
    (duplicate,) = (name for name in ("twice", "again") if name in removed)
    assert removed[duplicate]["reason"] == "duplicate"
    assert removed[duplicate]["object_id"] == twice["object_id"]
    assert removed["nothing"]["reason"] == "without area"
    counts = ("OBJECT", "JOINED", "DUPLICATE", "REPLACED", "CUT")
    assert [run.results[f"{each}_COUNT"] for each in counts] == [2, 1, 1, 0, 0]


def test_one_of_both() -> None:
    assert merge(PATCHES=patches(), MODE="join").results["OBJECT_COUNT"] == 3
    assert merge(PATCHES=patches(), MODE="duplicates").results["CUT_COUNT"] == 2


def test_the_patches_of_a_feature_folder(features: str) -> None:
    square = (LEFT + 80, TOP - 180, LEFT + 180, TOP - 80)
    layer = memory_layer("Polygon", [(box_wkt(square), "one"), (box_wkt(square), "two")])
    run = merge(OBJECTS=layer, FEATURES=features, REMOVED=None)
    assert run.results["OBJECT_COUNT"] == 1 == len(run.rows("OUTPUT"))
    assert "REMOVED" not in run.results


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({}, "Give PATCHES or FEATURES, but not both"),
        ({"PATCHES": True, "PATCH_FIELD": "tile"}, "has no field tile: give PATCHES_FIELD"),
        ({"PATCHES": True, "AGREEMENT": 0}, "Invalid agreement (0"),
    ],
)
def test_values_that_cannot_be_are_refused(parameters: dict[str, Any], problem: str) -> None:
    if parameters:
        parameters = {**parameters, "PATCHES": patches()}
    with pytest.raises(QgsProcessingException) as raised:
        merge(**parameters)
    assert problem in str(raised.value)
