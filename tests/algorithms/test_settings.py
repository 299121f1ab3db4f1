"""The provider's settings and the environment variables of the same names."""

from pathlib import Path

import pytest
from processing.core.ProcessingConfig import ProcessingConfig

from geosam_processing import contract, settings
from geosam_processing.contract import folders

NAMES = (
    settings.ENGINE_PYTHON,
    settings.MODEL_FOLDER,
    settings.CACHE_FOLDER,
    settings.CACHE_SIZE,
    settings.DEVICE,
)


@pytest.fixture(autouse=True)
def nothing_set(qgis_application, monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        setting = ProcessingConfig.settings[name]
        monkeypatch.setattr(setting, "value", setting.default)


def choose(name, value, monkeypatch):
    """As the options dialog would, but for the profile."""
    monkeypatch.setattr(ProcessingConfig.settings[name], "value", value)


def test_the_options_dialog_shows_all_of_them():
    shown = [setting.name for setting in ProcessingConfig.getSettings()[settings.GROUP]]
    assert shown == list(NAMES)


def test_defaults():
    assert settings.engine_python() is None
    assert settings.model_folder() == folders.model_folder()
    assert settings.cache_folder() == folders.cache_folder()
    assert settings.cache_megabytes() == 2048
    assert settings.device() == "auto"


def test_an_option_overrules_the_default(monkeypatch):
    choose(settings.MODEL_FOLDER, "/models", monkeypatch)
    choose(settings.CACHE_FOLDER, "/live", monkeypatch)
    choose(settings.CACHE_SIZE, "10", monkeypatch)  # as text: so a profile gives it back
    choose(settings.DEVICE, "cpu", monkeypatch)
    choose(settings.ENGINE_PYTHON, "/engine", monkeypatch)
    assert settings.engine_python() == "/engine"
    assert settings.model_folder() == Path("/models")
    assert settings.cache_folder() == Path("/live")
    assert settings.cache_megabytes() == 10
    assert settings.device() == "cpu"


def test_a_variable_overrules_the_option(monkeypatch):
    choose(settings.MODEL_FOLDER, "/models", monkeypatch)
    choose(settings.DEVICE, "cpu", monkeypatch)
    monkeypatch.setenv(settings.MODEL_FOLDER, "/server/models")
    monkeypatch.setenv(settings.CACHE_SIZE, "0")
    monkeypatch.setenv(settings.DEVICE, "cuda")
    assert settings.model_folder() == Path("/server/models")
    assert settings.cache_megabytes() == 0
    assert settings.device() == "cuda"


@pytest.mark.parametrize("size", ["-1", "2 GB", "1.5"])
def test_a_cache_size_that_is_none_is_named(size, monkeypatch):
    monkeypatch.setenv(settings.CACHE_SIZE, size)
    with pytest.raises(contract.ContractError, match=f"GEOSAM_CACHE_MB .{size}.: .*whole number"):
        settings.cache_megabytes()


def test_a_device_that_is_none_is_named(monkeypatch):
    monkeypatch.setenv(settings.DEVICE, "gpu")
    with pytest.raises(contract.ContractError, match="GEOSAM_DEVICE .gpu.: choose one of auto"):
        settings.device()
