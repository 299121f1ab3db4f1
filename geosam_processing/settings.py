"""GeoSAM's settings: Processing options of the provider, each with an environment variable.

The variable and the option have the same name; the variable wins, so that a server needs no
profile.
"""

import os
from pathlib import Path
from typing import Any, Optional

from processing.core.ProcessingConfig import ProcessingConfig, Setting

from . import contract
from .contract import folders
from .contract import settings as values
from .environment.locate import SETTING as ENGINE_PYTHON
from .translation import tr

GROUP = "GeoSAM"
MODEL_FOLDER = folders.MODEL_FOLDER
CACHE_FOLDER = folders.CACHE_FOLDER
CACHE_SIZE = values.CACHE_SIZE
DEVICE = values.DEVICE
DEFAULT_CACHE_SIZE = values.DEFAULT_CACHE_SIZE


def add_settings() -> None:
    """Show the settings among the Processing options."""
    for setting in (
        _setting(ENGINE_PYTHON, "Python of the engine", "", Setting.FILE),
        _setting(MODEL_FOLDER, "Model folder", "", Setting.FOLDER),
        _setting(CACHE_FOLDER, "Cache folder", "", Setting.FOLDER),
        _setting(CACHE_SIZE, "Cache size (megabytes)", DEFAULT_CACHE_SIZE, Setting.INT),
        _choice(DEVICE, "Device for models", contract.DEVICES),
    ):
        ProcessingConfig.addSetting(setting)
    ProcessingConfig.readSettings()


def remove_settings() -> None:
    """Undo ``add_settings``; the values stay in the profile."""
    for name in (ENGINE_PYTHON, MODEL_FOLDER, CACHE_FOLDER, CACHE_SIZE, DEVICE):
        ProcessingConfig.removeSetting(name)


def engine_python() -> Optional[str]:
    """The engine's Python as the option names it; None if it does not.

    The variable is left to ``find_engine_python``, whose error can then name it.
    """
    return ProcessingConfig.getSetting(ENGINE_PYTHON) or None


def use_engine(path: str) -> None:
    """Let the option name an engine's Python or folder; empty: the usual places are searched."""
    ProcessingConfig.setSettingValue(ENGINE_PYTHON, path)


def model_folder() -> Path:
    """Where checkpoints are looked for and downloaded to."""
    return Path(os.path.expanduser(_value(MODEL_FOLDER) or folders.model_folder()))


def cache_folder() -> Path:
    """Where live encoding keeps features."""
    return Path(os.path.expanduser(_value(CACHE_FOLDER) or folders.cache_folder()))


def cache_megabytes() -> int:
    """How large the live cache may become.

    Raises:
        ContractError: the value is no whole number, or negative.
    """
    return values.cache_megabytes(_value(CACHE_SIZE))


def device() -> str:
    """Where models run if an algorithm may choose: one of ``contract.DEVICES``.

    Raises:
        ContractError: the value is none of them.
    """
    return values.device_name(_value(DEVICE))


def _value(name: str) -> Any:
    """What the environment variable says, else the Processing option; None if neither does."""
    value = os.environ.get(name) or ProcessingConfig.getSetting(name, readable=True)
    return None if value == "" else value


def _setting(name: str, label: str, default: Any, kind: Any) -> Setting:
    return Setting(GROUP, name, tr(label), default, valuetype=kind)


def _choice(name: str, label: str, options: tuple[str, ...]) -> Setting:
    return Setting(
        GROUP, name, tr(label), options[0], valuetype=Setting.SELECTION, options=list(options)
    )
