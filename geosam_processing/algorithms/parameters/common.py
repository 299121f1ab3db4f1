"""Parameters that algorithms share. Key, label and help stand together."""

import os
from typing import Optional, TypeVar

from qgis.core import (
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

from ... import contract, settings
from ...contract.catalogue import BUNDLED_MODEL, CATALOGUE
from ...environment.locate import user_environment_folder
from ...qgis_tools.inputs import Inputs
from ...translation import tr

MODEL = "MODEL"
DEVICE = "DEVICE"
CUDA_ID = "CUDA_ID"
BATCH_SIZE = "BATCH_SIZE"
CHECKPOINT = "CHECKPOINT"
FOLDER = "FOLDER"

DEFAULT_MODEL = BUNDLED_MODEL
MODELS = tuple(CATALOGUE)

P = TypeVar("P", bound=QgsProcessingParameterDefinition)


def with_help(parameter: P, help_text: str) -> P:
    """``parameter`` with its help."""
    parameter.setHelp(tr(help_text))
    return parameter


def advanced(parameter: P) -> P:
    """``parameter``, among the advanced ones."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter


def optional_folder(key: str, label: str, help_text: str) -> QgsProcessingParameterFile:
    """A folder to read from, or none."""
    parameter = QgsProcessingParameterFile(
        key, tr(label), QgsProcessingParameterFile.Behavior.Folder, optional=True
    )
    return with_help(parameter, help_text)


def number(
    key: str,
    label: str,
    help_text: str,
    default: Optional[float],
    minimum: float,
    maximum: Optional[float] = None,
    whole: bool = False,
) -> QgsProcessingParameterNumber:
    """A number; optional if it has no default."""
    kinds = QgsProcessingParameterNumber.Type
    parameter = QgsProcessingParameterNumber(
        key,
        tr(label),
        kinds.Integer if whole else kinds.Double,
        defaultValue=default,
        optional=default is None,
        minValue=minimum,
    )
    if maximum is not None:
        parameter.setMaximum(maximum)
    return with_help(parameter, help_text)


def flag(key: str, label: str, help_text: str, default: bool) -> QgsProcessingParameterBoolean:
    """A yes or no."""
    return with_help(QgsProcessingParameterBoolean(key, tr(label), default), help_text)


def choice(
    key: str, label: str, help_text: str, options: tuple[str, ...], default: str
) -> QgsProcessingParameterEnum:
    """One of ``options``, which are written as they are, also in scripts."""
    parameter = QgsProcessingParameterEnum(
        key, tr(label), list(options), defaultValue=default, usesStaticStrings=True
    )
    return with_help(parameter, help_text)


def model_parameter() -> QgsProcessingParameterEnum:
    return choice(
        MODEL,
        "Model",
        f"One of {', '.join(MODELS)}. geosam_nano comes with the plugin and is for a first try; "
        "for real work take an official model, whose checkpoint you download once.",
        MODELS,
        DEFAULT_MODEL,
    )


def device_parameter() -> QgsProcessingParameterBoolean:
    return flag(
        DEVICE,
        "Use the GPU",
        "If unchecked, computation runs on the CPU.",
        True,
    )


def cuda_parameter() -> QgsProcessingParameterNumber:
    return number(
        CUDA_ID,
        "CUDA device index",
        "The NVIDIA GPU to use if there are several, counted from 0.",
        0,
        0,
        whole=True,
    )


def batch_parameter(things: str) -> QgsProcessingParameterNumber:
    return number(
        BATCH_SIZE,
        f"Batch size ({things})",
        f"How many {things} go through the model at a time. 0 chooses by the memory that is free.",
        0,
        0,
        whole=True,
    )


def engine_folder_parameter(what: str) -> QgsProcessingParameterFile:
    """``FOLDER`` of an installed engine; ``what`` it shall be, without a full stop."""
    none = "If not set, geosam/engine in the folder of the QGIS profile is used."
    return optional_folder(FOLDER, "Folder of the engine", f"{what}. {none}")


def engine_folder_of(inputs: Inputs) -> str:
    """The folder of ``FOLDER``, else the usual one."""
    given = inputs.file(FOLDER)
    return os.path.abspath(given or user_environment_folder() or "geosam-engine")


def checkpoint_parameter() -> QgsProcessingParameterFile:
    parameter = QgsProcessingParameterFile(
        CHECKPOINT,
        tr("Checkpoint file"),
        QgsProcessingParameterFile.Behavior.File,
        optional=True,
        fileFilter=tr("Checkpoints (*.pt *.pth);;All files (*)"),
    )
    return with_help(
        parameter,
        "The file with the model's weights. Its model is recognized, unless MODEL names another "
        "than the default. If not set, the file is searched for in the model folder.",
    )


def model_of(inputs: Inputs) -> contract.Model:
    """The model of ``MODEL`` and ``CHECKPOINT``.

    A dialog always names a model, so its default may be no choice: a checkpoint given
    with it decides.
    """
    model = inputs.choice(MODEL)
    checkpoint = inputs.file(CHECKPOINT)
    if checkpoint and model == DEFAULT_MODEL:
        model = ""
    return contract.Model(model, checkpoint, str(settings.model_folder()))


def checkpoint_of(inputs: Inputs) -> Optional[contract.Model]:
    """The model of ``CHECKPOINT``, which the engine compares with features; None if not given."""
    checkpoint = inputs.file(CHECKPOINT)
    return contract.Model(checkpoint=checkpoint) if checkpoint else None


def device_of(inputs: Inputs) -> contract.Device:
    """Where the model shall run, from ``DEVICE``, ``CUDA_ID`` and the settings."""
    use_gpu = inputs.flag(DEVICE)
    index = inputs.whole_number(CUDA_ID)
    return contract.Device(settings.device() if use_gpu else "cpu", index)
