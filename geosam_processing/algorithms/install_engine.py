"""``geosam:installengine``."""

import os
from pathlib import Path
from typing import Any, Optional
from urllib.parse import quote

from qgis.core import (
    QgsNetworkAccessManager,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputFolder,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtNetwork import QNetworkProxy

from .. import contract, settings
from ..client.client import SETTING, VARIABLE, EngineError, find_engine_python
from ..environment.install import Listener, install
from ..environment.installer import BUILDS, Plan
from ..environment.locate import user_environment_folder
from ..qgis_tools.inputs import Inputs
from ..translation import tr, worded
from .base import GeoSamAlgorithm
from .parameters.common import (
    advanced,
    choice,
    engine_folder_of,
    engine_folder_parameter,
    flag,
    with_help,
)

PLACES = QgsProcessingParameterFile.Behavior


def _program(key: str, label: str) -> QgsProcessingParameterFile:
    # The usual filter of QGIS asks for a dot in the name.
    return QgsProcessingParameterFile(
        key, tr(label), PLACES.File, optional=True, fileFilter=tr("All files (*)")
    )


def _proxy_of_qgis() -> str:
    """The HTTP proxy of QGIS's network options as a URL; empty if there is none."""
    proxy = QgsNetworkAccessManager.instance().fallbackProxy()
    if proxy.type() != QNetworkProxy.ProxyType.HttpProxy or not proxy.hostName():
        return ""
    user, password = quote(proxy.user(), safe=""), quote(proxy.password(), safe="")
    login = f"{user}:{password}@" if user else ""
    return f"http://{login}{proxy.hostName()}:{proxy.port()}"


class InstallEngine(GeoSamAlgorithm):
    """The engine's environment, made and put to use."""

    NAME = "installengine"
    TITLE = "Install engine"
    GROUP = "Setup and maintenance"
    MAINTENANCE = True
    HELP = (
        "Installs PyTorch and its dependencies in a separate Python environment in your QGIS "
        "profile. Run it once, and again after an update of the plugin.\n\n"
        "It downloads about 200 MB and takes 2 GB on the disk; with CUDA, 3 GB and 7 GB. An "
        "interrupted installation continues in the next run. The previous engine stays in use "
        "until the new one works."
    )
    TAGS = (
        "sam",
        "sam2",
        "sam3",
        "torch",
        "environment",
        "set up",
        "pip",
        "cuda",
        "gpu",
        "offline",
    )
    NEEDS_ENGINE = False

    PYTHON = "PYTHON"
    TORCH = "TORCH"
    TORCH_INDEX = "TORCH_INDEX"
    WHEELS = "WHEELS"
    UV = "UV"
    REINSTALL = "REINSTALL"
    SAM3 = "SAM3"
    DASK = "DASK"
    ENGINE_PYTHON = "ENGINE_PYTHON"
    ENGINE_FOLDER = "ENGINE_FOLDER"
    VERSION = "VERSION"
    PYTHON_VERSION = "PYTHON_VERSION"
    TORCH_VERSION = "TORCH_VERSION"
    INSTALLED = "INSTALLED"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        index = QgsProcessingParameterString(
            self.TORCH_INDEX, tr("Package index of PyTorch (URL)"), optional=True
        )
        self.addParameter(
            choice(
                self.TORCH,
                "Build of PyTorch",
                "One of auto, cpu, cuda. auto: cuda where an NVIDIA driver answers, else cpu, "
                "which is much smaller. On a Mac there is one build for both.",
                BUILDS,
                BUILDS[0],
            )
        )
        self.addParameter(
            flag(
                self.SAM3,
                "Packages of SAM3",
                "Also installs the dependencies of the models sam3 and sam3.1 (20 MB to "
                "download, 160 MB on the disk). An engine that has them keeps them.",
                False,
            )
        )
        self.addParameter(
            flag(
                self.DASK,
                "Packages of Dask",
                "Also installs the dependencies of CLUSTER, for several processes or computers "
                "(12 MB to download, 50 MB on the disk). An engine that has them keeps them.",
                False,
            )
        )
        for parameter in (
            engine_folder_parameter("A new or empty folder, or one with an engine to renew"),
            with_help(
                _program(self.PYTHON, "Python interpreter"),
                "Python 3.11 to 3.14 with its venv module. If not set, QGIS's Python or another "
                "suitable one on this computer is used; if there is none, uv downloads one.",
            ),
            with_help(
                QgsProcessingParameterFile(
                    self.WHEELS, tr("Folder of wheels"), PLACES.Folder, optional=True
                ),
                "For installation without a network: a folder with all packages, filled by pip "
                "download on a computer of the same kind. If not set, they are downloaded.",
            ),
            with_help(
                index,
                "Index of the chosen build, such as a mirror, or "
                "https://download.pytorch.org/whl/cu126 for an older driver. If not set, "
                "PyTorch's index is used; other packages come from pip's configured index "
                "(PIP_INDEX_URL).",
            ),
            with_help(
                _program(self.UV, "Program uv"),
                "If set, this uv downloads a Python even if this computer has a suitable one. If "
                "not set, uv is used only if no Python is suitable: the one on the path, or one "
                "from pip.",
            ),
            flag(
                self.REINSTALL,
                "Install again",
                "If unchecked, a working engine that is up to date stays as it is.",
                False,
            ),
        ):
            self.addParameter(advanced(parameter))
        self.addOutput(QgsProcessingOutputFile(self.ENGINE_PYTHON, tr("Python of the engine")))
        self.addOutput(QgsProcessingOutputFolder(self.ENGINE_FOLDER, tr("Folder of the engine")))
        for key, label in (
            (self.VERSION, "Version of GeoSAM"),
            (self.PYTHON_VERSION, "Version of the engine's Python"),
            (self.TORCH_VERSION, "Version of PyTorch"),
            (self.INSTALLED, "Whether it was installed (true or false)"),
        ):
            self.addOutput(QgsProcessingOutputString(key, tr(label)))

    def resolve(self, inputs: Inputs) -> None:
        self._proxy = _proxy_of_qgis()

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        folder = engine_folder_of(inputs)
        plan = Plan(
            python=inputs.file(self.PYTHON),
            torch=inputs.choice(self.TORCH),
            torch_index=inputs.text(self.TORCH_INDEX).strip(),
            wheels=inputs.file(self.WHEELS),
            proxy=self._proxy,
            extras=frozenset(
                name for name, key in (("sam3", self.SAM3), ("dask", self.DASK)) if inputs.flag(key)
            ),
        )
        client = self.engine()
        installed = install(
            Path(folder),
            plan,
            Listener(
                lambda text: feedback.pushInfo(worded(text)),
                feedback.isCanceled,
                feedback.setProgress,
            ),
            uv=inputs.file(self.UV),
            anew=inputs.flag(self.REINSTALL),
            # Windows removes no files of a program that runs.
            before_removal=lambda: client.close_when_idle(feedback.isCanceled),
        )
        words = installed.proof.replace(",", "").split()
        results[self.ENGINE_PYTHON] = str(installed.python)
        results[self.ENGINE_FOLDER] = folder
        results[self.VERSION] = contract.VERSION
        results[self.PYTHON_VERSION] = words[1]
        results[self.TORCH_VERSION] = words[3]
        results[self.INSTALLED] = "true" if installed.anew else "false"
        self._put_to_use(folder, str(installed.python), feedback)

    def _put_to_use(self, folder: str, python: str, feedback: QgsProcessingFeedback) -> None:
        """Let QGIS find this engine, unless an environment variable names another."""
        try:
            if find_engine_python(settings.engine_python()) == python:
                return
        except EngineError:
            feedback.pushDebugInfo(tr("What named the engine before is gone"))
        if os.environ.get(VARIABLE):
            feedback.pushWarning(
                tr(
                    "The environment variable {} ({}) goes before this engine: unset it, or set "
                    "it to {}"
                ).format(VARIABLE, os.environ[VARIABLE], folder)
            )
            return
        settings.use_engine("" if folder == user_environment_folder() else folder)
        feedback.pushInfo(tr("The Processing option {} now leads to this engine").format(SETTING))
