"""``CLUSTER``: several processes for one run."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from tests.algorithms.scene import LEFT, TOP, Run, memory_layer, point_wkt

pytestmark = pytest.mark.usefixtures("qgis_application")


def encode(raster: Path, folder: Path, **parameters: Any) -> Run:
    values = {"INPUT": str(raster), "OUTPUT": str(folder), "DEVICE": False, **parameters}
    return Run("geosam:encoderaster", values)


@pytest.mark.parametrize(
    ("text", "problem"), [("somewhere", r"Invalid cluster \(somewhere\)"), ("local:0", "1 to 256")]
)
def test_bad_cluster_is_refused(raster: Path, tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(QgsProcessingException, match=problem):
        encode(raster, tmp_path / "features", CLUSTER=text)


def test_environment_names_the_cluster(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_CLUSTER", "tcp://127.0.0.1:9")
    with pytest.raises(QgsProcessingException, match=r"tcp://127\.0\.0\.1:9 cannot be reached"):
        encode(raster, tmp_path / "features")
    run = encode(raster, tmp_path / "features", CLUSTER="none")
    assert run.results["PATCH_COUNT"] == 2


@pytest.mark.slow
def test_processes_of_this_computer_encode_and_answer(raster: Path, tmp_path: Path) -> None:
    folder = tmp_path / "features"
    run = encode(raster, folder, CLUSTER="local:1")
    assert run.results["PATCH_COUNT"] == 2
    assert "Workers: 1; device: cpu" in run.feedback.lines
    prompts = memory_layer("Point", [(point_wkt(LEFT + 600, TOP - 100), "right")])
    answers = [
        Run(
            "geosam:segmentprompts",
            {
                "FEATURES": str(folder),
                "PROMPTS": prompts,
                "DEVICE": False,
                "OUTPUT": "memory:",
                "CLUSTER": cluster,
            },
        )
        for cluster in ("none", "local:1")
    ]
    first, second = (answer.rows("OUTPUT") for answer in answers)
    assert first == second
