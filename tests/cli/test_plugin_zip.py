"""The plugin as users get it: its ZIP unpacked into a new profile."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from scripts import build_plugin
from tests.algorithms.scene import image, write_raster


def test_installs_into_a_new_profile_and_encodes(qgis_process: Any, tmp_path: Path) -> None:
    profile = tmp_path / "qgis"
    plugins = profile / "profiles" / "default" / "python" / "plugins"
    with zipfile.ZipFile(build_plugin.build(tmp_path)) as archive:
        archive.extractall(plugins)
    write_raster(tmp_path / "ortho.tif", image()[:, :300, :300])
    variables = {"QGIS_CUSTOM_CONFIG_PATH": str(profile), "QGIS_PLUGINPATH": ""}

    def call(*arguments: str) -> Any:
        answer = qgis_process("--json", *arguments, cwd=tmp_path, variables=variables)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return json.loads(answer.stdout)

    qgis_process("plugins", "enable", "geosam_processing", cwd=tmp_path, variables=variables)
    details = call("help", "geosam:encoderaster")["algorithm_details"]
    # Of this profile, help page included.
    assert str(plugins) in details["help_url"]

    results = call("run", "geosam:encoderaster", "--", "INPUT=ortho.tif", "OUTPUT=features")
    assert results["results"]["PATCH_COUNT"] == 1
    assert (tmp_path / "features" / "manifest.parquet").is_file()
