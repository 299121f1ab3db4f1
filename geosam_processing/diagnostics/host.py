"""What QGIS's side knows of itself, for the engine report. Nothing here fails."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from qgis.core import Qgis, QgsProjUtils
from qgis.PyQt.QtCore import PYQT_VERSION_STR, QT_VERSION_STR

from .. import contract, settings
from ..contract.errors import EngineError
from ..contract.redaction import telling_variables
from ..environment.locate import (
    NOT_FOUND,
    VARIABLE,
    find_engine_python,
    user_environment_folder,
)

Rows = list[tuple[str, str]]


def versions() -> Rows:
    """Those of QGIS and what it runs on."""
    rows = [
        ("QGIS", Qgis.version()),
        ("Qt", QT_VERSION_STR),
        ("PyQt", PYQT_VERSION_STR),
        ("Python", sys.version.split()[0]),
        ("PROJ", f"{QgsProjUtils.projVersionMajor()}.{QgsProjUtils.projVersionMinor()}"),
    ]
    # Looked up, not imported: where it is missing, Processing has failed before.
    gdal = sys.modules.get("osgeo.gdal")
    if gdal is not None:
        rows.append(("GDAL", gdal.__version__))
    return rows


def engine_python() -> tuple[str, str]:
    """The engine's Python, and why there is none."""
    try:
        python = find_engine_python(settings.engine_python())
    except EngineError as error:
        return "", str(error)
    return python or "", "" if python else NOT_FOUND


def device() -> tuple[str, str]:
    """The device of the settings, ``auto`` if that is invalid; and what is wrong with it."""
    try:
        return settings.device(), ""
    except contract.ContractError as error:
        return contract.DEVICES[0], str(error)


def model_folder() -> str:
    return str(settings.model_folder())


def settings_in_effect() -> Rows:
    """Each setting, and where its value comes from."""
    try:
        megabytes = str(settings.cache_megabytes())
    except contract.ContractError as error:
        megabytes = str(error)
    values = {
        VARIABLE: os.environ.get(VARIABLE) or settings.engine_python() or "",
        settings.MODEL_FOLDER: model_folder(),
        settings.CACHE_FOLDER: str(settings.cache_folder()),
        settings.CACHE_SIZE: megabytes,
        settings.DEVICE: device()[0],
    }
    return [
        (name, f"{value} (environment variable)" if os.environ.get(name) else value or "not set")
        for name, value in values.items()
    ]


def places() -> tuple[list[tuple[str, float]], list[str]]:
    """Folders that take much, that of the models first, and the bytes free; what is invalid."""
    folders = [
        model_folder(),
        str(settings.cache_folder()),
        user_environment_folder() or "",
        tempfile.gettempdir(),
    ]
    problems = [device()[1]]
    try:
        settings.cache_megabytes()
    except contract.ContractError as error:
        problems.append(str(error))
    return [(folder, _free(folder)) for folder in folders], [*filter(None, problems)]


def variables() -> Rows:
    """The environment variables that matter, without secrets."""
    return list(telling_variables(os.environ).items())


def _free(folder: str) -> float:
    path = Path(os.path.abspath(folder))
    while not path.exists():
        path = path.parent
    return float(shutil.disk_usage(path).free)
