"""Whether and how a parameter was given."""

import math
from typing import Any, Optional

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
)

Parameters = dict[str, Any]


def is_nothing(value: Any) -> bool:
    """Whether a dialog, a script or a file says "none" by ``value``."""
    if isinstance(value, QgsCoordinateReferenceSystem):
        return not value.isValid()
    if isinstance(value, str):
        return value.replace(" ", "") in ("", "None,None", "nan,nan")
    if isinstance(value, (list, tuple)):
        return all(is_nothing(item) for item in value)
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or bool(value == NULL)


def optional_number(
    algorithm: QgsProcessingAlgorithm,
    parameters: Parameters,
    key: str,
    context: QgsProcessingContext,
) -> Optional[float]:
    """The number of ``key``, None for none."""
    if is_nothing(parameters.get(key)):
        return None
    return float(algorithm.parameterAsDouble(parameters, key, context))
