"""Where models and caches are looked for on each platform."""

from pathlib import Path

import pytest

from geosam_processing.contract import folders

MODELS, CACHE = folders.model_folder, folders.cache_folder


@pytest.mark.parametrize(
    "folder, platform, environment, expected",
    [
        (MODELS, "linux", {"XDG_DATA_HOME": "/data"}, "/data/GeoSAM/models"),
        (MODELS, "linux", {}, "/home/me/.local/share/GeoSAM/models"),
        (MODELS, "darwin", {}, "/home/me/Library/Application Support/GeoSAM/models"),
        (MODELS, "win32", {"LOCALAPPDATA": "/local"}, "/local/GeoSAM/models"),
        (MODELS, "win32", {}, "/home/me/AppData/Local/GeoSAM/models"),
        (MODELS, "linux", {"GEOSAM_MODEL_FOLDER": "/models"}, "/models"),
        (CACHE, "linux", {"XDG_CACHE_HOME": "/cache"}, "/cache/GeoSAM/live"),
        (CACHE, "linux", {}, "/home/me/.cache/GeoSAM/live"),
        (CACHE, "darwin", {}, "/home/me/Library/Caches/GeoSAM/live"),
        (CACHE, "win32", {"LOCALAPPDATA": "/local"}, "/local/GeoSAM/live"),
        (CACHE, "win32", {"GEOSAM_CACHE_FOLDER": "/live"}, "/live"),
    ],
)
def test_the_folder(folder, platform, environment, expected, monkeypatch):
    for name in (
        "GEOSAM_MODEL_FOLDER",
        "GEOSAM_CACHE_FOLDER",
        "XDG_DATA_HOME",
        "XDG_CACHE_HOME",
        "LOCALAPPDATA",
    ):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(folders.sys, "platform", platform)
    monkeypatch.setattr(folders.Path, "home", lambda: Path("/home/me"))
    assert folder() == Path(expected)
