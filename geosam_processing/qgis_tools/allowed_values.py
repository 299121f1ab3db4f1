"""What QGIS refuses without a word about what is allowed."""

import sys

from qgis.core import (
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
)

from ..translation import tr
from .inputs import Inputs


def not_allowed(inputs: Inputs) -> str:
    """The first choice or number that cannot be, and what can; empty if there is none."""
    for definition in inputs.algorithm.parameterDefinitions():
        value = inputs.value(definition.name())
        if value is None or definition.checkValueIsAcceptable(value, inputs.context):
            continue
        if isinstance(definition, QgsProcessingParameterEnum):
            options = ", ".join(definition.options())
            return tr("Invalid {} ({}): choose one of {}").format(definition.name(), value, options)
        if isinstance(definition, QgsProcessingParameterNumber):
            return tr("Invalid {} ({}): give {}").format(
                definition.name(), value, _numbers(definition)
            )
    return ""


def _numbers(definition: QgsProcessingParameterNumber) -> str:
    low, high = definition.minimum(), definition.maximum()
    whole = definition.dataType() == QgsProcessingParameterNumber.Type.Integer
    # QGIS's "no maximum" is the largest number of the kind.
    if high >= (2**31 - 1 if whole else sys.float_info.max):
        text = tr("a whole number from {:g} on") if whole else tr("a number from {:g} on")
    else:
        text = tr("a whole number from {:g} to {:g}") if whole else tr("a number from {:g} to {:g}")
    return text.format(low, high)
