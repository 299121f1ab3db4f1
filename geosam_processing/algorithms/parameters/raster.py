"""Parameters of what is seen of a raster, shared by the algorithms that encode."""

import math
import re
from typing import Any, Optional

from qgis.core import (
    QgsProcessingException,
    QgsProcessingParameterBand,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRange,
)

from ...qgis_tools.inputs import Inputs, is_nothing
from ...translation import tr
from .common import with_help

BANDS = "BANDS"
RANGE = "RANGE"


def bands_parameter(layer: str) -> QgsProcessingParameterBand:
    """Bands of the raster layer that the parameter ``layer`` names."""
    parameter = QgsProcessingParameterBand(
        BANDS,
        tr("Bands, up to three"),
        parentLayerParameterName=layer,
        optional=True,
        allowMultiple=True,
    )
    return with_help(
        parameter,
        "Band numbers in the order red, green, blue, such as 3;2;1. One band is used three "
        "times, of two the second one twice. If not set, the first one to three bands are used.",
    )


def range_parameter(where_from: str) -> QgsProcessingParameterRange:
    """``where_from``: where the values come from if the user gives none."""
    parameter = QgsProcessingParameterRange(
        RANGE,
        tr("Value range (minimum, maximum)"),
        QgsProcessingParameterNumber.Type.Double,
        optional=True,
    )
    return with_help(
        parameter,
        "The values that become black and white, for all bands and patches alike, such as "
        f"0,3000. If not set: {where_from}",
    )


def bands_of(inputs: Inputs) -> list[int]:
    """The band numbers of ``BANDS``, empty for none.

    Raises:
        QgsProcessingException: they are not numbers.
    """
    given = inputs.value(BANDS)
    if not isinstance(given, str):
        return list(inputs.algorithm.parameterAsInts(inputs.parameters, BANDS, inputs.context))
    try:
        # QGIS separates by semicolons, and reads 0 from what it does not understand.
        return [int(number) for number in re.split(r"[;,\s]+", given) if number]
    except ValueError:
        raise QgsProcessingException(
            tr("Invalid BANDS ({}): give up to three band numbers, such as 3;2;1").format(given)
        ) from None


def value_range_of(inputs: Inputs) -> Optional[tuple[float, float]]:
    """The minimum and maximum of ``RANGE``, None if none is given.

    Raises:
        QgsProcessingException: they are not numbers.
    """
    given = inputs.value(RANGE)
    if is_nothing(given):
        return None
    # QGIS cuts what it does not understand to two numbers, or to none.
    parts: Any = given.split(",") if isinstance(given, str) else given
    try:
        minimum, maximum = (float(part) for part in parts)
    except (TypeError, ValueError):
        minimum = maximum = math.nan
    if not (math.isfinite(minimum) and math.isfinite(maximum)):
        raise QgsProcessingException(
            tr(
                "Invalid RANGE ({}): give a minimum and a maximum with a point for decimals and "
                "a comma between them, such as 0,3000 or 0.05,0.3"
            ).format(given)
        )
    return minimum, maximum
