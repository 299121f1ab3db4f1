"""What algorithms that encode have in common: parameters, their values, the call, results."""

import re
from typing import Any

from qgis.core import (
    QgsFields,
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ... import contract
from ...client.client import EngineClient
from ...qgis_tools.crs import crs_from_text, crs_to_text
from ...qgis_tools.feedback import listener_of
from ...qgis_tools.inputs import Inputs, is_nothing
from ...translation import tr
from ..layers.sinks import closing, geometry_from_wkb, optional_sink, own_fields
from ..layers.styles import LayerStyle, patch_renderer
from .common import (
    BATCH_SIZE,
    advanced,
    checkpoint_parameter,
    choice,
    device_of,
    flag,
    model_of,
    number,
    with_help,
)
from .raster import range_parameter, value_range_of

STRIDE = "STRIDE"
CRS = "CRS"
RESOLUTION = "RESOLUTION"
PERCENTILE_CUT = "PERCENTILE_CUT"
PRECISION = "PRECISION"
COMPUTE_PRECISION = "COMPUTE_PRECISION"
MEMORY_STRATEGY = "MEMORY_STRATEGY"
INCLUDE_NODATA = "INCLUDE_NODATA"
CONCEPTS = "CONCEPTS"
SCALES = "SCALES"
PATCHES = "PATCHES"
MANIFEST = "MANIFEST"
PATCH_COUNT = "PATCH_COUNT"
REUSED_COUNT = "REUSED_COUNT"
SKIPPED_COUNT = "SKIPPED_COUNT"

PATCH_FIELDS = (
    ("chip_id", QVariant.String),
    ("row", QVariant.Int),
    ("column", QVariant.Int),
    ("nodata_share", QVariant.Double),
    ("reused", QVariant.Bool),
    ("skipped", QVariant.Bool),
    ("scale", QVariant.Int),
)


def stride_parameter() -> QgsProcessingParameterNumber:
    return number(
        STRIDE,
        "Stride (pixels)",
        "Distance between the starts of neighboring patches. If not set, half a patch is used, "
        "so that each object of up to half a patch lies completely in a patch.",
        None,
        1,
        contract.MAXIMUM_STRIDE,
        whole=True,
    )


def scales_parameter() -> QgsProcessingParameterString:
    return with_help(
        QgsProcessingParameterString(SCALES, tr("Scales"), "1"),
        "Pixel sizes to encode, as multiples of the finest one, separated by commas. 1,2,4 adds "
        "coarser patches for objects larger than a patch, for about a third more time and space.",
    )


def features_parameter(key: str) -> QgsProcessingParameterFolderDestination:
    return with_help(
        QgsProcessingParameterFolderDestination(key, tr("Features")),
        "The folder for the features. An interrupted run with the same settings is completed; "
        "other settings in the folder are an error.",
    )


def target_crs_parameter() -> QgsProcessingParameterCrs:
    return with_help(
        QgsProcessingParameterCrs(CRS, tr("Target CRS"), optional=True),
        "The raster is warped to this CRS before it is encoded. If not set, the raster's CRS is "
        "used.",
    )


def target_resolution_parameter() -> QgsProcessingParameterNumber:
    return number(
        RESOLUTION,
        "Target resolution (meters)",
        "The raster is warped to pixels of this size on the ground. A raster in degrees is "
        "warped to its UTM zone, unless a target CRS is given. If not set, the raster's "
        "resolution is used.",
        None,
        0,
    )


def encoding_parameters(values_from: str) -> tuple[QgsProcessingParameterDefinition, ...]:
    """How values are taken and features computed and kept; all of them advanced.

    ``values_from``: where the range of values comes from if the user gives none.
    """
    parameters = (
        range_parameter(values_from),
        number(
            PERCENTILE_CUT,
            "Percentile cut (percent)",
            "Share of the lowest and of the highest values that the value range of the raster "
            "leaves out. 2 brightens a raster with a few extreme values.",
            0,
            0,
            49.9,
        ),
        choice(
            PRECISION,
            "Feature precision",
            f"One of {', '.join(contract.PRECISIONS)}. float16 takes half the space and keeps "
            "masks at an IoU of 0.9998 with those of float32, on average.",
            contract.PRECISIONS,
            contract.PRECISIONS[0],
        ),
        choice(
            COMPUTE_PRECISION,
            "Computation precision",
            f"One of {', '.join(contract.COMPUTE_PRECISIONS)}. auto is float16 on an NVIDIA GPU, "
            "bfloat16 for the bundled model on a processor with AMX, and else float32, which is "
            "exact. bfloat16 takes a quarter to a half of the time on processors with AMX or "
            "AVX-512 BF16, at a mean IoU of 0.997 with float32.",
            contract.COMPUTE_PRECISIONS,
            contract.COMPUTE_PRECISIONS[0],
        ),
        choice(
            MEMORY_STRATEGY,
            "Memory strategy",
            "One of balanced (reads a batch ahead and releases memory after every 16 patches) and "
            "low_memory (one patch at a time, released after each). With vit_b on a CPU, "
            "low_memory holds 0.9 GB between patches instead of 1.2; the peak is 1.2 GB in both.",
            contract.MEMORY_STRATEGIES,
            contract.MEMORY_STRATEGIES[0],
        ),
        flag(
            INCLUDE_NODATA,
            "Encode empty patches",
            "If unchecked, patches without data are skipped.",
            False,
        ),
        flag(
            CONCEPTS,
            "Keep concept features",
            "With sam3, also keeps the features for Segment by words and examples, 11 MB for "
            "each patch. Other models have no such features.",
            True,
        ),
        scales_parameter(),
        checkpoint_parameter(),
    )
    return tuple(advanced(parameter) for parameter in parameters)


def patches_parameter() -> QgsProcessingParameterFeatureSink:
    patches = QgsProcessingParameterFeatureSink(
        PATCHES,
        tr("Patches"),
        QgsProcessing.SourceType.TypeVectorPolygon,
        optional=True,
        createByDefault=False,
    )
    return with_help(patches, "Outlines of the encoded patches.")


def encoding_outputs() -> tuple[QgsProcessingOutputDefinition, ...]:
    numbers = (
        (PATCH_COUNT, "Number of patches in the folder"),
        (REUSED_COUNT, "Number of patches of earlier runs"),
        (SKIPPED_COUNT, "Number of skipped patches without data"),
    )
    return (
        QgsProcessingOutputFile(MANIFEST, tr("Manifest")),
        *(QgsProcessingOutputNumber(key, tr(label)) for key, label in numbers),
    )


def encoding_of(inputs: Inputs) -> dict[str, Any]:
    """The fields of a ``contract.EncodeRequest``, all but the raster, its name and the folder."""
    return {
        "model": model_of(inputs),
        "stride": inputs.optional_whole_number(STRIDE),
        "device": device_of(inputs),
        "batch_size": inputs.whole_number(BATCH_SIZE),
        "target_crs": _target_crs_of(inputs),
        "target_resolution": inputs.optional_number(RESOLUTION),
        "value_range": value_range_of(inputs),
        "percentile_cut": inputs.number(PERCENTILE_CUT),
        "precision": inputs.choice(PRECISION),
        "compute_precision": inputs.choice(COMPUTE_PRECISION),
        "memory_strategy": inputs.choice(MEMORY_STRATEGY),
        "include_nodata": inputs.flag(INCLUDE_NODATA),
        "concepts": inputs.flag(CONCEPTS),
        "scales": scales_of(inputs),
    }


def scales_of(inputs: Inputs) -> tuple[int, ...]:
    """The numbers of ``SCALES``.

    Raises:
        QgsProcessingException: they are not whole numbers.
    """
    text = inputs.text(SCALES)
    try:
        return tuple(int(part) for part in re.split(r"[;,\s]+", text) if part)
    except ValueError:
        raise QgsProcessingException(
            tr("Invalid SCALES ({}): give whole numbers separated by commas, such as 1,2,4").format(
                text
            )
        ) from None


def _target_crs_of(inputs: Inputs) -> str:
    """The CRS of ``CRS``, empty for none.

    Raises:
        QgsProcessingException: QGIS does not know it.
    """
    crs = inputs.algorithm.parameterAsCrs(inputs.parameters, CRS, inputs.context)
    given = inputs.value(CRS)
    # QGIS would silently take what it does not know for none.
    if not (crs.isValid() or is_nothing(given)):
        raise QgsProcessingException(
            tr("Invalid CRS ({}): give EPSG:n with a code that exists, or WKT").format(given)
        )
    return crs_to_text(crs)


def encode(
    engine: EngineClient,
    request: contract.EncodeRequest,
    inputs: Inputs,
    feedback: QgsProcessingFeedback,
    results: dict[str, Any],
) -> None:
    """Have the engine encode, and put what came of it into ``results``."""
    result = engine.call(
        contract.ENCODE,
        request,
        listener_of(feedback),
        feedback.isCanceled,
    )
    results[MANIFEST] = result.manifest
    results[PATCH_COUNT] = result.patch_count
    results[REUSED_COUNT] = result.reused_count
    results[SKIPPED_COUNT] = result.skipped_count
    sink = optional_sink(
        inputs,
        PATCHES,
        own_fields(QgsFields(), PATCH_FIELDS),
        QgsWkbTypes.Type.Polygon,
        crs_from_text(result.crs),
    )
    if sink is not None:
        with closing((sink,), lambda: results.update({PATCHES: sink.destination})):
            for patch in result.patches:
                sink.write(
                    geometry_from_wkb(patch.wkb),
                    [getattr(patch, name) for name, _ in PATCH_FIELDS],
                )
        LayerStyle.attach(patch_renderer, sink.destination, inputs, PATCHES)
