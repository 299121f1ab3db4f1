"""Prompts of a series: which object each belongs to, and which date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Optional

from qgis.core import QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QDate, QDateTime

from ... import contract
from ...contract.dates import date_text
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .columns import is_null
from .dated_inputs import DatedInputs, moment_of
from .prompt_objects import PromptLayers, PromptObject
from .prompts import PromptFeature
from .results import BACKGROUND_ONLY

DATE_FIELD = "DATE_FIELD"
START = "START"

_NO_DATE = "The prompt has no date. Fill DATE_FIELD, or set START to first, last or best"
_UNREADABLE = "The date of the prompt ({}) cannot be read: write it as 2019-07-21, 2019-07 or 2019"
_OTHER_DATE = "There is no raster or feature folder of {}, the date of the prompt. Dates are {}"
_SEVERAL = "There are several rasters or feature folders of {}, the date of the prompt: {}"


@dataclass(frozen=True)
class Asked:
    """An object that the engine is asked for: its key, and the feature that names it."""

    key: int
    feature: PromptFeature


class SeriesPrompts:
    """Reads the objects of the prompt layers and the dates of their prompts.

    Attributes:
        prompts: what the engine is asked.
        asked: the objects of the prompts, by key.
        problems: features that are not asked for, and why.

    Raises:
        QgsProcessingException: ``DATE_FIELD`` is not a field of the prompts, or is needed.
        EngineCancelled: the user cancelled.
    """

    def __init__(
        self,
        inputs: Inputs,
        layers: PromptLayers,
        dated: DatedInputs,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._moments = dated.moments()
        self._every_date = inputs.choice(START) == "prompt"
        name = inputs.text(DATE_FIELD)
        self._field = layers.source.fields().lookupField(name) if name else -1
        if name and self._field < 0:
            raise QgsProcessingException(
                tr("Invalid DATE_FIELD ({}). The fields of PROMPTS are {}.").format(
                    name, ", ".join(layers.source.fields().names())
                )
            )
        if name and dated.ordered_only:
            raise QgsProcessingException(
                tr(
                    "DATE_FIELD is set, but the dates of the inputs are not known. Set DATES to "
                    "name, table or metadata."
                )
            )
        if self._every_date and not name:
            raise QgsProcessingException(tr("START is prompt, but DATE_FIELD is not set. Set it."))
        self.prompts: list[contract.SeriesPrompt] = []
        self.asked: dict[int, Asked] = {}
        self.problems: list[tuple[PromptFeature, str]] = []
        for batch in layers.batches(feedback):
            for each in batch:
                self._add(len(self.asked), each)

    def _add(self, key: int, given: PromptObject) -> None:
        """Add an object unless all of its features have problems."""
        groups: dict[Optional[datetime], list[PromptFeature]] = {}
        for feature in given.features:
            problem, moment = feature.problem, None
            if not problem:
                problem, moment = self._date(feature)
            if problem:
                self.problems.append((feature, problem))
            else:
                groups.setdefault(moment, []).append(feature)
        if not groups:
            return
        # What has no date is on the date that the series starts with.
        ordered = sorted(groups.items(), key=lambda group: group[0] is not None)
        first = ordered[0][1]
        if PromptObject(first).background_only:
            self.problems.append((first[0], tr(BACKGROUND_ONLY)))
            return
        self.prompts += _prompts(key, ordered)
        self.asked[key] = Asked(key, first[0])

    def _date(self, feature: PromptFeature) -> tuple[str, Optional[datetime]]:
        """The problem of a feature's date, or the date of the series that it means."""
        value = feature.attributes[self._field] if self._field >= 0 else None
        if is_null(value) or not str(value).strip():
            return (tr(_NO_DATE) if self._every_date else ""), None
        moment = moment_of(value)
        if moment is None:
            return tr(_UNREADABLE).format(value), None
        shown = _shown(value, moment)
        found = [each for each in self._moments if date_text(each).startswith(shown)]
        if len(found) == 1:
            return "", found[0]
        dates = ", ".join(map(date_text, found or self._moments))
        return tr(_SEVERAL if found else _OTHER_DATE).format(shown, dates), None


def _prompts(
    key: int, groups: Sequence[tuple[Optional[datetime], list[PromptFeature]]]
) -> Iterator[contract.SeriesPrompt]:
    for number, (moment, features) in enumerate(groups):
        prompt = PromptObject(features).prompt(key)
        # Points alone correct what is found on their date; a box describes the object again.
        refines = number > 0 and prompt.box is None
        yield contract.SeriesPrompt(prompt, date_text(moment) if moment else "", refines)


def _shown(value: object, moment: datetime) -> str:
    """A date as exact as the field has it: a year, a month, a day or a time."""
    if isinstance(value, QDateTime):
        return date_text(moment)
    if isinstance(value, QDate):
        return moment.date().isoformat()
    text = str(value).strip()
    text = text[:-2] if text.endswith(".0") else text
    return text if len(text) in (4, 7) else date_text(moment)
