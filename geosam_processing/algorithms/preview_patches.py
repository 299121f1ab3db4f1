"""``geosam:previewpatches``."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, Optional

from qgis.core import (
    QgsFields,
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from .. import contract
from ..contract.fields import PATCH_FIELDS
from ..qgis_tools.crs import crs_from_text
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.example_objects import ExampleObjects
from .layers.sinks import Sink, closing, geometry_from_wkb, optional_sink, own_fields
from .layers.styles import LayerStyle, preview_renderer
from .parameters.common import advanced, number, optional_folder, with_help
from .parameters.raster_encoding import (
    advanced_raster_encoding_parameters,
    raster_encoding_of,
    raster_encoding_parameters,
    raster_layer_of,
)
from .parameters.settings_file import (
    not_in_settings,
    report_other_input,
    with_settings,
    write_settings,
)

COMPARISON_FIELDS = (
    ("resolution_m", QVariant.Double),
    ("stride", QVariant.Int),
    ("patch_count", QVariant.Int),
    ("disk_mb", QVariant.Double),
    ("seconds", QVariant.Double),
    ("covered_percent", QVariant.Double),
)
NUMBERS = (
    ("PATCH_COUNT", "Number of patches"),
    ("SKIPPED_COUNT", "Number of patches without data, which are skipped"),
    ("CACHED_COUNT", "Number of patches that the features contain"),
    ("PATCH_WIDTH", "Width of a patch (map units)"),
    ("OVERLAP_PERCENT", "Overlap of neighboring patches (percent)"),
    ("DISK_MB", "Disk space of the features (megabytes)"),
    ("MEMORY_MB", "Memory that encoding takes (megabytes)"),
    ("ESTIMATED_SECONDS", "Time that encoding takes (seconds)"),
    ("EVERYTHING_POINTS", "Points of Segment everything, at most"),
    ("EVERYTHING_SECONDS", "Time of Segment everything, at most (seconds)"),
    ("COVERED_PERCENT", "Objects that lie completely in a patch (percent)"),
    ("RECOMMENDED_RESOLUTION", "Recommended resolution (meters)"),
    ("RECOMMENDED_STRIDE", "Recommended stride (pixels)"),
)


class PreviewPatches(GeoSamAlgorithm):
    """What Encode raster would make, before it does."""

    NAME = "previewpatches"
    TITLE = "Preview patches"
    GROUP = "Encoding"
    HELP = (
        "Estimates what Encode raster would do with the same parameters. It reports the number "
        "of patches, the disk space, memory and time, and the value range. It writes the patches "
        "as polygons, and a picture of the raster as the model will see it.\n\n"
        "With a layer of example objects, it recommends the finest resolution and the largest "
        "stride at which enough of them lie completely in a patch. A table compares several "
        "resolutions and strides. The settings can be saved as a file for Encode raster."
    )
    TAGS = ("segment anything", "sam2", "sam3", "grid", "tiles", "copilot", "estimate", "encoder")

    OBJECTS = "OBJECTS"
    SHARE = "SHARE"
    MARGIN = "MARGIN"
    FEATURES = "FEATURES"
    SECONDS_PER_PATCH = "SECONDS_PER_PATCH"
    SPACING = "SPACING"
    COMPARE_RESOLUTIONS = "COMPARE_RESOLUTIONS"
    COMPARE_STRIDES = "COMPARE_STRIDES"
    PATCH_LIMIT = "PATCH_LIMIT"
    PATCHES = "PATCHES"
    OBJECT_FITS = "OBJECT_FITS"
    COMPARISON = "COMPARISON"
    SETTINGS_FILE = "SETTINGS_FILE"
    PREVIEW = "PREVIEW"
    VALUE_RANGE = "VALUE_RANGE"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (
            *raster_encoding_parameters(),
            *self._object_parameters(),
            *advanced_raster_encoding_parameters(),
            *map(advanced, self._cost_parameters()),
            *self._destinations(),
        ):
            self.addParameter(parameter)
        for key, label in NUMBERS:
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))
        self.addOutput(
            QgsProcessingOutputString(self.VALUE_RANGE, tr("Value range (minimum,maximum)"))
        )

    def _object_parameters(self) -> Iterator[QgsProcessingParameterDefinition]:
        yield with_help(
            QgsProcessingParameterFeatureSource(
                self.OBJECTS,
                tr("Example objects or prompts"),
                [QgsProcessing.SourceType.TypeVectorAnyGeometry],
                optional=True,
            ),
            "Roughly drawn objects like those that you will segment, in any CRS; their bounding "
            "boxes count. With them, a resolution and a stride are recommended.",
        )
        yield number(
            self.SHARE,
            "Complete objects (percent)",
            "Share of the objects that must lie completely in a patch. The recommendation may "
            "leave out the others, such as a few very large ones.",
            95,
            0.1,
            100,
        )
        yield number(
            self.MARGIN,
            "Margin around the objects (pixels)",
            "The least distance of an object from the edge of its patch, because masks are worse "
            "at the edge.",
            16,
            0,
            contract.MAXIMUM_STRIDE // 2,
            whole=True,
        )

    def _cost_parameters(self) -> Iterator[QgsProcessingParameterDefinition]:
        yield optional_folder(
            self.FEATURES,
            "Existing features",
            "The output folder of Encode raster. Its patches are marked, and take no time.",
        )
        yield number(
            self.SECONDS_PER_PATCH,
            "Seconds per patch",
            "For the estimate of the time, such as that of another computer. If not set, some "
            "patches are encoded now, if the model is available.",
            None,
            0,
        )
        yield number(
            self.SPACING,
            "Spacing of points (pixels)",
            "The SPACING of Segment everything, for the estimate of its points and its time.",
            contract.DEFAULT_SPACING,
            contract.MINIMUM_SPACING,
            contract.MAXIMUM_SPACING,
            whole=True,
        )
        yield with_help(
            QgsProcessingParameterString(
                self.COMPARE_RESOLUTIONS, tr("Resolutions to compare (meters)"), optional=True
            ),
            "Separated by commas, such as 0.5,1,2. If not set, the resolution above is used.",
        )
        yield with_help(
            QgsProcessingParameterString(
                self.COMPARE_STRIDES, tr("Strides to compare (pixels)"), optional=True
            ),
            "Separated by commas, such as 1024,512,256. If not set, the stride above is used.",
        )
        yield number(
            self.PATCH_LIMIT,
            "Maximum patches to draw",
            "If there are more patches, only the first ones become polygons. The numbers include "
            "all patches.",
            20_000,
            1,
            whole=True,
        )

    def _destinations(self) -> Iterator[QgsProcessingParameterDefinition]:
        kinds = QgsProcessing.SourceType
        for key, label, kind, by_default, help_text in (
            (
                self.PATCHES,
                "Patches",
                kinds.TypeVectorPolygon,
                True,
                "Outlines of the patches, with the share of nodata, and whether one would be "
                "skipped or is in the features already.",
            ),
            (
                self.OBJECT_FITS,
                "Objects in their patches",
                kinds.TypeVectorAnyGeometry,
                False,
                "The example objects with their best patch, the number of patches that contain "
                "each completely, and its longer side in patch widths. A field states whether it "
                "lies completely in a patch with the margin.",
            ),
            (
                self.COMPARISON,
                "Comparison",
                kinds.TypeVector,
                False,
                "A table with a row for each resolution and stride: number of patches, disk "
                "space, time, and share of complete objects.",
            ),
        ):
            sink = QgsProcessingParameterFeatureSink(
                key, tr(label), kind, optional=True, createByDefault=by_default
            )
            yield with_help(sink, help_text)
        for key, label, file_filter, help_text in (
            (
                self.SETTINGS_FILE,
                "Settings of the encoding",
                "Settings (*.json)",
                "A JSON file that the parameter SETTINGS of Encode raster takes.",
            ),
            (
                self.PREVIEW,
                "Picture of the patches",
                "PNG (*.png)",
                "The raster as the model will see it, with its bands, range and resolution. The "
                "patches are drawn over it, the objects in white.",
            ),
        ):
            destination = QgsProcessingParameterFileDestination(
                key, tr(label), tr(file_filter), optional=True, createByDefault=False
            )
            yield with_help(destination, help_text)

    def settled(self, inputs: Inputs) -> Inputs:
        return with_settings(inputs)

    def resolve(self, inputs: Inputs) -> None:
        settled = self.settled(inputs)
        self._fields = raster_encoding_of(settled)
        layer = raster_layer_of(settled)
        self._crs = layer.crs()
        self._objects = ExampleObjects.read(inputs, self.OBJECTS, layer.crs())
        rate = inputs.optional_number(self.SECONDS_PER_PATCH)
        features = inputs.file(self.FEATURES)
        wanted = inputs.is_given(self.PATCHES)
        limit = inputs.whole_number(self.PATCH_LIMIT)
        picture = inputs.output_file(self.PREVIEW)
        self._request = contract.PreviewRequest(
            encode=contract.EncodeRequest(output=".", **self._fields),
            features=os.path.abspath(features) if features else "",
            patch_limit=limit if wanted else 0,
            objects=self._objects.requests,
            share=inputs.number(self.SHARE) / 100,
            margin=inputs.whole_number(self.MARGIN),
            picture=os.path.abspath(picture) if picture else "",
            seconds_per_patch=rate,
            spacing=inputs.whole_number(self.SPACING),
            compare=inputs.is_given(self.COMPARISON),
            compare_resolutions=self._numbers(inputs, self.COMPARE_RESOLUTIONS, float),
            compare_strides=self._numbers(inputs, self.COMPARE_STRIDES, int),
        )

    def _numbers(self, inputs: Inputs, key: str, kind: Callable[[str], Any]) -> tuple[Any, ...]:
        text = inputs.text(key)
        try:
            return tuple(kind(part) for part in re.split(r"[;,\s]+", text) if part)
        except ValueError:
            raise QgsProcessingException(
                tr("Invalid {} ({}): give numbers separated by commas").format(key, text)
            ) from None

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        report_other_input(inputs, feedback)
        for problem in self._objects.problems:
            feedback.pushWarning(problem)
        sinks: list[Sink] = []

        def write(event: contract.PatchesEvent) -> None:
            if not sinks:
                fields = own_fields(QgsFields(), [(name, kind) for name, kind, _ in PATCH_FIELDS])
                crs, polygon = crs_from_text(event.crs), QgsWkbTypes.Type.Polygon
                sinks.append(Sink(inputs, self.PATCHES, fields, polygon, crs))
            for patch in event.patches:
                attributes = [getattr(patch, attribute) for _, _, attribute in PATCH_FIELDS]
                sinks[0].write(geometry_from_wkb(patch.wkb), attributes)

        def report() -> None:
            for sink in sinks:
                results[self.PATCHES] = sink.destination
                LayerStyle.attach(preview_renderer, sink.destination, inputs, self.PATCHES)

        with closing(sinks, report):
            result = self.engine().call(
                contract.PREVIEW,
                self._request,
                listener_of(feedback, write),
                feedback.isCanceled,
            )
        self._objects.write(inputs, self.OBJECT_FITS, result.objects, results)
        self._write_comparison(inputs, result.comparisons, results)
        settings = inputs.output_file(self.SETTINGS_FILE)
        if settings:
            path = Path(os.path.abspath(settings))
            # The stride that an overlap comes to: Geo-SAM knows no other.
            fields = {**self._fields, "stride": result.stride}
            write_settings(path, fields, self._crs, inputs.context)
            results[self.SETTINGS_FILE] = str(path)
            for remark in not_in_settings(self._fields["raster"], self._crs):
                feedback.pushWarning(remark)
        if self._request.picture:
            results[self.PREVIEW] = self._request.picture
        results.update(_numbers_of(result))

    def _write_comparison(
        self, inputs: Inputs, comparisons: tuple[contract.Comparison, ...], results: dict[str, Any]
    ) -> None:
        sink = optional_sink(
            inputs,
            self.COMPARISON,
            own_fields(QgsFields(), COMPARISON_FIELDS),
            QgsWkbTypes.Type.NoGeometry,
            crs_from_text("EPSG:4326"),
        )
        if sink is None:
            return
        with closing((sink,), lambda: results.update({self.COMPARISON: sink.destination})):
            for each in comparisons:
                covered = None if each.covered_share is None else 100 * each.covered_share
                sink.write(
                    None,
                    [
                        each.resolution,
                        each.stride,
                        each.patch_count,
                        each.disk_bytes / 1e6,
                        each.seconds,
                        covered,
                    ],
                )


def _numbers_of(result: contract.PreviewResult) -> dict[str, Any]:
    """The numbers among the outputs; None for one that is not known."""
    covered, found, values = result.covered_share, result.recommendation, result.value_range
    return {
        "PATCH_COUNT": result.patch_count,
        "SKIPPED_COUNT": result.skipped_count,
        "CACHED_COUNT": result.cached_count,
        "PATCH_WIDTH": result.patch_width,
        "OVERLAP_PERCENT": result.overlap,
        "DISK_MB": result.disk_bytes / 1e6,
        "MEMORY_MB": result.memory_bytes / 1e6,
        "ESTIMATED_SECONDS": result.seconds,
        "EVERYTHING_POINTS": result.everything_points,
        "EVERYTHING_SECONDS": result.everything_seconds,
        "COVERED_PERCENT": None if covered is None else 100 * covered,
        "RECOMMENDED_RESOLUTION": None if found is None else found.resolution,
        "RECOMMENDED_STRIDE": None if found is None else found.stride,
        "VALUE_RANGE": "" if values is None else f"{values[0]!r},{values[1]!r}",
    }
