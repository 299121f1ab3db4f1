"""The engine's answers into the sinks, as they come."""

from collections.abc import Sequence
from typing import Optional

from qgis.PyQt.QtCore import QVariant

from .. import contract
from .base import tr
from .layers import Sink, geometry_from_wkb
from .prompts import PromptFeature, PromptObject

OBJECT_FIELDS = (
    ("score", QVariant.Double),
    ("stability", QVariant.Double),
    ("area_m2", QVariant.Double),
    ("foreground_points", QVariant.Int),
    ("background_points", QVariant.Int),
    ("chip_id", QVariant.String),
    ("model", QVariant.String),
    ("touches_edge", QVariant.Bool),
)
UNANSWERED_FIELDS = (("reason", QVariant.String),)
BACKGROUND_ONLY = "The object has background points only: add a foreground point or a box"


class Answers:
    """Writes each object to ``output``, and to ``unanswered``, if there is one, what got none.

    Raises:
        QgsProcessingException: a feature cannot be written.
    """

    def __init__(
        self, objects: Sequence[PromptObject], output: Sink, unanswered: Optional[Sink]
    ) -> None:
        self.unanswered_count = 0
        self._objects = objects
        self._output = output
        self._unanswered = unanswered

    def requests(self) -> tuple[contract.Prompt, ...]:
        """What to ask the engine; what cannot be asked is written as unanswered.

        A feature with a problem does not keep the others of its object from an answer.
        """
        prompts = []
        for key, each in enumerate(self._objects):
            for feature in each.features:
                if feature.problem:
                    self._write_unanswered(feature, feature.problem)
            each.features = [feature for feature in each.features if not feature.problem]
            if each.features and each.background_only:
                self._write_unanswered(each.features[0], tr(BACKGROUND_ONLY))
            elif each.features:
                prompts.append(each.prompt(key))
        return tuple(prompts)

    def write(self, event: contract.ObjectsEvent) -> None:
        """Write what the engine answered."""
        for answer in event.objects:
            own = [
                answer.score,
                answer.stability,
                answer.area,
                answer.foreground_points,
                answer.background_points,
                answer.chip_id,
                answer.model,
                answer.touches_edge,
            ]
            first = self._objects[answer.key].features[0]
            self._output.write(geometry_from_wkb(answer.wkb), [*first.attributes, *own])
        for unanswered in event.unanswered:
            self._write_unanswered(self._objects[unanswered.key].features[0], unanswered.reason)

    def close(self) -> None:
        """Have all that was written in the files."""
        self._output.close()
        if self._unanswered is not None:
            self._unanswered.close()

    def _write_unanswered(self, feature: PromptFeature, reason: str) -> None:
        self.unanswered_count += 1
        if self._unanswered is not None:
            self._unanswered.write(feature.geometry, [*feature.attributes, reason])
