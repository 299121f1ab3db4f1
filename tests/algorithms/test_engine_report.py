"""Engine report: with an engine, without one, with a broken one."""

import os
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import Qgis, QgsProcessingException

from geosam_processing.client.client import find_engine_python
from geosam_processing.environment import locate
from tests.algorithms.scene import Run

PYTHON = find_engine_python()


def report(tmp_path: Path, **parameters: Any) -> tuple[Run, str]:
    """The run and its page."""
    path = tmp_path / "new" / "report.html"
    run = Run("geosam:enginereport", {"OUTPUT": str(path), "BENCHMARK": False, **parameters})
    assert run.results["OUTPUT"] == str(path) and list(path.parent.iterdir()) == [path]
    return run, path.read_text(encoding="utf-8")


@pytest.mark.skipif(PYTHON is None, reason="there is no engine: run `make setup`")
def test_report_of_an_engine_that_works(
    qgis_application: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_MODEL_FOLDER", str(tmp_path / "models"))
    monkeypatch.setenv("GEOSAM_DEVICE", "cpu")
    monkeypatch.setenv("HTTPS_PROXY", "http://joe:secret@proxy:3128")
    monkeypatch.setenv("GDAL_HTTP_BEARER", "secret")
    run, text = report(tmp_path, BENCHMARK=True)
    results = run.results
    assert results["PROBLEM"] == "" and not run.feedback.warnings
    assert os.path.samefile(results["ENGINE_PYTHON"], str(PYTHON))
    assert results["QGIS_VERSION"] == Qgis.version()
    assert results["TORCH_VERSION"].startswith("2.") and results["GDAL_VERSION"][0].isdigit()
    assert (results["DEVICE"], results["GPU_PROBLEM"]) == ("cpu", "the CPU was asked for")
    assert results["MODEL_COUNT"] == 1 and results["FREE_GIGABYTES"] > 0
    assert 0 < results["SECONDS_PER_PATCH"] < 60
    for words in ("All is well", "geosam_nano", Qgis.version(), "http://***@"):
        assert words in text
    assert not any("secret" in line for line in run.feedback.lines)
    assert "secret" not in text and os.path.expanduser("~") + "/" not in text
    assert "GEOSAM_DEVICE" in text and "(environment variable)" in text


@pytest.mark.skipif(PYTHON is None, reason="there is no engine: run `make setup`")
def test_benchmark_is_off_and_page_unwanted(
    qgis_application: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_DEVICE", "cpu")
    run = Run("geosam:enginereport", {"BENCHMARK": False})
    assert run.results["SECONDS_PER_PATCH"] is None and "OUTPUT" not in run.results
    assert run.results["PROBLEM"] == ""


def test_damaged_model_is_a_problem(
    qgis_application: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_MODEL_FOLDER", str(tmp_path))
    (tmp_path / "sam_vit_b_01ec64.pth").write_bytes(b"half a download")
    run, text = report(tmp_path)
    assert "truncated" in run.results["PROBLEM"] and "truncated" in text
    assert run.results["MODEL_COUNT"] == 1


def test_no_engine_is_told(
    qgis_application: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEOSAM_ENGINE_PYTHON", raising=False)
    monkeypatch.setattr(locate, "_usual_folders", lambda: iter(()))
    run, text = report(tmp_path)
    assert "geosam:installengine" in run.results["PROBLEM"] and "geosam:installengine" in text
    assert run.results["DEVICE"] == "" and run.results["SECONDS_PER_PATCH"] is None
    assert "All is well" not in text and Qgis.version() in text


@pytest.mark.parametrize(
    ("script", "words"),
    [(None, "names no Python"), ("echo 'ImportError: no libfoo' >&2; exit 1", "no libfoo")],
)
def test_broken_engine_is_told(
    qgis_application: Any,
    script: Any,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    python = tmp_path / "python"
    if script:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
    monkeypatch.setenv("GEOSAM_ENGINE_PYTHON", str(python))
    run, text = report(tmp_path)
    assert words in run.results["PROBLEM"] and words in text


def test_invalid_settings_are_told(
    qgis_application: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_ENGINE_PYTHON", str(tmp_path / "none"))
    monkeypatch.setenv("GEOSAM_DEVICE", "abacus")
    monkeypatch.setenv("GEOSAM_CACHE_MB", "much")
    _, text = report(tmp_path)
    assert "Invalid GEOSAM_DEVICE (abacus)" in text and "Invalid GEOSAM_CACHE_MB (much)" in text


def test_unwritable_page_is_said(
    qgis_application: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_ENGINE_PYTHON", str(tmp_path / "none"))
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(QgsProcessingException, match="Cannot write the report"):
        Run("geosam:enginereport", {"OUTPUT": str(tmp_path / "folder.html")})
