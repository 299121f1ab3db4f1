"""Settings of an encoding in a JSON file: QGIS's "Copy as JSON", or Geo-SAM's Encoder Copilot."""

import json
import math
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Union

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
    QgsUnitTypes,
)

from ... import contract
from ...contract.catalogue import CATALOGUE, GEO_SAM_IDS
from ...contract.files import write_whole
from ...contract.json_files import read_json_object
from ...contract.redaction import without_secrets
from ...qgis_tools.inputs import Inputs, is_nothing
from ...translation import tr
from .common import (
    BATCH_SIZE,
    CHECKPOINT,
    CUDA_ID,
    DEFAULT_MODEL,
    DEVICE,
    MODEL,
    with_help,
)

SETTINGS = "SETTINGS"
INPUT = "INPUT"
# Which of our parameters a parameter that is given stands in for.
_OVERRULES = {
    MODEL: CHECKPOINT,
    CHECKPOINT: MODEL,
    "STRIDE": "OVERLAP",
    "RESOLUTION": "RESOLUTION_SCALE",
    "RESOLUTION_SCALE": "RESOLUTION",
}
# What the numbers for models in files of Geo-SAM's first version mean.
_FIRST_VERSION_MODELS = ("vit_h", "vit_l", "vit_b")
# What JSON has for types of parameters of which QGIS takes more: any text that may be an
# expression for a number, any text for a yes, a list for an extent or for one of its numbers.
_KINDS = {"number": (int, float), "boolean": (bool,), "extent": (str,)}


def settings_parameter() -> QgsProcessingParameterFile:
    parameter = QgsProcessingParameterFile(
        SETTINGS,
        tr("Settings file"),
        QgsProcessingParameterFile.Behavior.File,
        optional=True,
        fileFilter=tr("Settings (*.json);;All files (*)"),
    )
    return with_help(
        parameter,
        "A JSON file from Preview patches, from QGIS's Copy as JSON, or from Geo-SAM's Encoder "
        "Copilot. It supplies the parameters that are not given here, except the raster layer.",
    )


def with_settings(inputs: Inputs) -> Inputs:
    """Return the inputs with the values of the file of ``SETTINGS`` for those not given.

    Raises:
        QgsProcessingException: the file cannot be read, or has a value that is not allowed.
    """
    path = inputs.file(SETTINGS)
    if not path:
        return inputs
    read, of_geosam = _read_settings(Path(path))
    own = _input_names(inputs) - {SETTINGS, INPUT}
    given = _given(inputs) & own
    left_out = given | {_OVERRULES[name] for name in given if name in _OVERRULES}
    taken = {
        name: value
        for name, value in read.items()
        if name in own and name not in left_out and not is_nothing(value)
    }
    if isinstance(taken.get("EXTENT"), str):
        taken["EXTENT"] = ",".join(part.strip() for part in taken["EXTENT"].split(","))
    for name, value in taken.items():
        _require_acceptable(inputs, name, value, path)
    kept = {
        name: value for name, value in inputs.parameters.items() if name not in own or name in given
    }
    merged = replace(inputs, parameters={**kept, **taken})
    return _in_meters(merged) if "RESOLUTION" in taken and of_geosam else merged


def report_other_input(inputs: Inputs, feedback: QgsProcessingFeedback) -> None:
    """Log the raster that the file of ``SETTINGS`` names, if it is not the one of ``INPUT``."""
    path = inputs.file(SETTINGS)
    layer = inputs.raster(INPUT)
    if not path:
        return
    named = _read_settings(Path(path))[0].get(INPUT)
    if is_nothing(named) or os.path.basename(str(named)) == os.path.basename(layer.source()):
        return
    feedback.pushInfo(
        tr("SETTINGS ({}) names another raster, {}. This run takes INPUT ({})").format(
            path, without_secrets(str(named)), without_secrets(layer.source())
        )
    )


def _read_settings(path: Path) -> tuple[dict[str, Any], bool]:
    """The inputs in a settings file, under our keys, and whether Geo-SAM wrote it.

    Its files have different keys, and resolutions in units of the layer, which stay. Files of
    ours have those keys for it, but also MODEL.

    Raises:
        QgsProcessingException: the file is missing or holds no settings.
    """
    try:
        content = read_json_object(path)
    except OSError as error:
        raise QgsProcessingException(
            tr("SETTINGS ({}) cannot be read ({}): give a JSON file that exists").format(
                path, error.strerror or error
            )
        ) from None
    except ValueError as error:
        raise QgsProcessingException(
            tr("SETTINGS ({}) cannot be used, {}: give a file of settings").format(path, error)
        ) from None
    inputs = content.get("inputs")
    if not isinstance(inputs, dict):
        raise QgsProcessingException(
            tr(
                'SETTINGS ({}) has no "inputs": give a file that Preview patches, Copy as JSON or '
                "Geo-SAM's Encoder Copilot wrote"
            ).format(path)
        )
    inputs = dict(inputs)
    of_geosam = bool({"MODEL_TYPE", "CKPT"} & inputs.keys()) and MODEL not in inputs
    if of_geosam:
        if not is_nothing(inputs.get("MODEL_TYPE")):
            inputs[MODEL] = _model_of_geosam(inputs["MODEL_TYPE"], path)
        if inputs.get("CKPT"):
            inputs[CHECKPOINT] = inputs["CKPT"]
    return inputs, of_geosam


def write_settings(
    path: Path,
    fields: dict[str, Any],
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
) -> None:
    """Write ``fields`` of a ``contract.EncodeRequest`` as settings, for QGIS and for Geo-SAM.

    ``crs`` is that of the raster and of its extent. For what is left out see
    ``not_in_settings``.

    Raises:
        QgsProcessingException: the file cannot be written.
    """
    raster, model, device = fields["raster"], fields["model"], fields["device"]
    extent = None
    if raster.extent is not None:
        left, bottom, right, top = raster.extent
        extent = f"{left!r},{right!r},{bottom!r},{top!r}"
        if crs.authid():
            extent += f" [{crs.authid()}]"
    value_range = fields["value_range"]
    geosam_names = {ours: theirs for theirs, ours in GEO_SAM_IDS.items()}
    inputs = {
        "INPUT": raster.source if _is_named(raster.source) else None,
        "BANDS": list(raster.bands),
        MODEL: model.model or DEFAULT_MODEL,
        "EXTENT": extent,
        "STRIDE": fields["stride"],
        DEVICE: device.name != "cpu",
        CUDA_ID: device.index,
        BATCH_SIZE: fields["batch_size"],
        "CRS": fields["target_crs"] or None,
        "RESOLUTION": fields["target_resolution"],
        "RESOLUTION_SCALE": fields.get("resolution_scale"),
        "OVERLAP": fields.get("overlap"),
        "RANGE": None if value_range is None else list(value_range),
        "PERCENTILE_CUT": fields["percentile_cut"],
        "PRECISION": fields["precision"],
        "COMPUTE_PRECISION": fields["compute_precision"],
        "MEMORY_STRATEGY": fields["memory_strategy"],
        "INCLUDE_NODATA": fields["include_nodata"],
        "CONCEPTS": fields["concepts"],
        "SCALES": ",".join(map(str, fields["scales"])),
        CHECKPOINT: model.checkpoint or None,
        # As Geo-SAM names them.
        "MODEL_TYPE": geosam_names.get(model.model),
        "CKPT": model.checkpoint,
    }
    content = {
        "area_units": QgsUnitTypes.encodeUnit(context.areaUnit()),
        "distance_units": QgsUnitTypes.encodeUnit(context.distanceUnit()),
        "ellipsoid": context.ellipsoid(),
        "inputs": inputs,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(content, indent=2) + "\n")
    except OSError as error:
        raise QgsProcessingException(
            tr(
                "The settings {} cannot be written ({}): choose another file for SETTINGS_FILE"
            ).format(path, error.strerror or error)
        ) from None


def not_in_settings(raster: contract.Raster, crs: QgsCoordinateReferenceSystem) -> Iterator[str]:
    """What ``write_settings`` leaves out of the settings of a raster, in words."""
    if not _is_named(raster.source):
        yield tr(
            "SETTINGS_FILE does not name the raster, because its address has a password or key "
            "({}). Give INPUT with the file"
        ).format(without_secrets(raster.source))
    if raster.crs:
        yield tr(
            "SETTINGS_FILE cannot keep the CRS that the layer was given in QGIS ({}): "
            "assign it to the file with gdal:assignprojection"
        ).format(crs.authid() or crs.description())
    if raster.nodata is not None:
        yield tr(
            "SETTINGS_FILE cannot keep the settings for no data that the layer was given in QGIS. "
            "Save the layer as GeoTIFF, or give it as INPUT with the file"
        )


def _is_named(source: str) -> bool:
    """Whether settings name this raster: an address with a secret stays out of files."""
    return os.path.exists(source) or without_secrets(source) == source


def _input_names(inputs: Inputs) -> set[str]:
    return {
        definition.name()
        for definition in inputs.algorithm.parameterDefinitions()
        if not definition.isDestination()
    }


def _given(inputs: Inputs) -> set[str]:
    """The parameters that the user gave.

    A command, a script and a model that a script made name only what they want. A
    dialog, also that of a step in the model designer, names every parameter: there, a value
    that is the default may be none.
    """
    named = {name for name in inputs.parameters if inputs.is_given(name)}
    if not _input_names(inputs) <= inputs.parameters.keys():
        return named
    return {
        name
        for name in named
        if (definition := inputs.algorithm.parameterDefinition(name)) is None
        or inputs.value(name) != definition.defaultValue()
    }


def _model_of_geosam(value: Union[str, int], path: Path) -> str:
    numbers = [str(number) for number in range(len(_FIRST_VERSION_MODELS))]
    text = str(value).strip()
    if text in numbers:
        return _FIRST_VERSION_MODELS[int(text)]
    model = GEO_SAM_IDS.get(text, text)
    if model not in CATALOGUE:
        raise QgsProcessingException(
            tr(
                "Invalid MODEL_TYPE ({}) in SETTINGS ({}): GeoSAM has no such model; give MODEL, "
                "or correct it to one of {}"
            ).format(value, path, ", ".join(GEO_SAM_IDS))
        )
    return model


def _require_acceptable(inputs: Inputs, name: str, value: Any, path: str) -> None:
    definition = inputs.algorithm.parameterDefinition(name)
    kinds = _KINDS.get(definition.type(), (type(value),))
    if type(value) not in kinds or not definition.checkValueIsAcceptable(value, inputs.context):
        raise QgsProcessingException(
            tr("Invalid {} ({}) in SETTINGS ({}): correct the file, or give {}").format(
                name, value, path, name
            )
        )


def _in_meters(inputs: Inputs) -> Inputs:
    """The inputs with RESOLUTION from units of the layer; its own resolution is none at all."""
    parameters = dict(inputs.parameters)
    layer = inputs.algorithm.parameterAsRasterLayer(parameters, "INPUT", inputs.context)
    if layer is None:
        return inputs
    resolution = float(parameters.pop("RESOLUTION"))
    if not math.isclose(resolution, layer.rasterUnitsPerPixelX(), rel_tol=1e-6):
        parameters["RESOLUTION"] = resolution * QgsUnitTypes.fromUnitToUnitFactor(
            layer.crs().mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters
        )
    return replace(inputs, parameters=parameters)
