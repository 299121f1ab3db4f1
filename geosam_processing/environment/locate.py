"""Where the engine's Python is, and the environment that it starts in."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Optional

from geosam_processing.contract.errors import EngineError
from geosam_processing.contract.folders import package_folder
from geosam_processing.contract.json_files import noted_in
from geosam_processing.contract.texts import Text

VARIABLE = "GEOSAM_ENGINE_PYTHON"
# Key of the Processing setting that names the same.
SETTING = "GEOSAM_ENGINE_PYTHON"

# What QGIS, its launchers and an active environment set for their own Python, PROJ, GDAL
# and Qt; the engine brings its own, which these would break.
FOREIGN_PREFIXES = (
    "CONDA_",
    "DYLD_",
    "GDAL_",
    "GRASS",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "OGR_",
    "OSGEO",
    "PROJ_",
    "PYTHON",
    "QGIS",
    "QT_",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
)
# How to reach the network is the user's affair, not QGIS's.
KEPT_PREFIXES = ("GDAL_HTTP_",)

# In the folder of an installed engine, names the environment in use.
MARKER = "geosam-engine.json"

NOT_FOUND = (
    "GeoSAM has no engine yet: run the algorithm Install engine (geosam:installengine), or "
    "`make setup` in a checkout; or set the environment variable GEOSAM_ENGINE_PYTHON, or the "
    "Processing setting of that name, to the Python of an engine's environment"
)
# How an environment that does not work is mended.
REPAIR = Text("run Install engine (geosam:installengine), or `make setup` in a checkout")


def find_engine_python(setting: Optional[str] = None) -> Optional[str]:
    """The Python that runs the engine, or None if there is none.

    The first of: the environment variable, ``setting``, the environment in the user's
    QGIS profile, the repository's own. The first two may name the Python, the folder of its
    environment or that of an installed engine.

    Raises:
        EngineError: the variable or the setting names something that is not there.
    """
    chosen = (
        (Text("environment variable {}", VARIABLE), os.environ.get(VARIABLE)),
        (Text("Processing setting {}", SETTING), setting),
    )
    for name, path in chosen:
        if path:
            python = _python_at(os.path.expanduser(path))
            if python is None:
                raise EngineError(
                    "The {} names no Python ({}): give the path of the Python of the "
                    "engine's environment, or unset it",
                    name,
                    path,
                )
            return python
    for folder in _usual_folders():
        python = _python_at(folder)
        if python is not None:
            return python
    return None


def user_environment_folder() -> Optional[str]:
    """Where an install from within QGIS puts the engine; None outside QGIS."""
    # Looked up, not imported: this module also works without QGIS.
    core = sys.modules.get("qgis.core")
    if core is None:
        return None
    return os.path.join(core.QgsApplication.qgisSettingsDirPath(), "geosam", "engine")


def _usual_folders() -> Iterator[str]:
    user_folder = user_environment_folder()
    if user_folder is not None:
        yield user_folder
    yield os.path.join(os.path.dirname(package_folder()), ".venv")


def current_environment(folder: str) -> Optional[str]:
    """The environment in use of the engine installed in ``folder``; None if there is none."""
    name = noted_in(Path(folder, MARKER)).get("environment")
    if not isinstance(name, str) or not name:
        return None
    path = os.path.join(folder, name)
    return path if os.path.isdir(path) else None


def _python_at(path: str) -> Optional[str]:
    """The Python that ``path`` is, or that of the environment or the installed engine there.

    Links stay as they are: by its path alone a Python knows its environment.
    """
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    environment = current_environment(path) or path
    for candidate in (path, os.path.join(environment, *inside)):
        if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return os.path.abspath(candidate)
    return None


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` without what belongs to QGIS; proxies, CUDA's and ours stay."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper().startswith(KEPT_PREFIXES) or not name.upper().startswith(FOREIGN_PREFIXES)
    }
