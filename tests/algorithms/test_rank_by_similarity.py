"""``geosam:rankbysimilarity``."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from tests.algorithms.scene import LEFT, TOP, Run, box_wkt, memory_layer, write_raster

pytestmark = pytest.mark.usefixtures("qgis_application")

# Blue ponds, red roofs, one pond more of a darker blue.
PONDS = ((20, 20, 60, 60), (120, 20, 170, 50), (20, 120, 50, 170))
ROOFS = ((120, 120, 160, 150), (200, 20, 240, 60))
DARK = (200, 120, 240, 170)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    values = np.full((3, 260, 260), 90, dtype=np.uint8)
    for boxes, color in ((PONDS, (20, 40, 200)), (ROOFS, (210, 60, 40)), ((DARK,), (15, 30, 150))):
        for left, top, right, bottom in boxes:
            values[:, top:bottom, left:right] = np.array(color)[:, None, None]
    return write_raster(tmp_path_factory.mktemp("ranked") / "picture.tif", values)


def on_map(box: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return LEFT + left, TOP - bottom, LEFT + right, TOP - top


def layer(*boxes: Any, labels: Any = None) -> Any:
    rows = [
        (box_wkt(on_map(box)), f"{box[0]}-{box[1]}", 1 if labels is None else labels[number])
        for number, box in enumerate(boxes)
    ]
    return memory_layer("Polygon", rows, "name:string,label:integer")


def rank(picture: Path, **parameters: Any) -> Run:
    values = {
        "INPUT": layer(*ROOFS, *PONDS, DARK),
        "EXAMPLES": layer(*PONDS[:2]),
        "RASTER": str(picture),
        "OUTPUT": "memory:",
        **parameters,
    }
    return Run("geosam:rankbysimilarity", values)


def test_ponds_come_before_roofs(picture: Path) -> None:
    run = rank(picture)
    rows = run.rows("OUTPUT")
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5, 6]
    names = [row["name"] for row in rows]
    assert set(names[:4]) == {"20-20", "120-20", "20-120", "200-120"}
    assert rows[0]["similarity"] == pytest.approx(1, abs=1e-6)
    assert rows[3]["similarity"] > rows[4]["similarity"]
    assert run.results["RANKED_COUNT"] == 6 and run.results["SKIPPED_COUNT"] == 0


def test_the_first_are_kept_on_request(picture: Path) -> None:
    assert len(rank(picture, TOP=2).rows("OUTPUT")) == 2
    kept = rank(picture, MIN_SIMILARITY=0.9).rows("OUTPUT")
    assert kept and all(row["similarity"] >= 0.9 for row in kept)


def test_negative_examples(picture: Path) -> None:
    examples = layer(PONDS[0], DARK, labels=(1, 0))
    rows = rank(picture, EXAMPLES=examples, LABEL_FIELD="label").rows("OUTPUT")
    positions = {row["name"]: row["rank"] for row in rows}
    assert positions["20-20"] < positions["200-120"]


def test_shape_needs_no_raster(picture: Path) -> None:
    rows = rank(picture, RASTER=None, DESCRIPTOR="shape").rows("OUTPUT")
    assert len(rows) == 6


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"RASTER": None}, "color and contrast looks at colors: give the raster"),
        ({"DESCRIPTOR": "features"}, "features needs features: give a feature folder"),
        ({"DESCRIPTOR": "smell"}, r"Invalid DESCRIPTOR \(smell\): choose one of color"),
        ({"TOP": 0}, r"Invalid TOP \(0\)"),
        ({"INPUT": None}, "INPUT"),
    ],
)
def test_what_cannot_be_is_refused(picture: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(QgsProcessingException, match=words):
        rank(picture, **changes)


def test_examples_outside_the_raster_are_an_error(picture: Path) -> None:
    far = layer((5000, 5000, 5100, 5100))
    with pytest.raises(QgsProcessingException, match="No example can be described"):
        rank(picture, EXAMPLES=far)
