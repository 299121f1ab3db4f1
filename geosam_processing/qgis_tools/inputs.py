"""What an algorithm was given."""

import math
from dataclasses import dataclass
from typing import Any, Optional

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsRasterLayer,
    QgsRectangle,
)

from ..translation import tr

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Inputs:
    """The parameters of a run of an algorithm, which are read by their keys."""

    algorithm: QgsProcessingAlgorithm
    parameters: Parameters
    context: QgsProcessingContext

    def value(self, key: str) -> Any:
        """Return the value as it was given, None for none."""
        return self.parameters.get(key)

    def is_given(self, key: str) -> bool:
        return not is_nothing(self.parameters.get(key))

    def one_of(self, key: str, other: str) -> str:
        """Return which of two keys is given.

        Raises:
            QgsProcessingException: both are, or none is.
        """
        if self.is_given(key) == self.is_given(other):
            raise QgsProcessingException(tr("Give {} or {}, but not both").format(key, other))
        return key if self.is_given(key) else other

    def text(self, key: str) -> str:
        return str(self.algorithm.parameterAsString(self.parameters, key, self.context) or "")

    def choice(self, key: str) -> str:
        """Return the option of an enumeration."""
        return str(self.algorithm.parameterAsEnumString(self.parameters, key, self.context))

    def flag(self, key: str) -> bool:
        return bool(self.algorithm.parameterAsBool(self.parameters, key, self.context))

    def number(self, key: str) -> float:
        """Return a number.

        Raises:
            QgsProcessingException: it is NaN, which QGIS takes for a number.
        """
        number = float(self.algorithm.parameterAsDouble(self.parameters, key, self.context))
        if math.isnan(number):
            raise QgsProcessingException(
                tr("Invalid {} ({}): give a number").format(key, self.value(key))
            )
        return number

    def whole_number(self, key: str) -> int:
        """Return a whole number; see ``number``."""
        self.number(key)
        return int(self.algorithm.parameterAsInt(self.parameters, key, self.context))

    def optional_number(self, key: str) -> Optional[float]:
        return self.number(key) if self.is_given(key) else None

    def optional_whole_number(self, key: str) -> Optional[int]:
        return self.whole_number(key) if self.is_given(key) else None

    def file(self, key: str) -> str:
        """Return the file or folder to read from, empty for none."""
        return str(self.algorithm.parameterAsFile(self.parameters, key, self.context) or "")

    def output_file(self, key: str) -> str:
        """Return the file to write to, empty for none."""
        return str(self.algorithm.parameterAsFileOutput(self.parameters, key, self.context) or "")

    def extent(self, key: str, crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
        """Return the extent in ``crs``."""
        return self.algorithm.parameterAsExtent(self.parameters, key, self.context, crs)

    def raster(self, key: str) -> QgsRasterLayer:
        """Return the raster layer, which need not be valid.

        Raises:
            QgsProcessingException: there is none, or it cannot be found.
        """
        layer = self.algorithm.parameterAsRasterLayer(self.parameters, key, self.context)
        if layer is None:
            raise QgsProcessingException(self.algorithm.invalidRasterError(self.parameters, key))
        return layer

    def source(self, key: str) -> QgsProcessingFeatureSource:
        """Return the vector layer.

        Raises:
            QgsProcessingException: there is none, or it cannot be read.
        """
        source = self.algorithm.parameterAsSource(self.parameters, key, self.context)
        if source is None:
            raise QgsProcessingException(self.algorithm.invalidSourceError(self.parameters, key))
        return source


def is_nothing(value: Any) -> bool:
    """Whether a dialog, a script or a file means "none" by ``value``."""
    if isinstance(value, QgsCoordinateReferenceSystem):
        return not value.isValid()
    if isinstance(value, str):
        return value.replace(" ", "") in ("", "None,None", "nan,nan")
    if isinstance(value, (list, tuple)):
        return all(is_nothing(item) for item in value)
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or bool(value == NULL)
