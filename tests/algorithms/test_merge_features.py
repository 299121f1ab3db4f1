"""Shards of ``geosam:encoderaster``, and ``geosam:mergefeatures``."""

import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from tests.algorithms.scene import LEFT, TOP, Run, memory_layer, point_wkt

pytestmark = pytest.mark.usefixtures("qgis_application")


def shard(raster: Path, folder: Path, **parameters: Any) -> Run:
    values = {"INPUT": str(raster), "OUTPUT": str(folder), "DEVICE": False, **parameters}
    return Run("geosam:encoderaster", values)


def merge(folder: Path, **parameters: Any) -> Run:
    return Run("geosam:mergefeatures", {"FOLDER": str(folder), **parameters})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.pt")}


def test_shards_are_merged(raster: Path, features: str, tmp_path: Path) -> None:
    folder = tmp_path / "shards"
    first = shard(raster, folder, SHARD="1/2")
    assert first.results["PATCH_COUNT"] == 1
    assert first.results["MANIFEST"].endswith("0001-of-0002.parquet")
    with pytest.raises(QgsProcessingException, match=r"1 patches are missing .*: 2/2"):
        merge(folder)
    part = merge(folder, ALLOW_MISSING=True, MISSING="memory:")
    (missing,) = part.rows("MISSING")
    assert (missing["chip_id"], missing["shard"], part.results["MISSING_COUNT"]) == (
        "chip_000001",
        "2/2",
        1,
    )
    assert any("Missing patches: 1" in line for line in part.feedback.warnings)
    shard(raster, folder, SHARD="2/2")
    run = merge(folder, MISSING="memory:")
    counts = ("PATCH", "PART", "MISSING", "COPIED")
    assert [run.results[f"{each}_COUNT"] for each in counts] == [2, 3, 0, 0]
    assert run.results["OUTPUT"] == str(folder) and not run.rows("MISSING")
    assert contents(folder) == contents(Path(features))
    assert Path(run.results["MANIFEST"]).read_bytes()


def test_folders_of_several_machines_are_copied(
    raster: Path, features: str, tmp_path: Path
) -> None:
    for number in (1, 2):
        shard(raster, tmp_path / f"{number}" / "features", SHARD=f"{number}/2")
    output = tmp_path / "all"
    run = merge(
        tmp_path / "1", OTHER_FOLDERS=f"{tmp_path / '2' / 'features'}\n", OUTPUT=str(output)
    )
    assert (run.results["COPIED_COUNT"], run.results["OUTPUT"]) == (2, str(output))
    shutil.rmtree(tmp_path / "1")
    assert contents(output) == contents(Path(features))


def test_environment_names_the_shard(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_SHARD", "2/2")
    run = shard(raster, tmp_path / "features")
    assert run.results["MANIFEST"].endswith("0002-of-0002.parquet")
    assert "Shard 2/2, from GEOSAM_SHARD in the environment" in run.feedback.lines
    # The parameter goes before it.
    run = shard(raster, tmp_path / "features", SHARD="1/2")
    assert run.results["MANIFEST"].endswith("0001-of-0002.parquet")
    run = shard(raster, tmp_path / "complete", SHARD="all")
    assert run.results["MANIFEST"].endswith("manifest.parquet")


@pytest.mark.parametrize(
    ("text", "problem"), [("three", r"Invalid shard \(three\).*3/16"), ("3/2", "1 to 2")]
)
def test_bad_shard_is_refused(raster: Path, tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(QgsProcessingException, match=problem):
        shard(raster, tmp_path / "features", SHARD=text)


def test_only_patches_with_features_are_encoded(raster: Path, tmp_path: Path) -> None:
    prompts = memory_layer("Point", [(point_wkt(LEFT + 600, TOP - 100), "right")])
    run = shard(raster, tmp_path / "features", PRUNE=prompts, PATCHES="memory:")
    assert [row["chip_id"] for row in run.rows("PATCHES")] == ["chip_000001"]
    outside = memory_layer("Point", [(point_wkt(0, 0), "outside")])
    with pytest.raises(QgsProcessingException, match="Choose one that overlaps it"):
        shard(raster, tmp_path / "none", PRUNE=outside)
