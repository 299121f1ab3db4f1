"""Install engine and Remove engine in QGIS, with packages of a few bytes."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from geosam_processing import contract, settings
from geosam_processing.environment import installer, setup
from geosam_processing.environment.locate import find_engine_python, user_environment_folder
from tests.algorithms.scene import Feedback, Run
from tests.tiny_packages import PROOF, package_index, write_packages


@pytest.fixture
def wheels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qgis_application: Any
) -> Iterator[Path]:
    """A folder of tiny wheels, and no engine but the one that is installed from it."""
    folder, pins = write_packages(tmp_path)
    monkeypatch.setattr(installer, "REQUIREMENTS", pins)
    monkeypatch.setattr(setup, "_PROOF", PROOF)
    monkeypatch.delenv("GEOSAM_ENGINE_PYTHON", raising=False)
    yield folder
    settings.use_engine("")


def install(wheels: Path, feedback: Any = None, **parameters: Any) -> Run:
    values = {"TORCH": "cpu", "WHEELS": str(wheels), **parameters}
    return Run("geosam:installengine", values, feedback=feedback)


def test_installs_uses_and_removes(wheels: Path, tmp_path: Path) -> None:
    folder = tmp_path / "engine"
    run = install(wheels, FOLDER=str(folder))
    python = str(folder / "environment-1" / "bin" / "python")
    assert run.results == {
        "ENGINE_PYTHON": python,
        "ENGINE_FOLDER": str(folder),
        "VERSION": contract.VERSION,
        "PYTHON_VERSION": "3.11.2",
        "TORCH_VERSION": "1.0+cpu",
        "INSTALLED": "true",
    }
    assert any("Installing collected packages: tinyengine" in line for line in run.feedback.lines)
    assert settings.engine_python() == str(folder)
    assert find_engine_python(settings.engine_python()) == python

    assert install(wheels, FOLDER=str(folder)).results["INSTALLED"] == "false"

    removed = Run("geosam:removeengine", {"FOLDER": str(folder)})
    assert removed.results == {"ENGINE_FOLDER": str(folder)}
    assert not folder.exists() and not settings.engine_python()


def test_variable_that_names_another_engine_is_said(
    wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_ENGINE_PYTHON", sys.executable)
    run = install(wheels)
    assert run.results["ENGINE_FOLDER"] == user_environment_folder()
    assert "GEOSAM_ENGINE_PYTHON" in run.feedback.warnings[-1]
    Run("geosam:removeengine", {})
    assert not os.path.exists(str(user_environment_folder()))


def test_cancelled_before_it_is_any_good(wheels: Path, tmp_path: Path) -> None:
    run = install(wheels, Feedback(cancel_at=50), FOLDER=str(tmp_path / "engine"))
    assert "ENGINE_PYTHON" not in run.results
    assert find_engine_python(None) != str(tmp_path / "engine" / "environment-1" / "bin" / "python")
    assert not settings.engine_python()


@pytest.mark.parametrize("algorithm", ["installengine", "removeengine"])
def test_foreign_folder_is_refused(algorithm: str, wheels: Path) -> None:
    with pytest.raises(QgsProcessingException, match="Install engine made"):
        Run(f"geosam:{algorithm}", {"FOLDER": str(wheels)})
    assert len(list(wheels.iterdir())) == 6


def test_unfit_python_is_named(wheels: Path, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\necho 3.9\n")
    old.chmod(0o755)
    with pytest.raises(
        QgsProcessingException,
        match=r"is Python 3\.9, which is not among 3\.11.*; name another PYTHON",
    ):
        install(wheels, FOLDER=str(tmp_path / "engine"), PYTHON=str(old))


def test_pip_goes_through_the_proxy_of_qgis(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qgis.core import QgsNetworkAccessManager, QgsSettings

    for variable in list(os.environ):
        if variable.startswith("PIP_") or variable.lower().endswith("_proxy"):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    # Nobody knows this host but the proxy.
    monkeypatch.setenv("PIP_INDEX_URL", "http://packages.invalid/simple")
    monkeypatch.setenv("PIP_TRUSTED_HOST", "packages.invalid")
    settings_of_qgis, manager = QgsSettings(), QgsNetworkAccessManager.instance()
    with package_index(wheels) as proxy:
        chosen = {"Enabled": True, "Type": "HttpProxy", "Host": "127.0.0.1", "User": "jo e"}
        for name, value in {**chosen, "Port": proxy.server_port, "Password": "p@ss"}.items():
            settings_of_qgis.setValue(f"proxy/proxy{name}", value)
        manager.setupDefaultProxyAndCache()
        try:
            run = install(
                wheels,
                FOLDER=str(tmp_path / "engine"),
                WHEELS=None,
                TORCH_INDEX="http://packages.invalid/simple",
            )
        finally:
            settings_of_qgis.setValue("proxy/proxyEnabled", False)
            manager.setupDefaultProxyAndCache()
    assert run.results["INSTALLED"] == "true"
    assert proxy.served == ["tinybuild", "torch", "tinyengine", "tinymodel"]
    assert not any("p@ss" in line or "p%40ss" in line for line in run.feedback.lines)
