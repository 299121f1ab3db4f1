"""Fixtures of the QGIS side: QGIS without a screen, with the provider and a temporary profile.

They are here, and not in each folder, so that a run has one QgsApplication: a fixture that two
folders import is two fixtures, and QGIS ends in a crash with two applications.
"""

import dataclasses
import functools
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Processing is a plugin of QGIS.
sys.path.append("/usr/share/qgis/python/plugins")


@pytest.fixture(scope="session")
def qgis_application() -> Iterator[Any]:
    """The application with Processing and the plugin, as qgis_process has them."""
    with tempfile.TemporaryDirectory() as profile:
        os.environ["QGIS_CUSTOM_CONFIG_PATH"] = profile
        os.environ.setdefault("XDG_RUNTIME_DIR", profile)
        from qgis.core import QgsApplication

        application = QgsApplication([], False, profile)
        application.initQgis()
        from processing.core.Processing import Processing

        Processing.initialize()
        from geosam_processing import classFactory

        plugin = classFactory(None)
        plugin.initProcessing()
        yield application
        plugin.unload()
        # Left to the end of Python, its providers may be unloaded when their settings are gone
        # already, and PyQt aborts the process.
        Processing.deinitialize()
        # exitQgis crashes while Python still holds layers, as pytest does for its report.


@pytest.fixture
def algorithms(qgis_application: Any) -> dict[str, Any]:
    """The provider's algorithms by their names."""
    provider = qgis_application.processingRegistry().providerById("geosam")
    return {algorithm.name(): algorithm for algorithm in provider.algorithms()}


@pytest.fixture(scope="session")
def raster(qgis_application: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scene as a GeoTIFF of three bands."""
    from tests.algorithms.scene import image, write_raster

    return write_raster(tmp_path_factory.mktemp("scene") / "scene.tif", image())


@pytest.fixture(scope="session")
def encoded(raster: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The run that encoded the scene with the bundled model: two patches."""
    from tests.algorithms.scene import Run

    folder = tmp_path_factory.mktemp("encoded") / "features"
    parameters = {
        "INPUT": str(raster),
        "OUTPUT": str(folder),
        "DEVICE": False,
        "PATCHES": "memory:",
    }
    return Run("geosam:encoderaster", parameters)


@pytest.fixture(scope="session")
def features(encoded: Any) -> str:
    """The feature folder of the scene."""
    return str(encoded.results["OUTPUT"])


@pytest.fixture(scope="session")
def login(qgis_application: Any) -> str:
    """The id of an authentication configuration for "someone" with the password "secret"."""
    from qgis.core import QgsAuthMethodConfig

    manager = qgis_application.authManager()
    # One for the session: QGIS takes no other once there is one.
    assert manager.setMasterPassword("only for the tests", True)
    configuration = QgsAuthMethodConfig("Basic")
    configuration.setName("login")
    configuration.setConfig("username", "someone")
    configuration.setConfig("password", "secret")
    # Newer QGIS answers with a pair.
    stored = manager.storeAuthenticationConfig(configuration)
    assert stored[0] if isinstance(stored, tuple) else stored
    return str(configuration.id())


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where live runs of the test keep features."""
    folder = tmp_path / "live"
    monkeypatch.setenv("GEOSAM_CACHE_FOLDER", str(folder))
    return folder


@pytest.fixture
def small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """vit_b's checkpoint is ``small_model.BODY``, and servers are given little time."""
    from geosam_processing.contract.catalogue import CATALOGUE
    from geosam_processing.downloads import download
    from tests.algorithms.small_model import BODY, SHA256

    small = dataclasses.replace(CATALOGUE["vit_b"], size=len(BODY), sha256=SHA256)
    monkeypatch.setitem(CATALOGUE, "vit_b", small)
    quick = functools.partial(download.Patience, stall=0.5, retries=3, pause=0.05)
    monkeypatch.setattr(download, "Patience", quick)


@pytest.fixture
def quick_tiles(monkeypatch: pytest.MonkeyPatch, qgis_application: Any) -> None:
    """Tiles that do not come are asked for again at once."""
    from qgis.core import QgsNetworkAccessManager

    from geosam_processing.tiles import reader

    monkeypatch.setattr(reader, "_FIRST_WAIT", 0.01)
    QgsNetworkAccessManager.setTimeout(3000)
