"""``geosam:segmentseries``."""

import hashlib
import json
import os
from dataclasses import replace
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsRectangle,
)

from .. import contract, settings
from ..contract.dates import date_text
from ..contract.messages import to_json
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr, worded
from .base import GeoSamAlgorithm
from .layers.dated_inputs import INPUTS, read_inputs
from .layers.feature_folders import place_of_features
from .layers.prompt_objects import PromptLayers
from .layers.results import OBJECT_COUNT, UNANSWERED_COUNT
from .layers.series_prompts import START, SeriesPrompts
from .layers.series_results import SeriesResults
from .parameters.common import (
    advanced,
    checkpoint_of,
    checkpoint_parameter,
    cuda_parameter,
    device_of,
    device_parameter,
    flag,
    model_of,
    model_parameter,
)
from .parameters.prompts import mask_parameters, masks_of, prompt_parameters
from .parameters.raster import bands_of, range_parameter, value_range_of
from .parameters.series import (
    DIRECTION,
    MEMORIES,
    METHOD,
    MIN_CONTRAST,
    MIN_LIKENESS,
    MIN_OVERLAP,
    MIN_SCORE,
    MINUTES,
    RANGES,
    RESOLUTION,
    advanced_series_parameters,
    dated_parameters,
    following_parameters,
    series_outputs,
    start_parameters,
)


class SegmentSeries(GeoSamAlgorithm):
    """Objects of one place on several dates."""

    NAME = "segmentseries"
    TITLE = "Segment time series"
    GROUP = "Time series"
    HELP = (
        "Follows objects through rasters of several dates: lakes that grow and dry out, glaciers, "
        "fields, clearings. Each prompt is one object on one date; its outline on the other dates "
        "is derived from it.\n\n"
        "On each date an object is seen, not seen (no data, such as masked clouds), or gone. The "
        "outputs have its outline, area and change on each date, its trend, and charts. Without "
        "feature folders, patches around the prompts are encoded and kept in the cache."
    )
    TAGS = (
        "time series",
        "change detection",
        "temporal",
        "tracking",
        "segment anything",
        "sam",
        "sam2",
        "lakes",
        "glaciers",
        "shoreline",
        "deep learning",
    )

    WHOLE = "WHOLE"
    COUNTS = (
        ("DATE_COUNT", "Number of dates"),
        ("SEEN_COUNT", "Number of rows that are seen"),
        ("NOT_SEEN_COUNT", "Number of rows that are not seen"),
        ("GONE_COUNT", "Number of rows that are gone"),
    )

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        # The limits have another meaning here.
        limits = {MIN_SCORE, MIN_CONTRAST}
        masks = [each for each in mask_parameters() if each.name() not in limits]
        for parameter in (
            *dated_parameters(),
            *prompt_parameters(),
            *start_parameters(),
            model_parameter(),
            *following_parameters(),
            *masks,
            device_parameter(),
            *advanced_series_parameters(),
            advanced(range_parameter("see Value ranges.")),
            advanced(
                flag(
                    self.WHOLE,
                    "Complete objects",
                    "If unchecked, each object ends where its patch ends.",
                    True,
                )
            ),
            advanced(cuda_parameter()),
            advanced(checkpoint_parameter()),
            *series_outputs(),
        ):
            self.addParameter(parameter)
        for key, label in (
            (OBJECT_COUNT, "Number of objects"),
            (UNANSWERED_COUNT, "Number of unanswered prompts"),
            *self.COUNTS,
        ):
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))

    def resolve(self, inputs: Inputs) -> None:
        self._dated = read_inputs(inputs, bands_of(inputs))
        place = contract.Prompt(0, ((0.0, 0.0),), (1,))
        # With a prompt of no meaning, so that all other values are checked before the run.
        started = "" if inputs.choice(START) != "prompt" else date_text(self._dated.moments()[0])
        self._request(inputs, (contract.SeriesPrompt(place, started),))
        if inputs.is_given(INPUTS):
            layer = inputs.algorithm.parameterAsLayerList(
                inputs.parameters, INPUTS, inputs.context
            )[0]
            self._place = (layer.crs(), layer.extent())

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        dated = self._dated
        for line in dated.preview():
            feedback.pushInfo(line)
        if dated.ordered_only:
            feedback.pushWarning(
                tr("The dates are not known, so that there are no trends. Set DATE_PATTERN")
            )
        crs, extent = self._reference(inputs, feedback)
        feedback.setProgressText(tr("Reading the prompts"))
        layers = PromptLayers(inputs, crs, extent)
        prompts = SeriesPrompts(inputs, layers, dated, feedback)
        answers = SeriesResults(inputs, layers, prompts, dated, crs)
        results["DATE_COUNT"] = len(dated.inputs)
        with answers.writing(results, feedback):
            if not prompts.prompts:
                feedback.pushWarning(tr("PROMPTS has no prompt that the model could be asked"))
                return
            request = self._request(inputs, tuple(prompts.prompts))
            result = self.engine().call(
                contract.SEGMENT_SERIES,
                replace(request, journal=_journal(request)),
                listener_of(feedback, answers.collect),
                feedback.isCanceled,
            )
            results["SEEN_COUNT"] = result.seen_count
            results["NOT_SEEN_COUNT"] = result.not_seen_count
            results["GONE_COUNT"] = result.gone_count
            self._report(result, feedback)

    def _request(
        self, inputs: Inputs, prompts: tuple[contract.SeriesPrompt, ...]
    ) -> contract.SeriesRequest:
        on_rasters = inputs.is_given(INPUTS)
        cache = contract.LiveCache(str(settings.cache_folder()), settings.cache_megabytes())
        return contract.SeriesRequest(
            inputs=tuple(each.request() for each in self._dated.inputs),
            prompts=prompts,
            model=model_of(inputs) if on_rasters else checkpoint_of(inputs),
            device=device_of(inputs),
            start=inputs.choice(START),
            direction=inputs.choice(DIRECTION),
            method=inputs.choice(METHOD),
            memories=inputs.whole_number(MEMORIES),
            minimum_score=inputs.number(MIN_SCORE),
            minimum_contrast=inputs.number(MIN_CONTRAST),
            minimum_overlap=inputs.number(MIN_OVERLAP),
            minimum_likeness=inputs.number(MIN_LIKENESS),
            value_range=value_range_of(inputs),
            ranges=inputs.choice(RANGES),
            resolution=inputs.optional_number(RESOLUTION),
            cache=cache if on_rasters else None,
            masks=replace(masks_of(inputs), minimum_score=0.0, minimum_contrast=0.0),
            whole=inputs.flag(self.WHOLE),
            acceptable_minutes=inputs.number(MINUTES),
        )

    def _reference(
        self, inputs: Inputs, feedback: QgsProcessingFeedback
    ) -> tuple[QgsCoordinateReferenceSystem, QgsRectangle]:
        """The CRS and the extent of the first input."""
        if inputs.is_given(INPUTS):
            return self._place
        return place_of_features(self.engine(), self._dated.inputs[0].path, feedback)

    def _report(self, result: contract.SeriesResult, feedback: QgsProcessingFeedback) -> None:
        for date, reason in result.unread:
            feedback.pushWarning(tr("{} cannot be read: {}").format(date, worded(reason)))
        feedback.pushInfo(
            tr("{} objects on {} dates by {}: {} seen, {} not seen, {} gone; {} s").format(
                result.object_count,
                len(result.dates),
                result.method,
                result.seen_count,
                result.not_seen_count,
                result.gone_count,
                round(result.seconds, 1),
            )
        )


def _journal(request: contract.SeriesRequest) -> str:
    """A file in the cache that the same request finds again."""
    folder = os.path.join(str(settings.cache_folder()), "series")
    text = json.dumps(to_json(request), sort_keys=True)
    return os.path.join(folder, f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.journal")
