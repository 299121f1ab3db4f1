"""Layers from files, tables and a page into files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely import Polygon, box

from geosam_processing.contract import (
    CLASS_COLUMN,
    ID_COLUMN,
    SCORE_COLUMN,
    AssessmentOptions,
    AssessRequest,
    AssessResult,
    ContractError,
    LogEvent,
    PolygonFile,
    ProgressEvent,
)
from geosam_processing.contract.messages import from_json, to_json
from geosam_processing.engine.assessment.run import assess_files
from geosam_processing.engine.errors import Cancelled, OutputError
from geosam_processing.engine.polygon_files import LayerFileError
from geosam_processing.engine.run import RunContext

BOW_TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def square(x: float) -> Polygon:
    return box(x, 0, x + 10, 10)


def write(path: Path, polygons: list[Polygon | None], **columns: Any) -> PolygonFile:
    """Polygons with ids from 1 on, in meters around the middle of a UTM zone."""
    frame = geopandas.GeoDataFrame(
        {ID_COLUMN: range(1, len(polygons) + 1), **columns},
        geometry=geopandas.GeoSeries(polygons).translate(500_000, 5_000_000),
        crs="EPSG:32633",
    )
    frame.to_file(path, driver="GPKG")
    return PolygonFile(str(path), "EPSG:32633", SCORE_COLUMN in columns, CLASS_COLUMN in columns)


def rows(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_tables_and_page_are_written(tmp_path: Path) -> None:
    objects = write(
        tmp_path / "objects.gpkg",
        [square(0), square(51), BOW_TIE, None],
        **{SCORE_COLUMN: [0.9, 0.8, None, 0.7], CLASS_COLUMN: ["a", "b", "a", "a"]},
    )
    reference = write(
        tmp_path / "reference.gpkg",
        [square(0), square(50), square(100)],
        **{CLASS_COLUMN: ["a", "b", None]},
    )
    area = write(tmp_path / "area.gpkg", [box(-50, -50, 90, 50)])
    log: list[LogEvent] = []
    done: list[ProgressEvent] = []
    page = tmp_path / "pages" / "page.html"
    result = assess_files(
        AssessRequest(objects, reference, str(tmp_path), area, page=str(page)),
        RunContext(progress=done.append, log=log.append),
    )
    assert from_json(AssessResult, to_json(result)) == result
    assert [(row.kind, row.name) for row in result.measures] == [
        ("all", ""), ("class", "a"), ("class", "b"),
    ]  # fmt: skip
    total = result.measures[0]
    assert (total.object_count, total.reference_count, total.matched_count) == (3, 2, 2)
    assert (result.repaired_count, result.unusable_count, result.outside_count) == (1, 1, 1)
    matches = rows(result.matches)
    assert [(row["object_id"], row["reference_id"]) for row in matches] == [("1", "1"), ("2", "2")]
    assert float(matches[1]["iou"]) == pytest.approx(90 / 110, abs=1e-4)
    assert float(matches[1]["shift_east"]) == pytest.approx(1, abs=1e-2)
    assert rows(result.missed) == rows(result.splits) == []
    (wrong,) = rows(result.false_alarms)
    assert (wrong["object_id"], wrong["best_reference_id"]) == ("3", "1")
    assert [event.text for event in log] == [
        "Objects with an invalid geometry, which was repaired: 1",
        "Objects without an area, which do not count: 1 (ids 4)",
        "References outside the assessed area, which do not count: 1",
        "Objects without a score, which rank below all others: 1",
    ]
    assert {event.level for event in log} == {"warning"}
    assert (done[-1].done, done[-1].total) == (100, 100)
    assert page.read_text(encoding="utf-8").endswith("</html>\n")


def test_splits_list_their_pieces(tmp_path: Path) -> None:
    halves = [box(0, 0, 5, 10), box(5, 0, 10, 10)]
    objects = write(tmp_path / "objects.gpkg", halves)
    reference = write(tmp_path / "reference.gpkg", [square(0)])
    result = assess_files(AssessRequest(objects, reference, str(tmp_path)))
    assert rows(result.splits) == [
        {"kind": "split", "complete_id": "1", "piece_ids": "1 2"},
    ]


def test_empty_layers_are_compared(tmp_path: Path) -> None:
    objects, reference = (write(tmp_path / f"{name}.gpkg", []) for name in ("one", "other"))
    result = assess_files(AssessRequest(objects, reference, str(tmp_path)))
    assert result.measures[0].object_count == 0
    assert result.boundary_tolerance is None


def test_comparison_can_be_cancelled(tmp_path: Path) -> None:
    polygons = write(tmp_path / "polygons.gpkg", [square(0)])
    with pytest.raises(Cancelled):
        assess_files(
            AssessRequest(polygons, polygons, str(tmp_path)), RunContext(cancelled=lambda: True)
        )


def test_unknown_crs_is_refused(tmp_path: Path) -> None:
    polygons = write(tmp_path / "polygons.gpkg", [square(0)])
    nowhere = PolygonFile(polygons.path, "EPSG:999999")
    with pytest.raises(LayerFileError, match=r"CRS of a layer is unknown \(EPSG:999999\)"):
        assess_files(AssessRequest(polygons, nowhere, str(tmp_path)))


def test_page_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    polygons = write(tmp_path / "polygons.gpkg", [square(0)])
    (tmp_path / "file").touch()
    page = tmp_path / "file" / "page.html"
    with pytest.raises(OutputError, match="page.html cannot be written"):
        assess_files(AssessRequest(polygons, polygons, str(tmp_path), page=str(page)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"iou": 0.0}, r"IoU of a match \(0\)"),
        ({"iou": 1.1}, r"IoU of a match \(1.1\)"),
        ({"boundary_tolerance": 0.0}, r"boundary tolerance \(0.0 m\)"),
        ({"size_limits": (50.0, 20.0)}, r"size limits \(50, 20\)"),
        ({"size_limits": (-1.0,)}, r"size limits \(-1\)"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        AssessmentOptions(**options)


def test_classes_of_one_layer_only_are_refused() -> None:
    with pytest.raises(ContractError, match="Only one of the layers has classes"):
        AssessRequest(
            PolygonFile("a.gpkg", "EPSG:4326", has_classes=True),
            PolygonFile("b.gpkg", "EPSG:4326"),
            "out",
        )
