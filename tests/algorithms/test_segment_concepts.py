"""``geosam:segmentconcepts``: what it reads, refuses and writes, with a tiny SAM3."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from geosam_processing.algorithms.layers.concept_examples import concepts_of, phrases_in
from geosam_processing.contract import Concept, ConceptExample
from tests.algorithms.scene import EPSG, SQUARES, Run, box_wkt, map_box, memory_layer

pytestmark = pytest.mark.usefixtures("qgis_application")

REPOSITORY = Path(__file__).parents[2]


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
        ({"FEATURES": "f"}, "Nothing says what to look for"),
        ({"TEXT": "roof"}, "Give FEATURES or INPUT, but not both"),
        ({"TEXT": " ; \n", "FEATURES": "f"}, "Nothing says what to look for"),
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
