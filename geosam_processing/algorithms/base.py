"""What all algorithms share: names, help, the guard and the translation of errors."""

import os
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
)
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QIcon

from .. import settings
from ..client.client import (
    EngineCancelled,
    EngineClient,
    EngineError,
    engine_client,
    find_engine_python,
)
from ..contract.errors import UserError
from ..contract.folders import help_page, package_folder
from ..contract.redaction import without_secrets
from ..environment.locate import NOT_FOUND
from ..qgis_tools.allowed_values import not_allowed
from ..qgis_tools.garbage import no_collection_here
from ..qgis_tools.inputs import Inputs, Parameters
from ..qgis_tools.overwriting import overwritten
from ..translation import tr, worded


class GeoSamAlgorithm(QgsProcessingAlgorithm):
    """An algorithm of ours; it asks the engine, unless ``NEEDS_ENGINE`` is off.

    A subclass sets the constants, adds its parameters in ``initAlgorithm`` and does its work
    in ``work``; what it can read only in the main thread, it reads in ``resolve``.
    """

    NAME = ""
    TITLE = ""
    GROUP = ""
    HELP = ""
    TAGS: tuple[str, ...] = ()
    NEEDS_ENGINE = True
    # Such as removing the engine: no step of a model.
    MAINTENANCE = False

    _failure = ""

    def resolve(self, inputs: Inputs) -> None:
        """Turn layers into plain values. Errors: QgsProcessingException, ContractError."""

    def settled(self, inputs: Inputs) -> Inputs:
        """Return the inputs with those that others of them name, such as in a settings file."""
        return inputs

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        """Do the work and fill ``results``; what is in there survives a cancellation."""
        raise NotImplementedError

    def createInstance(self) -> "GeoSamAlgorithm":
        return type(self)()

    def name(self) -> str:
        return self.NAME

    def displayName(self) -> str:
        return tr(self.TITLE)

    def group(self) -> str:
        return tr(self.GROUP)

    def groupId(self) -> str:
        return self.GROUP.lower().replace(" ", "")

    def tags(self) -> list[str]:
        return [tr(tag) for tag in self.TAGS]

    def svgIconPath(self) -> str:
        return os.path.join(package_folder(), "icons", f"{self.NAME}.svg")

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def helpUrl(self) -> str:
        page = help_page(self.NAME)
        return QUrl.fromLocalFile(str(page)).toString() if page else ""

    def shortHelpString(self) -> str:
        """The description; the help of a parameter is shown with the parameter."""
        return tr(self.HELP)

    def shortDescription(self) -> str:
        """The first sentence of the description, for tooltips."""
        return tr(self.HELP).split("\n")[0].partition(". ")[0].rstrip(".") + "."

    def flags(self) -> QgsProcessingAlgorithm.Flags:
        flags = super().flags()
        # `qgis_process list` takes an algorithm without a place in models for a deprecated one.
        if self.MAINTENANCE and QgsApplication.platform() != "qgis_process":
            flags |= QgsProcessingAlgorithm.Flag.FlagHideFromModeler
        return flags

    def engine(self) -> EngineClient:
        return engine_client(settings.engine_python())

    def missing_engine(self) -> str:
        """Why there is no engine and what to run; empty if there is one, or none is needed."""
        if not self.NEEDS_ENGINE:
            return ""
        try:
            return "" if find_engine_python(settings.engine_python()) else tr(NOT_FOUND)
        except EngineError as error:
            return worded(error.text)

    def canExecute(self) -> tuple[bool, str]:
        problem = self.missing_engine()
        return not problem, problem

    def checkParameterValues(
        self, parameters: Parameters, context: QgsProcessingContext
    ) -> tuple[bool, str]:
        problem = not_allowed(Inputs(self, parameters, context))
        if not problem:
            good, problem = super().checkParameterValues(parameters, context)
            if good:
                problem = self.missing_engine() or self._problem(parameters, context)
        # QGIS repeats a layer's address as it was given.
        return not problem, without_secrets(problem)

    def prepareAlgorithm(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        # Text raised here would reach the feedback only; processAlgorithm raises it.
        self._failure = self._problem(parameters, context)
        return True

    def processAlgorithm(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        # Asked again: a model runs its steps without canExecute and checkParameterValues.
        problem = self.missing_engine() or self._failure
        if problem:
            raise QgsProcessingException(problem)
        results: dict[str, Any] = {}
        try:
            with no_collection_here():
                self.work(self._evaluated(parameters, context), feedback, results)
        except EngineCancelled:
            feedback.pushInfo(tr("Cancelled: the results up to then are kept"))
        except UserError as error:
            raise QgsProcessingException(without_secrets(worded(error.text))) from error
        except QgsProcessingException as error:
            # Of this very class, because QGIS shows any other, also its subclasses, as a bug.
            raise QgsProcessingException(without_secrets(str(error))) from error
        return results

    def _problem(self, parameters: Parameters, context: QgsProcessingContext) -> str:
        inputs = self._evaluated(parameters, context)
        try:
            problem = overwritten(self.settled(inputs))
            if problem:
                return problem
            self.resolve(inputs)
        except UserError as error:
            return without_secrets(worded(error.text))
        except QgsProcessingException as error:
            return without_secrets(str(error))
        return ""

    def _evaluated(self, parameters: Parameters, context: QgsProcessingContext) -> Inputs:
        """Return the parameters as the algorithms read them.

        Expressions are replaced by their values, as QGIS makes 0 of geometries and lists. A layer
        that is not wanted, for which the batch dialog gives a definition without a sink, is None.
        """
        expressions = context.expressionContext()
        values = {}
        for key, value in parameters.items():
            if isinstance(value, QgsProperty):
                value, _ = value.value(expressions)
            elif isinstance(value, QgsProcessingOutputLayerDefinition):
                sink, _ = value.sink.valueAsString(expressions)
                value = value if sink else None
            values[key] = value
        return Inputs(self, values, context)
