"""Where the package and what comes with it lie.

Both sides import this module, so it needs the standard library only and runs on Python 3.9.
"""

from pathlib import Path


def package_folder() -> str:
    """This package's folder, through the link that a development install makes."""
    return str(Path(__file__).resolve().parent)


def bundled_folder() -> Path:
    """The folder of the bundled checkpoint and the graphical models.

    It is inside an installed package, and beside the package in the repository.
    """
    package = Path(package_folder())
    inside, beside = package / "models", package.parent / "models"
    return inside if any(inside.glob("*.pt")) else beside


def documentation_folder() -> Path:
    """The folder of the help pages: inside an installed package, or beside it."""
    package = Path(package_folder())
    inside, beside = package / "docs", package.parent / "docs"
    return inside if inside.is_dir() else beside
