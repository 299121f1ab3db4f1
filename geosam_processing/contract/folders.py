"""Where the package and what comes with it lie.

Both sides import this module, so it needs the standard library only and runs on Python 3.9.
"""

import os
import sys
from pathlib import Path
from typing import Optional


def package_folder() -> str:
    """This package's folder, through the link that a development install makes."""
    return str(Path(__file__).resolve().parents[1])


def bundled_folder() -> Path:
    """The folder of the bundled checkpoint and the graphical models.

    It is inside an installed package, and next to the package in the repository.
    """
    package = Path(package_folder())
    inside, beside = package / "models", package.parent / "models"
    return inside if any(inside.glob("*.pt")) else beside


def help_page(name: str) -> Optional[Path]:
    """The page of an algorithm, or another one; None if it is not there.

    The plugin has it as HTML. In the repository it is the one of the site, if that was built, and
    otherwise its source.
    """
    package = Path(package_folder())
    places = (
        package / "docs" / f"{name}.html",
        package.parent / "build" / "site" / f"{name}.html",
        package.parent / "docs" / f"{name}.md",
    )
    return next((place for place in places if place.is_file()), None)


MODEL_FOLDER = "GEOSAM_MODEL_FOLDER"
CACHE_FOLDER = "GEOSAM_CACHE_FOLDER"


def model_folder() -> Path:
    """Where checkpoints are kept: ``GEOSAM_MODEL_FOLDER``, else in the user's data folder."""
    return _chosen(MODEL_FOLDER) or _data_folder() / "GeoSAM" / "models"


def cache_folder() -> Path:
    """Where live encoding keeps features: ``GEOSAM_CACHE_FOLDER``, else in the user's cache."""
    return _chosen(CACHE_FOLDER) or _cache_folder() / "GeoSAM" / "live"


def _chosen(variable: str) -> Optional[Path]:
    path = os.environ.get(variable)
    return Path(os.path.expanduser(path)) if path else None


def _data_folder() -> Path:
    if sys.platform == "win32":
        return _windows_folder()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return _folder_of("XDG_DATA_HOME", ".local/share")


def _cache_folder() -> Path:
    if sys.platform == "win32":
        return _windows_folder()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return _folder_of("XDG_CACHE_HOME", ".cache")


def _windows_folder() -> Path:
    return _folder_of("LOCALAPPDATA", "AppData/Local")


def _folder_of(variable: str, below_home: str) -> Path:
    path = os.environ.get(variable)
    return Path(path) if path else Path.home() / below_home
