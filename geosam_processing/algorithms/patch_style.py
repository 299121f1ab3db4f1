"""How the layer of previewed patches looks: overlaps get darker, each state has a colour."""

from typing import ClassVar

from qgis.core import (
    QgsFillSymbol,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
)

from .base import tr

# Name, filter, fill (with its opacity), outline and style of the fill.
_STATES = (
    ("To be encoded", "not skipped and not cached", "90,220,170,45", "150,255,215,255", "solid"),
    ("In the cache", "cached", "255,210,63,60", "154,122,0,255", "solid"),
    ("Skipped: without data", "skipped", "120,120,120,140", "120,120,120,255", "b_diagonal"),
)


class PatchStyle(QgsProcessingLayerPostProcessorInterface):
    """Styles the layer when QGIS loads it."""

    # QGIS does not own it: it has to live until the layer is loaded, after the algorithm.
    _kept: ClassVar[list["PatchStyle"]] = []

    @classmethod
    def attach(cls, destination: str, context: QgsProcessingContext) -> None:
        """Have the layer at ``destination`` styled, if it is going to be loaded."""
        if context.willLoadLayerOnCompletion(destination):
            style = cls()
            cls._kept.append(style)
            context.layerToLoadOnCompletionDetails(destination).setPostProcessor(style)

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if isinstance(layer, QgsVectorLayer):
            apply_style(layer)
        if self in self._kept:
            self._kept.remove(self)


def apply_style(layer: QgsVectorLayer) -> None:
    """Draw patches see-through, by what will be done with them."""
    root = QgsRuleBasedRenderer.Rule(None)
    for name, state, fill, outline, style in _STATES:
        symbol = QgsFillSymbol.createSimple(
            {"color": fill, "outline_color": outline, "outline_width": "0.3", "style": style}
        )
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, filterExp=state, label=tr(name)))
    layer.setRenderer(QgsRuleBasedRenderer(root))
    layer.triggerRepaint()
