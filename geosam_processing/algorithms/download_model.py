"""``geosam:downloadmodel``."""

import os
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterAuthConfig,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from .. import settings
from ..contract.catalogue import CATALOGUE, RECOMMENDED_MODEL, ModelEntry
from ..contract.files import PartFile
from ..contract.model_files import checkpoint_path, expected_sha256, record_sha256
from ..downloads import gated
from ..downloads.download import Download, RemoteFile
from ..downloads.local_files import copy_hashed, require_space, sha256_of, turn_at
from ..downloads.problems import DownloadError
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .parameters.common import (
    FOLDER,
    MODEL,
    advanced,
    choice,
    flag,
    optional_folder,
    with_help,
)

DOWNLOADABLE = tuple(entry.id for entry in CATALOGUE.values() if not entry.bundled)


class DownloadModel(GeoSamAlgorithm):
    """A checkpoint into the model folder."""

    NAME = "downloadmodel"
    TITLE = "Download model"
    GROUP = "Setup and maintenance"
    HELP = (
        "Downloads the official checkpoint of a model into the model folder, and verifies its "
        "SHA-256. An interrupted download continues in the next run. A correct file that is "
        "already there stays.\n\n"
        "The download uses QGIS's network settings, with proxy and authentication. For a "
        "computer without a network, copy the file there and give it as FILE."
    )
    TAGS = ("segment anything", "sam", "sam2", "sam3", "checkpoint", "weights", "install", "import")
    NEEDS_ENGINE = False

    OVERWRITE = "OVERWRITE"
    FILE = "FILE"
    MIRROR = "MIRROR"
    AUTH = "AUTH"
    CHECKPOINT = "CHECKPOINT"
    SHA256 = "SHA256"
    SIZE = "SIZE"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (
            choice(
                MODEL,
                "Model",
                f"One of {', '.join(DOWNLOADABLE)}. {RECOMMENDED_MODEL} is a good choice for most "
                "work; tiny is the quickest without a GPU. For sam3 and sam3.1 accept Meta's "
                "license first, then give the file or an authentication.",
                DOWNLOADABLE,
                RECOMMENDED_MODEL,
            ),
            optional_folder(
                FOLDER,
                "Model folder",
                "The folder for the file. If not set, the folder of GeoSAM's settings is used, "
                "where the other algorithms look for models.",
            ),
            with_help(
                QgsProcessingParameterFile(
                    self.FILE,
                    tr("Checkpoint file"),
                    QgsProcessingParameterFile.Behavior.File,
                    optional=True,
                    fileFilter=tr("Checkpoints (*.pt *.pth *.safetensors);;All files (*)"),
                ),
                "A local file that is verified and copied instead of a download. For SAM3, "
                "sam3.pt and model.safetensors are accepted.",
            ),
            flag(
                self.OVERWRITE,
                "Replace a wrong file",
                "If checked, a file with the model's name that is not the official one is "
                "replaced. If unchecked, it is an error.",
                False,
            ),
            advanced(
                with_help(
                    QgsProcessingParameterString(self.MIRROR, tr("Mirror"), optional=True),
                    "Address of a folder with the checkpoints under their official names, such "
                    "as https://mirror.example/sam/. If not set, the publisher's server is used.",
                )
            ),
            advanced(
                with_help(
                    QgsProcessingParameterAuthConfig(
                        self.AUTH, tr("Authentication"), optional=True
                    ),
                    "QGIS's authentication configuration for servers that require a login. For "
                    "sam3, choose Basic with an access token of Hugging Face as the password.",
                )
            ),
        ):
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputFile(self.CHECKPOINT, tr("Checkpoint")))
        self.addOutput(QgsProcessingOutputString(self.SHA256, tr("SHA-256")))
        self.addOutput(QgsProcessingOutputNumber(self.SIZE, tr("Size (bytes)")))

    def resolve(self, inputs: Inputs) -> None:
        model = inputs.choice(MODEL)
        self._entry = CATALOGUE[model]
        folder = inputs.text(FOLDER)
        self._folder = Path(os.path.expanduser(folder)) if folder else settings.model_folder()
        self._overwrite = inputs.flag(self.OVERWRITE)
        self._authentication = inputs.text(self.AUTH)
        file = inputs.file(self.FILE)
        self._file = Path(os.path.expanduser(file)) if file else None
        if self._file is not None and not os.path.isfile(self._file):
            raise QgsProcessingException(
                tr("There is no file {}: give FILE a checkpoint, or nothing to download it").format(
                    self._file
                )
            )
        mirror = inputs.text(self.MIRROR).strip()
        if mirror and not mirror.startswith(("http://", "https://")):
            raise QgsProcessingException(
                tr(
                    "Invalid MIRROR ({}): give an address that begins with https:// or http://"
                ).format(mirror)
            )
        self._url = (
            f"{mirror.rstrip('/')}/{self._entry.official_file}" if mirror else self._entry.url
        )
        sources = (self._file, mirror, self._authentication)
        there = checkpoint_path(self._entry, self._folder).is_file()
        if self._entry.gated and not any(sources) and not there:
            raise QgsProcessingException(gated.steps(self._entry))

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # First without a lock: a folder for all to read may be nobody's to write.
            sha256 = self._there_already(feedback)
            if not sha256:
                with turn_at(self._target(), feedback) as mine:
                    if mine:
                        sha256 = self._there_already(feedback) or self._bring(feedback)
        except OSError as error:
            raise QgsProcessingException(
                tr("{} cannot be written ({}): choose another FOLDER, or make room").format(
                    self._folder, error.strerror or error
                )
            ) from error
        if not sha256:
            feedback.pushInfo(tr("Cancelled: the received part is kept. Run again to continue"))
            return
        record_sha256(self._entry, self._folder, sha256)
        target = checkpoint_path(self._entry, self._folder)
        if self._entry.gated:
            feedback.pushInfo(gated.verdict(self._entry, sha256))
        feedback.pushInfo(tr("{}: {}").format(self._entry.id, target))
        results.update(
            {
                self.CHECKPOINT: str(target),
                self.SHA256: sha256,
                self.SIZE: target.stat().st_size,
            }
        )

    def _target(self) -> Path:
        """Where the file goes."""
        if self._entry.gated and self._file is not None:
            return gated.target_of(self._entry, self._folder, self._file)
        return checkpoint_path(self._entry, self._folder)

    def _there_already(self, feedback: QgsProcessingFeedback) -> str:
        """The SHA-256 of the right file, if it is there.

        Raises:
            DownloadError: another file has its name, and is not to be replaced.
        """
        target = checkpoint_path(self._entry, self._folder)
        if not target.exists():
            return ""
        expected = expected_sha256(self._entry, self._folder)
        sha256 = sha256_of(target, feedback)
        if sha256 and sha256 == (expected or sha256):
            feedback.pushInfo(tr("{} is there already, and is right").format(target))
            return sha256
        if not sha256 or self._overwrite:
            return ""
        raise DownloadError(
            "{} is there but is not the official file of {} (SHA-256 "
            "{}..., not {}...): set OVERWRITE to replace it, or choose "
            "another FOLDER",
            target,
            self._entry.id,
            sha256[:8],
            expected[:8],
        )

    def _bring(self, feedback: QgsProcessingFeedback) -> str:
        """Download or copy the checkpoint; its SHA-256, empty if cancelled."""
        if feedback.isCanceled():
            return ""
        target = self._target()
        # Of a gated model another file of the same content is as good.
        expected = "" if self._entry.gated else expected_sha256(self._entry, self._folder)
        if self._file is not None:
            if self._entry.gated:
                gated.require_content(self._entry, self._file)
            return _copy(self._file, target, self._entry, expected, feedback)
        remote = RemoteFile(self._url, self._entry.size, expected, bearer=bool(self._entry.gated))
        feedback.pushInfo(tr("Downloading {}").format(remote.shown))
        try:
            sha256 = Download(remote, target, feedback, self._authentication).run()
        except DownloadError as error:
            if not self._entry.gated:
                raise
            raise DownloadError("{}. {}", error, gated.steps(self._entry)) from error
        if sha256 and self._entry.gated:
            try:
                gated.require_content(self._entry, target)
            except DownloadError:
                target.unlink()
                raise
        return sha256


def _copy(
    file: Path, target: Path, entry: ModelEntry, expected: str, feedback: QgsProcessingFeedback
) -> str:
    """Copy a checkpoint if it is the right one; its SHA-256, empty if cancelled."""
    size = file.stat().st_size
    if entry.size and size != entry.size:
        raise _not_official(file, entry, f"{size:,} bytes, not {entry.size:,}")
    if file.resolve() == PartFile.path_of(target).resolve():
        raise DownloadError(
            "{} is an incomplete download. Run again without FILE to continue it", file
        )
    require_space(target.parent, size)
    # In the place of a download that was broken off, which is not needed any more.
    part = PartFile(target, str(file))
    try:
        sha256 = copy_hashed(file, part.path, feedback)
        if sha256 and sha256 != (expected or sha256):
            raise _not_official(file, entry, f"SHA-256 {sha256[:8]}..., not {expected[:8]}...")
        if sha256:
            part.become(target)
    finally:
        part.drop()
    return sha256


def _not_official(file: Path, entry: ModelEntry, difference: str) -> DownloadError:
    return DownloadError(
        "{} is not the official file of {} ({}): carry it over again from "
        "{}, or give weights of your own as CHECKPOINT where they are used",
        file,
        entry.id,
        difference,
        entry.url,
    )
