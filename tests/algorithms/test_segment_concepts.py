"""``geosam:segmentconcepts``: what it reads, refuses and writes, with a tiny SAM3."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal, osr
from qgis.core import QgsProcessingException, QgsRasterLayer

from geosam_processing.algorithms.layers.concept_examples import concepts_of, phrases_in
from geosam_processing.contract import Concept, ConceptExample
from tests.algorithms.scene import (
    EPSG,
    HEIGHT,
    SQUARES,
    WIDTH,
    Run,
    box_wkt,
    image,
    map_box,
    memory_layer,
    write_raster,
)
from tests.algorithms.tile_server import WORLD, TileServer, tile_bounds

pytestmark = pytest.mark.usefixtures("qgis_application")

REPOSITORY = Path(__file__).parents[2]
# Tiles near Oslo that show the squares.
ZOOM, COLUMN, ROW = 17, 69_450, 38_090
PIXEL = 2 * WORLD / 2**ZOOM / 256
LEFT, _, _, TOP = tile_bounds(ZOOM, COLUMN, ROW)
EXTENT = f"{LEFT},{LEFT + WIDTH * PIXEL},{TOP - HEIGHT * PIXEL},{TOP} [EPSG:3857]"


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("models") / "sam3.pt"
    python = os.environ.get("GEOSAM_ENGINE_PYTHON", "")
    if not python or subprocess.run([python, "-c", "import transformers"]).returncode:
        pytest.skip("the engine's environment has no packages of SAM3")
    command = [python, "-m", "tests.engine.models.sam3.write_tiny", str(path)]
    subprocess.run(command, check=True, cwd=REPOSITORY)
    return str(path)


def segment(cancel_at: Any = None, **parameters: Any) -> Run:
    given = {"DEVICE": False, "OUTPUT": "memory:", "COUNTS": "memory:", **parameters}
    return Run("geosam:segmentconcepts", given, cancel_at)


def test_phrases_are_split_and_each_is_kept_once() -> None:
    assert phrases_in(" roof;swimming  pool\n;;Roof\r\npond ;") == ["roof", "swimming pool", "pond"]
    assert phrases_in("") == []


def test_classes_of_examples_alone_have_no_phrase() -> None:
    examples = [ConceptExample("roof", "00"), ConceptExample("shed", "00")]
    assert concepts_of(["roof"], examples) == (Concept("roof", "roof"), Concept("shed"))


@pytest.mark.parametrize(
    "parameters, text",
    [
        ({"FEATURES": "f"}, "There is nothing to search for"),
        ({"TEXT": "roof"}, "Give FEATURES or INPUT, but not both"),
        ({"TEXT": " ; \n", "FEATURES": "f"}, "There is nothing to search for"),
    ],
)
def test_wrong_input_is_said(parameters: dict[str, Any], text: str) -> None:
    with pytest.raises(QgsProcessingException, match=text):
        segment(**parameters)


def test_folder_without_features_for_words(features: str) -> None:
    with pytest.raises(QgsProcessingException, match="no features for words and examples"):
        segment(FEATURES=features, TEXT="roof")


@pytest.mark.slow
def test_raster_by_words_and_examples(raster: Path, checkpoint: str, tmp_path: Path) -> None:
    """Encodes, then searches again on the features that were kept.

    Masks of random weights are noise of thousands of rings, so only the best one becomes an object.
    """
    examples = memory_layer("Polygon", [(box_wkt(map_box(SQUARES[0])), "thing")])
    field = examples.fields().names()[0]
    run = segment(
        INPUT=str(raster),
        TEXT="roof; swimming pool",
        EXAMPLES=examples,
        CLASS_FIELD=field,
        MIN_SCORE=1,
        CHECKPOINT=checkpoint,
        ENCODED=str(tmp_path / "kept"),
    )
    counts = {row["class"]: row for row in run.rows("COUNTS")}
    assert list(counts) == ["roof", "swimming pool", "thing"]
    assert [counts[name]["phrase"] for name in counts] == ["roof", "swimming pool", ""]
    assert counts["thing"]["patches_with_examples"] >= 1
    assert run.results["OBJECT_COUNT"] == 0
    assert run.results["NOT_FOUND"] == "roof; swimming pool; thing"
    again = segment(
        FEATURES=str(tmp_path / "kept"),
        TEXT="roof",
        MIN_SCORE=counts["roof"]["best_score"] - 1e-6,
        CHECKPOINT=checkpoint,
    )
    assert again.layer("OUTPUT").crs().authid() == f"EPSG:{EPSG}"
    rows = again.rows("OUTPUT")
    assert len(rows) == again.results["OBJECT_COUNT"] > 0 and not again.results["NOT_FOUND"]
    for row in rows:
        assert row["class"] == "roof" and row["area_m2"] > 0 and row["model"] == "sam3"
    with pytest.raises(QgsProcessingException, match="which of the phrases feature"):
        segment(FEATURES=str(tmp_path / "kept"), TEXT="a; b", EXAMPLES=examples)


@pytest.fixture(scope="module")
def scene() -> numpy.ndarray:
    """The squares with all gray levels, so that a raster's own range is that of tiles."""
    values = image()
    values[:, 0, :2] = 0, 255
    return values


@pytest.fixture
def server(scene: numpy.ndarray) -> Iterator[TileServer]:
    picture = numpy.full((3, 768, 768), 47, numpy.uint8)
    picture[:, :HEIGHT, :WIDTH] = scene

    def pixels(zoom: int, x: int, y: int) -> numpy.ndarray:
        row, column = 256 * (y - ROW), 256 * (x - COLUMN)
        return picture[:, row : row + 256, column : column + 256]

    served = TileServer(pixels)
    yield served
    served.close()


def tile_layer(server: TileServer) -> QgsRasterLayer:
    return QgsRasterLayer(server.uri(zmax=ZOOM), "tiles", "wms")


@pytest.mark.slow
def test_tile_layer_gives_what_a_raster_of_its_pixels_gives(
    server: TileServer, scene: numpy.ndarray, checkpoint: str, tmp_path: Path
) -> None:
    picture = write_raster(tmp_path / "picture.tif", scene)
    dataset = gdal.Open(str(picture), gdal.GA_Update)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(3857)
    dataset.SetProjection(crs.ExportToWkt())
    dataset.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    dataset = None
    given = {"TEXT": "roof; pond", "CHECKPOINT": checkpoint}
    runs = [
        segment(MIN_SCORE=1, ENCODED=str(tmp_path / name), **source, **given)
        for name, source in (
            ("tiles", {"INPUT": tile_layer(server), "ZOOM": ZOOM, "EXTENT": EXTENT}),
            ("raster", {"INPUT": str(picture)}),
        )
    ]
    # Three tiles by two, each fetched once.
    assert sorted(server.requests) == [
        f"/{ZOOM}/{COLUMN + x}/{ROW + y}.png" for x in range(3) for y in range(2)
    ]
    counts, expected = (run.rows("COUNTS") for run in runs)
    assert [row["class"] for row in counts] == ["roof", "pond"]
    for row, wanted in zip(counts, expected):
        assert row["best_score"] == pytest.approx(wanted["best_score"], abs=1e-6)
    assert runs[0].layer("OUTPUT").crs().authid() == "EPSG:3857"
    least = counts[0]["best_score"] - 1e-6
    again = segment(FEATURES=str(tmp_path / "tiles"), MIN_SCORE=least, **given)
    assert again.results["OBJECT_COUNT"] > 0
    assert again.layer("OUTPUT").crs().authid() == "EPSG:3857"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"EXTENT": None}, "INPUT .* is a tile layer. Give EXTENT or MASK"),
        ({"ZOOM": None}, "Give ZOOM or RESOLUTION"),
        ({"MAX_TILES": 1}, "MAX_TILES"),
    ],
)
def test_missing_settings_of_a_tile_layer_are_reported(
    server: TileServer, changes: dict[str, Any], message: str
) -> None:
    given = {"INPUT": tile_layer(server), "ZOOM": ZOOM, "EXTENT": EXTENT, "TEXT": "roof"}
    with pytest.raises(QgsProcessingException, match=message):
        segment(**{**given, **changes})
    assert not server.requests
