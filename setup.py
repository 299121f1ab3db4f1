"""Only what pyproject.toml cannot say: the ready-made models travel inside the package."""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["geosam_processing", "geosam_processing.*"]),
        "geosam_processing.models",
    ],
    package_dir={"geosam_processing.models": "models"},
)
