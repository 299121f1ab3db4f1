"""Kinds of objects from phrases and from the features of a layer of examples."""

import re
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
)
from qgis.PyQt.QtCore import QVariant

from ... import contract
from ...translation import tr
from .inputs import require_place

# The class of objects that examples alone describe, where they have none.
UNNAMED = "object"


def phrases_in(text: str) -> list[str]:
    """The phrases of a text, which semicolons and lines separate; each once."""
    phrases: dict[str, str] = {}
    for part in re.split(r"[;\n\r]", text):
        phrase = " ".join(part.split())
        if phrase:
            phrases.setdefault(phrase.casefold(), phrase)
    return list(phrases.values())


class ExampleReader:
    """Reads a layer of examples.

    Raises:
        QgsProcessingException: the layer has no CRS or no geometry.
    """

    def __init__(
        self,
        source: QgsProcessingFeatureSource,
        key: str,
        class_field: str = "",
        label_field: str = "",
    ) -> None:
        require_place(source, key)
        self._source = source
        self._key = key
        fields = source.fields()
        self._class = fields.lookupField(class_field) if class_field else -1
        self._label = fields.lookupField(label_field) if label_field else -1

    def read(
        self,
        phrases: list[str],
        crs: QgsCoordinateReferenceSystem,
        context: QgsProcessingContext,
    ) -> list[contract.ConceptExample]:
        """The examples in ``crs``.

        Raises:
            QgsProcessingException: a label is invalid, a feature has no place in ``crs``, or
                nothing says which of several phrases an example shows.
        """
        transform = QgsCoordinateTransform(
            self._source.sourceCrs(), crs, context.transformContext()
        )
        known = {phrase.casefold(): phrase for phrase in phrases}
        examples = []
        for feature in self._source.getFeatures():
            geometry = feature.geometry()
            if geometry.isNull() or geometry.isEmpty():
                continue
            name = self._text(feature, self._class)
            if not name:
                if len(phrases) > 1:
                    raise QgsProcessingException(
                        tr(
                            "{} does not say which of the phrases feature {} shows. Give a "
                            "CLASS_FIELD that holds one of {}"
                        ).format(self._key, feature.id(), "; ".join(phrases))
                    )
                name = phrases[0] if phrases else UNNAMED
            try:
                geometry.transform(transform)
            except QgsCsException as error:
                raise QgsProcessingException(
                    tr("Feature {} of {} has no place in the CRS of the features ({})").format(
                        feature.id(), self._key, crs.authid()
                    )
                ) from error
            examples.append(
                contract.ConceptExample(
                    known.get(name.casefold(), name),
                    bytes(geometry.asWkb()).hex(),
                    self._positive(feature),
                )
            )
        return examples

    def _positive(self, feature: Any) -> bool:
        text = self._text(feature, self._label)
        if not text:
            return True
        try:
            label: Optional[float] = float(text)
        except ValueError:
            label = None
        if label not in (0, 1):
            raise QgsProcessingException(
                tr(
                    "Invalid label ({}) of feature {} of {}: use 1 for examples and 0 for "
                    "counterexamples"
                ).format(text, feature.id(), self._key)
            )
        return label == 1

    @staticmethod
    def _text(feature: Any, index: int) -> str:
        value = feature.attribute(index) if index >= 0 else None
        if value is None or (isinstance(value, QVariant) and value.isNull()):
            return ""
        return str(value).strip()


def concepts_of(
    phrases: list[str], examples: list[contract.ConceptExample]
) -> tuple[contract.Concept, ...]:
    """Each phrase as a kind, then the kinds that examples alone describe."""
    names = {phrase: phrase for phrase in phrases}
    for example in examples:
        names.setdefault(example.concept, "")
    return tuple(contract.Concept(name, phrase) for name, phrase in names.items())
