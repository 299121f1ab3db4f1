"""How the layers of results look when QGIS loads them: what is below shows through."""

from typing import Callable, ClassVar

from processing.gui.RenderingStyles import RenderingStyles
from qgis.core import (
    QgsFeatureRenderer,
    QgsFillSymbol,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)

from ...qgis_tools.inputs import Inputs
from ...translation import tr

# Fill (with its opacity), outline, width of the outline and style of the fill.
_SEGMENT = ("255,204,0,70", "255,204,0,255", "0.4", "solid")
_ENCODED_PATCH = ("90,220,170,12", "150,255,215,255", "0.3", "solid")
_PREVIEWED_PATCH = ("90,220,170,45", "150,255,215,255", "0.3", "solid")
_CACHED_PATCH = ("255,210,63,60", "154,122,0,255", "0.3", "solid")
_SKIPPED_PATCH = ("120,120,120,140", "120,120,120,255", "0.3", "b_diagonal")

_MATCH = ("90,220,120,50", "60,200,90,255", "0.4", "solid")
_MISSED = ("27,134,217,60", "27,134,217,255", "0.5", "solid")
_FALSE_ALARM = ("228,87,46,60", "228,87,46,255", "0.5", "solid")


class LayerStyle(QgsProcessingLayerPostProcessorInterface):
    """Styles a layer when QGIS loads it."""

    # QGIS does not own it: it has to live until the layer is loaded, after the algorithm.
    _kept: ClassVar[list["LayerStyle"]] = []

    def __init__(self, renderer: Callable[[], QgsFeatureRenderer]) -> None:
        super().__init__()
        self._renderer = renderer

    @classmethod
    def attach(
        cls, renderer: Callable[[], QgsFeatureRenderer], destination: str, inputs: Inputs, key: str
    ) -> None:
        """Have the layer at ``destination``, the output ``key``, styled if it will be loaded.

        Unless the user chose a style for that output (Edit Rendering Styles).
        """
        context = inputs.context
        if context.willLoadLayerOnCompletion(destination) and not RenderingStyles.getStyle(
            inputs.algorithm.id(), key
        ):
            style = cls(renderer)
            cls._kept.append(style)
            context.layerToLoadOnCompletionDetails(destination).setPostProcessor(style)

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if isinstance(layer, QgsVectorLayer):
            layer.setRenderer(self._renderer())
            layer.triggerRepaint()
        if self in self._kept:
            self._kept.remove(self)


def segment_renderer() -> QgsFeatureRenderer:
    """Polygons of objects."""
    return QgsSingleSymbolRenderer(_symbol(*_SEGMENT))


def patch_renderer() -> QgsFeatureRenderer:
    """Patches that were encoded: hardly more than their outlines."""
    return QgsSingleSymbolRenderer(_symbol(*_ENCODED_PATCH))


def match_renderer() -> QgsFeatureRenderer:
    """Objects that match a reference."""
    return QgsSingleSymbolRenderer(_symbol(*_MATCH))


def missed_renderer() -> QgsFeatureRenderer:
    """References without an object."""
    return QgsSingleSymbolRenderer(_symbol(*_MISSED))


def false_alarm_renderer() -> QgsFeatureRenderer:
    """Objects without a reference."""
    return QgsSingleSymbolRenderer(_symbol(*_FALSE_ALARM))


def preview_renderer() -> QgsFeatureRenderer:
    """Patches by what will be done with them."""
    root = QgsRuleBasedRenderer.Rule(None)
    for name, state, look in (
        (tr("To be encoded"), "not skipped and not cached", _PREVIEWED_PATCH),
        (tr("In the cache"), "cached", _CACHED_PATCH),
        (tr("Skipped: without data"), "skipped", _SKIPPED_PATCH),
    ):
        root.appendChild(QgsRuleBasedRenderer.Rule(_symbol(*look), filterExp=state, label=name))
    return QgsRuleBasedRenderer(root)


def _symbol(fill: str, outline: str, width: str, style: str) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple(
        {"color": fill, "outline_color": outline, "outline_width": width, "style": style}
    )
