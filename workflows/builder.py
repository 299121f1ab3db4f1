"""Graphical models in a few lines: inputs, steps, outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
)
from qgis.core import QgsProcessingModelChildParameterSource as Source
from qgis.PyQt.QtCore import QPointF, QSizeF

GROUP = "Workflows"
ORIGIN = "GeoSAM Processing"
# Of the designer's canvas, in its pixels.
WIDTH, HEIGHT, BOX = 280, 90, QSizeF(220, 60)
COLUMNS = 5


@dataclass(frozen=True)
class Input:
    """The value of an input of the model."""

    name: str


def output_of(step: str, output: str) -> Source:
    """An output of an earlier step."""
    return Source.fromChildOutput(step, output)


def expression(text: str) -> Source:
    """A QGIS expression, evaluated when the step starts."""
    return Source.fromExpression(text)


class Workflow:
    """A graphical model that grows step by step: inputs in a column, steps in rows beside it.

    Raises:
        ValueError: a step's algorithm or parameter is not there.
    """

    def __init__(self, name: str, help_text: str) -> None:
        self.model = QgsProcessingModelAlgorithm(name, GROUP)
        self._help = {"ALG_DESC": help_text, "ALG_CREATOR": ORIGIN}
        self._inputs: list[str] = []
        self._steps = 0

    def add_input(self, definition: QgsProcessingParameterDefinition, help_text: str) -> None:
        """What the user gives. The help goes into the model, too."""
        place = QgsProcessingModelParameter(definition.name())
        place.setPosition(QPointF(130, 80 + HEIGHT * len(self._inputs)))
        place.setSize(BOX)
        self._help[definition.name()] = help_text
        self._inputs.append(definition.name())
        definition.setHelp(help_text)
        self.model.addModelParameter(definition, place)

    def add_step(self, step: str, algorithm: str, title: str, **parameters: Any) -> None:
        """Run ``algorithm``; its parameters are inputs, sources, lists of these, or values."""
        child = QgsProcessingModelChildAlgorithm(algorithm)
        if child.algorithm() is None:
            raise ValueError(f"There is no algorithm {algorithm}")
        child.setChildId(step)
        child.setDescription(title)
        for key, value in {**_defaults(child.algorithm()), **parameters}.items():
            if child.algorithm().parameterDefinition(key) is None:
                raise ValueError(f"{algorithm} has no parameter {key}")
            child.addParameterSources(key, self._sources(value))
        row, column = divmod(self._steps, COLUMNS)
        self._steps += 1
        child.setPosition(QPointF(130 + WIDTH * (column + 1), 80 + 3 * HEIGHT * row))
        child.setSize(BOX)
        self.model.addChildAlgorithm(child)

    def add_output(self, step: str, output: str, name: str, title: str, help_text: str) -> None:
        """An output of a step that the user gets; the model calls it ``step:name``.

        It may be left out where the step's own may.
        """
        child = self.model.childAlgorithm(step)
        place = QgsProcessingModelOutput(name, title)
        place.setChildId(step)
        place.setChildOutputName(output)
        place.setPosition(child.position() + QPointF(0, HEIGHT + 40 * len(child.modelOutputs())))
        place.setSize(QSizeF(220, 30))
        child.setModelOutputs({**child.modelOutputs(), name: place})
        self.model.setChildAlgorithm(child)
        self._help[f"{step}:{name}"] = help_text

    def finished(self) -> QgsProcessingModelAlgorithm:
        """The model, with its help."""
        self.model.setHelpContent(self._help)
        self.model.setParameterOrder(self._inputs)
        return self.model

    def formula(self, name: str) -> str:
        """An input's value in an expression: its default where a script left it out."""
        default = self.model.parameterDefinition(name).defaultValue()
        return f"@{name}" if default is None else f"coalesce(@{name}, {default!r})"

    def _sources(self, value: Any) -> list[Source]:
        if isinstance(value, list) and all(isinstance(each, (Source, Input)) for each in value):
            return [self._source(each) for each in value]
        return [self._source(value)]

    def _source(self, value: Any) -> Source:
        if isinstance(value, Source):
            return value
        if not isinstance(value, Input):
            return Source.fromStaticValue(value)
        if self.model.parameterDefinition(value.name).defaultValue() is None:
            return Source.fromModelParameter(value.name)
        # A model hands on what it was given: without the dialog that may be nothing, and
        # the step would fall back on its own default.
        return Source.fromExpression(self.formula(value.name))


def _defaults(algorithm: QgsProcessingAlgorithm) -> dict[str, Any]:
    """What the dialog would fill in; the designer calls a step without it incomplete."""
    return {
        definition.name(): definition.defaultValue()
        for definition in algorithm.parameterDefinitions()
        if not definition.isDestination() and definition.defaultValue() is not None
    }
