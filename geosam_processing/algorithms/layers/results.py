"""The engine's answers into the sinks, as they come."""

import contextlib
import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingFeedback,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ... import contract
from ...contract.fields import SEGMENTED_FIELDS
from ...qgis_tools.inputs import Inputs
from ...translation import tr, worded
from .columns import numbers_fit
from .prompt_objects import PromptLayers, PromptObject
from .prompts import PromptFeature
from .sinks import Sink, closing, geometry_from_wkb, optional_sink, own_fields
from .styles import LayerStyle, segment_renderer

OUTPUT = "OUTPUT"
UNANSWERED = "UNANSWERED"
OBJECT_COUNT = "OBJECT_COUNT"
UNANSWERED_COUNT = "UNANSWERED_COUNT"

UNANSWERED_FIELDS = (("reason", QVariant.String),)
REASONS_SAID = 3
_NUMBER = re.compile(r"(?<!\w)\d[\d.,]*(e[+-]?\d+)?")
BACKGROUND_ONLY = "The object has background points only: add a foreground point or a box"


class Answers:
    """Writes each object to ``OUTPUT``, and to ``UNANSWERED``, if it is wanted, what got none.

    Raises:
        QgsProcessingException: a feature cannot be written.
    """

    def __init__(
        self,
        inputs: Inputs,
        layers: PromptLayers,
        crs: QgsCoordinateReferenceSystem,
        own: Sequence[tuple[str, Any, str]] = SEGMENTED_FIELDS,
        shows_problems: bool = True,
    ) -> None:
        """Make the sinks.

        Args:
            crs: that of the answers.
            own: the fields that they add.
            shows_problems: whether what cannot be asked is written as unanswered.
        """
        self._shows_problems = shows_problems
        self._style = lambda destination: LayerStyle.attach(
            segment_renderer, destination, inputs, OUTPUT
        )
        self._objects: Sequence[PromptObject] = ()
        self._attributes = [attribute for _, _, attribute in own]
        self._reasons: Counter[str] = Counter()
        fields, source = layers.source.fields(), layers.source
        fit = functools.partial(numbers_fit, layers.sources)
        self._output = Sink(
            inputs,
            OUTPUT,
            own_fields(fields, [(name, kind) for name, kind, _ in own]),
            QgsWkbTypes.Type.MultiPolygon,
            crs,
            fit,
        )
        self._unanswered = optional_sink(
            inputs,
            UNANSWERED,
            own_fields(fields, UNANSWERED_FIELDS),
            source.wkbType(),
            source.sourceCrs(),
            fit,
        )

    def requests(self, objects: Sequence[PromptObject]) -> tuple[contract.Prompt, ...]:
        """What to ask the engine for ``objects``, whose answers are then those to write.

        What cannot be asked is written as unanswered. A feature with a problem does not keep the
        others of its object from an answer.
        """
        self._objects = objects
        prompts = []
        for key, each in enumerate(self._objects):
            for feature in each.features:
                if feature.problem and self._shows_problems:
                    self._write_unanswered(feature, feature.problem)
            each.features = [feature for feature in each.features if not feature.problem]
            if each.features and each.background_only:
                if self._shows_problems:
                    self._write_unanswered(each.features[0], tr(BACKGROUND_ONLY))
            elif each.features:
                prompts.append(each.prompt(key))
        return tuple(prompts)

    def write(self, event: contract.ObjectsEvent) -> None:
        """Write what the engine answered."""
        for answer in event.objects:
            own = [getattr(answer, attribute) for attribute in self._attributes]
            first = self._objects[answer.key].features[0]
            self._output.write(geometry_from_wkb(answer.wkb), [*first.attributes, *own])
        for unanswered in event.unanswered:
            self._write_unanswered(
                self._objects[unanswered.key].features[0], worded(unanswered.reason)
            )

    @contextlib.contextmanager
    def writing(self, results: dict[str, Any], feedback: QgsProcessingFeedback) -> Iterator[None]:
        """Put the files in their places after the block, also if it was cancelled.

        ``results`` then names them, and the log has the reasons of the rest.
        """
        with closing((self._output, self._unanswered), lambda: self._report(results, feedback)):
            yield

    def _report(self, results: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
        results[OUTPUT] = self._output.destination
        self._style(self._output.destination)
        if self._unanswered is not None:
            results[UNANSWERED] = self._unanswered.destination
        results[OBJECT_COUNT] = self._output.count
        results[UNANSWERED_COUNT] = sum(self._reasons.values())
        if self._reasons:
            feedback.pushWarning(summary_of_reasons(self._reasons))

    def _write_unanswered(self, feature: PromptFeature, reason: str) -> None:
        self._reasons[reason] += 1
        if self._unanswered is not None:
            self._unanswered.write(feature.geometry, [*feature.attributes, reason])


def summary_of_reasons(reasons: Counter[str]) -> str:
    """The most frequent reasons, so that nothing is missed where no table is written.

    Reasons that differ in their numbers only, such as scores, are one.
    """
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for reason, count in reasons.items():
        kinds[_NUMBER.sub("…", reason)][reason] += count
    counts = Counter(
        {
            next(iter(alike)) if len(alike) == 1 else kind: sum(alike.values())
            for kind, alike in kinds.items()
        }
    )
    said = counts.most_common(REASONS_SAID)
    listed = "; ".join(f"{count} x {reason}" for reason, count in said)
    left = len(counts) - len(said)
    more = tr("; and {} more reasons").format(left) if left else ""
    return tr("Prompts without a polygon: {} ({})").format(sum(reasons.values()), listed + more)
