"""A layer of example objects: into boxes for the engine, and back with what it found."""

import functools
import math
from dataclasses import dataclass
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsProcessingFeatureSource,
)
from qgis.PyQt.QtCore import QVariant

from ... import contract
from ...qgis_tools.crs import bounds
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .columns import numbers_fit
from .inputs import placed_source
from .sinks import closing, optional_sink, own_fields

FIT_FIELDS = (
    ("chip_id", QVariant.String),
    ("containing_count", QVariant.Int),
    ("size_in_patches", QVariant.Double),
    ("covered", QVariant.Bool),
)


@dataclass(frozen=True)
class ExampleObjects:
    """The features of a layer, and the boxes of those that have one.

    ``problems`` say what is wrong with the others.
    """

    source: Optional[QgsProcessingFeatureSource]
    features: tuple[QgsFeature, ...]
    requests: tuple[contract.ExampleObject, ...]
    problems: tuple[str, ...]

    @classmethod
    def read(cls, inputs: Inputs, key: str, crs: QgsCoordinateReferenceSystem) -> "ExampleObjects":
        """The objects of the parameter ``key``, their boxes in ``crs``.

        Raises:
            QgsProcessingException: the layer cannot be read, or has no geometry or CRS.
        """
        if not inputs.is_given(key):
            return cls(None, (), (), ())
        source = placed_source(inputs, key)
        transform = QgsCoordinateTransform(
            source.sourceCrs(), crs, inputs.context.transformContext()
        )
        flag = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
        features = tuple(source.getFeatures(QgsFeatureRequest(), flag))
        requests, without = [], 0
        for number, feature in enumerate(features):
            geometry = feature.geometry()
            try:
                if geometry.isNull() or geometry.isEmpty():
                    raise QgsCsException("")
                box = bounds(transform.transformBoundingBox(geometry.boundingBox()))
            except QgsCsException:
                without += 1
                continue
            if all(map(math.isfinite, box)):
                requests.append(contract.ExampleObject(number, box))
            else:
                without += 1
        problems = []
        if without:
            problems.append(
                tr(
                    "{} of {} features of {} have no geometry, or none in the raster's CRS, and do "
                    "not count"
                ).format(without, len(features), key)
            )
        if not requests:
            problems.append(tr("{} has no object, so nothing is recommended").format(key))
        return cls(source, features, tuple(requests), tuple(problems))

    def write(
        self,
        inputs: Inputs,
        key: str,
        fits: tuple[contract.ObjectFit, ...],
        results: dict[str, Any],
    ) -> None:
        """Write the objects with their fits, if there are objects and a sink is wanted."""
        if self.source is None:
            return
        sink = optional_sink(
            inputs,
            key,
            own_fields(self.source.fields(), FIT_FIELDS),
            self.source.wkbType(),
            self.source.sourceCrs(),
            functools.partial(numbers_fit, [self.source]),
        )
        if sink is None:
            return
        found = {fit.key: fit for fit in fits}
        with closing((sink,), lambda: results.update({key: sink.destination})):
            for number, feature in enumerate(self.features):
                fit = found.get(number)
                own = (
                    [fit.chip_id or None, fit.containing_count, fit.size_in_patches, fit.covered]
                    if fit
                    else [None, 0, None, False]
                )
                sink.write(feature.geometry(), [*feature.attributes(), *own])
