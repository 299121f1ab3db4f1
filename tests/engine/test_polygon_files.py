"""Layers of polygons that cannot be read are errors for the user."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import geopandas
import pytest
from shapely import box

from geosam_processing import contract
from geosam_processing.engine import server
from geosam_processing.engine.polygon_files import LayerFileError, read_polygons


@pytest.mark.parametrize("name", ["missing.gpkg", "text.gpkg", "x" * 5000, "a\0b"])
def test_layer_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.gpkg").write_text("no layer")
    with pytest.raises(LayerFileError, match="cannot be read") as caught:
        read_polygons(str(tmp_path / name))
    assert len(str(caught.value)) < 600


def test_layer_without_ids(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    geopandas.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs="EPSG:32632").to_file(path)
    with pytest.raises(LayerFileError, match=contract.ID_COLUMN):
        read_polygons(str(path))


@pytest.mark.parametrize("code", [errno.ENAMETOOLONG, errno.EACCES, errno.ENOSPC])
def test_path_that_cannot_be_used_is_no_bug(code: int) -> None:
    answer = server._answerable(OSError(code, os.strerror(code), "/data/" + "x" * 5000))
    assert answer.code == contract.USER_ERROR and not answer.data["traceback"]
    assert "/data/xxx" in answer.message and len(answer.message) < 400
    bug = server._answerable(FileNotFoundError(errno.ENOENT, "no such file", "/tmp/own"))
    assert bug.data["traceback"]
