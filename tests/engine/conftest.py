"""Fixtures that several test modules share; a module may have one of its own by such a name."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine import live_runs, rasters
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.feature_folders import fill
from tests.engine.stand_in_adapter import PATCH, StandInAdapter, install, write_raster


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch) -> StandInAdapter:
    """The model that every model is."""
    adapter = StandInAdapter()
    install(monkeypatch, adapter)
    return adapter


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    """Three columns and two rows of patches at a stride of half a patch."""
    return write_raster(tmp_path / "ortho.tif", 2 * PATCH, PATCH + 10)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "features"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Features of two patches."""
    fill(tmp_path / "features of ortho")
    return tmp_path / "features of ortho"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes an array as a raster of the test's own."""
    return functools.partial(rasters.write_raster, tmp_path)


@pytest.fixture
def components(monkeypatch: pytest.MonkeyPatch) -> ComponentAdapter:
    """The model that every model is: its objects are bright areas in one piece."""
    components = ComponentAdapter()
    install(monkeypatch, components)
    return components


@pytest.fixture
def scene(components: ComponentAdapter, tmp_path: Path) -> Callable[..., Path]:
    """Writes a dark raster with bright rectangles."""
    return functools.partial(live_runs.write_scene, tmp_path)


@pytest.fixture
def cache_folder(tmp_path: Path) -> Path:
    return tmp_path / "live"
