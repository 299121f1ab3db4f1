"""Layers that the time slider plays."""

from collections.abc import Sequence
from typing import ClassVar

from processing.gui.RenderingStyles import RenderingStyles
from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ...qgis_tools.inputs import Inputs

# From dark to light, early to late; all are seen on vegetation, soil and water.
_RAMP = ("#5b2a86", "#3567b5", "#1f9e89", "#7ad151", "#fde725")


class SeriesLayer(QgsProcessingLayerPostProcessorInterface):
    """Sets the temporal properties of a layer, and outlines that are lighter the later they are.

    Args:
        start, end: the fields of the dates on which an outline begins and ceases to hold; empty
            if there are no dates.
        step: the field of the number of the date.
        labels: of the dates, in their order.
        styled: whether to set the outlines as well.
    """

    # QGIS does not own it: it has to live until the layer is loaded, after the algorithm.
    _kept: ClassVar[list["SeriesLayer"]] = []

    def __init__(
        self, start: str, end: str, step: str, labels: Sequence[str], styled: bool
    ) -> None:
        super().__init__()
        self._start, self._end, self._step = start, end, step
        self._labels, self._styled = labels, styled

    @classmethod
    def attach(
        cls,
        destination: str,
        inputs: Inputs,
        key: str,
        fields: Sequence[str],
        labels: Sequence[str],
    ) -> None:
        """Have the layer at ``destination``, the output ``key``, played if it will be loaded.

        ``fields``: start, end and step, see the class. A style that the user gave that output
        (Edit Rendering Styles) stays.
        """
        context = inputs.context
        if context.willLoadLayerOnCompletion(destination):
            styled = not RenderingStyles.getStyle(inputs.algorithm.id(), key)
            start, end, step = fields
            layer = cls(start, end, step, labels, styled)
            cls._kept.append(layer)
            context.layerToLoadOnCompletionDetails(destination).setPostProcessor(layer)

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if isinstance(layer, QgsVectorLayer):
            if self._styled:
                layer.setRenderer(step_renderer(self._step, self._labels))
            if self._start:
                play(layer, self._start, self._end)
            layer.triggerRepaint()
        if self in self._kept:
            self._kept.remove(self)


def play(layer: QgsVectorLayer, start: str, end: str) -> None:
    """Have the time slider show each feature from the date ``start`` to before ``end``."""
    properties = layer.temporalProperties()
    properties.setMode(Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromFields)
    properties.setStartField(start)
    properties.setEndField(end)
    properties.setIsActive(True)


def step_renderer(field: str, labels: Sequence[str]) -> QgsCategorizedSymbolRenderer:
    """Outlines in one color a date."""
    categories = []
    for number, label in enumerate(labels):
        color = _color(number / max(len(labels) - 1, 1))
        symbol = QgsFillSymbol.createSimple(
            {
                "color": f"{color.red()},{color.green()},{color.blue()},30",
                "outline_color": f"{color.red()},{color.green()},{color.blue()},255",
                "outline_width": "0.5",
            }
        )
        categories.append(QgsRendererCategory(number + 1, symbol, label))
    return QgsCategorizedSymbolRenderer(field, categories)


def _color(share: float) -> QColor:
    """The color at a share of the ramp, 0 to 1."""
    place = share * (len(_RAMP) - 1)
    number = min(int(place), len(_RAMP) - 2)
    low, high = QColor(_RAMP[number]), QColor(_RAMP[number + 1])
    rest = place - number
    return QColor(
        *(round(one + (two - one) * rest) for one, two in zip(low.getRgb()[:3], high.getRgb()[:3]))
    )
